"""Maintenance: when which part of the service is away, by desk time, as data.

The whole Web API is closed on the Saturday evening of the region; account management and banking
have hours of their own in New York. Source: documented, except for the hours of the Saturday
evening, which are judged.
"""

from collections.abc import Iterator
from enum import Enum
from typing import Final

import msgspec

from paperdesk.auth.resets import Turn, Turning
from paperdesk.base.calendar import SATURDAY, SUNDAY, weekday
from paperdesk.base.regions import Region, zone
from paperdesk.base.units import DAY, HOUR, MINUTE, SECOND, Day, Instant

TUESDAY: Final = 1
EVERY_DAY: Final = frozenset(range(7))


class Part(Enum):
    """A part of the service with maintenance hours of its own."""

    WEB_API = "web api"
    ACCOUNT_MANAGEMENT = "account management"
    """Accounts, statements, tax forms and enumerations."""

    BANKING = "banking"


class Window(msgspec.Struct, frozen=True):
    """A span `[begins, ends)` in which a service is away."""

    service: Part
    begins: Instant
    ends: Instant


class Hours(msgspec.Struct, frozen=True):
    """Hours on some days of the week, in seconds of the local day; the end may be on the next."""

    weekdays: frozenset[int]
    begins: int
    ends: int


def _hours(weekdays: frozenset[int], begins: int, ends: int) -> Hours:
    return Hours(weekdays, begins // SECOND, ends // SECOND)


HOURS: Final = {
    Part.WEB_API: (_hours(frozenset({SATURDAY}), 19 * HOUR, 23 * HOUR),),
    Part.ACCOUNT_MANAGEMENT: (
        _hours(EVERY_DAY, 18 * HOUR, 18 * HOUR + MINUTE),
        _hours(frozenset({SUNDAY, TUESDAY}), 18 * HOUR, 18 * HOUR + 30 * MINUTE),
    ),
    Part.BANKING: (
        _hours(EVERY_DAY, 23 * HOUR + 45 * MINUTE, 24 * HOUR + 30 * MINUTE),
        _hours(frozenset({SATURDAY}), 0, DAY),
        _hours(frozenset({SUNDAY}), 0, 15 * HOUR),
    ),
}
"""In the region's time for the Web API, in New York's for the others."""


def windows(service: Part, region: Region, day: Day) -> Iterator[Window]:
    """Yield the windows of a service that begin on a local day."""
    place = zone(_place(service, region))
    for hours in HOURS[service]:
        if weekday(day) in hours.weekdays:
            begins, ends = place.instant(day, hours.begins), place.instant(day, hours.ends)
            yield Window(service, begins, ends)


def window_at(service: Part, region: Region, at: Instant) -> Window | None:
    """Return the window that an instant of desk time is in, the one that ends last; or None."""
    today, _ = zone(_place(service, region)).local(at)
    found = [
        window
        for day in (today - 1, today)
        for window in windows(service, region, day)
        if window.begins <= at < window.ends
    ]
    return max(found, key=_end, default=None)


def turnings(region: Region, day: Day) -> Iterator[Turning]:
    """Yield when the whole Web API closes and reopens on a local day."""
    for window in windows(Part.WEB_API, region, day):
        yield window.begins, Turn.CLOSES
        yield window.ends, Turn.REOPENS


def _place(service: Part, region: Region) -> Region:
    return region if service is Part.WEB_API else Region.US


def _end(window: Window) -> Instant:
    return window.ends
