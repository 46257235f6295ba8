from itertools import pairwise

import pytest
from tests.sources import asked, conid, figures, source, utc

from paperdesk.base.units import HOUR
from paperdesk.market.quotations import bound, pieces_of
from paperdesk.market.readings import READ, Cell
from paperdesk.market.source import BarSize, Reading
from paperdesk.market.tree import Root

MARKET = source()
SUNDAY = utc(2026, 3, 1, "12:00:00")
QUOTES = (Reading.BID, Reading.ASK, Reading.MIDPOINT)


def root(a: int, b: int, o: int = 100, c: int = 110) -> Root:
    node = (a, b, o, max(o, c), min(o, c), c, 20, 20)
    return Root(node, None, ((a * 1_000_000 + 1, o, 10), (b * 1_000_000 - 1, c, 10)))


@pytest.mark.parametrize("reading", QUOTES)
@pytest.mark.parametrize("spread", range(1, 7))
def test_no_quote_is_beyond_its_bound(reading: Reading, spread: int) -> None:
    read = READ[reading]
    for x in range(200, 300):
        for phase in range(spread):
            price = read(x, Cell(spread, phase))
            assert price <= bound(reading, x // 4, 6, 1)
            assert -price <= bound(reading, x // 4, 6, -1)


def test_time_between_roots_is_a_piece_in_which_the_price_stands() -> None:
    roots = [root(0, 900), root(1_800, 2_700, 130, 140)]

    pieces = pieces_of(roots, {0: 100, 1_800: 130}, 0, 3_600)

    assert pieces is not None
    assert [(p.start, p.end, p.stands) for p in pieces] == [
        (0, 900, 100),
        (900, 1_800, 110),
        (1_800, 2_700, 130),
        (2_700, 3_600, 140),
    ]


def test_what_reaches_over_an_edge_is_left_to_a_walk() -> None:
    assert pieces_of([root(0, 900)], {0: 100}, 0, 600) is None
    assert pieces_of([root(0, 900)], {0: 100}, 300, 900) is None
    assert pieces_of([], {}, 0, 900) is None


@pytest.mark.parametrize("name", ["AAPL", "IBM", "SPY", "SQQQ", "FXE"])
@pytest.mark.parametrize("reading", QUOTES)
@pytest.mark.parametrize("extended", [False, True])
def test_a_day_quotes_as_its_quarters_of_an_hour_do(
    name: str, reading: Reading, *, extended: bool
) -> None:
    day = asked(BarSize.D1, SUNDAY, 2, reading=reading, outside_regular=extended)
    days = [figures(bar)[:4] for bar in MARKET.bars(conid(name), day, SUNDAY)]
    starts = [bar.at for bar in MARKET.bars(conid(name), day, SUNDAY)]
    many = asked(BarSize.M15, SUNDAY, 400, reading=reading, outside_regular=extended)
    quarters = MARKET.bars(conid(name), many, SUNDAY)

    for told, (start, end) in zip(days, pairwise([*starts, starts[-1] + 20 * HOUR]), strict=True):
        inside = [bar for bar in quarters if start <= bar.at < end]
        assert told == (
            inside[0].open,
            max(bar.high for bar in inside),
            min(bar.low for bar in inside),
            inside[-1].close,
        )
