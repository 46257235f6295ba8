"""Numeric dates: `exp`, `nbf` and `iat`, seconds since 1970 as JSON numbers."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from paperdesk.base.units import SECOND, Instant

SECONDS_END: Final = 100_000_000_000
"""The year 5138; a date in milliseconds lies beyond it."""


class InvalidDate(ValueError):
    """A claim that should be a date is none."""


def instant(claims: Mapping[str, Any], name: str) -> Instant | None:
    """Return a claim as an instant of wall time, None where it is not there.

    Raises:
        InvalidDate: it is no JSON number (a truth value and a text are none), is negative, or is
            so large that it can only be in another unit.
    """
    if name not in claims:
        return None
    value = claims[name]
    if type(value) is not int and type(value) is not Decimal:
        raise InvalidDate(f"{name} is not a number")
    if not 0 <= value < SECONDS_END:
        raise InvalidDate(f"{name} is no date in seconds since 1970")
    return int(value * SECOND)
