"""Histories: bars of all sizes of a course, as they were known at an instant.

Prices and volumes are in the shares of the asking instant's session. What is not kept is worked
out in slices: each time before some bars are made there is a turn for others.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from msgspec import structs

from paperdesk.base.calendar import Session, civil, first_of_month
from paperdesk.base.slices import Slices
from paperdesk.base.units import SECOND, ZERO, Day, Instant
from paperdesk.market.actions import ONE
from paperdesk.market.caches import Kind, Running, Shelf
from paperdesk.market.courses import Course, Daily
from paperdesk.market.extracts import Extract, money_of, size_of
from paperdesk.market.periods import period_bar
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
BARS_AT_ONCE: Final = 120
FEW_BARS: Final = 2
DAYS_A_TURN: Final = 8
WHOLE_DAY: Final = -1
"""The part that is all of a session's day."""
DAYS_A_WEEK: Final = 7
MONDAY_OFFSET: Final = 3
"""1 January 1970 was a Thursday."""


def bars_of(course: Course, asked: BarsAsked, now: Instant) -> Slices[list[Bar]]:
    """Return the bars asked for, oldest first, with nothing that happens after `now` in them."""
    if asked.outside_regular and not course.is_extended:
        asked = structs.replace(asked, outside_regular=False)
    if asked.reading is not Reading.TRADES and not course.has_quotes:
        return []
    if asked.reading is Reading.BID_ASK:
        return (yield from _both(course, asked, now))
    return (yield from _answered(_question(course, asked, now)))


def _answered(question: "Question") -> Slices[list[Bar]]:
    asked = question.asked
    if asked.size in SECONDS:
        return (yield from _intraday(question))
    bars = _days(question) if asked.size is BarSize.D1 else _periods(question)
    return (yield from _newest(bars, asked))


class Question(NamedTuple):
    """What is asked of a course, at which instant, in which session, and what was told before."""

    course: Course
    asked: BarsAsked
    known: tuple[Instant, int]
    shelf: Shelf


def _question(course: Course, asked: BarsAsked, now: Instant) -> Question:
    latest = course.place_at(now)
    conid, is_extended = course.contract.conid, asked.outside_regular
    kind = Kind(conid, asked.size, asked.reading, is_extended, course.era(max(0, latest)))
    return Question(course, asked, (now, latest), course.bars.shelf(kind))


def _newest(bars: Iterator[Bar | None], asked: BarsAsked) -> Slices[list[Bar]]:
    """Return the newest bars of those that come newest first, oldest first; None is a turn."""
    found: list[Bar] = []
    start, until, count_max = asked.start, asked.until, asked.count_max
    for bar in bars:
        if bar is None:
            yield
            continue
        if bar.at < start or len(found) == count_max:
            break
        if bar.at < until:
            found.append(bar)
    found.reverse()
    return found


def _both(course: Course, asked: BarsAsked, now: Instant) -> Slices[list[Bar]]:
    """Return bars of both quotes; means are over the four prices of each side's bar."""
    # Both are asked before there is a turn: what is kept is forgotten when the market changes.
    questions = [
        _question(course, structs.replace(asked, reading=reading), now)
        for reading in (Reading.BID, Reading.ASK)
    ]
    sides = []
    for question in questions:
        sides.append((yield from _answered(question)))  # noqa: PERF401 - it takes turns
    return [
        Bar(bid.at, _mean(bid), ask.high, bid.low, _mean(ask), ZERO, 0)
        for bid, ask in zip(*sides, strict=True)
    ]


def _mean(bar: Bar) -> Decimal:
    return (bar.open + bar.high + bar.low + bar.close) / 4


def _intraday(question: Question) -> Slices[list[Bar]]:
    course, asked, (_, latest), _ = question
    found: list[list[Bar]] = []
    missing = asked.count_max
    place = min(latest, course.place_at(asked.until - 1))
    while place >= course.first_place and missing > 0:
        session = course.session(place)
        if session.end(extended=asked.outside_regular) <= asked.start:
            break
        for bars in _of_day(question, place, session):
            if bars is None:
                yield
                continue
            found.append(bars[-missing:])
            missing -= len(found[-1])
            if missing == 0:
                break
        place -= 1
    return [bar for bars in reversed(found) for bar in bars]


