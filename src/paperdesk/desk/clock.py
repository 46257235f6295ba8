"""Clocks: how desk time follows wall time. A description; whoever drives it brings the wall.

A clock is a record: a change gives a new one that goes on from where the old one stood.
"""

from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Final

import msgspec

from paperdesk.base.errors import Refusal
from paperdesk.base.units import MINUTE, ONE, Duration, Instant

FACTOR_MAX: Final = 100_000
FACTOR_MIN: Final = Decimal("0.001")
FAST_STRIDE: Final[Duration] = 5 * MINUTE
"""How far the fastest clock goes before it lets requests in."""


class InvalidClock(Refusal):
    """The text describes no clock."""

    code = "invalid_clock"


class ClockMode(Enum):
    """What moves desk time."""

    FACTOR = "factor"
    """The wall, times a factor; real time is factor 1."""

    STEPPED = "stepped"
    """Somebody who says how far, and nothing else."""

    FAST = "fast"
    """The desk itself, as fast as it can."""


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """How desk time follows wall time from an anchor on, at which the one was the other.

    `until` stops the clock there, whatever moves it; a paused clock stands at its anchor.
    """

    mode: ClockMode = ClockMode.FACTOR
    factor: Decimal = ONE
    is_paused: bool = False
    until: Instant | None = None
    wall_anchor: Instant = 0
    desk_anchor: Instant = 0

    @property
    def text(self) -> str:
        """The clock in the words that `parsed` reads."""
        mode: str = self.mode.value
        if self.mode is not ClockMode.FACTOR:
            return mode
        return "real" if self.factor == ONE else f"x{self.factor.normalize():f}"

    def reading(self, wall: Instant, now: Instant) -> Instant:
        """Return the desk time to be reached at an instant of the wall, never before now."""
        if self.is_paused or self.mode is ClockMode.STEPPED:
            return now
        if self.mode is ClockMode.FAST:
            reached = now + FAST_STRIDE
        else:
            passed = max(0, wall - self.wall_anchor)
            numerator, denominator = self.factor.as_integer_ratio()
            reached = self.desk_anchor + passed * numerator // denominator
        if self.until is not None:
            reached = min(reached, self.until)
        return max(now, reached)

    def wall_at(self, to: Instant) -> Instant | None:
        """Return when the wall will have brought desk time to an instant; None for never.

        The fastest clock is always there.
        """
        if self.is_paused or self.mode is ClockMode.STEPPED:
            return None
        if self.until is not None and to > self.until:
            return None
        if self.mode is ClockMode.FAST:
            return self.wall_anchor
        numerator, denominator = self.factor.as_integer_ratio()
        left = max(0, to - self.desk_anchor)
        return self.wall_anchor - (-left * denominator // numerator)

    def anchored(self, wall: Instant, now: Instant) -> "Clock":
        """Return the clock as it goes on from now, whatever it has missed."""
        return msgspec.structs.replace(self, wall_anchor=wall, desk_anchor=now)

    def paused(self, wall: Instant, now: Instant) -> "Clock":
        """Return the clock standing still at now."""
        return msgspec.structs.replace(self.anchored(wall, now), is_paused=True)

    def resumed(self, wall: Instant, now: Instant) -> "Clock":
        """Return the clock going on from now."""
        return msgspec.structs.replace(self.anchored(wall, now), is_paused=False)

    def changed(self, text: str, wall: Instant, now: Instant) -> "Clock":
        """Return the clock with another way of going, from now on; a pause and a stop stay.

        Raises:
            InvalidClock: the text describes none.
        """
        new = parsed(text)
        return msgspec.structs.replace(self.anchored(wall, now), mode=new.mode, factor=new.factor)

    def stopping(self, until: Instant | None) -> "Clock":
        """Return the clock with another instant to stop at; None for none."""
        return msgspec.structs.replace(self, until=until)


def parsed(text: str) -> Clock:
    """Return the clock of a text: `real`, `x60` (sixty times as fast), `stepped` or `fast`.

    Raises:
        InvalidClock: it is none of these, or the factor is not from 0.001 to 100,000.
    """
    word = text.strip().lower()
    if word == "real":
        return Clock()
    for mode in (ClockMode.STEPPED, ClockMode.FAST):
        if word == mode.value:
            return Clock(mode=mode)
    factor = _factor(word.removeprefix("x").removesuffix("x"))
    if factor is None:
        raise InvalidClock(
            f"{text[:40]!r} is no clock: say real, stepped, fast, or x60 for sixty times as fast "
            f"(x{FACTOR_MIN} to x{FACTOR_MAX})."
        )
    return Clock(factor=factor)


def _factor(text: str) -> Decimal | None:
    if "_" in text or not text.isascii():
        return None
    try:
        factor = Decimal(text)
    except InvalidOperation:
        return None
    return factor if factor.is_finite() and FACTOR_MIN <= factor <= FACTOR_MAX else None
