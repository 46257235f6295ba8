"""Lattice: where an interval is cut, and how a session's variance and volume spread over it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

UNITS: Final = (3600, 1800, 900, 300, 60, 15, 5, 1)
"""Seconds. Every multiple of each is a boundary of nodes, for every session of every exchange."""

GRID: Final = 60
"""Seconds between the points of a profile."""

PLANS_MAX: Final = 8192
"""Plans kept of one shape of session; a whole day needs some 3,000."""
SHAPES_MAX: Final = 64

HOUR: Final = 3600
DAY: Final = 86_400

_Density: TypeAlias = Callable[[int, int, int], int]
"""Minute of the session, minutes in all, UTC second of its middle; result in 1e-6."""


Plan: TypeAlias = tuple[int, int, int]
"""How long after its start an interval is cut, and the first half's shares of variance and volume
in 1/65536."""

Plans: TypeAlias = dict[tuple[int, int], Plan]
"""Plans by the seconds from the profile's start to the interval's, and the interval's length."""


class Profile(NamedTuple):
    """Shares of a session, cumulative on a 60-second grid from `start`, linear between.

    `start` is in UTC seconds; `variance` and `volume` have one entry per grid point, the first 0,
    ascending, in arbitrary units. Before the start and after the end nothing is added.
    """

    start: int
    variance: tuple[int, ...]
    volume: tuple[int, ...]

    def shares(self, a: int, m: int, b: int) -> tuple[int, int]:
        """Return what of the variance and volume of `[a, b)` comes before m, in 1/65536.

        Both are between 1 and 65535. Where the profile has nothing, they go by time.
        """
        by_time = ((m - a) << 16) // (b - a)
        if b - a <= GRID:
            return by_time, by_time
        first, cut_at, end = _place(a - self.start), _place(m - self.start), _place(b - self.start)
        return (
            _share(self.variance, first, cut_at, end) or by_time,
            _share(self.volume, first, cut_at, end) or by_time,
        )


_kept_plans: Final[dict[tuple[int, int, int], tuple[Profile, Plans]]] = {}


def plans_of(profile: Profile) -> Plans:
    """Return where plans are kept of all days of a shape that begin as long after an hour."""
    key = (id(profile.variance), id(profile.volume), profile.start % HOUR)
    found = _kept_plans.get(key)
    if found is None:
        if len(_kept_plans) >= SHAPES_MAX:
            del _kept_plans[next(iter(_kept_plans))]
        # The profile is kept too: so long its tables cannot give their places to others.
        found = _kept_plans[key] = (profile, {})
    return found[1]


def planned(profile: Profile, plans: Plans, a: int, b: int) -> Plan:
    """Return how `[a, b)` is cut, and remember it in plans."""
    ahead = _cut_after(a % HOUR, b - a)
    plan = (ahead, *profile.shares(a, a + ahead, b))
    if len(plans) >= PLANS_MAX:
        del plans[next(iter(plans))]
    plans[(a - profile.start, b - a)] = plan
    return plan


@lru_cache(maxsize=1 << 14)
def planned_by_time(second: int, length: int) -> Plan:
    """Return how an interval within the grid is cut that begins so long after an hour."""
    ahead = _cut_after(second, length)
    share = (ahead << 16) // length
    return ahead, share, share


def _place(second: int) -> tuple[int, int]:
    return divmod(second, GRID)


