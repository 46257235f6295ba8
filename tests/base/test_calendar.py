"""Civil days, zones as tables, sessions as tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdesk.base.calendar import (
    FRIDAY,
    MONDAY,
    SUNDAY,
    Calendar,
    Hours,
    Zone,
    add_months,
    civil,
    day_at,
    day_of,
    days_in_month,
    first_of_month,
    nth_weekday,
    weekday,
)
from paperdesk.base.errors import OutsideCalendar
from paperdesk.base.units import DAY, HOUR, SECOND

# Three days (Monday, Tuesday, Thursday) in a zone that is five hours behind; Tuesday closes early.
FULL = Hours(9 * 3600, 14 * 3600 + 1800, 21 * 3600, 25 * 3600, is_early=False)
HALF = Hours(9 * 3600, 14 * 3600 + 1800, 18 * 3600, 22 * 3600, is_early=True)
SPRING = 1_772_953_200 * SECOND  # 2026-03-08 07:00 UTC
AUTUMN = 1_793_512_800 * SECOND  # 2026-11-01 06:00 UTC
NEW_YORK = Zone("America/New_York", (0, SPRING, AUTUMN), (-5 * HOUR, -4 * HOUR, -5 * HOUR))


@pytest.fixture
def week() -> Calendar:
    return Calendar("TEST", NEW_YORK, [4, 5, 7], bytes([0, 1, 0]), [FULL, HALF])


def test_days_count_from_1970() -> None:
    assert day_of(1970, 1, 1) == 0
    assert day_of(2026, 11, 24) == 20_781
    assert civil(20_781) == (2026, 11, 24)
    assert weekday(0) == 3
    assert weekday(day_of(2026, 11, 27)) == FRIDAY
    assert day_at(1_795_789_800 * SECOND) == day_of(2026, 11, 27)


@pytest.mark.parametrize(
    ("months", "expected"),
    [(0, (2024, 1, 31)), (1, (2024, 2, 29)), (3, (2024, 4, 30)), (-2, (2023, 11, 30))],
)
def test_months_are_added_to_the_same_day_or_the_months_last(
    months: int, expected: tuple[int, int, int]
) -> None:
    assert civil(add_months(day_of(2024, 1, 31), months)) == expected


def test_month_arithmetic() -> None:
    assert days_in_month(2000, 2) == 29
    assert days_in_month(2100, 2) == 28
    assert civil(first_of_month(2026, 11, 14)) == (2028, 1, 1)
    assert civil(nth_weekday(2026, 12, FRIDAY, 3)) == (2026, 12, 18)
    assert civil(nth_weekday(2027, 2, MONDAY, 3)) == (2027, 2, 15)
    assert civil(nth_weekday(2026, 3, SUNDAY, 2)) == (2026, 3, 8)


def test_local_time_follows_the_offset() -> None:
    assert NEW_YORK.offset(SPRING - 1) == -5 * HOUR
    assert NEW_YORK.offset(SPRING) == -4 * HOUR
    assert NEW_YORK.local(SPRING - 1) == (day_of(2026, 3, 8), 2 * HOUR - 1)
    assert NEW_YORK.local(SPRING) == (day_of(2026, 3, 8), 3 * HOUR)
    assert NEW_YORK.offset(-1) == -5 * HOUR


@pytest.mark.parametrize(
    ("day", "second", "expected"),
    [
        (day_of(2026, 3, 6), 34_200, 1_772_807_400),  # ordinary winter morning
        (day_of(2026, 3, 8), 9_000, 1_772_955_000),  # 02:30 does not exist: the winter offset
        (day_of(2026, 3, 8), 43_200, 1_772_985_600),  # noon of that day is in summer time
        (day_of(2026, 11, 1), 5_400, 1_793_511_000),  # 01:30 comes twice: the first
        (day_of(2026, 11, 1), 43_200, 1_793_552_400),  # noon of that day is in winter time
        (day_of(2026, 11, 2), -3_600, 1_793_592_000),  # an hour before midnight
    ],
)
def test_local_times_become_instants(day: int, second: int, expected: int) -> None:
    assert NEW_YORK.instant(day, second) == expected * SECOND


@given(st.integers(0, 3 * 10**15))
def test_local_time_and_back_is_the_same_instant_but_in_the_hour_that_comes_twice(at: int) -> None:
    at -= at % SECOND
    day, within = NEW_YORK.local(at)

    back = NEW_YORK.instant(day, within // SECOND)

    assert back == at or (AUTUMN <= at < AUTUMN + HOUR and back == at - HOUR)


def test_session_is_found_by_its_day(week: Calendar) -> None:
    session = week.session(4)

    assert session is not None
    assert session.pre_open == 4 * DAY + 9 * HOUR
    assert session.open == 4 * DAY + 14 * HOUR + HOUR // 2
    assert session.close == 4 * DAY + 21 * HOUR
    assert session.post_close == 4 * DAY + 25 * HOUR
    assert week.session(6) is None
    assert week.session(8) is None
    assert (week.is_session(7), week.is_session(6)) == (True, False)
    assert [week.is_early_close(day) for day in (4, 5, 6)] == [False, True, False]


@pytest.mark.parametrize(
    ("hour", "extended", "regular"),
    [(8, None, None), (9, 4, None), (15, 4, 4), (21, 4, None), (24, 4, None), (25, None, None)],
)
def test_session_is_found_by_an_instant_in_its_hours(
    week: Calendar, hour: int, extended: int | None, regular: int | None
) -> None:
    at = 4 * DAY + hour * HOUR

    for _ in range(2):  # the second time from memory
        found = week.session_at(at)
        assert (found.day if found else None) == extended
        found = week.session_at(at, extended=False)
        assert (found.day if found else None) == regular
    assert week.is_extended(at) is (extended is not None)
    assert week.is_regular(at) is (regular is not None)


def test_next_and_previous_sessions_by_instant(week: Calendar) -> None:
    monday_noon = 4 * DAY + 12 * HOUR

    assert week.next_session(monday_noon).day == 5
    assert week.next_session(0).day == 4
    assert week.next_session(5 * DAY + 9 * HOUR).day == 7
    assert week.previous_session(5 * DAY + 8 * HOUR).day == 4
    assert week.previous_session(5 * DAY + 22 * HOUR).day == 5
    assert week.previous_session(5 * DAY + 22 * HOUR - 1).day == 4


def test_sessions_by_count(week: Calendar) -> None:
    assert week.session_after(4).day == 5
    assert week.session_after(4, 2).day == 7
    assert week.session_after(6).day == 7
    assert week.session_before(7).day == 5
    assert week.session_before(6, 2).day == 4
    assert [session.day for session in week.sessions(5, 9)] == [5, 7]
    assert (week.count(4, 7), week.count(6, 6), week.count(9, 1)) == (3, 0, 0)
    assert [week.ordinal(day) for day in (4, 5, 6, 7)] == [0, 1, 2, 2]
    assert (len(week), week.first_day, week.last_day) == (3, 4, 7)


def test_what_the_table_does_not_know_is_refused(week: Calendar) -> None:
    with pytest.raises(OutsideCalendar, match="days 4 to 7"):
        week.next_session(7 * DAY + 10 * HOUR)
    with pytest.raises(OutsideCalendar):
        week.previous_session(4 * DAY + 10 * HOUR)
    with pytest.raises(OutsideCalendar):
        week.session_after(7)
    with pytest.raises(OutsideCalendar):
        week.session_before(4)
    assert week.session_at(0) is None
    assert week.session_at(9 * DAY) is None


def test_session_says_where_its_hours_begin_and_end(week: Calendar) -> None:
    session = week.session(5)

    assert session is not None
    assert session.start(extended=True) == session.pre_open
    assert session.start(extended=False) == session.open
    assert session.end(extended=True) == session.post_close
    assert session.end(extended=False) == session.close
    assert session.is_regular(session.open)
    assert not session.is_regular(session.close)
    assert session.is_extended(session.close)
    assert not session.is_extended(session.post_close)


def test_calendar_has_local_time(week: Calendar) -> None:
    assert week.offset(SPRING) == -4 * HOUR
    assert week.local(SPRING) == (day_of(2026, 3, 8), 3 * HOUR)
    assert week.instant(day_of(2026, 3, 6), 34_200) == 1_772_807_400 * SECOND


def test_days_of_all_sessions_can_be_walked(week: Calendar) -> None:
    assert list(week.days()) == [4, 5, 7]
