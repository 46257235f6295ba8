from tests.market.test_roots import day

from paperdesk.base.units import SECOND
from paperdesk.market import walk
from paperdesk.market.days import Breaks, TreeDay

DAY = day(2026, 3, 2)
OPEN = DAY.session.open


def test_root_shows_its_open_before_it_has_traded() -> None:
    for stretch in DAY.stretches:
        shown = DAY.shown(stretch.start)
        assert shown is not None
        assert shown.x == stretch.opens
    assert DAY.shown(DAY.session.pre_open - 1) is None


def test_going_back_in_time_changes_no_answer() -> None:
    instants = [OPEN + second * SECOND for second in (5_000, 100, 9_000, 8_999)]
    shown = [DAY.shown(at) for at in instants]

    assert [DAY.shown(at) for at in reversed(instants)] == shown[::-1]
    assert [DAY.stands(at) for at in instants] == [one.x for one in shown if one is not None]


def test_regular_hours_are_counted_alone() -> None:
    traded = DAY.traded(DAY.session.post_close)

    assert traded is not None
    assert traded.volume == DAY.roots[1].node[6]


def test_halt_ends_a_stretch_and_is_told() -> None:
    start, end = OPEN + 600 * SECOND, OPEN + 900 * SECOND
    halted = TreeDay(DAY.place, DAY.session, DAY.roots, DAY.lens, (1, 1), Breaks(((start, end),)))

    assert not halted.is_halted(start - 1)
    assert halted.is_halted(start)
    assert not halted.is_halted(end)
    assert halted.stretches[1].end == start


def test_share_of_a_path_adds_up() -> None:
    seen = DAY.seen(DAY.lens, (1, 3))
    state = walk.state_at(DAY.roots, OPEN)

    assert state is not None
    assert seen.volume_before(OPEN // SECOND) == state.volume
    assert seen.volume(10) == 3
