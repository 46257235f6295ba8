"""Regions: where the service is that a person reaches, and what time it is there.

Zones are rules here and no table of the machine's: a desk resets at the same instants everywhere.
Source: the daylight saving rules of the United States since 1967 and of the European Union since
1981; Hong Kong has had none since 1979.
"""

from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Final

import msgspec

from paperdesk.base.calendar import MONTHS_A_YEAR, SUNDAY, Zone, first_of_month, nth_weekday
from paperdesk.base.units import DAY, HOUR, Day, Duration, Instant

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2100
MARCH, APRIL, SEPTEMBER, OCTOBER, NOVEMBER = 3, 4, 9, 10, 11
LAST: Final = 0
"""The last such Sunday of a month, where others are counted from 1."""


class Region(Enum):
    """Which part of the world people reach the service in."""

    US = "us"
    EUROPE = "europe"
    ASIA = "asia"


class Place(msgspec.Struct, frozen=True):
    """A region's zone, and how /sso/validate calls the region."""

    zone: str
    sign: str


PLACES: Final = {
    Region.US: Place("America/New_York", "NJ"),
    Region.EUROPE: Place("Europe/Zurich", "EU"),
    Region.ASIA: Place("Asia/Hong_Kong", "HK"),
}


class _Summer(msgspec.Struct, frozen=True):
    """Since a year, summer time from one Sunday of a month to another, changed at a UTC hour."""

    since: int
    begins: tuple[int, int]
    ends: tuple[int, int]
    begins_at: Duration
    ends_at: Duration


_US_HOURS: Final = (7 * HOUR, 6 * HOUR)
_EU_HOURS: Final = (HOUR, HOUR)

_SUMMERS: Final = {
    Region.US: (
        _Summer(1987, (APRIL, 1), (OCTOBER, LAST), *_US_HOURS),
        _Summer(2007, (MARCH, 2), (NOVEMBER, 1), *_US_HOURS),
    ),
    Region.EUROPE: (
        _Summer(1981, (MARCH, LAST), (SEPTEMBER, LAST), *_EU_HOURS),
        _Summer(1996, (MARCH, LAST), (OCTOBER, LAST), *_EU_HOURS),
    ),
    Region.ASIA: (),
}
_WINTER_OFFSET: Final = {Region.US: -5 * HOUR, Region.EUROPE: HOUR, Region.ASIA: 8 * HOUR}


@cache
def zone(region: Region) -> Zone:
    """Return a region's zone, right from 1990 to 2100."""
    winter = _WINTER_OFFSET[region]
    changes, offsets = [FIRST_INSTANT], [winter]
    for at, is_summer in _changes(_SUMMERS[region]):
        changes.append(at)
        offsets.append(winter + HOUR if is_summer else winter)
    return Zone(PLACES[region].zone, tuple(changes), tuple(offsets))


FIRST_INSTANT: Final[Instant] = -(1 << 62)


def _changes(summers: tuple[_Summer, ...]) -> Iterator[tuple[Instant, bool]]:
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        rules = [rule for rule in summers if rule.since <= year]
        if rules:
            rule = rules[-1]
            yield _sunday(year, *rule.begins) * DAY + rule.begins_at, True
            yield _sunday(year, *rule.ends) * DAY + rule.ends_at, False


def _sunday(year: int, month: int, count: int) -> Day:
    if count != LAST:
        return nth_weekday(year, month, SUNDAY, count)
    following = first_of_month(year + month // MONTHS_A_YEAR, month % MONTHS_A_YEAR + 1)
    return following - 1 - (following - 1 - _A_SUNDAY) % 7


_A_SUNDAY: Final[Day] = 3
"""1970-01-04."""
