"""Calendars: civil days, time zones and trading sessions, all from tables that are compiled before.

Days are counted from 1970-01-01, instants in microseconds from its start in UTC. Nothing here
reads a clock or a zone database: a zone is a table of offsets, a calendar a table of sessions.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import msgspec

from paperdesk.base.errors import OutsideCalendar
from paperdesk.base.units import DAY, SECOND, Day, Duration, Instant

EPOCH_ORDINAL: Final = 719_163
EPOCH_WEEKDAY: Final = 3
MONTHS_A_YEAR: Final = 12
DAYS_A_WEEK: Final = 7

MONDAY: Final = 0
FRIDAY: Final = 4
SATURDAY: Final = 5
SUNDAY: Final = 6


def day_of(year: int, month: int, day: int) -> Day:
    """Return the day with a civil date; ValueError where there is no such date."""
    return date(year, month, day).toordinal() - EPOCH_ORDINAL


def civil(day: Day) -> tuple[int, int, int]:
    """Return year, month (1 to 12) and day of the month of a day."""
    told = date.fromordinal(day + EPOCH_ORDINAL)
    return told.year, told.month, told.day


def weekday(day: Day) -> int:
    """Return the day of the week, 0 for Monday to 6 for Sunday."""
    return (day + EPOCH_WEEKDAY) % DAYS_A_WEEK


def day_at(at: Instant) -> Day:
    """Return the UTC day of an instant."""
    return at // DAY


def days_in_month(year: int, month: int) -> int:
    """Return how many days a month has."""
    return first_of_month(year, month, 1) - day_of(year, month, 1)


def first_of_month(year: int, month: int, months: int = 0) -> Day:
    """Return the first day of the month that is some months after (before, if negative) a month."""
    counted = year * MONTHS_A_YEAR + month - 1 + months
    return day_of(counted // MONTHS_A_YEAR, counted % MONTHS_A_YEAR + 1, 1)


def add_months(day: Day, months: int) -> Day:
    """Return the same day of the month some months later, or that month's last where it is shorter.

    31 January and one month give 28 February (29 in a leap year).
    """
    year, month, of_month = civil(day)
    first = first_of_month(year, month, months)
    year, month, _ = civil(first)
    return first + min(of_month, days_in_month(year, month)) - 1


def nth_weekday(year: int, month: int, which: int, count: int) -> Day:
    """Return the count-th (1 is the first) such day of the week of a month.

    The third Friday of a month is `nth_weekday(year, month, FRIDAY, 3)`.
    """
    first = day_of(year, month, 1)
    return first + (which - weekday(first)) % DAYS_A_WEEK + DAYS_A_WEEK * (count - 1)


class Zone(msgspec.Struct, frozen=True):
    """A time zone as a table: from `changes[i]` on local time is `offsets[i]` ahead of UTC.

    `changes` ascend and begin before the first instant that is ever asked for; an earlier instant
    has the first offset. New York is five hours behind in winter: -18,000,000,000.
    """

    name: str
    changes: tuple[Instant, ...]
    offsets: tuple[Duration, ...]

    def offset(self, at: Instant) -> Duration:
        """Return how far local time is ahead of UTC at an instant."""
        return self.offsets[max(0, bisect_right(self.changes, at) - 1)]

    def local(self, at: Instant) -> tuple[Day, Duration]:
        """Return local day and microsecond of the day."""
        return divmod(at + self.offset(at), DAY)

    def instant(self, day: Day, second_of_day: int) -> Instant:
        """Return the instant of a local time.

        A time that the spring change leaves out is taken with the offset before it; of a time
        that the autumn change repeats the first is meant. Seconds may be negative or more than a
        day holds.
        """
        wall = day * DAY + second_of_day * SECOND
        before, after = self.offset(wall - DAY), self.offset(wall + DAY)
        if self.offset(wall - before) != before and self.offset(wall - after) == after:
            return wall - after
        return wall - before


class Session(msgspec.Struct, frozen=True, gc=False):
    """One day of trading.

    `day` is the date that the exchange gives it. Regular hours are `[open, close)`, extended ones
    `[pre_open, post_close)`; where a market has no extended hours both are the same.
    """

    day: Day
    pre_open: Instant
    open: Instant
    close: Instant
    post_close: Instant

    def is_regular(self, at: Instant) -> bool:
        """Say whether an instant is in regular hours."""
        return self.open <= at < self.close

    def is_extended(self, at: Instant) -> bool:
        """Say whether an instant is in any hours of the session, regular ones included."""
        return self.pre_open <= at < self.post_close

    def start(self, *, extended: bool) -> Instant:
        """Return where regular or extended hours begin."""
        return self.pre_open if extended else self.open

    def end(self, *, extended: bool) -> Instant:
        """Return where regular or extended hours end."""
        return self.post_close if extended else self.close


class Hours(msgspec.Struct, frozen=True, array_like=True):
    """Where a session of one kind lies, in seconds after 00:00 UTC of its day (may be negative).

    `is_early` says that it closes before its ordinary time.
    """

    pre_open: int
    open: int
    close: int
    post_close: int
    is_early: bool


class Calendar:
    """The sessions of a market, ascending and disjoint.

    A question about a time before the first session or after the last is refused, since an answer
    would be a guess; those that may answer None do so.
    """

    def __init__(
        self, name: str, zone: Zone, days: Sequence[Day], kinds: bytes, hours: Sequence[Hours]
    ) -> None:
        """Take `days[i]` as a session with `hours[kinds[i]]`; days ascend."""
        assert len(days) == len(kinds) > 0
        self.name = name
        self.zone = zone
        self._days = array("i", days)
        self._kinds = kinds
        self._hours = tuple(hours)
        before = [kind.pre_open * SECOND for kind in hours]
        self._starts = array(
            "q", [day * DAY + before[kind] for day, kind in zip(days, kinds, strict=True)]
        )
        self._recent: Session | None = None

    def __len__(self) -> int:
        """Return how many sessions there are."""
        return len(self._days)

    @property
    def first_day(self) -> Day:
        """Return the day of the first session."""
        return self._days[0]

    @property
    def last_day(self) -> Day:
        """Return the day of the last session."""
        return self._days[-1]

    def days(self) -> Sequence[Day]:
        """Return the days of all sessions, ascending; nobody changes them."""
        return self._days

    def session(self, day: Day) -> Session | None:
        """Return the session with a date, or None where the market is closed all day."""
        index = bisect_left(self._days, day)
        if index == len(self._days) or self._days[index] != day:
            return None
        return self._at(index)

    def session_at(self, at: Instant, *, extended: bool = True) -> Session | None:
        """Return the session in whose extended (or only regular) hours an instant is, or None."""
        recent = self._recent
        if recent is None or not recent.pre_open <= at < recent.post_close:
            index = bisect_right(self._starts, at) - 1
            if index < 0:
                return None
            recent = self._at(index)
            if at >= recent.post_close:
                return None
            self._recent = recent
        return recent if extended or recent.open <= at < recent.close else None

    def next_session(self, after: Instant) -> Session:
        """Return the first session whose extended hours begin after an instant.

        Raises:
            OutsideCalendar: the calendar ends before.
        """
        return self._at(bisect_right(self._starts, after))

    def previous_session(self, before: Instant) -> Session:
        """Return the last session that has ended, extended hours and all, at an instant.

        Raises:
            OutsideCalendar: the calendar begins later.
        """
        index = bisect_right(self._starts, before) - 1
        if index >= 0 and self._at(index).post_close > before:
            index -= 1
        return self._at(index)

    def session_after(self, day: Day, count: int = 1) -> Session:
        """Return the count-th session after a day (which need not be one itself).

        Raises:
            OutsideCalendar: the calendar ends before.
        """
        return self._at(bisect_right(self._days, day) + count - 1)

    def session_before(self, day: Day, count: int = 1) -> Session:
        """Return the count-th session before a day (which need not be one itself).

        Raises:
            OutsideCalendar: the calendar begins later.
        """
        return self._at(bisect_left(self._days, day) - count)

    def sessions(self, first_day: Day, last_day: Day) -> Iterator[Session]:
        """Yield the sessions from a day to a day, both included, oldest first."""
        for index in range(bisect_left(self._days, first_day), bisect_right(self._days, last_day)):
            yield self._at(index)

    def count(self, first_day: Day, last_day: Day) -> int:
        """Return how many sessions there are from a day to a day, both included."""
        return max(0, bisect_right(self._days, last_day) - bisect_left(self._days, first_day))

    def ordinal(self, day: Day) -> int:
        """Return how many sessions there are before a day: the place of a session in the table."""
        return bisect_left(self._days, day)

    def is_session(self, day: Day) -> bool:
        """Say whether the market opens on a day."""
        return self.session(day) is not None

    def is_early_close(self, day: Day) -> bool:
        """Say whether the market opens on a day and closes before its ordinary time."""
        index = bisect_left(self._days, day)
        if index == len(self._days) or self._days[index] != day:
            return False
        return self._hours[self._kinds[index]].is_early

    def is_regular(self, at: Instant) -> bool:
        """Say whether an instant is in regular hours."""
        return self.session_at(at, extended=False) is not None

    def is_extended(self, at: Instant) -> bool:
        """Say whether an instant is in any hours, regular ones included."""
        return self.session_at(at) is not None

    def offset(self, at: Instant) -> Duration:
        """Return how far the market's local time is ahead of UTC at an instant."""
        return self.zone.offset(at)

    def local(self, at: Instant) -> tuple[Day, Duration]:
        """Return the market's local day and microsecond of the day."""
        return self.zone.local(at)

    def instant(self, day: Day, second_of_day: int) -> Instant:
        """Return the instant of a local time of the market; see `Zone.instant`."""
        return self.zone.instant(day, second_of_day)

    def _at(self, index: int) -> Session:
        if not 0 <= index < len(self._days):
            raise OutsideCalendar(
                f"Calendar {self.name} knows days {self.first_day} to {self.last_day} alone."
            )
        day = self._days[index]
        hours = self._hours[self._kinds[index]]
        midnight = day * DAY
        return Session(
            day,
            midnight + hours.pre_open * SECOND,
            midnight + hours.open * SECOND,
            midnight + hours.close * SECOND,
            midnight + hours.post_close * SECOND,
        )
