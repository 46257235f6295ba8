"""Fixings: one rate a day of a currency pair, real where the ECB has published both sides.

The European Central Bank fixes at 14:15 in Frankfurt. Between two fixings, before the first and
after the last, a spine of the pair's own goes on; where it lies between two it is pinned at both.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import sqrt
from typing import Final, NamedTuple

from paperdesk.base.calendar import SUNDAY, civil, nth_weekday
from paperdesk.base.units import DAY, HOUR, MINUTE, Instant
from paperdesk.market.arith import exp, log
from paperdesk.market.layers import Layer
from paperdesk.market.series import NOT_QUOTED
from paperdesk.market.spine import OwnReturns

EURO: Final = "EUR"
NAMES: Final = {"CNH": "CNY"}
"""Currencies that the bank quotes under another name."""
FIXINGS_OF_VARIANCE: Final = 20
SQUARES_KEPT: Final = 64
"""Sessions whose variances are worked out from one list."""
LEAST_SD: Final = 0.00002
MARCH: Final = 3
OCTOBER: Final = 10


class Fixing(NamedTuple):
    """A rate, exact, as what is divided by what, and the place of the layer that it is from."""

    above: int
    below: int
    layer: int

    @property
    def rate(self) -> Fraction:
        """The rate."""
        return Fraction(self.above, self.below)


def fixing_instant(day: int) -> Instant:
    """Return when the bank fixes on a day: 14:15 in Frankfurt, by the summer time of the EU."""
    year = civil(day)[0]
    summer = _last_sunday(year, MARCH) <= day < _last_sunday(year, OCTOBER)
    return day * DAY + (12 if summer else 13) * HOUR + 15 * MINUTE


@lru_cache(maxsize=256)
def _last_sunday(year: int, month: int) -> int:
    first = nth_weekday(year, month, SUNDAY, 4)
    later = first + 7
    return later if civil(later)[1] == month else first


def real_fixings(
    layers: Sequence[Layer], base: str, quote: str, days: Sequence[int]
) -> dict[int, Fixing]:
    """Return the real rates of a pair by place of the session; later layers win."""
    found: dict[int, Fixing] = {}
    places = {day: place for place, day in enumerate(days)}
    for number, layer in enumerate(layers):
        sides = [_against_euro(layer, currency) for currency in (base, quote)]
        if None in sides:
            continue
        (under, under_scale), (over, over_scale) = (side or ({}, 1) for side in sides)
        for day in over if quote != EURO else under:
            if day in places and (base == EURO or day in under):
                above, below = over.get(day, 1) * under_scale, under.get(day, 1) * over_scale
                found[places[day]] = Fixing(above, below, number)
    return found


def _against_euro(layer: Layer, currency: str) -> tuple[dict[int, int], int] | None:
    """Return the rates of a currency against the euro by day, and what they are divided by."""
    if currency == EURO:
        return {}, 1
    told = layer.rates(NAMES.get(currency, currency))
    if told is None:
        return None
    days, rates, decimals = told
    quoted = {day: rate for day, rate in zip(days, rates, strict=True) if rate != NOT_QUOTED}
    return quoted, 10**decimals


class Fixings:
    """The logarithm of a pair's rate at 14:15 of every session."""

    def __init__(
        self, own: OwnReturns, real: dict[int, Fixing], price: float, reference: int
    ) -> None:
        """Take a spine, real rates, and what the rate is at a reference where none is real."""
        self._own, self.real = own, real
        self._places = sorted(real)
        self._price, self._reference = price, reference
        self._logs: dict[int, float] = {}
        self._squares: dict[int, list[float]] = {}

    def level(self, place: int) -> float:
        """Return the logarithm of a session's fixing."""
        level = self._logs.get(place)
        if level is None:
            level = self._logs[place] = self._level(place)
        return level

    def _level(self, place: int) -> float:
        known = self.real.get(place)
        if known is not None:
            return log(known.above / known.below)
        self._own.extend(max(place, self._reference) + 1)
        close = self._own.close
        if not self._places:
            return log(self._price) + close[place] - close[self._reference]
        index = bisect_left(self._places, place)
        if index == len(self._places):
            last = self._places[-1]
            return self.level(last) + close[place] - close[last]
        later = self._places[index]
        if index == 0:
            self._own.extend(later + 1)
            return self.level(later) + close[place] - close[later]
        before = self._places[bisect_right(self._places, place) - 1]
        self._own.extend(later + 1)
        done = (place - before) / (later - before)
        start, end = self.level(before), self.level(later)
        strays = close[place] - close[before] - done * (close[later] - close[before])
        return start + done * (end - start) + strays

    def rate(self, place: int) -> Fraction | float:
        """Return a session's fixing, exact where it is real."""
        fixing = self.real.get(place)
        return exp(self.level(place)) if fixing is None else fixing.rate

    def units(self, place: int, unit: tuple[int, int]) -> int:
        """Return a session's fixing in units, each so many of so many parts, to the nearest."""
        fixing = self.real.get(place)
        if fixing is None:
            return units_of(exp(self.level(place)), unit)
        below = fixing.below * unit[0]
        return (2 * fixing.above * unit[1] + below) // (2 * below)

    def sd(self, place: int) -> float:
        """Return the standard deviation of the last 20 moves from fixing to fixing."""
        if place < FIXINGS_OF_VARIANCE:
            return self._usual(place)
        part, index = divmod(place, SQUARES_KEPT)
        squares = self._squares.get(part)
        if squares is None:
            squares = self._squares[part] = self._squares_of(part * SQUARES_KEPT)
        total = 0.0
        for square in squares[index : index + FIXINGS_OF_VARIANCE]:
            total += square
        return max(LEAST_SD, sqrt(total / FIXINGS_OF_VARIANCE))

    def _squares_of(self, first: int) -> list[float]:
        """Return the squares of the moves that some sessions' variances are made of."""
        squares = []
        last = min(first + SQUARES_KEPT, len(self._own.days))
        for place in range(first - FIXINGS_OF_VARIANCE + 1, last):
            move = self.level(place) - self.level(place - 1) if place > 0 else 0.0
            squares.append(move * move)
        return squares

    def _usual(self, place: int) -> float:
        self._own.extend(place + 1)
        return max(LEAST_SD, self._own.sd[place])


def units_of(rate: float, unit: tuple[int, int]) -> int:
    """Return a rate in units, each so many of so many parts, to the nearest."""
    return int(rate * unit[1] / unit[0] + 0.5)
