"""Times: instants and durations as people write them."""

import re
from decimal import Decimal
from typing import Final

from paperdesk.base.calendar import Calendar, civil, day_of
from paperdesk.base.errors import Refusal
from paperdesk.base.units import DAY, HOUR, MINUTE, SECOND, Duration, Instant

NEW_YORK: Final = "XNYS"
"""The calendar by which desks begin, wake and tell the time."""

INSTANT_MAX: Final[Instant] = 4_102_444_800 * SECOND
DURATION_MAX: Final[Duration] = 366 * 20 * DAY
TEXT: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?(Z?)", re.ASCII)
SPAN: Final = re.compile(r"(\d{1,9}(?:\.\d{1,6})?) ?(us|ms|s|min|h|d)", re.ASCII)
UNITS: Final[dict[str, Duration]] = {
    "us": 1,
    "ms": 1_000,
    "s": SECOND,
    "min": MINUTE,
    "h": HOUR,
    "d": DAY,
}


class InvalidTime(Refusal):
    """The text is no time, or no duration."""

    code = "invalid_time"


def instant(calendar: Calendar, given: int | str) -> Instant:
    """Return an instant of microseconds, or of `2008-09-29 16:00` in a market's time (Z for UTC).

    Raises:
        InvalidTime: it is neither.
    """
    if isinstance(given, int):
        if not 0 <= given <= INSTANT_MAX:
            raise InvalidTime(f"{given} is no instant in microseconds since 1970.")
        return given
    found = TEXT.fullmatch(given)
    if found is None:
        raise InvalidTime(f"{given[:40]!r} is no time: write 2008-09-29 16:00.")
    year, month, of_month, hours, minutes, seconds = (int(part or 0) for part in found.groups()[:6])
    try:
        day = day_of(year, month, of_month)
    except ValueError as error:
        raise InvalidTime(f"{given} is no time: {error}.") from error
    second = (hours * 60 + minutes) * 60 + seconds
    if second >= DAY // SECOND:
        raise InvalidTime(f"{given} is no time: a day has 24 hours.")
    at = day * DAY + second * SECOND if found[7] else calendar.instant(day, second)
    if not 0 <= at <= INSTANT_MAX:
        raise InvalidTime(f"{given} is no time of a desk: those are from 1970 to 2099.")
    return at


def duration(given: int | str) -> Duration:
    """Return a duration of microseconds, or of `90s`, `5min`, `2h`, `1d`, `500ms`.

    Raises:
        InvalidTime: it is neither, negative, or more than twenty years.
    """
    if isinstance(given, str):
        found = SPAN.fullmatch(given.strip())
        if found is None:
            raise InvalidTime(f"{given[:40]!r} is no duration: write 90s, 5min, 2h or 1d.")
        given = int(Decimal(found[1]) * UNITS[found[2]])
    if not 0 <= given <= DURATION_MAX:
        raise InvalidTime("A duration is not negative, and at most twenty years.")
    return given


def written(calendar: Calendar, at: Instant) -> str:
    """Return an instant in a market's time: `2008-09-29T09:30:00-04:00`."""
    day, into_day = calendar.local(at)
    year, month, of_month = civil(day)
    seconds = into_day // SECOND
    offset = calendar.offset(at) // MINUTE
    sign = "-" if offset < 0 else "+"
    ahead = f"{sign}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{year:04}-{month:02}-{of_month:02}T{clock}{ahead}"
