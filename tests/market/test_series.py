from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdesk.market.series import (
    DAILY,
    DIVIDEND,
    NOT_QUOTED,
    SPLIT,
    Action,
    Bars,
    DamagedSeries,
    Header,
    actions_series,
    bars_series,
    rates_series,
    read_series,
)

HEADER = Header(subject="TEST", names=("USD", "JPY"), decimals=(4, 2))
numbers = st.integers(-(10**12), 10**12)


@given(st.lists(st.tuples(*[numbers] * 5, st.integers(0, 10**12)), min_size=1, max_size=20))
def test_bars_come_back_as_they_were_packed(rows: list[tuple[int, ...]]) -> None:
    days = array("q", range(10_000, 10_000 + 3 * len(rows), 3))
    columns = [array("q", column) for column in list(zip(*rows, strict=True))[1:]]
    bars = Bars(days, columns[0], columns[1], columns[2], columns[3], columns[4])

    (read,) = read_series(bars_series(DAILY, HEADER, bars).pack())

    assert read.header == HEADER
    assert read.bars() == bars


@given(st.lists(st.just(NOT_QUOTED) | st.integers(0, 10**9), max_size=20))
def test_rates_come_back_with_their_gaps(rates: list[int]) -> None:
    days = range(len(rates))

    (read,) = read_series(rates_series(HEADER, days, [rates, rates[::-1]]).pack())

    assert list(read.days()) == list(days)
    assert list(read.rates("USD")) == rates
    assert list(read.rates("JPY")) == rates[::-1]


def test_file_may_hold_several_series() -> None:
    actions = [Action(12_842, SPLIT, 2, 1), Action(15_561, DIVIDEND, 53, 20)]
    content = actions_series(HEADER, actions).pack()

    assert [series.actions() for series in read_series(content + content)] == [actions, actions]


@pytest.mark.parametrize("place", [0, 3, 20, -40, -1])
def test_damaged_file_is_noticed(place: int) -> None:
    content = bytearray(actions_series(HEADER, [Action(1, SPLIT, 2, 1)]).pack())
    content[place] ^= 1

    with pytest.raises((DamagedSeries, ValueError)):
        list(read_series(bytes(content)))


def test_file_that_ends_early_is_noticed() -> None:
    content = actions_series(HEADER, [Action(1, SPLIT, 2, 1)]).pack()

    for length in (3, 30, len(content) - 1):
        with pytest.raises((DamagedSeries, ValueError)):
            list(read_series(content[:length]))
