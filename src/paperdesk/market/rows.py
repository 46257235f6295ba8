"""Rows: a primary contract's daily bars, real where a layer has them, else out of its spine.

Prices are in hidden units: quarter increments, or finer on a real day whose prices need it. They
are unadjusted, in the shares of their own day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import sqrt
from typing import Final, NamedTuple

from paperdesk.market.actions import Band, Dividend, Split, Splits
from paperdesk.market.arith import exp
from paperdesk.market.draws import Draws, exponential
from paperdesk.market.layers import RealBars
from paperdesk.market.series import DIVIDEND, SPLIT, Action
from paperdesk.market.spine import MICRO, OwnReturns

QUARTERS: Final = 4
LEAST_X: Final = 4
"""The least synthetic price is one increment."""
USUAL_RANGE: Final = 1.6
STRANGE_RANGE_MAX: Final = 4.0
ROWS_KEPT: Final = 8192
SIDES: Final = 2
MORE_THAN_FOUR: Final = 4
SYNTHETIC: Final = -1


class Row(NamedTuple):
    """A regular session's bar in hidden units, and where it is from.

    `fine` hidden units are a quarter increment. `layer` is the place of the real layer, or
    `SYNTHETIC`. `exact` are the prices of a real day that are no multiples of the increment.
    """

    open: int
    high: int
    low: int
    close: int
    volume: int
    fine: int = 1
    layer: int = SYNTHETIC
    exact: tuple[int, ...] = ()


class Reals(NamedTuple):
    """The real bars of a contract: layer and its bars, later ones win."""

    layer: int
    bars: RealBars
    ranges: Mapping[int, tuple[int, int]]
    """First and last (excluded) bar of a session by its place."""


class Given(NamedTuple):
    """What a row is made from: the contract's increment, price at the reference, volume."""

    increment: Decimal
    price: Decimal
    reference: int
    volume: int
    splits: bool
    payout: float = 0.0
    """Fraction of the price that one dividend pays."""


