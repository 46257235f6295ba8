"""Courses: a contract's path through all its sessions, days built as they are asked for."""

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from paperdesk.base.calendar import Calendar, Session
from paperdesk.base.units import SECOND, ZERO, Instant, Price, Size
from paperdesk.kernel.state.contracts import Contract
from paperdesk.market.actions import Dividend, Splits
from paperdesk.market.caches import BarCache
from paperdesk.market.calendars import session_of
from paperdesk.market.days import Day, TreeDay
from paperdesk.market.draws import Draws
from paperdesk.market.hidden import Hidden, merged, spanned
from paperdesk.market.lenses import (
    ONE,
    QUARTERS,
    Book,
    Fine,
    IndexLens,
    Lens,
    Scale,
    StockLens,
    View,
    margin,
    spans,
    trades_view,
)
from paperdesk.market.readings import Side
from paperdesk.market.roots import Parts, Woods
from paperdesk.market.rows import Row, Rows
from paperdesk.market.source import Reading
from paperdesk.market.spine import EPOCH
from paperdesk.market.tree import Root
from paperdesk.market.walk import State

DAYS_KEPT: Final = 8
NO_SPLITS: Final = Splits()
USUAL_SD: Final = 0.01


class Daily(NamedTuple):
    """A session's bar as it trades: prices are multiples of `step`."""

    open: int
    high: int
    low: int
    close: int
    volume: int
    trades: int
    step: Decimal


class Closing(NamedTuple):
    """The last trade of a day."""

    price: Price
    at: Instant
    size: int


