"""Combined: pairs that are made of the legs of others; see `combined_days` for how they move."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from paperdesk.base.calendar import Calendar, Session
from paperdesk.base.units import SECOND, Price, Size
from paperdesk.kernel.state.contracts import Contract
from paperdesk.market.combined_days import CombinedDay, Nodes
from paperdesk.market.courses import Course
from paperdesk.market.days import Day, TreeDay
from paperdesk.market.hidden import Hidden
from paperdesk.market.intervals import Formula
from paperdesk.market.lenses import QUARTERS, PairLens, View
from paperdesk.market.pairs import PairBook
from paperdesk.market.readings import Side
from paperdesk.market.source import Reading

BARS_KEPT: Final = 20_000


class CombinedCourse(Course):
    """A pair that is made of legs."""

    has_trades = False
    has_volume = False
    bars_at_once = 4

    def __init__(
        self,
        contract: Contract,
        calendar: Calendar,
        legs: Sequence[tuple[Course, bool]],
        book: PairBook,
    ) -> None:
        """Take the legs, each in or against its direction."""
        super().__init__(contract, calendar)
        self._legs, self._book = [leg for leg, _ in legs], book
        unit = Fraction(book.increment) / QUARTERS
        constant = 1 / unit
        for leg, is_direct in legs:
            constant = constant * leg.unit(0) if is_direct else constant / leg.unit(0)
        self._unit = unit
        self._formula = Formula(constant, [is_direct for _, is_direct in legs])
        self._lens = PairLens(book.increment, book.spread)
        self._bars: dict[int, Hidden] = {}
        self._nodes: Nodes = {}

    def build(self, place: int, session: Session) -> Day:
        """Return the path of a session's day."""
        legs = [leg.day(place) for leg in self._legs]
        own = [leg for leg in legs if isinstance(leg, TreeDay)]
        return CombinedDay(place, session, own, self._formula, self._lens, self._nodes)

    def bar(self, place: int, *, extended: bool) -> Hidden | None:  # noqa: ARG002
        """Return the bar of a session in hidden prices; it is searched for once."""
        if not 0 <= place < len(self.days):
            return None
        bar = self._bars.get(place)
        if bar is None:
            day = self.day(place)
            assert day is not None
            session = day.session
            (node,) = day.bars(
                [session.open // SECOND, session.close // SECOND], None, regular=True
            )
            if len(self._bars) >= BARS_KEPT:
                self._bars.clear()
            bar = self._bars[place] = (node[2], node[3], node[4], node[5], node[6], node[7])
        return bar

    def spanned(self, places: Sequence[int], *, extended: bool) -> Hidden | None:
        """Return the bar of consecutive sessions.

        Of those whose bars are not known the ones alone are searched that may hold its high or low.
        """
        if all(map(self.is_known, places)):
            return super().spanned(places, extended=extended)
        first, last = self._day(places[0]), self._day(places[-1])
        span = (first.session.open // SECOND, last.session.close // SECOND)
        node = self._nodes.get(span)
        if node is None:
            o, c = first.opens(), last.closes()
            high = self._furthest(places, max(o, c), 1)
            low = -self._furthest(places, -min(o, c), -1)
            node = self._nodes[span] = (*span, o, high, low, c, len(places), len(places))
        return node[2], node[3], node[4], node[5], node[6], node[7]

    def _furthest(self, places: Sequence[int], best: int, sign: int) -> int:
        bounds = sorted(((self._bound(place, sign), place) for place in places), reverse=True)
        for bound, place in bounds:
            if bound <= best:
                break
            best = self._day(place).furthest(best, sign)
        return best

    def _bound(self, place: int, sign: int) -> int:
        """Return what no x of a session (with the sign -1: no negative of one) is above."""
        known = self._bars.get(place)
        if known is not None:
            return known[1] if sign > 0 else -known[2]
        bars = [leg.bar(place, extended=False) for leg in self._legs]
        high, low = self._formula.reach([(bar[1], bar[2]) for bar in bars if bar is not None])
        return high if sign > 0 else -low

    def _day(self, place: int) -> CombinedDay:
        day = self.day(place)
        assert isinstance(day, CombinedDay)
        return day

    def is_known(self, place: int) -> bool:
        """Say whether a session's bar has been searched for."""
        return place in self._bars

    def bounds(self, place: int, *, extended: bool) -> tuple[Price, Price] | None:
        """Return what the midpoint of a session is never above and never below."""
        bars = [leg.bar(place, extended=extended) for leg in self._legs]
        reaches = [(bar[1], bar[2]) for bar in bars if bar is not None]
        if len(reaches) < len(bars):
            return None
        high, low = self._formula.reach(reaches)
        step = self._book.increment / QUARTERS
        return (high + QUARTERS) * step, (low - QUARTERS) * step

    def view(self, place: int, reading: Reading) -> View | None:  # noqa: ARG002
        """Return how x reads all through a session's day."""
        return self._lens.view(reading, 0)

    def unit(self, place: int) -> Fraction:  # noqa: ARG002
        """Return the price of one hidden unit."""
        return self._unit

    def margin(self) -> Decimal:
        """Return how far at most a quote is from the midpoint."""
        return self._book.increment * (self._book.spread + 1)

    def size(self, price: int, side: Side, at: int) -> Size:
        """Return the size shown at a price in increments at an instant."""
        return self._book.size(price, side, at)

    def origin(self, place: int) -> str:
        """Say where a session's prices come from: the legs', real if one is."""
        told = [leg.origin(place) for leg in self._legs]
        return next((origin for origin in told if origin != "synthetic"), "synthetic")