class Rows:
    """Daily bars by place of the session."""

    def __init__(
        self,
        own: OwnReturns,
        draws: Draws,
        given: Given,
        reals: Sequence[Reals] = (),
        actions: Sequence[tuple[int, Action]] = (),
        ex_places: Sequence[int] = (),
    ) -> None:
        """Put real days over the spine.

        Args:
            own: the spine, of kind `spine` as `draws` are.
            draws: whose words make ranges and shares of volume.
            given: what the catalogue says.
            reals: layers, the later wins.
            actions: real splits and dividends with the place of their session.
            ex_places: of the dividends that the spine pays.
        """
        self._own, self._draws, self.given = own, draws, given
        self._reals = {place: real for real in reals for place in real.ranges}
        self.real_places = sorted(self._reals)
        self._kept: dict[int, Row] = {}
        self._actions = actions
        self._ex_places = ex_places
        units = float(given.price * QUARTERS / given.increment)
        first = last = given.reference
        if self.real_places:
            first, last = self.real_places[0], self.real_places[-1]
        own.extend(max(last, given.reference) + 1)
        self._first, self._last, self._units = first, last, units
        self.splits = Splits(
            [Split(p, a.numerator, a.denominator) for p, a in actions if a.kind == SPLIT]
        )
        self._band: Band | None = None
        self._looked = 0
        if given.splits:
            self._begin_bands()

    def _begin_bands(self) -> None:
        own, in_money = self._own, float(self.given.increment) / QUARTERS
        opening, at = self._anchor_before()
        back = Band(opening * in_money, at, is_forward=False)
        past = [back.step(place, own.close[place]) for place in range(self._first, 0, -1)]
        closing, at = self._anchor_after(self._last)
        self._band = Band(closing * in_money, at, is_forward=True)
        self.splits = Splits([*(split for split in past if split), *self.splits])
        self._look_ahead()

    def _look_ahead(self) -> None:
        levels = self._own.close
        for place in range(max(self._last + 1, self._looked), len(levels)):
            split = self._band.step(place, levels[place]) if self._band else None
            if split is not None:
                self.splits.append(split)
        self._looked = len(levels)

    def _anchor_before(self) -> tuple[float, float]:
        """Return price (quarter increments) and level that what is before all real days meets."""
        if not self.real_places:
            return self._units, self._own.close[self.given.reference]
        row = self.row(self._first)
        return row.open / row.fine, self._own.open[self._first]

    def _anchor_after(self, place: int) -> tuple[float, float]:
        if not self.real_places:
            return self._units, self._own.close[self.given.reference]
        row = self.row(place)
        return row.close / row.fine, self._own.close[place]

    def extend(self, count: int) -> None:
        """Have a spine of at least so many sessions, and the splits in it."""
        if count <= len(self._own.close):
            return
        # Some more at once, so that stepping through the years does not come here every day.
        self._own.extend(count + 64)
        self._look_ahead()

    def row(self, place: int) -> Row:
        """Return the bar of a session; it is made when it is first asked for."""
        row = self._kept.get(place)
        if row is None:
            if len(self._kept) >= ROWS_KEPT:
                self._kept.clear()
            real = self._reals.get(place)
            row = self._synthetic(place) if real is None else self._real(place, real)
            self._kept[place] = row
        return row

    def sd(self, place: int) -> float:
        """Return the daytime's standard deviation of a session, as a fraction."""
        self.extend(place + 1)
        return self._own.sd[place]

    def news(self, place: int) -> int:
        """Say what the night before a session brought: 0, or `spine.EARNINGS`, `spine.NEWS`."""
        self.extend(place + 1)
        return self._own.news[place]

    def real(self, place: int) -> Reals | None:
        """Return the real series that a session's day is from, or None."""
        return self._reals.get(place)

    def dividends(self, first: int, last: int) -> list[Dividend]:
        """Return the dividends whose ex-days are sessions from a place to one, both included."""
        found = [
            Dividend(place, Decimal(action.numerator) / action.denominator)
            for place, action in self._actions
            if action.kind == DIVIDEND and first <= place <= last
        ]
        found += [
            Dividend(place, self._payout(place))
            for place in self._ex_places
            if first <= place <= last and place not in self._reals
        ]
        return sorted(found)

    def _payout(self, place: int) -> Decimal:
        before = self.row(place - 1)
        increments = before.close // (before.fine * QUARTERS)
        cents = int(increments * float(self.given.increment) * self.given.payout * 100.0 + 0.5)
        return Decimal(cents).scaleb(-2)

    def dividend_units(self, place: int) -> int:
        """Return what a session begins without, in quarter increments of the session before."""
        amount = sum((paid.amount for paid in self.dividends(place, place)), Decimal(0))
        return int(amount * QUARTERS / self.given.increment)

    def _level(self, place: int) -> tuple[float, float]:
        """Return price (quarter increments, in shares of the place) and the level it stands for."""
        if not self.real_places:
            price, at, anchor = self._units, self._own.close[self._last], self._last
        elif place < self._first:
            (price, at), anchor = self._anchor_before(), self._first
        else:
            anchor = self.real_places[bisect_right(self.real_places, place) - 1]
            price, at = self._anchor_after(anchor)
        if place < anchor:
            shares = self.splits.between(place, anchor)
            return price * shares.numerator / shares.denominator, at
        shares = self.splits.between(anchor, place)
        return price * shares.denominator / shares.numerator, at

    def _synthetic(self, place: int) -> Row:
        self.extend(place + 1)
        own = self._own
        price, at = self._level(place)
        start = max(float(LEAST_X), price * exp(own.open[place] - at))
        end = max(float(LEAST_X), price * exp(own.close[place] - at))
        words = self._draws.words(own.days[place], 0)
        deviation = own.sd[place] * start
        high, low = reach(start, end, deviation * deviation, words[6], words[7])
        o, c = int(start + 0.5), int(end + 0.5)
        top, bottom = max(o, c, int(high + 0.5)), max(LEAST_X, min(o, c, int(low + 0.5)))
        wide = min(STRANGE_RANGE_MAX, (high - low) / (USUAL_RANGE * deviation + 1e-9))
        busy = exp(own.activity[place] + 0.35 * (wide - 1.0) - 0.08)
        return Row(o, top, bottom, c, int(self.usual_volume(place) * busy) + MORE_THAN_FOUR)

    def usual_volume(self, place: int) -> float:
        """Return the usual volume of a session in shares of its day."""
        if place < self.given.reference:
            shares = self.splits.between(place, self.given.reference)
            return self.given.volume * shares.denominator / shares.numerator
        shares = self.splits.between(self.given.reference, place)
        return self.given.volume * shares.numerator / shares.denominator

    def _real(self, place: int, real: Reals) -> Row:
        start, end = real.ranges[place]
        bars = real.bars.bars
        o, c = bars.open[start], bars.close[end - 1]
        top, bottom = max(bars.high[start:end]), min(bars.low[start:end])
        v = 0
        for volume in bars.volume[start:end]:
            v += volume
        at = self._own.days[place]
        prices = (o, top, bottom, c) if not real.bars.seconds else _all(bars, start, end)
        fine, exact = fineness(prices, real.bars.unit, self.given.increment)
        words = self._draws.words(at, 3)
        bar = hidden((o, top, bottom, c), real.bars.unit, self.given.increment, fine, words, v)
        volume = v or int(self.usual_volume(place)) + MORE_THAN_FOUR
        return Row(*bar, volume, fine, real.layer, exact)


