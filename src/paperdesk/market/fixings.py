"""Fixings: one rate a day of a currency pair, real where the ECB has published both sides.

The European Central Bank fixes at 14:15 in Frankfurt. Between two fixings, before the first and
after the last, a spine of the pair's own goes on; where it lies between two it is pinned at both.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
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
LEAST_SD: Final = 0.00002
MARCH: Final = 3
OCTOBER: Final = 10


class Fixing(NamedTuple):
    """A rate, exact, and the place of the layer that it is from."""

    rate: Fraction
    layer: int


def fixing_instant(day: int) -> Instant:
    """Return when the bank fixes on a day: 14:15 in Frankfurt, by the summer time of the EU."""
    year = civil(day)[0]
    summer = _last_sunday(year, MARCH) <= day < _last_sunday(year, OCTOBER)
    return day * DAY + (12 if summer else 13) * HOUR + 15 * MINUTE


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
        under, over = (side or {} for side in sides)
        for day in over if quote != EURO else under:
            if day in places and (base == EURO or day in under):
                rate = over.get(day, Fraction(1)) / under.get(day, Fraction(1))
                found[places[day]] = Fixing(rate, number)
    return found


def _against_euro(layer: Layer, currency: str) -> dict[int, Fraction] | None:
    if currency == EURO:
        return {}
    told = layer.rates(NAMES.get(currency, currency))
    if told is None:
        return None
    days, rates, decimals = told
    scale = 10**decimals
    return {
        day: Fraction(rate, scale)
        for day, rate in zip(days, rates, strict=True)
        if rate != NOT_QUOTED
    }


class Fixings:
    """The logarithm of a pair's rate at 14:15 of every session."""

    def __init__(
        self, own: OwnReturns, real: dict[int, Fixing], price: float, reference: int
    ) -> None:
        """Take a spine, real rates, and what the rate is at a reference where none is real."""
        self._own, self.real = own, real
        self._places = sorted(real)
        self._price, self._reference = price, reference
        self._logs, self._squares = array("d"), array("d")
        self._real_logs = {place: _log(fixing.rate) for place, fixing in real.items()}

    def level(self, place: int) -> float:
        """Return the logarithm of a session's fixing."""
        logs = self._logs
        while len(logs) <= place:
            logs.append(self._level(len(logs)))
        return logs[place]

    def _level(self, place: int) -> float:
        known = self._real_logs.get(place)
        if known is not None:
            return known
        self._own.extend(max(place, self._reference) + 1)
        close = self._own.close
        if not self._places:
            return log(self._price) + close[place] - close[self._reference]
        index = bisect_left(self._places, place)
        if index == len(self._places):
            last = self._places[-1]
            return self._real_logs[last] + close[place] - close[last]
        later = self._places[index]
        if index == 0:
            self._own.extend(later + 1)
            return self._real_logs[later] + close[place] - close[later]
        before = self._places[bisect_right(self._places, place) - 1]
        self._own.extend(later + 1)
        done = (place - before) / (later - before)
        start, end = self._real_logs[before], self._real_logs[later]
        strays = close[place] - close[before] - done * (close[later] - close[before])
        return start + done * (end - start) + strays

    def rate(self, place: int) -> Fraction | float:
        """Return a session's fixing, exact where it is real."""
        fixing = self.real.get(place)
        return exp(self.level(place)) if fixing is None else fixing.rate

    def sd(self, place: int) -> float:
        """Return the standard deviation of the last 20 moves from fixing to fixing."""
        if place < FIXINGS_OF_VARIANCE:
            return self._usual(place)
        self.level(place)
        squares, logs = self._squares, self._logs
        for later in range(len(squares), place + 1):
            move = logs[later] - logs[later - 1] if later else 0.0
            squares.append(move * move)
        total = 0.0
        for square in squares[place - FIXINGS_OF_VARIANCE + 1 : place + 1]:
            total += square
        return max(LEAST_SD, sqrt(total / FIXINGS_OF_VARIANCE))

    def _usual(self, place: int) -> float:
        self._own.extend(place + 1)
        return max(LEAST_SD, self._own.sd[place])


def _log(rate: Fraction) -> float:
    return log(rate.numerator / rate.denominator)
