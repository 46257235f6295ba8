"""Histories: bars of all sizes of a course, as they were known at an instant.

Prices and volumes are in the shares of the asking instant's session.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Final

from msgspec import structs

from paperdesk.base.calendar import civil
from paperdesk.base.units import SECOND, ZERO, Instant, Size
from paperdesk.market import walk
from paperdesk.market.actions import ONE, adjusted
from paperdesk.market.courses import Course
from paperdesk.market.days import Day
from paperdesk.market.lenses import View
from paperdesk.market.nodes import Node
from paperdesk.market.source import Bar, BarsAsked, BarSize, Reading

SECONDS: Final = {
    BarSize.S1: 1,
    BarSize.S5: 5,
    BarSize.S10: 10,
    BarSize.S15: 15,
    BarSize.S30: 30,
    BarSize.M1: 60,
    BarSize.M2: 120,
    BarSize.M3: 180,
    BarSize.M5: 300,
    BarSize.M10: 600,
    BarSize.M15: 900,
    BarSize.M20: 1200,
    BarSize.M30: 1800,
    BarSize.H1: 3600,
    BarSize.H2: 7200,
    BarSize.H3: 10_800,
    BarSize.H4: 14_400,
    BarSize.H8: 28_800,
}
BARS_AT_ONCE: Final = 240
DAYS_A_WEEK: Final = 7
MONDAY_OFFSET: Final = 3
"""1 January 1970 was a Thursday."""


def bars_of(course: Course, asked: BarsAsked, now: Instant) -> list[Bar]:
    """Return the bars asked for, oldest first, with nothing that happens after `now` in them."""
    if asked.outside_regular and not course.is_extended:
        asked = structs.replace(asked, outside_regular=False)
    if asked.reading is Reading.BID_ASK:
        return _both(course, asked, now)
    if asked.size in SECONDS:
        return _intraday(course, asked, now)
    if asked.size is BarSize.D1:
        return list(_newest(_days(course, asked, now), asked))
    return list(_newest(_periods(course, asked, now), asked))


def _newest(bars: Iterator[Bar], asked: BarsAsked) -> list[Bar]:
    """Return the newest bars of those that come newest first, oldest first."""
    found: list[Bar] = []
    for bar in bars:
        if bar.at < asked.start or len(found) == asked.count_max:
            break
        if bar.at < asked.until:
            found.append(bar)
    found.reverse()
    return found


def _both(course: Course, asked: BarsAsked, now: Instant) -> list[Bar]:
    """Return bars of both quotes; means are over the four prices of each side's bar."""
    sides = []
    for reading in (Reading.BID, Reading.ASK):
        one = structs.replace(asked, reading=reading)
        sides.append(bars_of(course, one, now))
    return [
        Bar(bid.at, _mean(bid), ask.high, bid.low, _mean(ask), ZERO, 0)
        for bid, ask in zip(*sides, strict=True)
    ]


def _mean(bar: Bar) -> Decimal:
    return (bar.open + bar.high + bar.low + bar.close) / 4


def _intraday(course: Course, asked: BarsAsked, now: Instant) -> list[Bar]:
    found: list[list[Bar]] = []
    missing = asked.count_max
    known = course.place_at(now)
    place = course.place_at(min(asked.until - 1, now))
    while place >= 0 and missing > 0:
        session = course.session(place)
        if session.end(extended=asked.outside_regular) <= asked.start:
            break
        for bars in _of_day(course, place, asked, (now, known)):
            found.append(bars[-missing:])
            missing -= len(found[-1])
            if missing == 0:
                break
        place -= 1
    return [bar for bars in reversed(found) for bar in bars]


