"""Actions: splits and dividends, and what a price of then is in shares of now.

Prices are kept as they were paid. Who asks at an instant is answered in the shares of that day:
splits that have happened by then are taken out of what was before, later ones are not known.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from paperdesk.base.calendar import civil, day_of
from paperdesk.base.units import Day
from paperdesk.market.arith import log

MONTHS_BETWEEN: Final = {"M": 1, "Q": 3, "S": 6, "A": 12}
PATIENCE_SESSIONS: Final = 60
"""So long a price stays outside its band before the company splits."""
RATIOS: Final = (2, 3, 4, 5, 10, 20, 50)
LOGS: Final = tuple(log(float(ratio)) for ratio in RATIOS)
HIGH_TIMES: Final = 4.0
LOW_TIMES: Final = 0.2
HIGH_LEAST: Final = 400.0
LOW_MOST: Final = 5.0
ADJUSTED_STEP: Final = Decimal("0.0001")
ONE: Final = Fraction(1)


class Split(NamedTuple):
    """From a session's place on there are `numerator` shares for each `denominator` before."""

    place: int
    numerator: int
    denominator: int


class Dividend(NamedTuple):
    """What who held a share before a session's place gets, in the contract's currency."""

    place: int
    amount: Decimal


class Splits:
    """A contract's splits in order of their places."""

    def __init__(self, splits: Sequence[Split] = ()) -> None:
        """Take splits; they may come in any order and more may follow at the end."""
        self._splits = sorted(splits)
        self._places = [split.place for split in self._splits]
        self._products: dict[tuple[int, int], Fraction] = {}

    def __iter__(self) -> Iterator[Split]:
        """Go through the splits, oldest first."""
        return iter(self._splits)

    def append(self, split: Split) -> None:
        """Add a split later than all others."""
        self._splits.append(split)
        self._places.append(split.place)

    def at(self, place: int) -> Split | None:
        """Return the split that a session begins with, or None."""
        index = bisect_left(self._places, place)
        found = index < len(self._places) and self._places[index] == place
        return self._splits[index] if found else None

    def era(self, place: int) -> int:
        """Return the place of the last split that has happened at a session's place, or -1."""
        index = bisect_right(self._places, place)
        return self._places[index - 1] if index else -1

    def between(self, place: int, later: int) -> Fraction:
        """Return how many shares of `later` one of `place` has become; `place` <= `later`."""
        places = self._places
        if not places or places[-1] <= place or places[0] > later:
            return ONE
        first, last = bisect_right(places, place), bisect_right(places, later)
        if first == last:
            return ONE
        shares = self._products.get((first, last))
        if shares is None:
            shares = ONE
            for split in self._splits[first:last]:
                shares *= Fraction(split.numerator, split.denominator)
            self._products[first, last] = shares
        return shares


def adjusted(price: Decimal, shares: Fraction) -> Decimal:
    """Return a price in shares of which there are so many for each one of then."""
    if shares is ONE or shares == ONE:
        return price
    exact = price * shares.denominator / shares.numerator
    return exact.quantize(ADJUSTED_STEP, ROUND_HALF_UP).normalize() + Decimal("0.00")


def ex_places(days: Sequence[Day], frequency: str, words: Sequence[int]) -> list[int]:
    """Return the places of sessions that begin without the dividend, ascending.

    Args:
        days: of all sessions, ascending.
        frequency: M, Q, S or A; empty for none.
        words: two words that choose month and day of the month; monthly funds go ex on the
            month's first session.
    """
    if frequency not in MONTHS_BETWEEN or not days:
        return []
    months = MONTHS_BETWEEN[frequency]
    offset, of_month = words[0] % months, 1 if months == 1 else 5 + words[1] % 16
    first, last = civil(days[0])[0], civil(days[-1])[0]
    places = []
    for year in range(first, last + 1):
        for month in range(1 + offset, 13, months):
            place = bisect_left(days, day_of(year, month, of_month))
            if 0 < place < len(days):
                places.append(place)
    return places


class Band:
    """Splits a contract whose price has left the band of a familiar price for long.

    Levels are logarithms of prices, up to a constant, as if nothing had ever been split; the price
    at the reference is as it is. Going forward a high price splits; going back a low one was once
    split from a higher one.
    """

    def __init__(self, price: float, level: float, *, is_forward: bool) -> None:
        """Know the price at the reference and the level there, and the direction of the walk."""
        self._high = level + max(log(HIGH_TIMES), log(HIGH_LEAST) - log(price))
        self._low = level + min(log(LOW_TIMES), log(LOW_MOST) - log(price))
        self._is_forward = is_forward
        self._offset = 0.0
        self._outside = 0

    def step(self, place: int, level: float) -> Split | None:
        """Look at the next session away from the reference; return the split it brings, if any."""
        level += self._offset
        if level > self._high:
            self._outside = max(0, self._outside) + 1
        elif level < self._low:
            self._outside = min(0, self._outside) - 1
        else:
            self._outside = 0
        if abs(self._outside) < PATIENCE_SESSIONS:
            return None
        is_high = self._outside > 0
        self._outside = 0
        ratio, size = self._ratio(level)
        self._offset -= size if is_high else -size
        # Going back, what is too high was made so by a later reverse split, which begins here.
        if is_high is self._is_forward:
            return Split(place + self._is_forward, ratio, 1)
        return Split(place + self._is_forward, 1, ratio)

    def _ratio(self, level: float) -> tuple[int, float]:
        middle = (self._high + self._low) * 0.5
        distance = abs(level - middle) * 0.5
        for ratio, size in zip(RATIOS, LOGS, strict=True):
            if size >= distance:
                return ratio, size
        return RATIOS[-1], LOGS[-1]
