"""Pairs: currency pairs that have a path of their own, from fixing to fixing.

Every currency has one leg, against the euro or the dollar; a pair that is no leg is made of two or
three of them (`combined`). A session's path comes from the last close to the fixing and goes on to
the close at 17:00 in New York, which lies between this fixing and the next by draw.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import sqrt
from typing import Final

from paperdesk.base.calendar import Calendar, Session
from paperdesk.base.units import SECOND, Size
from paperdesk.kernel.state.contracts import Contract
from paperdesk.market.arith import exp
from paperdesk.market.courses import Course
from paperdesk.market.days import Day, TreeDay
from paperdesk.market.draws import Draws, normal
from paperdesk.market.fixings import Fixings, fixing_instant, units_of
from paperdesk.market.hidden import Hidden, merged
from paperdesk.market.lenses import QUARTERS, Fine, PairLens, View
from paperdesk.market.nodes import Node
from paperdesk.market.readings import Liquidity, Side, shown_size
from paperdesk.market.roots import Part, Woods, least_trades
from paperdesk.market.rows import Reals, reach
from paperdesk.market.source import Reading
from paperdesk.market.spine import MICRO

FINE: Final = 16
"""Hidden units in a quarter increment, so that products of legs still meet the fixing."""
HOURS_AFTER_FIXING: Final = 8.75
HOURS_A_DAY: Final = 24.0
SHARE_AFTER_FIXING: Final = HOURS_AFTER_FIXING / HOURS_A_DAY
STRAY_AFTER_FIXING: Final = sqrt(SHARE_AFTER_FIXING * (1.0 - SHARE_AFTER_FIXING))
"""How much of a day is over at the close after a fixing, and how far it strays by then."""
TRADES: Final = 48_000
SIZE_SHOWN: Final = 250_000
GIVEN_TRADES: Final = 60
LIQUIDITY: Final = Liquidity(1, 1, 8, 1)
"""Sizes shown at a price are around eight times 250,000, renewed every second."""


class PairBook:
    """What is drawn of a pair's quotes: the sizes shown."""

    def __init__(self, draws: Draws, increment: Decimal, spread: int) -> None:
        """Take draws of kind `book`, and the spread in increments."""
        self._draws, self.increment, self.spread = draws, increment, spread

    def size(self, price: int, side: Side, at: int) -> Size:
        """Return the size shown at a price in increments, in units of the base currency."""
        return Decimal(SIZE_SHOWN * shown_size(self._draws, price, side, at, LIQUIDITY))