def _all(bars: object, start: int, end: int) -> tuple[int, ...]:
    return tuple(
        price
        for name in ("open", "high", "low", "close")
        for price in getattr(bars, name)[start:end]
    )


def reach(start: float, end: float, variance: float, word: int, other: int) -> tuple[float, float]:
    """Return high and low of a Brownian path from start to end with a variance, by two words."""
    gap = (end - start) * (end - start)
    up = sqrt(gap + 2.0 * variance * exponential(word) * MICRO)
    down = sqrt(gap + 2.0 * variance * exponential(other) * MICRO)
    return (start + end + up) * 0.5, (start + end - down) * 0.5


def fineness(
    prices: Iterable[int], unit: Decimal, increment: Decimal
) -> tuple[int, tuple[int, ...]]:
    """Return how many hidden units a quarter increment needs, and the prices that need them.

    Prices that are multiples of the increment need one; else the file's own unit is the hidden
    one and all prices of the day come back as they are.
    """
    if unit >= increment:
        return 1, ()
    per_increment = int(increment / unit)
    odd = {price for price in prices if price % per_increment}
    if not odd:
        return 1, ()
    exact = tuple(sorted(set(prices)))
    return max(1, per_increment // QUARTERS), exact


@lru_cache(maxsize=256)
def _ratio(unit: Decimal, increment: Decimal) -> tuple[int, int]:
    return (Fraction(unit) / Fraction(increment)).as_integer_ratio()


def hidden(
    prices: tuple[int, int, int, int],
    unit: Decimal,
    increment: Decimal,
    fine: int,
    words: Sequence[int],
    volume: int,
) -> tuple[int, int, int, int]:
    """Return open, high, low, close of a real bar as hidden prices that trade at just these.

    Each is at the bid or at the ask by draw, which reads as the same price; a bar of very few
    trades has one side, so that as many prices as it had trades are enough.
    """
    if fine > 1:
        return prices
    over, under = _ratio(unit, increment)
    places = [price * over // under * QUARTERS for price in prices]
    sides = [(word & 3) - SIDES for word in words[10:14]]
    if 0 < volume < MORE_THAN_FOUR:
        sides = [sides[0]] * QUARTERS
    o, top, bottom, c = (place + side for place, side in zip(places, sides, strict=True))
    return o, max(o, top, c), min(o, bottom, c), c


def index_days(bars: Sequence[int], places: Mapping[int, int]) -> dict[int, tuple[int, int]]:
    """Return the bar of each session by its place; days without a session are left out."""
    return {places[day]: (index, index + 1) for index, day in enumerate(bars) if day in places}


def index_seconds(
    bars: Sequence[int], edges: Iterable[tuple[int, int, int]]
) -> dict[int, tuple[int, int]]:
    """Return first and last (excluded) bar of each session; edges are (place, start, end)."""
    found = {}
    for place, start, end in edges:
        first, last = bisect_left(bars, start), bisect_left(bars, end)
        if first < last:
            found[place] = (first, last)
    return found