def _of_day(question: Question, place: int, session: Session) -> Iterator[list[Bar] | None]:
    """Yield a session's bars, the last ones first; None is a turn."""
    asked, now = question.asked, question.known[0]
    size = SECONDS[asked.size]
    first = session.start(extended=asked.outside_regular) // SECOND
    last = session.end(extended=asked.outside_regular) // SECOND
    begins = -(-asked.start // SECOND)
    ends = min(last, -(-asked.until // SECOND), now // SECOND + 1)
    low = max(0, -((first - begins) // size))
    high = -((first - ends) // size)
    if size >= last - first and high == 1 and low == 0:
        if not _is_kept(question, place):
            yield None
        bar = daily_bar(question, place)
        if bar is not None:
            yield [bar]
        return
    chunks = _Chunks(question, place, (first, last))
    while low < high:
        number = (high - 1) // BARS_AT_ONCE
        start = max(low, number * BARS_AT_ONCE)
        yield from chunks.bars(number, start, high)
        high = start


class _Chunks:
    """A session's bars, so many at once; what is over is kept."""

    def __init__(self, question: Question, place: int, hours: tuple[int, int]) -> None:
        """Know the first and the last (excluded) second."""
        self._question, self._place, self._hours = question, place, hours
        self._size = SECONDS[question.asked.size]
        self._extract: Extract | None = None

    def bars(self, number: int, low: int, high: int) -> Iterator[list[Bar] | None]:
        """Yield the bars of a chunk from one to before another, counted in the session.

        Before them there are turns, as None, where they are not kept.
        """
        first, last = self._hours
        begin = number * BARS_AT_ONCE
        end = min(begin + BARS_AT_ONCE, -((first - last) // self._size))
        if min(last, first + end * self._size) * SECOND > self._question.known[0]:
            running = yield from self._running(number, begin, high)
            yield self._between(running, low, high)
            return
        kept = self._question.shelf.get(self._place, number)
        if kept is None:
            kept = yield from self._made(begin, end)
            self._question.shelf.put(kept, self._place, number)
        yield kept if (low, high) == (begin, end) else self._between(kept, low, high)

    def _between(self, bars: list[Bar], low: int, high: int) -> list[Bar]:
        after, before = ((self._hours[0] + edge * self._size) * SECOND for edge in (low, high))
        return [bar for bar in bars if after <= bar.at < before]

    def _running(self, number: int, begin: int, high: int) -> Slices[list[Bar]]:
        """Return the bars of a chunk that is not over; those that are over are kept."""
        shelf = self._question.shelf
        done = max(begin, (self._question.known[0] // SECOND - self._hours[0]) // self._size)
        kept = shelf.running
        if kept is None or kept[:2] != (self._place, number) or kept.done > done:
            kept = Running(self._place, number, begin, [])
        if kept.done < done:
            made = yield from self._soon(kept.done, done)
            kept = shelf.running = Running(self._place, number, done, [*kept.bars, *made])
        return [*kept.bars, *(yield from self._soon(done, high))] if high > done else kept.bars

    def _soon(self, low: int, high: int) -> Slices[list[Bar]]:
        """Return bars of a session that runs: the few since somebody asked are worth no turn."""
        if high - low > FEW_BARS:
            return (yield from self._made(low, high))
        return self._worked_out(low, high)

    def _made(self, low: int, high: int) -> Slices[list[Bar]]:
        """Return bars that are worked out, so many at once, with a turn before each time."""
        bars: list[Bar] = []
        at_once = self._question.course.bars_at_once
        for begin in range(low, high, at_once):
            yield
            bars += self._worked_out(begin, min(begin + at_once, high))
        return bars

    def _worked_out(self, low: int, high: int) -> list[Bar]:
        first, last = self._hours
        if self._extract is None:
            course, asked, known, _ = self._question
            self._extract = Extract(course, self._place, asked, known)
        edges = list(range(first + low * self._size, first + high * self._size, self._size))
        edges.append(min(last, first + high * self._size))
        return self._extract.bars(edges)


def _days(question: Question) -> Iterator[Bar | None]:
    """Yield daily bars, newest first; None is a turn."""
    found = 0
    for place in range(question.known[1], question.course.first_place - 1, -1):
        if not _is_kept(question, place):
            # Bars that are only read take a turn together, one that is searched for by itself.
            if place % DAYS_A_TURN == 0 or not found or not question.course.is_known(place):
                yield None
            found += 1
        bar = daily_bar(question, place)
        if bar is not None:
            yield bar


def _is_kept(question: Question, place: int) -> bool:
    """Say whether the bar of a session is kept; the running one, which never is, is no work."""
    return place == question.known[1] or question.shelf.get(place, WHOLE_DAY) is not None


def daily_bar(question: Question, place: int) -> Bar | None:
    """Return the bar of a session; the running one as far as it has come."""
    course, asked, (now, latest), shelf = question
    kept = shelf.get(place, WHOLE_DAY)
    if kept is not None and place < latest:
        return kept[0] if kept else None
    session = course.session(place)
    extended = asked.outside_regular
    start, end = session.start(extended=extended), session.end(extended=extended)
    if start > now:
        return None
    if end > now:
        bars = _walked(question, place, start, end)
    else:
        daily = period_bar(course, (place,), asked.reading, extended=extended)
        if daily is None:
            bars = _walked(question, place, start, end)
        else:
            bars = [_told(question, place, start, daily)]
        if place < latest:
            shelf.put(bars, place, WHOLE_DAY)
    return bars[0] if bars else None


def _walked(question: Question, place: int, start: Instant, end: Instant) -> list[Bar]:
    course, asked, known, _ = question
    return Extract(course, place, asked, known).bars([start // SECOND, end // SECOND])


def _told(question: Question, place: int, start: Instant, daily: Daily) -> Bar:
    """Return the bar of a session that is over, or of several that are told as one."""
    course, asked, (_, latest), _ = question
    shares = course.shares(place, latest)
    step = daily.step
    if shares is ONE:
        prices = daily.open * step, daily.high * step, daily.low * step, daily.close * step
    else:
        money = money_of(step, shares)
        prices = money(daily.open), money(daily.high), money(daily.low), money(daily.close)
    if asked.reading is not Reading.TRADES or not course.has_trades:
        return Bar(start, *prices, ZERO, 0)
    size = size_of(daily.volume, shares) if course.has_volume else ZERO
    return Bar(start, *prices, size, daily.trades)


def _periods(question: Question) -> Iterator[Bar | None]:
    """Yield weekly or monthly bars, newest first; None is a turn."""
    course, size, shelf = question.course, question.asked.size, question.shelf
    last = question.known[1]
    while last >= course.first_place:
        begins, ends = _period(course.days[last], size)
        first = max(course.first_place, course.place(begins))
        # A period is told for good when another one has begun.
        is_over = last < question.known[1] and course.place(ends) == last + 1
        kept = shelf.get(last) if is_over else None
        if kept is None:
            if is_over:
                yield None
            else:
                yield from _prepared(question, range(first, min(last + 1, question.known[1])))
            kept = _of_period(question, range(last, first - 1, -1))
            if is_over:
                shelf.put(kept, last)
        yield from kept
        last = first - 1


def _prepared(question: Question, places: Iterable[int]) -> Iterator[None]:
    """Search for the bars of a running period's sessions, with a turn before each."""
    course = question.course
    for place in places:
        if not course.is_known(place):
            yield None
            course.bar(place, extended=question.asked.outside_regular)


def _of_period(question: Question, period: Sequence[int]) -> list[Bar]:
    """Return the bar of consecutive sessions, the newest first, in a list; none if it is empty."""
    bar = _whole(question, period)
    if bar is None:
        bars = [daily_bar(question, place) for place in period]
        days = [day for day in reversed(bars) if day is not None]
        bar = _merged(days) if days else None
    return [] if bar is None else [bar]


def _whole(question: Question, period: Sequence[int]) -> Bar | None:
    """Return the bar of sessions that are over and have no split among them, or None."""
    course, asked, (now, _), _ = question
    last, first = period[0], period[-1]
    extended = asked.outside_regular
    if course.session(last).end(extended=extended) > now:
        return None
    if course.shares(first, last) != ONE:
        return None
    daily = period_bar(course, period[::-1], asked.reading, extended=extended)
    if daily is None:
        return None
    return _told(question, last, course.session(first).start(extended=extended), daily)


def _period(day: Day, size: BarSize) -> tuple[Day, Day]:
    """Return the first day of a day's week or month, and of the next one."""
    if size is BarSize.W1:
        monday = day - (day + MONDAY_OFFSET) % DAYS_A_WEEK
        return monday, monday + DAYS_A_WEEK
    year, month, _ = civil(day)
    return first_of_month(year, month), first_of_month(year, month, 1)


def _merged(bars: Sequence[Bar]) -> Bar:
    volume, trades = ZERO, 0
    for bar in bars:
        volume += bar.volume
        trades += bar.trades
    high, low = max(bar.high for bar in bars), min(bar.low for bar in bars)
    return Bar(bars[0].at, bars[0].open, high, low, bars[-1].close, volume, trades)
