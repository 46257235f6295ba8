import pytest
from tests.market.test_combined import cross

from paperdesk.base.units import SECOND


@pytest.mark.parametrize("name", ["EUR.JPY", "EUR.GBP", "SEK.JPY", "NOK.SEK"])
def test_high_and_low_are_those_of_every_second(name: str) -> None:
    day = cross(name).day(6_500)
    assert day is not None
    start = day.session.open // SECOND + 33_333
    end = start + 900

    ((_, _, o, high, low, c, _, _),) = day.bars([start, end], None, regular=True)

    scanned = [day.stands(second * SECOND) for second in range(start, end)]
    told = [x for x in scanned if x is not None]
    assert (o, high, low, c) == (told[0], max(told), min(told), told[-1])


def test_value_changes_when_a_second_begins_alone() -> None:
    day = cross("EUR.JPY").day(6_500)
    assert day is not None
    at = day.session.open + 40_000 * SECOND

    assert len({day.stands(at + part) for part in range(0, SECOND, SECOND // 20)}) == 1
    assert day.shown(day.session.open - 1) is None


def test_running_bar_grows_with_the_day() -> None:
    day = cross("EUR.GBP").day(6_500)
    assert day is not None
    early = day.traded(day.session.open + 3_600 * SECOND)
    late = day.traded(day.session.open + 36_000 * SECOND)

    assert early is not None
    assert late is not None
    assert early.open == late.open
    assert late.high >= early.high
    assert late.low <= early.low


@pytest.mark.parametrize("name", ["EUR.JPY", "SEK.JPY"])
def test_bars_that_are_kept_are_the_bars(name: str) -> None:
    course = cross(name)
    day = course.day(6_500)
    assert day is not None
    start = day.session.open // SECOND
    edges = list(range(start, start + 6 * 900, 900))

    running = day.bars(edges, (start + 3_000) * SECOND, regular=False)
    first = day.bars(edges, None, regular=False)

    assert day.bars(edges, None, regular=False) == first
    assert running[:3] == first[:3]
    assert running[3][:2] == (start + 2_700, start + 3_001)
    assert first[3][:2] == (start + 2_700, start + 3_600)
    assert day.bars(edges, (start + 3_000) * SECOND, regular=False) == running
