from tests.kernel.books import new_york
from tests.tape import open_kernel

from paperdesk.kernel.state.world import Contracts
from paperdesk.views.days import start_of_day


def test_day_begins_at_midnight_in_new_york() -> None:
    world = open_kernel(at="2026-06-10 23:59").world

    assert start_of_day(world) == new_york("2026-06-10 00:00")
    assert start_of_day(world, days_before=6) == new_york("2026-06-04 00:00")


def test_without_a_calendar_days_are_those_of_utc() -> None:
    world = open_kernel(at="2026-06-10 10:00").world
    world.attach(Contracts({}, {}), world.models)

    assert start_of_day(world) == new_york("2026-06-09 20:00")