class Course(ABC):
    """A contract's path.

    Sessions are counted from the epoch of all spines: the place of a session is its number.
    """

    has_trades = True
    """Whether the path prints; pairs are only quoted."""
    has_quotes = True
    """Whether anybody bids and asks; nobody does for an index."""
    has_volume = True
    """Whether sizes are told; an index has none."""
    is_extended = True
    """Whether it can be asked for outside regular hours; an index cannot."""
    first_place = 0
    """The first session that has bars."""
    bars_at_once = 120
    """How many bars within the day are worked out before it is somebody else's turn."""

    def __init__(self, contract: Contract, calendar: Calendar) -> None:
        """Know whose path it is and when it can move."""
        self.contract, self.calendar = contract, calendar
        self.offset = calendar.ordinal(EPOCH)
        self.days: Sequence[int] = calendar.days()[self.offset :]
        self._kept: OrderedDict[int, Day] = OrderedDict()
        self._closings: dict[int, Closing | None] = {}
        self.bars = BarCache()  # A source's courses share one.

    @property
    def splits(self) -> Splits:
        """The contract's splits so far."""
        return NO_SPLITS

    def shares(self, place: int, later: int) -> Fraction:
        """Return how many shares of a later session one of an earlier one has become."""
        return self.splits.between(place, later)

    def session(self, place: int) -> Session:
        """Return the hours of the session at a place, which there must be."""
        return session_of(self.calendar, self.days[place])

    def era(self, place: int) -> int:
        """Return the place of the last split that has happened at a session's place, or -1."""
        self.shares(place, place)  # Splits are found as far as they are asked for.
        return self.splits.era(place)

    @abstractmethod
    def build(self, place: int, session: Session) -> Day:
        """Return the path of a session's day."""

    @abstractmethod
    def bar(self, place: int, *, extended: bool) -> Hidden | None:
        """Return the bar of a session's regular (or all) hours in hidden prices.

        None where there is no session, or where it is not known without a walk.
        """

    def spanned(self, places: Sequence[int], *, extended: bool) -> Hidden | None:
        """Return the bar of consecutive sessions, whose hidden units are the same, or None."""
        bars = [self.bar(place, extended=extended) for place in places]
        return spanned([bar for bar in bars if bar is not None]) if all(bars) else None

    def is_known(self, place: int) -> bool:  # noqa: ARG002
        """Say whether a session's bar is at hand; False where it has to be searched for first."""
        return True

    @abstractmethod
    def view(self, place: int, reading: Reading) -> View | None:
        """Return how x reads all through a session's day; None where that changes, or is not."""

    @abstractmethod
    def unit(self, place: int) -> Fraction:
        """Return the price of one hidden unit on a session's day."""

    def share(self, place: int) -> tuple[int, int]:  # noqa: ARG002
        """Return numerator and denominator of the path's volume that is the contract's."""
        return 1, 1

    def daily(
        self, place: int, *, extended: bool = False, reading: Reading = Reading.TRADES
    ) -> Daily | None:
        """Return the bar of a session's regular (or all) hours as it reads.

        None where there is no session, or where the reading's bar is not known without a walk.
        """
        bar = self.bar(place, extended=extended)
        view = None if bar is None else self.view(place, reading)
        if bar is None or view is None:
            return None
        o, high, low, c, volume, trades = bar
        if not view.is_rising:
            high, low = low, high
        read = view.read
        numerator, denominator = self.share(place)
        if numerator != denominator:
            early = 0 if extended else self.early_volume(place)
            before = early * numerator // denominator
            volume = (early + volume) * numerator // denominator - before
        return Daily(read(o), read(high), read(low), read(c), volume, trades, view.step)

    def close(self, place: int) -> float:
        """Return a session's regular close in money, in the shares of its day."""
        bar = self.bar(place, extended=False)
        assert bar is not None
        unit = self.unit(place)
        return bar[3] * unit.numerator / unit.denominator

    def margin(self) -> Decimal:
        """Return how far at most a quote is from where x trades."""
        return Decimal(0)

    def bounds(self, place: int, *, extended: bool) -> tuple[Price, Price] | None:
        """Return what no trade (midpoint of a pair) of a session is above, and none below."""
        daily = self.daily(place, extended=extended)
        if daily is None:
            return None
        return daily.high * daily.step, daily.low * daily.step

    @abstractmethod
    def origin(self, place: int) -> str:
        """Say where a session's prices come from."""

    def regular(self, place: int) -> Sequence[Root] | None:  # noqa: ARG002
        """Return the roots of regular hours alone where they are cheaper than a day, or None."""
        return None

    def dividends(self, first: int, last: int) -> Sequence[Dividend]:  # noqa: ARG002
        """Return the dividends with ex-days from a place to a place, both included."""
        return ()

    def size(self, price: int, side: Side, at: int) -> Size:  # noqa: ARG002
        """Return the size shown at a price in increments at an instant."""
        return ZERO

    def closing(self, place: int) -> Closing | None:
        """Return the last trade of a session's day, in its own shares, or None."""
        if place in self._closings:
            return self._closings[place]
        day = self.day(place)
        closing = None
        if day is not None:
            state = self.traded(day, day.session.post_close)
            view = day.lens.view(Reading.TRADES, day.session.close // SECOND - 1)
            if state is not None and view is not None:
                closing = Closing(view.read(state.x) * view.step, state.at, state.size)
        if len(self._closings) >= DAYS_KEPT:
            self._closings.clear()
        self._closings[place] = closing
        return closing

    def traded(self, day: Day, at: int) -> State | None:
        """Return what has traded by an instant in the hours that the contract has."""
        if not self.is_extended:
            return day.traded(at)
        shown = day.shown(at)
        return None if shown is None else shown.traded

    def day(self, place: int) -> Day | None:
        """Return a session's day, or None where there is no session of that place."""
        kept = self._kept
        day = kept.get(place)
        if day is not None:
            return day
        if not 0 <= place < len(self.days):
            return None
        day = kept[place] = self.build(place, self.session(place))
        if len(kept) > DAYS_KEPT:
            kept.popitem(last=False)
        return day

    def place(self, day: int) -> int:
        """Return the place of a day's session, or of the next one's."""
        return self.calendar.ordinal(day) - self.offset

    def place_at(self, at: int) -> int:
        """Return the place of the last session whose extended hours have begun; -1 before all."""
        place = min(self.place(at // 86_400_000_000 + 2), len(self.days) - 1)
        while place >= 0 and self.session(place).pre_open > at:
            place -= 1
        return place

    def place_closed(self, at: int) -> int:
        """Return the place of the last session whose regular hours are over; -1 before all."""
        place = self.place_at(at)
        if place >= 0 and self.session(place).close > at:
            place -= 1
        return place

    def early_volume(self, place: int) -> int:  # noqa: ARG002
        """Return what the path trades before regular hours."""
        return 0

    def usual_volume(self, place: int) -> float:  # noqa: ARG002
        """Return the usual volume of a session in the path's sizes."""
        return 1.0

    def sd(self, place: int) -> float:  # noqa: ARG002
        """Return the standard deviation of a session's day, as a fraction."""
        return USUAL_SD

    def told(self, size: int) -> Size:
        """Return the size of a trade as it is told."""
        return Decimal(size) if self.has_volume else ZERO


class PrimaryCourse(Course):
    """A stock, fund or index with a spine and trees of its own."""

    def __init__(
        self,
        contract: Contract,
        calendar: Calendar,
        rows: Rows,
        draws: Draws,
        woods: Woods,
        book: Book | None,
    ) -> None:
        """Take rows, draws of kind `spine`, woods, and the book of what has quotes."""
        super().__init__(contract, calendar)
        self.rows = rows
        self.book = book
        self.has_quotes = self.has_volume = self.is_extended = book is not None
        self.woods = woods
        self._parts = Parts(rows, draws, self.days, contract.liquidity_class, extended=True)
        self._view = trades_view(rows.given.increment, ONE)
        self._unit = Fraction(rows.given.increment) / QUARTERS
        self.origins: Sequence[str] = ()

    @property
    def splits(self) -> Splits:
        """The contract's splits so far."""
        return self.rows.splits

    def shares(self, place: int, later: int) -> Fraction:
        """Return how many shares of a later session one of an earlier one has become."""
        self.rows.extend(later + 1)
        return self.rows.splits.between(place, later)

    def build(self, place: int, session: Session) -> Day:
        """Return the path of a session's day."""
        self.rows.extend(place + 2)
        parts = self._parts.of(session, place)
        roots = tuple(self.woods.planted(parts, session))
        return TreeDay(place, session, roots, self.lens(place, session))

    def regular(self, place: int) -> Sequence[Root]:
        """Return the roots of regular hours alone."""
        session = self.session(place)
        self.rows.extend(place + 2)
        parts = self._parts.regular(session, place, self.rows.row(place))
        return tuple(self.woods.planted(parts, session))

    def lens(self, place: int, session: Session) -> Lens:
        """Return how the path reads on a day."""
        row, scale = self.rows.row(place), self.scale(place)
        if self.book is None:
            return IndexLens(self.rows.given.increment, scale)
        return StockLens(self.book, spans(session), scale, row.exact)

    def scale(self, place: int) -> Scale:
        """Return how many hidden units a quarter increment is on a day."""
        fine = self.rows.row(place).fine
        return ONE if fine == 1 else Fine(fine)

    def size(self, price: int, side: Side, at: int) -> Size:
        """Return the size shown at a price in increments at an instant."""
        if self.book is None:
            return ZERO
        return self.contract.round_lot * self.book.size(price, side, at)

    def margin(self) -> Decimal:
        """Return how far at most a quote is from where x trades."""
        return Decimal(0) if self.book is None else margin(self.book)

    def bar(self, place: int, *, extended: bool) -> Hidden | None:
        """Return the bar of a session's regular (or all) hours in hidden prices."""
        if not 0 <= place < len(self.days):
            return None
        self.rows.extend(place + 2)
        row = self.rows.row(place)
        if not extended and self.is_whole(place):
            trades = self._parts.count(row)
            return row.open, row.high, row.low, row.close, row.volume, trades
        session, parts = self.session(place), self._parts
        given = parts.of(session, place) if extended else parts.regular(session, place, row)
        return merged([part[1] for part in given])

    def view(self, place: int, reading: Reading) -> View | None:
        """Return how x trades all through a session's day; quotes change."""
        if reading is not Reading.TRADES:
            return None
        row = self.rows.row(place)
        if row.fine == 1:
            return self._view
        return trades_view(self.rows.given.increment, Fine(row.fine), row.exact)

    def unit(self, place: int) -> Fraction:
        """Return the price of one hidden unit on a session's day."""
        fine = self.rows.row(place).fine
        return self._unit if fine == 1 else self._unit / fine

    def is_whole(self, place: int) -> bool:
        """Say whether a session's regular hours are one part, and not many real bars."""
        real = self.rows.real(place)
        return real is None or real.bars.seconds == 0

    def sd(self, place: int) -> float:
        """Return the standard deviation of a session's day, as a fraction."""
        return self.rows.sd(place)

    def usual_volume(self, place: int) -> float:
        """Return the usual volume of a session in the path's sizes."""
        return self.rows.usual_volume(place)

    def early_volume(self, place: int) -> int:
        """Return what the path trades before regular hours."""
        return self._parts.early_volume(place)

    def origin(self, place: int) -> str:
        """Say where a session's prices come from."""
        row: Row = self.rows.row(place)
        return "synthetic" if row.layer < 0 else self.origins[row.layer]

    def dividends(self, first: int, last: int) -> Sequence[Dividend]:
        """Return the dividends with ex-days from a place to a place, both included."""
        return self.rows.dividends(first, last)
