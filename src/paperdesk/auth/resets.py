"""Resets: what each night of a region does to sessions, by desk time.

At 01:00 local brokerage sessions are reset, which takes the service behind them away for a minute
or a few; at midnight outer sessions and credentials end. Source: documented, on two pages of
different age; the older one has both at midnight. How long the service is away is judged.
"""

from collections.abc import Iterator
from enum import Enum
from hashlib import blake2b
from typing import Final, TypeAlias

from paperdesk.base.regions import Region, zone
from paperdesk.base.units import HOUR, MINUTE, SECOND, Day, Duration, Instant

RESET_AT: Final = HOUR // SECOND
MIDNIGHT_AT: Final = 0
LASTS_MIN: Final[Duration] = MINUTE
LASTS_MAX: Final[Duration] = 5 * MINUTE


class Profile(Enum):
    """Which resets there are."""

    ON = "on"
    LEGACY = "legacy"
    """Both at midnight, as the older page of the documentation has it."""

    OFF = "off"
    BY_CLOCK = "by clock"
    """On, but off for a clock that is moved by steps: who steps it decides what happens."""


class Turn(Enum):
    """What an instant of the night does."""

    MIDNIGHT = "midnight"
    RESET_BEGINS = "reset begins"
    RESET_ENDS = "reset ends"
    CLOSES = "closes"
    REOPENS = "reopens"


Turning: TypeAlias = tuple[Instant, Turn]


def turnings(region: Region, profile: Profile, seed: int, day: Day) -> Iterator[Turning]:
    """Yield what happens in the night that a local day begins with, in order.

    Where summer time ends, New York has one o'clock twice: the first is meant.
    """
    if profile is Profile.OFF:
        return
    yield zone(region).instant(day, MIDNIGHT_AT), Turn.MIDNIGHT
    at = zone(region).instant(day, MIDNIGHT_AT if profile is Profile.LEGACY else RESET_AT)
    yield at, Turn.RESET_BEGINS
    yield at + lasts(region, seed, day), Turn.RESET_ENDS


def lasts(region: Region, seed: int, day: Day) -> Duration:
    """Return how long the service is away in a night: a desk's own draw, the same each time."""
    key = f"reset/{seed}/{region.value}/{day}".encode()
    drawn = int.from_bytes(blake2b(key, digest_size=8).digest(), "big")
    return LASTS_MIN + drawn % ((LASTS_MAX - LASTS_MIN) // SECOND + 1) * SECOND
