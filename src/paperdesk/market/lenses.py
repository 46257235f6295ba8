"""Lenses: how a hidden path is read as prices on one day of one contract.

The path is an integer x. A scale turns it into quarter increments of the contract (a fund's scale
also maps its index); a reading turns these into a bid, an ask, a last price or a midpoint. Both are
monotone, so a level of a reading is a level of x.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple, Protocol

from paperdesk.base.calendar import Session
from paperdesk.base.units import SECOND
from paperdesk.market import readings
from paperdesk.market.draws import Draws
from paperdesk.market.readings import CELL, Cell, Liquidity, Side
from paperdesk.market.source import Reading

QUARTERS: Final = 4
PRE_MARKET_WIDENING: Final = 768
AFTER_HOURS_WIDENING: Final = 512
REGULAR_WIDENING: Final = 256
QUOTED: Final = (Reading.BID, Reading.ASK, Reading.MIDPOINT)


class View(NamedTuple):
    """A reading of x: `read(x)` times `step` is the price.

    `least(n)` is the least x that reads n or more where the view is rising; where it is falling
    (an inverse fund), the greatest such x.
    """

    step: Decimal
    read: Callable[[int], int]
    least: Callable[[int], int]
    is_rising: bool = True


class Span(NamedTuple):
    """From `start` to before `end` (UTC seconds) of a session's day spreads are widened so far.

    `widening` is in 1/256.
    """

    start: int
    end: int
    widening: int


class Scale(Protocol):
    """A monotone map of x to quarter increments."""

    is_rising: bool

    def quarters(self, x: int) -> int:
        """Return the quarter increments of x."""

    def least(self, quarters: int) -> int:
        """Return the least x with at least so many; the greatest where the map falls."""


class Fine:
    """So many hidden units are a quarter increment."""

    is_rising = True

    def __init__(self, units: int) -> None:
        """Know how many."""
        self.units = units

    def quarters(self, x: int) -> int:
        """Return the quarter increments of x."""
        return x // self.units

    def least(self, quarters: int) -> int:
        """Return the least x with at least so many."""
        return quarters * self.units


class Linear:
    """`(a x + b) // d` quarter increments, never less than one increment's."""

    def __init__(self, a: int, b: int, d: int) -> None:
        """Know the three; `a` is not 0, `d` is positive."""
        assert a != 0
        assert d > 0
        self._a, self._b, self._d = a, b, d
        self.is_rising = a > 0

    def quarters(self, x: int) -> int:
        """Return the quarter increments of x."""
        return max(QUARTERS, (self._a * x + self._b) // self._d)

    def least(self, quarters: int) -> int:
        """Return the least (falling: the greatest) x with at least so many."""
        if quarters <= QUARTERS:
            return -FAR if self.is_rising else FAR
        need = quarters * self._d - self._b
        return -(-need // self._a) if self.is_rising else need // self._a


FAR: Final = 1 << 60
ONE: Final = Fine(1)


class Lens(Protocol):
    """The views of one day."""

    increment: Decimal
    scale: Scale

    def view(self, reading: Reading, second: int) -> View | None:
        """Return how x reads at a second, or None where there is no such price."""

    def steps(self, reading: Reading, start: int, end: int) -> list[tuple[int, int, View]]:
        """Return from when to when (seconds) which view holds, covering `[start, end)`."""

    def best(self, x: int, second: int) -> tuple[int, int] | None:
        """Return bid and ask in increments, or None where there are none."""


class Book:
    """What is drawn of a contract's quotes: spread by quarter of an hour, sizes shown."""

    def __init__(self, draws: Draws, liquidity: Liquidity, increment: Decimal) -> None:
        """Take draws of kind `book`."""
        self.draws, self.liquidity, self.increment = draws, liquidity, increment
        self.cell = lru_cache(maxsize=512)(self._cell)
        self.view = lru_cache(maxsize=64)(self._view)

    @property
    def is_constant(self) -> bool:
        """Whether regular hours have one spread of one increment, which has but one phase."""
        return self.liquidity.spread_max == 1

    def widest(self, widening: int) -> int:
        """Return the widest spread that may be drawn, in increments."""
        return max(
            1, (self.liquidity.spread_max * widening + REGULAR_WIDENING // 2) // REGULAR_WIDENING
        )

    def size(self, price: int, side: Side, at: int) -> int:
        """Return the size in lots shown at a price (in increments) at an instant."""
        return readings.shown_size(self.draws, price, side, at, self.liquidity)

    def _cell(self, place: int, widening: int) -> Cell:
        return readings.cell_at(
            self.draws, place * CELL, self.liquidity, widening, is_anchored=True
        )

    def _view(self, reading: Reading, cell: Cell) -> View:
        half = self.increment / 2
        if reading is Reading.BID:
            return View(
                self.increment,
                lambda q: readings.bid(q, cell),
                lambda n: readings.least_x_bid(n, cell),
            )
        if reading is Reading.ASK:
            return View(
                self.increment,
                lambda q: readings.ask(q, cell),
                lambda n: readings.least_x_ask(n, cell),
            )
        return View(
            half,
            lambda q: readings.midpoint(q, cell),
            lambda n: readings.least_x_midpoint(n, cell),
        )


def trades_view(increment: Decimal, scale: Scale, exact: Sequence[int] = ()) -> View:
    """Return how x trades: at the nearest increment, or at a real price that is none."""
    if exact:
        return _exact_view(increment, scale, exact)
    if scale is ONE:
        return View(increment, lambda x: (x + 2) // QUARTERS, lambda n: QUARTERS * n - 2)
    return View(
        increment,
        lambda x: (scale.quarters(x) + 2) // QUARTERS,
        lambda n: scale.least(QUARTERS * n - 2),
        scale.is_rising,
    )


def _exact_view(increment: Decimal, scale: Scale, exact: Sequence[int]) -> View:
    """Read x, in a file's own units, as the nearest of the increments and the file's prices."""
    per_increment = scale.least(QUARTERS)
    half = per_increment // 2
    odd = [price for price in exact if price % per_increment]

    def read(x: int) -> int:
        found = (x + half) // per_increment * per_increment
        gap = abs(x - found)
        for price in odd:
            distance = abs(x - price)
            if distance < gap or (distance == gap and price > found):
                found, gap = price, distance
        return found

    def least(n: int) -> int:
        low, high = n - per_increment, n + per_increment
        while low < high:
            middle = (low + high) // 2
            if read(middle) >= n:
                high = middle
            else:
                low = middle + 1
        return low

    return View(increment / per_increment, read, least)


def scaled(view: View, scale: Scale) -> View:
    """Return a view of quarter increments as one of x."""
    if scale is ONE:
        return view
    return View(
        view.step,
        lambda x: view.read(scale.quarters(x)),
        lambda n: scale.least(view.least(n)),
        scale.is_rising,
    )


class StockLens:
    """A stock or fund: spread and phase change by the quarter of an hour."""

    def __init__(
        self, book: Book, spans: Sequence[Span], scale: Scale = ONE, exact: Sequence[int] = ()
    ) -> None:
        """Read a day that has these spans."""
        self.increment, self.scale = book.increment, scale
        self._book, self._spans = book, tuple(spans)
        self._trades = trades_view(book.increment, scale, exact)

    def cell(self, second: int) -> Cell:
        """Return the cell that holds a second."""
        widening = REGULAR_WIDENING
        for start, end, wider in self._spans:
            if start <= second < end:
                widening = wider
        return self._book.cell(second // CELL, widening)

    def widest(self, start: int, end: int) -> int:
        """Return the widest spread that `[start, end)` can have, in increments."""
        widening = max(
            (wider for first, last, wider in self._spans if first < end and last > start),
            default=REGULAR_WIDENING,
        )
        return self._book.widest(max(widening, REGULAR_WIDENING))

    def view(self, reading: Reading, second: int) -> View | None:
        """Return how x reads at a second."""
        if reading is Reading.TRADES:
            return self._trades
        return scaled(self._book.view(reading, self.cell(second)), self.scale)

    def steps(self, reading: Reading, start: int, end: int) -> list[tuple[int, int, View]]:
        """Return from when to when which view holds; neighbours that are alike are one."""
        if reading is Reading.TRADES:
            return [(start, end, self._trades)]
        if self._book.is_constant and self.widest(start, end) == 1:
            view = self._book.view(reading, self.cell(start))
            return [(start, end, scaled(view, self.scale))]
        edges = [start, *range(start // CELL * CELL + CELL, end, CELL), end]
        found: list[tuple[int, int, Cell]] = []
        for a, b in pairwise(edges):
            cell = self.cell(a)
            if found and found[-1][2] == cell:
                found[-1] = (found[-1][0], b, cell)
            else:
                found.append((a, b, cell))
        return [(a, b, scaled(self._book.view(reading, cell), self.scale)) for a, b, cell in found]

    def best(self, x: int, second: int) -> tuple[int, int] | None:
        """Return bid and ask in increments."""
        cell = self.cell(second)
        quarters = self.scale.quarters(x)
        return readings.bid(quarters, cell), readings.ask(quarters, cell)


class IndexLens:
    """An index: a level and no quotes."""

    def __init__(self, increment: Decimal, scale: Scale = ONE) -> None:
        """Read levels in increments."""
        self.increment, self.scale = increment, scale
        self._trades = trades_view(increment, scale)

    def view(self, reading: Reading, second: int) -> View | None:  # noqa: ARG002
        """Return how x reads: as a level alone."""
        return self._trades if reading is Reading.TRADES else None

    def steps(self, reading: Reading, start: int, end: int) -> list[tuple[int, int, View]]:
        """Return the one view of the level."""
        return [(start, end, self._trades)] if reading is Reading.TRADES else []

    def best(self, x: int, second: int) -> tuple[int, int] | None:  # noqa: ARG002
        """Return None: nobody bids for an index."""
        return None


class PairLens:
    """A currency pair: a spread that is always the same lies around the path.

    Pairs print no trades; `TRADES` reads as the midpoint. On a day whose prices are a user's own
    the midpoint is the path itself, to the quarter increment.
    """

    def __init__(
        self, increment: Decimal, spread: int, scale: Scale = ONE, *, is_given: bool = False
    ) -> None:
        """Read with a spread in increments."""
        self.increment, self.scale, self._spread = increment, scale, spread
        below = 2 * spread - 2

        def bid(q: int) -> int:
            return (q - below) // QUARTERS

        bids = View(increment, bid, lambda n: QUARTERS * n + below)
        asks = View(increment, lambda q: bid(q) + spread, lambda n: QUARTERS * (n - spread) + below)
        middle = View(
            increment / 2,
            lambda q: 2 * bid(q) + spread,
            lambda n: QUARTERS * ((n - spread + 1) // 2) + below,
        )
        if is_given:
            middle = View(increment / QUARTERS, lambda q: q, lambda n: n)
        self._views = {
            Reading.BID: scaled(bids, scale),
            Reading.ASK: scaled(asks, scale),
            Reading.MIDPOINT: scaled(middle, scale),
            Reading.TRADES: scaled(middle, scale),
        }

    def view(self, reading: Reading, second: int) -> View | None:  # noqa: ARG002
        """Return how x reads."""
        return self._views[reading]

    def steps(self, reading: Reading, start: int, end: int) -> list[tuple[int, int, View]]:
        """Return the one view of a reading."""
        return [(start, end, self._views[reading])]

    def best(self, x: int, second: int) -> tuple[int, int] | None:  # noqa: ARG002
        """Return bid and ask in increments."""
        bid = (self.scale.quarters(x) - 2 * self._spread + 2) // QUARTERS
        return bid, bid + self._spread


def spans(session: Session) -> tuple[Span, ...]:
    """Return how far spreads are widened through a session's day."""
    edges = (session.pre_open, session.open, session.close, session.post_close)
    first, start, end, last = (edge // SECOND for edge in edges)
    return (
        Span(start, end, REGULAR_WIDENING),
        Span(first, start, PRE_MARKET_WIDENING),
        Span(end, last, AFTER_HOURS_WIDENING),
    )


def margin(book: Book) -> Decimal:
    """Return how far at most a quote is from where x trades."""
    widest = book.liquidity.spread_max * PRE_MARKET_WIDENING // REGULAR_WIDENING
    return book.increment * (widest + 1)
