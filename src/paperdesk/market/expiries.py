"""Expiries: in which months options on a contract are listed.

Rules of the exchanges, counted from a day: the nearest months, then the months of the quarterly
cycle, then the Januaries of the long-dated ones. A month is listed until its last expiry has
passed, which is the third Friday, or with weekly classes the last Friday.
"""

from collections.abc import Sequence
from typing import Final

from paperdesk.base.calendar import (
    DAYS_A_WEEK,
    FRIDAY,
    Calendar,
    civil,
    first_of_month,
    nth_weekday,
    weekday,
)
from paperdesk.base.units import Day
from paperdesk.market.catalogue import OptionClass

JANUARY: Final = 1
QUARTERLY: Final = 3
MONTHS_AHEAD_MAX: Final = 72

Month = tuple[int, int]
"""Year and month."""


def months(classes: Sequence[OptionClass], calendar: Calendar, today: Day) -> list[Month]:
    """Return the months in which options of any of the classes expire, nearest first.

    Args:
        classes: the option classes on one underlying; none gives no months.
        calendar: of the exchange: an expiry on a holiday is the session before.
        today: the exchange's day; what expires today is still listed.

    Source:
        judged: counts of months and weeklies are of the class tables; their spread over near
        months, quarterly cycle and Januaries follows the exchanges' listing rules.
    """
    found = {month for row in classes for month in _listed(row, calendar, today)}
    return sorted(found)


def third_friday(year: int, month: int, calendar: Calendar) -> Day:
    """Return the monthly expiry: the third Friday, or the session before it on a holiday."""
    return _session_on_or_before(nth_weekday(year, month, FRIDAY, 3), calendar)


def last_friday(year: int, month: int, calendar: Calendar) -> Day:
    """Return the last weekly expiry of a month: its last Friday, or the session before it."""
    last = first_of_month(year, month, 1) - 1
    return _session_on_or_before(last - (weekday(last) - FRIDAY) % DAYS_A_WEEK, calendar)


def _session_on_or_before(day: Day, calendar: Calendar) -> Day:
    return calendar.session_before(day + 1).day


def _listed(row: OptionClass, calendar: Calendar, today: Day) -> list[Month]:
    year, month, _ = civil(today)
    last = last_friday if row.weeklies else third_friday
    skipped = 0 if last(year, month, calendar) >= today else 1
    coming = [_month(year, month, ahead) for ahead in range(skipped, MONTHS_AHEAD_MAX)]
    nearest = (row.monthlies + 1) // 2
    listed = coming[:nearest]
    cycle = (at for at in coming[nearest:] if at[1] % QUARTERLY == 0)
    listed += [at for at, _ in zip(cycle, range(row.monthlies - nearest), strict=False)]
    listed += [at for at in coming if at[1] == JANUARY and at[0] <= year + row.leaps_years]
    friday = today + (FRIDAY - weekday(today)) % DAYS_A_WEEK
    fridays = (friday + DAYS_A_WEEK * weeks for weeks in range(row.weeklies))
    listed += [civil(_session_on_or_before(day, calendar))[:2] for day in fridays]
    return [at for at in listed if at >= coming[0]]


def _month(year: int, month: int, ahead: int) -> Month:
    counted, of_year, _ = civil(first_of_month(year, month, ahead))
    return counted, of_year