class PairCourse(Course):
    """A leg: a pair with fixings, spine and trees of its own."""

    has_trades = False
    has_volume = False

    def __init__(
        self,
        contract: Contract,
        calendar: Calendar,
        fixings: Fixings,
        draws: Draws,
        woods: Woods,
        book: PairBook,
    ) -> None:
        """Take fixings, draws of kind `spine`, woods and book."""
        super().__init__(contract, calendar)
        self._fixings, self._draws, self.woods, self.book = fixings, draws, woods, book
        self._unit = Fraction(book.increment) / QUARTERS / FINE
        self._of_unit = self._unit.as_integer_ratio()
        self._lens = PairLens(book.increment, book.spread, Fine(FINE))
        self._given_lens = PairLens(book.increment, book.spread, Fine(FINE), is_given=True)
        self.reals: Mapping[int, Reals] = {}
        self.origins: Sequence[str] = ()
        self._sd = lru_cache(maxsize=256)(fixings.sd)
        self._turn = lru_cache(maxsize=8192)(self._turn_of)
        self._parts = lru_cache(maxsize=8192)(self._parts_of)

    def _turn_of(self, place: int) -> int:
        """Return where a session closes: between its fixing and the next one."""
        share = SHARE_AFTER_FIXING
        last = min(place + 1, len(self.days) - 1)
        start, end = self._fixings.level(max(0, place)), self._fixings.level(last)
        stray = self._sd(max(0, place)) * STRAY_AFTER_FIXING
        z = normal(self._draws.words(self.days[max(0, place)], 1)[0]) * MICRO
        return units_of(exp(start + share * (end - start) + stray * z), self._of_unit)

    def _parts_of(self, place: int) -> tuple[Part, ...]:
        session = self.session(place)
        real = self.reals.get(place)
        if real is not None:
            return tuple(self._given(real, place, session))
        fixing = fixing_instant(session.day) // SECOND
        start, end = session.open // SECOND, session.close // SECOND
        begin, last = self._turn(place - 1), self._turn(place)
        words = self._draws.words(session.day, 2)
        if not start < fixing < end:
            return (Part("fx", self._node((start, end), (begin, last), place, words)),)
        middle = self._fixings.units(place, self._of_unit)
        return (
            Part("fx", self._node((start, fixing), (begin, middle), place, words)),
            Part("fx", self._node((fixing, end), (middle, last), place, words[2:])),
        )

    def _node(
        self, hours: tuple[int, int], prices: tuple[int, int], place: int, words: Sequence[int]
    ) -> Node:
        start, end = prices
        share = (hours[1] - hours[0]) / (HOURS_A_DAY * 3600.0)
        deviation = self._sd(place) * start
        variance = deviation * deviation * share
        above, below = reach(float(start), float(end), variance, words[0], words[1])
        high = max(start, end, int(above + 0.5))
        low = max(1, min(start, end, int(below + 0.5)))
        count = max(QUARTERS, int(TRADES * share))
        return (*hours, start, high, low, end, 10 * count, count)

    def _given(self, real: Reals, place: int, session: Session) -> Sequence[Part]:
        bars, parts = real.bars.bars, []
        start, end = real.ranges[place]
        for index in range(start, end):
            first, last = session.open // SECOND, session.close // SECOND
            if real.bars.seconds:
                first = bars.at[index]
                following = bars.at[index + 1] if index + 1 < end else last
                last = min(first + real.bars.seconds, following, last)
            money = (bars.open[index], bars.high[index], bars.low[index], bars.close[index])
            o, high, low, c = (self._given_x(price, real.bars.unit) for price in money)
            count = max(least_trades((o, high, low, c)), min(TRADES, (last - first) // 2))
            parts.append(Part("fx", (first, last, o, high, low, c, 10 * count, count)))
        return parts

    def _given_x(self, price: int, unit: Decimal) -> int:
        quarters = Fraction(price) * Fraction(unit) / (self._unit * FINE)
        return FINE * int(quarters + Fraction(1, 2))

    def build(self, place: int, session: Session) -> Day:
        """Return the path of a session's day."""
        roots = tuple(self.woods.planted(self._parts(place), session))
        return TreeDay(place, session, roots, self.lens(place))

    def lens(self, place: int) -> PairLens:
        """Return how the path reads on a day."""
        return self._given_lens if place in self.reals else self._lens

    def bar(self, place: int, *, extended: bool) -> Hidden | None:  # noqa: ARG002
        """Return the bar of a session in hidden prices; all its hours are regular."""
        if not 0 <= place < len(self.days):
            return None
        return merged([part.node for part in self._parts(place)])

    def view(self, place: int, reading: Reading) -> View | None:
        """Return how x reads all through a session's day."""
        return self.lens(place).view(reading, 0)

    def unit(self, place: int) -> Fraction:  # noqa: ARG002
        """Return the price of one hidden unit."""
        return self._unit

    def sd(self, place: int) -> float:
        """Return the standard deviation of a session's day, as a fraction."""
        return self._fixings.sd(place)

    def margin(self) -> Decimal:
        """Return how far at most a quote is from the midpoint."""
        return self.book.increment * (self.book.spread + 1)

    def size(self, price: int, side: Side, at: int) -> Size:
        """Return the size shown at a price in increments at an instant."""
        return self.book.size(price, side, at)

    def origin(self, place: int) -> str:
        """Say where a session's prices come from."""
        real = self.reals.get(place)
        if real is not None:
            return self.origins[real.layer]
        fixing = self._fixings.real.get(place)
        return "synthetic" if fixing is None else self.origins[fixing.layer]

    def usual_volume(self, place: int) -> float:  # noqa: ARG002
        """Return the usual volume of a session in the path's sizes."""
        return 10.0 * TRADES