def _of_day(
    course: Course, place: int, asked: BarsAsked, known: tuple[Instant, int]
) -> Iterator[list[Bar]]:
    """Yield a session's bars, the last ones first."""
    session = course.session(place)
    size = SECONDS[asked.size]
    first = session.start(extended=asked.outside_regular) // SECOND
    last = session.end(extended=asked.outside_regular) // SECOND
    begins = -(-asked.start // SECOND)
    ends = min(last, -(-asked.until // SECOND), known[0] // SECOND + 1)
    low = max(0, -((first - begins) // size))
    high = -((first - ends) // size)
    if size >= last - first and high == 1 and low == 0:
        bar = daily_bar(course, place, asked, known)
        if bar is not None:
            yield [bar]
        return
    history = History(course, place, asked, known)
    while low < high:
        start = max(low, high - BARS_AT_ONCE)
        edges = [first + index * size for index in range(start, high)]
        edges.append(min(last, first + high * size))
        yield history.bars(edges)
        high = start


def _days(course: Course, asked: BarsAsked, now: Instant) -> Iterator[Bar]:
    """Yield daily bars, newest first."""
    known = course.place_at(now)
    place = min(known, course.place_at(max(asked.until, now)))
    while place >= 0:
        bar = daily_bar(course, place, asked, (now, known))
        if bar is not None:
            yield bar
        place -= 1


def daily_bar(
    course: Course, place: int, asked: BarsAsked, known: tuple[Instant, int]
) -> Bar | None:
    """Return the bar of a session; the running one as far as it has come."""
    now, latest = known
    session = course.session(place)
    extended = asked.outside_regular
    start, end = session.start(extended=extended), session.end(extended=extended)
    if start > now:
        return None
    if end <= now:
        daily = course.daily(place, extended=extended, reading=asked.reading)
        if daily is not None:
            shares = course.shares(place, latest)
            prices = (daily.open, daily.high, daily.low, daily.close)
            money = _adjusted([number * daily.step for number in prices], shares)
            if asked.reading is not Reading.TRADES or not course.has_trades:
                return _bar(start, money, ZERO, 0)
            size = _size(daily.volume, shares) if course.has_volume else ZERO
            return _bar(start, money, size, daily.trades)
    bars = History(course, place, asked, known).bars([start // SECOND, end // SECOND])
    return bars[0] if bars else None


def _periods(course: Course, asked: BarsAsked, now: Instant) -> Iterator[Bar]:
    """Yield weekly or monthly bars, newest first."""
    known = course.place_at(now)
    places = range(min(known, course.place_at(max(asked.until, now))), -1, -1)
    for _, group in groupby(places, lambda place: _period(course.days[place], asked.size)):
        period = list(group)
        bar = _whole(course, period, asked, (now, known))
        if bar is None:
            bars = [daily_bar(course, place, asked, (now, known)) for place in period]
            days = [day for day in reversed(bars) if day is not None]
            bar = _merged(days) if days else None
        if bar is not None:
            yield bar


def _whole(
    course: Course, period: Sequence[int], asked: BarsAsked, known: tuple[Instant, int]
) -> Bar | None:
    """Return the bar of sessions that are over and have no split among them, or None."""
    last, first = period[0], period[-1]
    extended = asked.outside_regular
    if course.session(last).end(extended=extended) > known[0]:
        return None
    if course.shares(first, last) != ONE:
        return None
    days = [
        course.daily(place, extended=extended, reading=asked.reading) for place in reversed(period)
    ]
    told = [day for day in days if day is not None]
    if len(told) < len(days) or any(day.step != told[0].step for day in told):
        return None
    high, low = max(day.high for day in told), min(day.low for day in told)
    volume = trades = 0
    for day in told:
        volume += day.volume
        trades += day.trades
    step, shares = told[0].step, course.shares(last, known[1])
    numbers = (told[0].open, high, low, told[-1].close)
    prices = _adjusted([number * step for number in numbers], shares)
    start = course.session(first).start(extended=extended)
    if asked.reading is not Reading.TRADES or not course.has_trades:
        return _bar(start, prices, ZERO, 0)
    size = _size(volume, shares) if course.has_volume else ZERO
    return _bar(start, prices, size, trades)


def _period(day: int, size: BarSize) -> tuple[int, ...]:
    if size is BarSize.W1:
        return ((day + MONDAY_OFFSET) // DAYS_A_WEEK,)
    return civil(day)[:2]


def _merged(bars: Sequence[Bar]) -> Bar:
    volume, trades = ZERO, 0
    for bar in bars:
        volume += bar.volume
        trades += bar.trades
    high, low = max(bar.high for bar in bars), min(bar.low for bar in bars)
    return Bar(bars[0].at, bars[0].open, high, low, bars[-1].close, volume, trades)


def _size(volume: int, shares: Fraction) -> Size:
    if shares == ONE:
        return Decimal(volume)
    return Decimal(volume * shares.numerator // shares.denominator)


class History:
    """Bars within one session's day."""

    def __init__(
        self, course: Course, place: int, asked: BarsAsked, known: tuple[Instant, int]
    ) -> None:
        """Know what is asked, and at which instant, in which session."""
        self._course, self._place, self._asked = course, place, asked
        self._now = known[0]
        self._shares = course.shares(place, known[1])
        self._is_traded = asked.reading is Reading.TRADES and course.has_trades
        is_regular = self._is_traded and not asked.outside_regular
        self._roots = course.regular(place) if is_regular else None

    def bars(self, edges: Sequence[int]) -> list[Bar]:
        """Return the bars between edges (UTC seconds), without the empty ones."""
        if not self._is_traded:
            return self._quotes(edges)
        if self._roots is None:
            return self._traded(self._day(), edges)
        until = None if self._now >= edges[-1] * SECOND else self._now
        return self._bars(walk.bars(self._roots, edges, until), self._early(edges[0]))

    def _day(self) -> Day:
        day = self._course.day(self._place)
        assert day is not None
        return day

    def _early(self, second: int) -> int:
        """Return what the path has traded before a second, where that matters."""
        if self._course.share(self._place) == (1, 1):
            return 0
        assert self._roots is not None
        state = walk.state_at(self._roots, second * SECOND - 1)
        early = self._course.early_volume(self._place)
        return early if state is None else early + state.volume

    def _traded(self, day: Day, edges: Sequence[int]) -> list[Bar]:
        until = None if self._now >= edges[-1] * SECOND else self._now
        nodes = day.bars(edges, until, regular=not self._asked.outside_regular)
        return self._bars(nodes, day.volume_before(edges[0]))

    def _bars(self, nodes: Sequence[Node], before: int) -> list[Bar]:
        """Return the bars of nodes; `before` is what the path has traded before the first."""
        course, shares = self._course, self._shares
        view = course.view(self._place, Reading.TRADES)
        assert view is not None
        numerator, denominator = course.share(self._place)
        read, step = view.read, view.step
        bars = []
        for a, _, o, h, low, c, v, n in nodes:
            top, bottom = (h, low) if view.is_rising else (low, h)
            prices = [read(o) * step, read(top) * step, read(bottom) * step, read(c) * step]
            if shares != ONE:
                prices = list(_adjusted(prices, shares))
            volume = (before + v) * numerator // denominator - before * numerator // denominator
            before += v
            size = _size(volume, shares) if course.has_volume else ZERO
            bars.append(_bar(a * SECOND, prices, size, n))
        return bars

    def _quotes(self, edges: Sequence[int]) -> list[Bar]:
        """Merge the pieces between cells, at whose start the standing price is quoted."""
        day, now = self._day(), self._now
        lens = day.lens
        steps = lens.steps(self._asked.reading, edges[0], edges[-1])
        if not steps:
            return []
        opens = {stretch.start // SECOND: stretch.opens for stretch in day.stretches}
        cuts = {*edges, *(a for a, _, _ in steps)}
        cuts.update(second for second in opens if edges[0] < second < edges[-1])
        halts = (edge // SECOND for halt in day.halts for edge in halt)
        cuts.update(second for second in halts if edges[0] < second < edges[-1])
        pieces = sorted(cuts)
        until = None if now >= edges[-1] * SECOND else now
        nodes = {node[0]: node for node in day.bars(pieces, until, regular=False)}
        if day.is_stepped:
            opens |= {a: node[2] for a, node in nodes.items()}
        x = day.stands(edges[0] * SECOND)
        bars: dict[int, list[Decimal]] = {}
        starts = [a for a, _, _ in steps]
        for a in pieces[:-1]:
            if a * SECOND > now:
                break
            x = opens.get(a, x)
            if x is None or day.is_halted(a * SECOND):
                continue
            node = nodes.get(a)
            view = steps[bisect_right(starts, a) - 1][2]
            prices = _quoted(view, x, node)
            if node is not None:
                x = node[5]
            start = edges[bisect_right(edges, a) - 1]
            bars[start] = _joined(bars.get(start), prices)
        return [
            _bar(start * SECOND, _adjusted(prices, self._shares), ZERO, 0)
            for start, prices in bars.items()
        ]


def _quoted(view: View, x: int, node: Sequence[int] | None) -> list[Decimal]:
    if node is None:
        price = view.read(x) * view.step
        return [price, price, price, price]
    high, low = max(x, node[3]), min(x, node[4])
    if not view.is_rising:
        high, low = low, high
    return [view.read(place) * view.step for place in (x, high, low, node[5])]


def _joined(before: list[Decimal] | None, prices: list[Decimal]) -> list[Decimal]:
    if before is None:
        return prices
    high, low = max(before[1], prices[1]), min(before[2], prices[2])
    return [before[0], high, low, prices[3]]


def _adjusted(prices: Sequence[Decimal], shares: Fraction) -> Sequence[Decimal]:
    return prices if shares == ONE else [adjusted(price, shares) for price in prices]


def _bar(at: Instant, prices: Sequence[Decimal], volume: Size, trades: int) -> Bar:
    return Bar(at, prices[0], prices[1], prices[2], prices[3], volume, trades)
