"""Idleness: the clock by which sessions grow idle, which is the wall's but for its pauses.

However fast desk time goes, a client that asks once a minute by the wall keeps its session. While
desk time stands, because somebody paused it or moves it by steps, nobody grows idle: a program
that waits at a breakpoint loses nothing.
"""

from paperdesk.base.units import Duration, Instant


class IdleClock:
    """Wall time without the spans in which it was held."""

    def __init__(self) -> None:
        """Begin at the wall's own time, going."""
        self._left_out: Duration = 0
        self._held_at: Instant | None = None

    @property
    def is_held(self) -> bool:
        """Whether it stands."""
        return self._held_at is not None

    def reading(self, at: Instant) -> Instant:
        """Return what it shows at an instant of the wall."""
        return (at if self._held_at is None else self._held_at) - self._left_out

    def hold(self, at: Instant) -> None:
        """Let it stand from an instant on."""
        if self._held_at is None:
            self._held_at = at

    def release(self, at: Instant) -> None:
        """Let it go on from an instant on."""
        if self._held_at is not None:
            self._left_out += max(0, at - self._held_at)
            self._held_at = None

    def wall_at(self, reading: Instant) -> Instant | None:
        """Return when the wall will have brought it to a reading; None while it stands."""
        return None if self._held_at is not None else reading + self._left_out
