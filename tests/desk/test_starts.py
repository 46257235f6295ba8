import pytest

from paperdesk.base.calendar import Calendar, day_of
from paperdesk.base.units import HOUR, Instant
from paperdesk.desk.starts import awake, beginning, resumed
from paperdesk.desk.terms import InvalidScenario, Start, StartRule
from paperdesk.desk.times import NEW_YORK
from paperdesk.market.catalogue import load_catalogue

TODAY = Start()


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return load_catalogue().calendar(NEW_YORK)


def new_york(calendar: Calendar, text: str) -> Instant:
    """Return the instant of `2026-11-24 10:00` in New York."""
    date, time = text.split()
    year, month, day = map(int, date.split("-"))
    hours, minutes = map(int, time.split(":"))
    return calendar.instant(day_of(year, month, day), (hours * 60 + minutes) * 60)


@pytest.mark.parametrize(
    ("wall", "desk"),
    [
        ("2026-11-24 11:15", "2026-11-24 11:15"),
        ("2026-11-24 09:30", "2026-11-24 09:30"),
        ("2026-11-24 09:29", "2026-11-23 10:00"),
        ("2026-11-24 16:00", "2026-11-24 10:00"),
        ("2026-11-24 23:59", "2026-11-24 10:00"),
        ("2026-11-25 00:01", "2026-11-24 10:00"),
        ("2026-11-28 12:00", "2026-11-27 10:00"),
        ("2026-11-30 05:00", "2026-11-27 10:00"),
        ("2026-11-26 12:00", "2026-11-25 10:00"),
        ("2026-11-27 13:30", "2026-11-27 10:00"),
    ],
)
def test_a_desk_of_today_begins_where_a_first_order_fills(
    calendar: Calendar, wall: str, desk: str
) -> None:
    assert awake(TODAY, new_york(calendar, wall), calendar) == new_york(calendar, desk)


@pytest.mark.parametrize(
    ("day", "desk"),
    [
        ("2008-09-29", "2008-09-29 09:30"),
        ("2008-09-28", "2008-09-29 09:30"),
        ("2024-03-11", "2024-03-11 09:30"),
    ],
)
def test_a_desk_of_the_past_begins_at_the_bell(calendar: Calendar, day: str, desk: str) -> None:
    start = Start(rule=StartRule.DAY, day=day, time="09:30")

    assert beginning(start, 0, calendar) == new_york(calendar, desk)


@pytest.mark.parametrize("day", ["2050-01-03", "9999-12-31"])
def test_a_day_without_a_calendar_is_refused(calendar: Calendar, day: str) -> None:
    start = Start(rule=StartRule.DAY, day=day)

    with pytest.raises(InvalidScenario, match="from 1999-01-04 to 2040-12-31"):
        beginning(start, 0, calendar)


@pytest.mark.parametrize(
    ("own", "wall", "desk"),
    [
        ("2026-11-23 15:00", "2026-11-24 11:15", "2026-11-24 11:15"),
        ("2026-11-24 10:30", "2026-11-24 20:00", "2026-11-24 10:30"),
        ("2026-11-24 16:30", "2026-11-24 20:00", "2026-11-25 10:00"),
        ("2026-11-24 09:00", "2026-11-24 20:00", "2026-11-24 10:00"),
        ("2026-11-25 16:00", "2026-11-25 22:00", "2026-11-27 10:00"),
        ("2026-11-30 10:05", "2026-11-29 12:00", "2026-11-30 10:05"),
        ("2026-11-30 18:00", "2026-11-30 11:00", "2026-12-01 10:00"),
    ],
)
def test_a_desk_of_today_goes_on_where_orders_fill(
    calendar: Calendar, own: str, wall: str, desk: str
) -> None:
    gone_on = resumed(TODAY, new_york(calendar, own), new_york(calendar, wall), calendar)

    assert gone_on == new_york(calendar, desk)


def test_a_desk_of_the_past_goes_on_where_it_stood(calendar: Calendar) -> None:
    own = new_york(calendar, "2008-09-29 17:00")
    start = Start(rule=StartRule.DAY, day="2008-09-29")

    assert resumed(start, own, own + 1_000 * HOUR, calendar) == own
