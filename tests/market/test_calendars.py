"""The shipped calendars tell what exchanges have published."""

import pytest

from paperdesk.base.calendar import Calendar, civil, day_of
from paperdesk.base.units import HOUR, MINUTE, SECOND
from paperdesk.market.calendars import read_calendars, shipped

HOLIDAYS = {
    2024: "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25",
    2025: "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25",
    2026: "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25",
    2027: "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24",
    2028: "01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25",
}
EARLY_CLOSES = {
    2024: "07-03 11-29 12-24",
    2025: "07-03 11-28 12-24",
    2026: "11-27 12-24",
    2027: "11-26",
    2028: "07-03 11-24",
}


def written_out(years: dict[int, str]) -> list[int]:
    """Return the days of a table of months and days by year."""
    return [iso(f"{year}-{day}") for year, days in years.items() for day in days.split()]


def iso(text: str) -> int:
    year, month, day = text.split("-")
    return day_of(int(year), int(month), int(day))


def at(text: str, offset_hours: int) -> int:
    """Return the instant of `2026-11-27 09:30` at an offset from UTC."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    local = iso(day) * 24 * HOUR + int(hour) * HOUR + int(minute) * MINUTE
    return local - offset_hours * HOUR


@pytest.fixture(scope="module")
def calendars() -> dict[str, Calendar]:
    return read_calendars(shipped("calendars.json"))


@pytest.fixture(scope="module")
def equities(calendars: dict[str, Calendar]) -> Calendar:
    return calendars["XNYS"]


@pytest.fixture(scope="module")
def forex(calendars: dict[str, Calendar]) -> Calendar:
    return calendars["FX"]


def test_weekdays_of_2024_to_2028_without_a_session_are_the_published_holidays(
    equities: Calendar,
) -> None:
    closed = [
        day
        for day in range(iso("2024-01-01"), iso("2028-12-31") + 1)
        if (day + 3) % 7 < 5 and not equities.is_session(day)
    ]

    assert closed == written_out(HOLIDAYS)


def test_early_closes_of_2024_to_2028_are_the_published_ones(equities: Calendar) -> None:
    early = [
        day
        for day in range(iso("2024-01-01"), iso("2028-12-31") + 1)
        if equities.is_early_close(day)
    ]

    assert early == written_out(EARLY_CLOSES)


def test_no_weekend_has_a_session_of_equities(equities: Calendar) -> None:
    days = equities.sessions(equities.first_day, equities.last_day)

    assert all((session.day + 3) % 7 < 5 for session in days)


def test_equities_have_days_from_1999_to_2040(equities: Calendar) -> None:
    assert civil(equities.first_day) == (1999, 1, 4)
    assert civil(equities.last_day) == (2040, 12, 31)
    assert len(equities) == 10_557
    assert not any(equities.is_session(iso(f"2001-09-{day}")) for day in (11, 12, 13, 14))
    assert not equities.is_session(iso("2012-10-29"))


@pytest.mark.parametrize(
    ("day", "offset", "close", "post_close"),
    [
        ("2026-11-25", -5, "16:00", "20:00"),
        ("2026-11-27", -5, "13:00", "17:00"),
        ("2026-07-06", -4, "16:00", "20:00"),
        ("2025-07-03", -4, "13:00", "17:00"),
    ],
)
def test_hours_of_equities_are_new_yorks(
    equities: Calendar, day: str, offset: int, close: str, post_close: str
) -> None:
    session = equities.session(iso(day))

    assert session is not None
    assert session.pre_open == at(f"{day} 04:00", offset)
    assert session.open == at(f"{day} 09:30", offset)
    assert session.close == at(f"{day} {close}", offset)
    assert session.post_close == at(f"{day} {post_close}", offset)


@pytest.mark.parametrize(
    ("before", "after"),
    [("2026-03-06", "2026-03-09"), ("2026-10-30", "2026-11-02"), ("2005-04-01", "2005-04-04")],
)
def test_daylight_saving_moves_the_open_in_utc_and_not_in_new_york(
    equities: Calendar, before: str, after: str
) -> None:
    first, second = equities.session(iso(before)), equities.session(iso(after))

    assert first is not None
    assert second is not None
    assert abs(second.open - first.open - 3 * 24 * HOUR) == HOUR
    assert equities.local(first.open)[1] == equities.local(second.open)[1] == 9.5 * HOUR


def test_forex_day_begins_the_evening_before_and_pauses_a_quarter_of_an_hour(
    forex: Calendar,
) -> None:
    monday, tuesday = forex.session(iso("2026-11-23")), forex.session(iso("2026-11-24"))

    assert monday is not None
    assert tuesday is not None
    assert monday.open == monday.pre_open == at("2026-11-22 17:15", -5)
    assert monday.close == monday.post_close == at("2026-11-23 17:00", -5)
    assert tuesday.open == at("2026-11-23 17:15", -5)
    assert forex.session_at(at("2026-11-23 17:05", -5)) is None
    assert not forex.is_regular(at("2026-11-27 17:00", -5))
    assert forex.next_session(at("2026-11-27 17:00", -5)).day == iso("2026-11-30")


def test_forex_rests_at_christmas_and_new_year(forex: Calendar) -> None:
    closed = [
        day
        for day in range(iso("2026-01-01"), iso("2027-12-31") + 1)
        if (day + 3) % 7 < 5 and not forex.is_session(day)
    ]

    assert closed == [iso("2026-01-01"), iso("2026-12-25"), iso("2027-01-01")]


@pytest.mark.parametrize(("change", "offset"), [("2026-03-09", -4), ("2026-11-02", -5)])
def test_forex_monday_after_a_change_of_clocks_opens_at_the_new_time(
    forex: Calendar, change: str, offset: int
) -> None:
    session = forex.session(iso(change))

    assert session is not None
    assert session.open == iso(change) * 24 * HOUR - 24 * HOUR + (17.25 - offset) * HOUR
    assert session.close == at(f"{change} 17:00", offset)


def test_sessions_never_overlap(calendars: dict[str, Calendar]) -> None:
    for calendar in calendars.values():
        end = 0
        for session in calendar.sessions(calendar.first_day, calendar.last_day):
            assert session.pre_open <= session.open < session.close <= session.post_close
            assert end <= session.pre_open
            end = session.post_close


def test_offsets_change_twice_a_year(equities: Calendar) -> None:
    changes = equities.zone.changes

    assert equities.offset(at("2026-03-08 01:59", -5)) == -5 * HOUR
    assert equities.offset(at("2026-03-08 03:00", -4)) == -4 * HOUR
    assert len(changes) == 85
    assert all(change % (HOUR // SECOND) == 0 for change in changes)
