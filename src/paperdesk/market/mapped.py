"""Mapped: funds whose path is a monotone function of another contract's path.

Within a session's day a fund is a line of its index: where a share stood at the last close, times
one plus the multiple of the index's move since. With the multiple one it is the index times a
factor; fees, what it earns and what it pays out change the factor from day to day.
"""

from array import array
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from paperdesk.base.calendar import Calendar, Session
from paperdesk.base.units import SECOND, Size
from paperdesk.kernel.state.contracts import Contract
from paperdesk.market.actions import ONE as UNSPLIT
from paperdesk.market.actions import Band, Dividend, Splits
from paperdesk.market.arith import log
from paperdesk.market.courses import Course, PrimaryCourse
from paperdesk.market.days import Day, TreeDay
from paperdesk.market.hidden import Hidden, merged
from paperdesk.market.lenses import (
    QUARTERS,
    Book,
    IndexLens,
    Lens,
    Linear,
    StockLens,
    View,
    margin,
    spans,
    trades_view,
)
from paperdesk.market.readings import Side
from paperdesk.market.roots import cut_roots
from paperdesk.market.source import Reading
from paperdesk.market.tree import Root

PRECISION: Final = 1 << 48
GAIN_LEAST: Final = 0.02
"""A leveraged fund keeps at least so much of its value in a day."""
SESSIONS_A_YEAR: Final = 252


class Terms(NamedTuple):
    """What a fund does with its index.

    `multiple` of the index's daily move; `price` at the reference's place; `fee` and `earned` as
    fractions a year; `payouts` what ex-days take off, as a fraction by place; `splits` whether it
    splits when its price has left the band of a familiar one.
    """

    multiple: float
    price: float
    reference: int
    fee: float
    earned: float
    payouts: Mapping[int, float]
    splits: bool
    volume: int


class Dated:
    """Another course asked by the places of the fund's calendar."""

    def __init__(self, base: Course, days: Sequence[int], *, is_own: bool) -> None:
        """Know the days; without `is_own` places are found by the date."""
        self._base, self._days, self._is_own = base, days, is_own
        # A session's close is asked for with the next one's, and for the fund's scale.
        self.close = lru_cache(maxsize=64)(self._close)

    def place(self, place: int) -> int:
        """Return the base's place of the fund's session."""
        return place if self._is_own else self._base.place(self._days[place])

    def _close(self, place: int) -> float:
        """Return the base's close in money, in the shares of its day."""
        return self._base.close(self.place(place))

    def shares(self, place: int, later: int) -> Fraction:
        """Return how many shares of a later session one of an earlier one has become."""
        return self._base.shares(self.place(place), self.place(later))

    def unit(self, place: int) -> Fraction:
        """Return the price of one hidden unit on a session's day."""
        return self._base.unit(self.place(place))

    def usual_volume(self, place: int) -> float:
        """Return the usual volume of a session in the path's sizes."""
        return self._base.usual_volume(self.place(place))