def _share(
    table: tuple[int, ...], a: tuple[int, int], m: tuple[int, int], b: tuple[int, int]
) -> int:
    if a[1] or m[1] or b[1] or a[0] < 0 or b[0] >= len(table):
        begun = _cumulative(table, a)
        whole = _cumulative(table, b) - begun
        part = _cumulative(table, m) - begun
    else:
        # All three are points of the grid, as nearly always.
        begun = table[a[0]]
        whole = table[b[0]] - begun
        part = table[m[0]] - begun
    if whole <= 0:
        return 0
    return min(max((part << 16) // whole, 1), 65_535)


def _cumulative(table: tuple[int, ...], place: tuple[int, int]) -> int:
    """Return the table at a place of the grid, times 60, with what lies outside cut off."""
    index, rest = place
    if index < 0:
        return 0
    if index >= len(table) - 1:
        return table[-1] * GRID
    if not rest:
        return table[index] * GRID
    return table[index] * (GRID - rest) + table[index + 1] * rest


@lru_cache(maxsize=1 << 14)
def _cut_after(second: int, length: int) -> int:
    """Return how long after a second of an hour an interval of a length is cut.

    All units divide the hour, so an hour earlier or later cuts the same.
    """
    end = second + length
    for unit in UNITS:
        first = (second // unit + 1) * unit
        if first >= end:
            continue
        # The multiple at or below the middle, and the one above where it is nearer.
        lower = max((second + end) // 2 // unit * unit, first)
        upper = lower + unit
        if upper < end and 2 * upper - second - end < second + end - 2 * lower:
            return upper - second
        return lower - second
    raise AssertionError(f"{length} second is not cut")


def cut(a: int, b: int) -> int:
    """Return where the interval `[a, b)` of UTC seconds is cut; it is at least two seconds long.

    Of the multiples of the coarsest unit that has one strictly inside, it is the one nearest to
    the middle, the lower if tied.
    """
    return a + _cut_after(a % HOUR, b - a)


def _falling_and_rising(base: int, opening: tuple[int, int], closing: tuple[int, int]) -> _Density:
    """Return the density base + p/(1 + qx) + r/(1 + s(1-x)) for x from 0 to 1, all in 1e-6."""

    def density(minute: int, minutes: int, _second: int) -> int:
        after, before = 2 * minute + 1, 2 * (minutes - minute) - 1
        whole = 2 * minutes
        return (
            base
            + opening[0] * whole // (whole + opening[1] * after)
            + closing[0] * whole // (whole + closing[1] * before)
        )

    return density


def _by_hour(table: tuple[int, ...]) -> _Density:
    """Return a density given at the 24 full hours of UTC in 1e-6, linear between."""

    def density(_minute: int, _minutes: int, second: int) -> int:
        hour, rest = divmod(second % DAY, HOUR)
        return (table[hour] * (HOUR - rest) + table[(hour + 1) % 24] * rest) // HOUR

    return density


# Judged: Sydney and Tokyo from 22:00, Frankfurt and London from 06:00, New York from 12:00, and
# the overlap of the last two the busiest. UTC; the hours of summer are not moved.
_FX_VARIANCE: Final = tuple(
    10_000 * share for share in (62, 70, 66, 58, 52, 54, 80, 130, 146, 130, 112, 116)
) + tuple(10_000 * share for share in (150, 186, 196, 176, 138, 104, 90, 80, 64, 42, 46, 54))
_FX_VOLUME: Final = tuple(
    10_000 * share for share in (52, 62, 58, 50, 46, 50, 92, 150, 164, 146, 122, 126)
) + tuple(10_000 * share for share in (168, 206, 212, 186, 134, 92, 74, 62, 44, 22, 26, 40))

_DENSITIES: Final[dict[str, tuple[_Density, _Density]]] = {
    "us_regular": (
        _falling_and_rising(600_000, (2_400_000, 16), (500_000, 20)),
        _falling_and_rising(550_000, (1_600_000, 12), (1_600_000, 14)),
    ),
    "pre_market": (
        _falling_and_rising(400_000, (300_000, 10), (2_000_000, 6)),
        _falling_and_rising(200_000, (200_000, 10), (3_000_000, 8)),
    ),
    "after_hours": (
        _falling_and_rising(300_000, (3_000_000, 14), (0, 1)),
        _falling_and_rising(150_000, (4_000_000, 20), (100_000, 10)),
    ),
    "overnight": (
        _falling_and_rising(900_000, (300_000, 10), (400_000, 8)),
        _falling_and_rising(800_000, (400_000, 10), (500_000, 8)),
    ),
    "fx": (_by_hour(_FX_VARIANCE), _by_hour(_FX_VOLUME)),
    "flat": (
        _falling_and_rising(1_000_000, (0, 1), (0, 1)),
        _falling_and_rising(1_000_000, (0, 1), (0, 1)),
    ),
}

PROFILES: Final = tuple(_DENSITIES)
"""The session kinds that have a profile of their own."""


def profile(kind: str, start: int, end: int) -> Profile:
    """Return the profile of a session of a kind, from `start` to `end` in UTC seconds.

    A shorter session (a half day) has the same shape, shortened. `fx` goes by the hours of the
    three centres, whatever the session's length.
    """
    variance, volume = _shape(kind, start % DAY if kind == "fx" else 0, end - start)
    return Profile(start, variance, volume)


@lru_cache(maxsize=256)
def _shape(kind: str, second: int, length: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    minutes = -(-length // GRID)
    variance, volume = _DENSITIES[kind]
    return (
        _summed(variance, second, minutes),
        _summed(volume, second, minutes),
    )


def _summed(density: _Density, second: int, minutes: int) -> tuple[int, ...]:
    total = 0
    points = [0]
    for minute in range(minutes):
        total += density(minute, minutes, second + GRID * minute + GRID // 2)
        points.append(total)
    return tuple(points)
