"""Lattice: where an interval is cut, and how a session's variance and volume spread over it."""

from functools import lru_cache
from typing import Final, NamedTuple

UNITS: Final = (3600, 1800, 900, 300, 60, 15, 5, 1)
"""Seconds. Every multiple of each is a boundary of nodes, for every session of every exchange."""

GRID: Final = 60
"""Seconds between the points of a profile."""

PROFILES: Final = (
    "us_regular",
    "pre_market",
    "after_hours",
    "overnight",
    "fx",
    "flat",
)
"""The session kinds that have a profile of their own."""


class Profile(NamedTuple):
    """Shares of a session, cumulative on a 60-second grid from `start`, linear between.

    `start` is in UTC seconds; `variance` and `volume` have one entry per grid point, the first 0,
    ascending, in arbitrary units.
    """

    start: int
    variance: tuple[int, ...]
    volume: tuple[int, ...]


def cut(a: int, b: int) -> int:
    """Return where the interval `[a, b)` of UTC seconds is cut; it is at least two seconds long."""
    raise NotImplementedError


@lru_cache(maxsize=4096)
def profile(kind: str, start: int, end: int) -> Profile:
    """Return the profile of a session of a kind, from `start` to `end` in UTC seconds.

    A shorter session (a half day) has the same shape, shortened. `fx` goes by the hours of the
    three centres, whatever the session's length.
    """
    raise NotImplementedError