class Closes:
    """A fund's closes in money, in the shares of the reference, outward from there."""

    def __init__(self, base: Dated, terms: Terms) -> None:
        """Begin with the price at the reference."""
        self._base, self._terms = base, terms
        self._ahead, self._back = array("d", [terms.price]), array("d", [terms.price])
        self.splits = Splits()
        level = log(terms.price)
        self._bands = (
            Band(terms.price, level, is_forward=True),
            Band(terms.price, level, is_forward=False),
        )

    def at(self, place: int) -> float:
        """Return the close of a session in the shares of the reference."""
        self.reach(place)
        index = place - self._terms.reference
        return self._ahead[index] if index >= 0 else self._back[-index]

    def reach(self, place: int) -> None:
        """Know closes and splits from the reference to a place."""
        reference = self._terms.reference
        while reference + len(self._ahead) <= place:
            later = reference + len(self._ahead)
            self._ahead.append(self._ahead[-1] * self.gain(later) * self.kept(later))
            self._look(later, self._ahead[-1], 0)
        while reference - len(self._back) >= place:
            earlier = reference - len(self._back)
            self._back.append(self._back[-1] / (self.gain(earlier + 1) * self.kept(earlier + 1)))
            self._look(earlier, self._back[-1], 1)

    def _look(self, place: int, price: float, direction: int) -> None:
        split = self._bands[direction].step(place, log(price)) if self._terms.splits else None
        if split is not None:
            self.splits = Splits([*self.splits, split])

    def gain(self, place: int) -> float:
        """Return what a session's move of the index makes of a fund's share."""
        shares = self._base.shares(place - 1, place)
        before = self._base.close(place - 1) * shares.denominator / shares.numerator
        move = self._base.close(place) / before - 1.0
        return max(GAIN_LEAST, 1.0 + self._terms.multiple * move)

    def kept(self, place: int) -> float:
        """Return what fees, earnings and payouts leave of a share from close to close."""
        terms = self._terms
        kept = (1.0 - terms.fee / SESSIONS_A_YEAR) * (1.0 + terms.earned / SESSIONS_A_YEAR)
        return kept * (1.0 - terms.payouts.get(place, 0.0))

    def price(self, place: int) -> float:
        """Return the close of a session in the shares of its own day."""
        close = self.at(place)
        reference = self._terms.reference
        if place < reference:
            shares = self.splits.between(place, reference)
            return close * shares.numerator / shares.denominator
        shares = self.splits.between(reference, place)
        return close * shares.denominator / shares.numerator


