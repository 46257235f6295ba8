"""Periods: the bar of consecutive sessions that are over, without a walk through each of them."""

from collections.abc import Sequence
from typing import TypeAlias

from paperdesk.base.units import SECOND
from paperdesk.market.courses import Course, Daily, PrimaryCourse
from paperdesk.market.days import TreeDay
from paperdesk.market.lenses import PRE_MARKET_WIDENING, QUARTERS, REGULAR_WIDENING, Book, StockLens
from paperdesk.market.mapped import MappedCourse
from paperdesk.market.quotations import Piece, Quotes, bound, pieces_of
from paperdesk.market.readings import READ, Cell
from paperdesk.market.source import Reading

ALONE = Cell(1, 0, is_anchored=True)
"""The only cell with a spread of one increment."""

Stock: TypeAlias = PrimaryCourse | MappedCourse


def period_bar(
    course: Course, places: Sequence[int], reading: Reading, *, extended: bool
) -> Daily | None:
    """Return the bar of sessions that are over, oldest first, with no split among them.

    None where it is not known without a walk, or their prices have different steps.
    """
    if reading is not Reading.TRADES and isinstance(course, PrimaryCourse | MappedCourse):
        return _of_quote(course, places, reading, extended=extended)
    if len(places) == 1:
        return course.daily(places[0], extended=extended, reading=reading)
    whole = _alike(course, places, reading, extended=extended)
    return whole or _of_days(course, places, reading, extended=extended)


def _of_quote(
    course: Stock, places: Sequence[int], reading: Reading, *, extended: bool
) -> Daily | None:
    if course.book is None or places[0] == 0:
        return None
    if course.book.is_constant and not extended and all(map(course.is_whole, places)):
        return _one_view(course, course.book, places, reading)
    return _Quoted(course, course.book, reading, extended=extended).bar(places)


def _of_days(
    course: Course, places: Sequence[int], reading: Reading, *, extended: bool
) -> Daily | None:
    """Return the bar of sessions, each read as it reads."""
    told: list[Daily] = []
    for place in places:
        daily = course.daily(place, extended=extended, reading=reading)
        if daily is None or daily.step != (told or [daily])[0].step:
            return None
        told.append(daily)
    volume = trades = 0
    for daily in told:
        volume += daily.volume
        trades += daily.trades
    high, low = max(daily.high for daily in told), min(daily.low for daily in told)
    return Daily(told[0].open, high, low, told[-1].close, volume, trades, told[0].step)


def _alike(
    course: Course, places: Sequence[int], reading: Reading, *, extended: bool
) -> Daily | None:
    """Return the bar of sessions that all read in the same way: their bars merged, and read once.

    None where one reads otherwise than another, or trades a share of its path alone.
    """
    view = course.view(places[0], reading)
    if view is None or not view.is_rising:
        return None
    for place in places:
        if course.view(place, reading) is not view or course.share(place) != (1, 1):
            return None
    bar = course.spanned(places, extended=extended)
    if bar is None:
        return None
    o, high, low, c = (view.read(x) for x in bar[:4])
    return Daily(o, high, low, c, bar[4], bar[5], view.step)


def _one_view(course: Stock, book: Book, places: Sequence[int], reading: Reading) -> Daily | None:
    """Return the bar of a quote that reads in the same way through all regular hours."""
    read, step = READ[reading], book.view(reading, ALONE).step
    opens, highs, lows, closes = [], [], [], []
    for place in places:
        bar = course.bar(place, extended=False)
        if bar is None:
            return None
        quarters = course.scale(place).quarters
        o, high, low, c = (read(quarters(x), ALONE) for x in bar[:4])
        opens.append(o)
        highs.append(max(high, low))
        lows.append(min(high, low))
        closes.append(c)
    return Daily(opens[0], max(highs), min(lows), closes[-1], 0, 0, step)


class _Quoted:
    """Bars of a quote whose spread changes."""

    def __init__(self, course: Stock, book: Book, reading: Reading, *, extended: bool) -> None:
        """Know whose quote, and in which hours."""
        self._course, self._book, self._reading = course, book, reading
        self._is_extended = extended
        self._kept: dict[int, Quotes | None] = {}

    def bar(self, places: Sequence[int]) -> Daily | None:
        """Return the bar of sessions; only those are looked into that may hold its high or low."""
        first, last = self._quotes(places[0]), self._quotes(places[-1])
        if first is None or last is None:
            return None
        o, c = first.opens(), last.closes()
        high = self._furthest(places, max(o, c), 1)
        low = self._furthest(places, -min(o, c), -1)
        if high is None or low is None:
            return None
        step = self._book.view(self._reading, ALONE).step
        return Daily(o, high, -low, c, 0, 0, step)

    def _furthest(self, places: Sequence[int], best: int, sign: int) -> int | None:
        bounds = []
        for place in places:
            most = self._bound(place, sign)
            if most is None:
                return None
            bounds.append((most, place))
        for most, place in sorted(bounds, reverse=True):
            if most <= best:
                break
            quotes = self._quotes(place)
            if quotes is None:
                return None
            best = quotes.furthest(best, sign)
        return best

    def _bound(self, place: int, sign: int) -> int | None:
        bar = self._course.bar(place, extended=self._is_extended)
        if bar is None:
            return None
        scale = self._course.scale(place)
        x = bar[1] if (sign > 0) is scale.is_rising else bar[2]
        widening = PRE_MARKET_WIDENING if self._is_extended else REGULAR_WIDENING
        widest = self._book.widest(widening)
        return bound(self._reading, scale.quarters(x) // QUARTERS, widest, sign)

    def _quotes(self, place: int) -> Quotes | None:
        if place not in self._kept:
            pieces = self._pieces(place)
            lens = self._course.lens(place, self._course.session(place))
            quotes = None
            if pieces is not None and isinstance(lens, StockLens):
                quotes = Quotes(lens, self._reading, pieces)
            self._kept[place] = quotes
        return self._kept[place]

    def _pieces(self, place: int) -> list[Piece] | None:
        course, session = self._course, self._course.session(place)
        start = session.start(extended=self._is_extended) // SECOND
        end = session.end(extended=self._is_extended) // SECOND
        roots = None if self._is_extended else course.regular(place)
        if roots is not None:
            return pieces_of(roots, {root.node[0]: root.node[2] for root in roots}, start, end)
        day = course.day(place)
        if not isinstance(day, TreeDay) or day.halts:
            return None
        opens = {stretch.start // SECOND: stretch.opens for stretch in day.stretches}
        inside = [root for root in day.roots if root.node[0] < end and root.node[1] > start]
        return pieces_of(inside, opens, start, end)
