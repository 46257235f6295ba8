"""Timestamps: whether a request was signed now, by the wall clock of both sides.

They need not increase: programs that send several requests at once sign them in any order.
"""

from typing import Final

from paperdesk.auth.oauth1.causes import Cause, SignedRequestRefused
from paperdesk.auth.oauth1.nonces import WINDOW
from paperdesk.base.units import HOUR, MINUTE, SECOND, Instant

TIMESTAMP_DIGITS: Final = 10
MILLISECOND_DIGITS: Final = 13
ZONE_STEP: Final = 15 * MINUTE
"""Time zones differ by multiples of it."""

ZONE_MAX: Final = 14 * HOUR


def timestamp_of(text: str, now: Instant) -> int:
    """Return a timestamp in seconds that is near enough to wall time.

    Raises:
        SignedRequestRefused: it is not ten digits, or more than five minutes off.
    """
    is_number = text.isascii() and text.isdigit()
    if not is_number or len(text) != TIMESTAMP_DIGITS:
        if is_number and len(text) == MILLISECOND_DIGITS:
            raise SignedRequestRefused(
                Cause.TIMESTAMP_IN_MILLISECONDS,
                "oauth_timestamp has 13 digits: it is in milliseconds; seconds are needed.",
            )
        raise SignedRequestRefused(
            Cause.TIMESTAMP_MALFORMED, f"oauth_timestamp is {text[:20]!r}; 10 digits are needed."
        )
    stamp = int(text)
    late = now - stamp * SECOND
    if -WINDOW <= late <= WINDOW:
        return stamp
    raise SignedRequestRefused(_clock_cause(late), _clock_message(late))


def _clock_cause(late: int) -> Cause:
    off = abs(late)
    rest = off % ZONE_STEP
    near = min(rest, ZONE_STEP - rest)
    if ZONE_STEP <= off <= ZONE_MAX + MINUTE and near <= MINUTE:
        return Cause.CLOCK_IN_LOCAL_TIME
    return Cause.TIMESTAMP_TOO_OLD if late > 0 else Cause.TIMESTAMP_TOO_NEW


def _clock_message(late: int) -> str:
    seconds = abs(late) // SECOND
    way = "behind" if late > 0 else "ahead of"
    return f"oauth_timestamp is {seconds} s {way} the desk's clock; 300 s are accepted."
