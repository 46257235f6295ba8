from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdesk.market.draws import Draws
from paperdesk.market.lenses import (
    ONE,
    QUOTED,
    Book,
    Fine,
    IndexLens,
    Lens,
    Linear,
    PairLens,
    Scale,
    Span,
    StockLens,
    trades_view,
)
from paperdesk.market.readings import Liquidity
from paperdesk.market.source import Reading

CENT = Decimal("0.01")
BOOK = Book(Draws(1, 7, "265598", "book"), Liquidity(2, 5, 2, 1), CENT)
SPANS = (Span(0, 3600, 256), Span(3600, 7200, 768))
SCALES = (ONE, Fine(25), Linear(3, 1000, 7), Linear(-5, 10**7, 3))
LENSES: list[Lens] = [
    *(StockLens(BOOK, SPANS, scale) for scale in SCALES),
    *(PairLens(CENT, spread, Fine(16)) for spread in (1, 2, 5)),
    PairLens(CENT, 2, is_given=True),
    IndexLens(CENT),
    StockLens(BOOK, SPANS, Fine(25), (29_8850, 29_8951)),
]


@given(
    st.sampled_from(LENSES),
    st.sampled_from([Reading.TRADES, *QUOTED]),
    st.integers(10_000, 900_000),
    st.integers(0, 7199),
)
def test_least_x_of_a_reading_is_where_it_begins(
    lens: Lens, reading: Reading, x: int, second: int
) -> None:
    view = lens.view(reading, second)
    if view is None:
        return
    number = view.read(x)
    edge, step = view.least(number), 1 if view.is_rising else -1

    assert view.read(edge) >= number
    assert view.read(edge - step) < number
    assert view.read(x + step) >= number


@given(st.sampled_from(LENSES), st.integers(10_000, 900_000), st.integers(0, 7199))
def test_last_is_within_the_quote(lens: Lens, x: int, second: int) -> None:
    best, view = lens.best(x, second), lens.view(Reading.TRADES, second)
    if best is not None and view is not None:
        bid, ask = best
        assert bid * lens.increment <= view.read(x) * view.step <= ask * lens.increment


def test_real_prices_that_are_no_increments_trade_as_they_are() -> None:
    view = trades_view(CENT, Fine(25), (29_8850, 29_8951))

    assert view.read(29_8850) * view.step == Decimal("29.8850")
    assert view.read(29_8951) * view.step == Decimal("29.8951")
    assert view.read(29_8810) * view.step == Decimal("29.8800")


def test_steps_cover_the_time_they_are_asked_for() -> None:
    steps = LENSES[0].steps(Reading.BID, 100, 5000)

    assert steps[0][0] == 100
    assert steps[-1][1] == 5000
    assert all(before[1] == later[0] for before, later in pairwise(steps))


@pytest.mark.parametrize("scale", SCALES)
def test_scale_is_monotone(scale: Scale) -> None:
    values = [scale.quarters(x) for x in range(100_000, 101_000)]

    assert values == sorted(values, reverse=not scale.is_rising)