class MappedCourse(Course):
    """A fund, or a scaled index, whose path is another's."""

    first_place = 1  # What it does depends on the index's close before.

    def __init__(
        self,
        contract: Contract,
        calendar: Calendar,
        base: Course,
        terms: Terms,
        book: Book | None,
    ) -> None:
        """Follow another course."""
        super().__init__(contract, calendar)
        self._base, self._terms, self.book = base, terms, book
        self._increment = contract.increments[0].increment
        self._is_own_calendar = base.calendar is calendar
        self._dated = Dated(base, self.days, is_own=self._is_own_calendar)
        self._closes = Closes(self._dated, terms)
        self.has_quotes = self.has_volume = self.is_extended = book is not None
        self.scale = lru_cache(maxsize=2048)(self._scale)

    @property
    def splits(self) -> Splits:
        """The contract's splits so far."""
        return self._closes.splits

    def shares(self, place: int, later: int) -> Fraction:
        """Return how many shares of a later session one of an earlier one has become."""
        if not self._terms.splits:
            return UNSPLIT
        self._closes.reach(place)
        self._closes.reach(later)
        return self._closes.splits.between(place, later)

    def _scale(self, place: int) -> Linear:
        closes, terms = self._closes, self._terms
        closes.reach(place)
        split = closes.splits.at(place)
        price = closes.price(place - 1) if place else closes.price(0)
        if split is not None:
            price = price * split.denominator / split.numerator
        start = price * closes.kept(place) * QUARTERS / float(self._increment)
        base_shares = self._dated.shares(place - 1, place)
        before = self._dated.close(place - 1) * base_shares.denominator / base_shares.numerator
        unit = self._dated.unit(place)
        slope = start * terms.multiple / before * unit.numerator / unit.denominator
        constant = start * (1.0 - terms.multiple)
        a, b = _rounded(slope * PRECISION), _rounded(constant * PRECISION)
        return Linear(a, b, PRECISION)

    def build(self, place: int, session: Session) -> Day:
        """Return the index's path as the fund's."""
        lens = self.lens(place, session)
        if self._is_own_calendar:
            base = self._base.day(place)
            assert isinstance(base, TreeDay)
            return base.seen(lens, self.share(place))
        edges = [session.pre_open, session.open, session.close, session.post_close]
        roots = [
            root
            for start, end in pairwise(edges)
            for day in self._base_days(session)
            for root in cut_roots(day.roots, start // SECOND, end // SECOND)
        ]
        return TreeDay(place, session, roots, lens, self.share(place))

    def regular(self, place: int) -> Sequence[Root] | None:
        """Return the roots of regular hours alone."""
        return self._base.regular(place) if self._is_own_calendar else None

    def _base_days(self, session: Session) -> list[TreeDay]:
        first = max(0, self._base.place_at(session.pre_open))
        last = self._base.place_at(session.post_close)
        days = [self._base.day(place) for place in range(first, last + 1)]
        return [day for day in days if isinstance(day, TreeDay)]

    def lens(self, place: int, session: Session) -> Lens:
        """Return how the index's path reads as the fund's."""
        if self.book is None:
            return IndexLens(self._increment, self.scale(place))
        return StockLens(self.book, spans(session), self.scale(place))

    def bar(self, place: int, *, extended: bool) -> Hidden | None:
        """Return the bar of a session's regular (or all) hours in hidden prices."""
        if self._is_own_calendar:
            return self._base.bar(place, extended=extended)
        if not 0 < place < len(self.days):
            return None
        day = self.day(place)
        assert day is not None
        assert isinstance(day, TreeDay)
        return merged([root.node for root in (day.roots if extended else day.regular)])

    def is_whole(self, place: int) -> bool:
        """Say whether a session's regular hours are one part of the index's path."""
        base = self._base
        return self._is_own_calendar and isinstance(base, PrimaryCourse) and base.is_whole(place)

    def view(self, place: int, reading: Reading) -> View | None:
        """Return how x trades all through a session's day; quotes change."""
        if reading is not Reading.TRADES or place < 1:
            return None
        return trades_view(self._increment, self.scale(place))

    def unit(self, place: int) -> Fraction:
        """Return the price of one hidden unit on a session's day, which is the index's."""
        return self._dated.unit(place)

    def close(self, place: int) -> float:
        """Return a session's regular close in money, in the shares of its day."""
        return self._closes.price(place)

    def share(self, place: int) -> tuple[int, int]:
        """Return numerator and denominator of the path's volume that is the contract's."""
        if self.book is None:
            return 1, 1
        usual = int(self._dated.usual_volume(place))
        shares = self.shares(min(place, self._terms.reference), max(place, self._terms.reference))
        over, under = shares.numerator, shares.denominator
        if place < self._terms.reference:
            over, under = under, over
        # A few per cent by contract, so that funds of one index do not trade the same sizes.
        volume = self._terms.volume * (1000 + self.contract.conid % 61)
        return volume * over, 1000 * max(1, usual) * under

    def early_volume(self, place: int) -> int:
        """Return what the path trades before regular hours."""
        if self._is_own_calendar:
            return self._base.early_volume(place)
        day = self.day(place)
        assert isinstance(day, TreeDay)
        opens = day.session.open // SECOND
        return sum(root.node[6] for root in day.roots if root.node[0] < opens)

    def size(self, price: int, side: Side, at: int) -> Size:
        """Return the size shown at a price in increments at an instant."""
        assert self.book is not None
        return self.contract.round_lot * self.book.size(price, side, at)

    def margin(self) -> Decimal:
        """Return how far at most a quote is from where x trades."""
        return Decimal(0) if self.book is None else margin(self.book)

    def origin(self, place: int) -> str:
        """Say where a session's prices come from: the index's."""
        return self._base.origin(self._dated.place(place))

    def dividends(self, first: int, last: int) -> list[Dividend]:
        """Return the dividends with ex-days from a place to a place, both included."""
        return [
            Dividend(place, _cents(self._closes.price(place - 1) * part))
            for place, part in sorted(self._terms.payouts.items())
            if max(1, first) <= place <= last
        ]


def _cents(amount: float) -> Decimal:
    return Decimal(int(amount * 100.0 + 0.5)).scaleb(-2)


def _rounded(value: float) -> int:
    return int(value + 0.5) if value >= 0.0 else -int(0.5 - value)
