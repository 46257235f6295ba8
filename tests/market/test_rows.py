from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdesk.market.lenses import ONE, trades_view
from paperdesk.market.rows import fineness, hidden, index_days, index_seconds, reach

CENT, UNIT = Decimal("0.01"), Decimal("0.0001")
words = st.lists(st.integers(0, 65_535), min_size=16, max_size=16)
prices = st.lists(st.integers(100, 90_000), min_size=4, max_size=4).map(sorted)


@given(prices, words, st.integers(0, 100))
def test_real_price_is_met_on_either_side_of_the_quote(
    told: list[int], drawn: list[int], volume: int
) -> None:
    low, o, c, high = (number * 100 for number in told)

    bar = hidden((o, high, low, c), UNIT, CENT, 1, drawn, volume)

    read = trades_view(CENT, ONE).read
    assert [read(x) for x in bar] == [number // 100 for number in (o, high, low, c)]
    assert bar[2] <= min(bar[0], bar[3])
    assert max(bar[0], bar[3]) <= bar[1]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((100_00, 101_00), (1, ())),
        ((29_8850, 30_0000), (25, (29_8850, 30_0000))),
    ],
)
def test_day_is_as_fine_as_its_prices_need(
    told: tuple[int, ...], expected: tuple[int, tuple[int, ...]]
) -> None:
    assert fineness(told, UNIT, CENT) == expected


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.floats(0, 1e6), words)
def test_reach_holds_both_ends(start: float, end: float, variance: float, drawn: list[int]) -> None:
    high, low = reach(start, end, variance, drawn[0], drawn[1])

    assert high >= max(start, end) * (1 - 1e-12)
    assert low <= min(start, end) * (1 + 1e-12)


def test_bars_are_found_by_the_place_of_their_session() -> None:
    assert index_days([10, 11, 14], {10: 0, 14: 1}) == {0: (0, 1), 1: (2, 3)}
    assert index_seconds([100, 160, 500], [(0, 90, 200), (1, 400, 600), (2, 700, 800)]) == {
        0: (0, 2),
        1: (2, 3),
    }
