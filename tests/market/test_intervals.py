from fractions import Fraction

import pytest
from tests.market.test_combined import cross

from paperdesk.base.units import SECOND
from paperdesk.market.combined_days import CombinedDay
from paperdesk.market.intervals import Formula, Piece, halved, is_listed


def test_piece_of_nothing_goes_nowhere() -> None:
    left, right = Piece(7, ()).halves(100)

    assert (left.stands, left.reach(), right.stands, right.reach()) == (7, (7, 7), 7, (7, 7))


@pytest.mark.parametrize("directions", [(True, True), (True, False)])
def test_bound_takes_the_far_end_of_each_leg(directions: tuple[bool, bool]) -> None:
    formula = Formula(Fraction(1), directions)
    pieces = [Piece(100, ()), Piece(10, ())]
    pieces[0].high, pieces[1].low = 120, 8

    assert formula.bound(pieces, is_high=True) == (1200 if directions[1] else 15)
    assert formula.bound(pieces, is_high=False) == (800 if directions[1] else 10)


def test_halves_go_as_far_as_the_whole_and_on_from_each_other() -> None:
    day = cross("EUR.JPY").day(6_500)
    assert isinstance(day, CombinedDay)
    pending = list(day.wholes())
    checked = 0

    while pending and checked < 200:
        a, b, pieces = pending.pop()
        if is_listed(pieces) or b - a == 1:
            continue
        (_, middle, left), (_, _, right) = halved(a, b, pieces)
        for whole, first, second in zip(pieces, left, right, strict=True):
            assert first.stands == whole.stands
            assert max(first.high, second.high) == whole.high
            assert min(first.low, second.low) == whole.low
        checked += 1
        pending += [(middle, b, right), (a, middle, left)]
    assert checked == 200


def test_value_at_an_interval_is_what_stands_when_it_begins() -> None:
    day = cross("EUR.JPY").day(6_500)
    assert isinstance(day, CombinedDay)
    start = day.session.open // SECOND + 40_000

    nodes = day.bars(list(range(start, start + 3_600, 600)), None, regular=True)

    assert [node[2] for node in nodes] == [day.stands(node[0] * SECOND) for node in nodes]
