from itertools import pairwise

from tests.sources import catalogue, conid

from paperdesk.base.calendar import day_of
from paperdesk.base.units import SECOND
from paperdesk.market import walk
from paperdesk.market.courses import PrimaryCourse
from paperdesk.market.days import TreeDay
from paperdesk.market.nodes import is_valid
from paperdesk.market.roots import cut_roots, least_trades, recorded, share_of
from paperdesk.market.spine import EARNINGS, EPOCH
from paperdesk.market.universes import Universe


def course() -> PrimaryCourse:
    found = Universe(1, 7, catalogue(), ()).course(conid("AAPL"))
    assert isinstance(found, PrimaryCourse)
    return found


APPLE = course()


def day(year: int, month: int, of_month: int) -> TreeDay:
    found = APPLE.day(APPLE.place(day_of(year, month, of_month)))
    assert isinstance(found, TreeDay)
    return found


def test_hours_of_a_day_follow_each_other() -> None:
    for place in range(6_700, 6_780):
        built = APPLE.day(place)
        assert isinstance(built, TreeDay)
        nodes = [root.node for root in built.roots]
        assert all(is_valid(node) for node in nodes)
        assert nodes[0][0] == built.session.pre_open // SECOND
        assert nodes[-1][1] == built.session.post_close // SECOND
        assert all(node[1] == later[0] for node, later in pairwise(nodes))
        assert nodes[0][5] == nodes[1][2], "the pre-market ends where the session opens"
        assert nodes[2][2] == nodes[1][5], "after hours begin at the close"


def test_half_day_ends_early() -> None:
    thanksgiving_friday = day(2025, 11, 28)

    assert (thanksgiving_friday.session.close // SECOND) % 86_400 == 18 * 3600
    assert thanksgiving_friday.roots[1].node[1] % 86_400 == 18 * 3600


def test_cut_roots_trade_as_the_whole_does() -> None:
    roots = day(2026, 3, 2).roots
    start = roots[1].node[0] + 4_321
    end = start + 777

    cut = list(cut_roots(roots, start, end))

    whole = list(walk.trades(roots, start * SECOND - 1, end * SECOND - 1))
    assert list(walk.trades(cut, 0, end * SECOND)) == whole
    assert all(start <= root.node[0] and root.node[1] <= end for root in cut)


def test_after_earnings_most_of_the_night_comes_at_once() -> None:
    words = [40_000] * 16

    assert share_of(words, EARNINGS).after > 768
    assert share_of(words, 0).after < 512


def test_bar_needs_as_many_trades_as_it_has_prices() -> None:
    assert least_trades((5, 5, 5, 5)) == 1
    assert least_trades((5, 6, 5, 6)) == 2
    assert least_trades((5, 7, 5, 6)) == 3
    assert least_trades((5, 7, 4, 6)) == 4


def test_recorded_trades_make_their_bar() -> None:
    root = recorded(((1_500_000, 9, 3), (2_500_000, 7, 4)), 1, 4)

    assert root.node == (1, 4, 9, 9, 7, 7, 7, 2)
    assert day_of(1999, 1, 4) == EPOCH
