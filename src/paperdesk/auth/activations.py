"""Activations: from when on a registration is good, by desk time.

Source: documented for consumer keys, which work after the next midnight of their region. People
report one day to two weeks, which a duration stands for.
"""

from enum import Enum
from typing import Final

import msgspec

from paperdesk.base.errors import Refusal
from paperdesk.base.regions import Region, zone
from paperdesk.base.units import Duration, Instant
from paperdesk.desk.times import InvalidTime, duration

AFTER: Final = "after:"


class InvalidActivation(Refusal):
    """The text does not say when a registration begins."""

    code = "invalid_activation"


class When(Enum):
    """What a registration waits for."""

    IMMEDIATE = "immediate"
    AFTER_RESET = "after_reset"
    AFTER = "after"


class Activation(msgspec.Struct, frozen=True):
    """What a registration waits for, and how long where that is a duration of desk time."""

    when: When = When.AFTER_RESET
    delay: Duration = 0

    def begins(self, region: Region, desk_now: Instant) -> Instant:
        """Return the instant of desk time from which on a registration of now is good; 0 at once.

        Args:
            region: whose midnight is waited for.
            desk_now: when it is registered.
        """
        match self.when:
            case When.IMMEDIATE:
                return 0
            case When.AFTER_RESET:
                return next_midnight(region, desk_now)
            case When.AFTER:
                return desk_now + self.delay


def parsed(text: str) -> Activation:
    """Return the activation of a text: `immediate`, `after_reset`, or `after:` and a duration.

    Raises:
        InvalidActivation: it is none of these.
    """
    word = text.strip().lower().replace("-", "_")
    if word.startswith(AFTER):
        try:
            return Activation(When.AFTER, duration(word.removeprefix(AFTER)))
        except InvalidTime as error:
            raise InvalidActivation(error.message) from None
    for when in (When.IMMEDIATE, When.AFTER_RESET):
        if word == when.value:
            return Activation(when)
    raise InvalidActivation(
        f"{text[:40]!r} does not say when: immediate, after_reset, or after:2d for two days."
    )


def next_midnight(region: Region, now: Instant) -> Instant:
    """Return the first midnight of a region after an instant."""
    day, _ = zone(region).local(now)
    return zone(region).instant(day + 1, 0)
