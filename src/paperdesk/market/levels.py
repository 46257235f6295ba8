"""Levels: when a reading of a course first touches one, and how far readings reach.

Days whose bar does not reach a level are passed by their row alone; so a year is looked through
in a few milliseconds.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR
from typing import NamedTuple

from paperdesk.base.calendar import Session
from paperdesk.base.units import SECOND, Instant, Price
from paperdesk.market.courses import Course
from paperdesk.market.days import Day, Trail
from paperdesk.market.lenses import View
from paperdesk.market.source import Level, Reading, Touch
from paperdesk.market.touches import Reader, Step


class Hours(NamedTuple):
    """The part of a search that is in one session: `(after, before]`, in microseconds."""

    place: int
    session: Session
    after: Instant
    before: Instant


class Search(NamedTuple):
    """What is searched: a reading of a course, in regular hours alone or in all."""

    course: Course
    reading: Reading
    regular_only: bool

    @property
    def quotes(self) -> bool:
        """Whether what stands can touch, not only what trades."""
        return self.reading is not Reading.TRADES or not self.course.has_trades

    @property
    def extended(self) -> bool:
        """Whether hours outside the regular ones count; an index has none."""
        return self.course.is_extended and not self.regular_only

    def hours(self, after: Instant, before: Instant) -> Iterator[Hours]:
        """Yield the parts of `(after, before]` in which the reading is there, oldest first."""
        course, extended = self.course, self.extended
        place = max(0, course.place_at(after))
        while place < len(course.days):
            session = course.session(place)
            start, end = session.start(extended=extended), session.end(extended=extended)
            if start > before:
                return
            if end > after + 1:
                yield Hours(place, session, max(after, start - 1), min(before, end - 1))
            place += 1

    def bounds(self, hours: Hours) -> tuple[Price, Price] | None:
        """Return what the reading of a session's hours is never above, and never below."""
        bounds = self.course.bounds(hours.place, extended=self.extended)
        if bounds is None or not self.quotes:
            return bounds
        margin = self.course.margin()
        return bounds[0] + margin, bounds[1] - margin


def next_touch(
    course: Course, levels: Sequence[Level], after: Instant, before: Instant
) -> Touch | None:
    """Return the earliest touch in `(after, before]`, of levels touched at once the first."""
    groups: dict[tuple[Reading, bool], list[int]] = defaultdict(list)
    best: Touch | None = None
    for index, level in enumerate(levels):
        if level.trail is None:
            groups[level.reading, level.regular_only].append(index)
            continue
        search = Search(course, level.reading, level.regular_only)
        at = trailing_touch(search, level, after, before if best is None else best.at)
        best = _earlier(best, at, index)
    for (reading, regular_only), indexes in groups.items():
        search = Search(course, reading, regular_only)
        found = _fixed(search, [levels[i] for i in indexes], after, best.at if best else before)
        if found is not None:
            best = _earlier(best, found[0], indexes[found[1]])
    return best


def _earlier(best: Touch | None, at: Instant | None, index: int) -> Touch | None:
    if at is None or (best is not None and (at, index) >= (best.at, best.index)):
        return best
    return Touch(at, index)


def _fixed(
    search: Search, levels: Sequence[Level], after: Instant, before: Instant
) -> tuple[Instant, int] | None:
    """Return instant and place of the level that is touched first."""
    up = min((level.price for level in levels if level.rising), default=None)
    down = max((level.price for level in levels if not level.rising), default=None)
    for hours in search.hours(after, before):
        bounds = search.bounds(hours)
        if bounds is not None and not _reaches(bounds, up, down):
            continue
        found = _touch_in(search, hours, up, down)
        if found is not None:
            at, price = found
            for index, level in enumerate(levels):
                if price >= level.price if level.rising else price <= level.price:
                    return at, index
    return None


def _reaches(bounds: tuple[Price, Price], up: Price | None, down: Price | None) -> bool:
    high, low = bounds
    return (up is not None and high >= up) or (down is not None and low <= down)


def _touch_in(
    search: Search, hours: Hours, up: Price | None, down: Price | None
) -> tuple[Instant, Price] | None:
    day = search.course.day(hours.place)
    assert day is not None
    for index, after, before, views in _stretches(search, day, hours):
        steps = [
            Step(start * SECOND, end * SECOND, *thresholds(view, up, down))
            for start, end, view in views
        ]
        found = day.touch(index, steps, after, before, quotes=search.quotes)
        if found is not None:
            at, x = found
            view = day.lens.view(search.reading, at // SECOND)
            assert view is not None
            return at, view.read(x) * view.step
    return None


def _stretches(
    search: Search, day: Day, hours: Hours
) -> Iterator[tuple[int, Instant, Instant, list[tuple[int, int, View]]]]:
    """Yield the stretches of a day in given hours: number, after, before, and how x reads."""
    for index, stretch in enumerate(day.stretches):
        after, before = max(hours.after, stretch.start - 1), min(hours.before, stretch.end - 1)
        if after >= before:
            continue
        start, end = (after + 1) // SECOND, before // SECOND + 1
        views = day.lens.steps(search.reading, max(start, stretch.start // SECOND), end)
        if views:
            yield index, after, before, views


def thresholds(view: View, up: Price | None, down: Price | None) -> tuple[int | None, int | None]:
    """Return from which x up, and from which x down, a reading is at prices or beyond."""
    high: int | None = None
    low: int | None = None
    if up is not None:
        count = int((up / view.step).to_integral_value(ROUND_CEILING))
        high = view.least(count)
    if down is not None:
        count = int((down / view.step).to_integral_value(ROUND_FLOOR))
        low = view.least(count + 1)
    if view.is_rising:
        return high, None if low is None else low - 1
    return None if low is None else low + 1, high


def trailing_touch(search: Search, level: Level, after: Instant, before: Instant) -> Instant | None:
    """Return the first touch of a level that follows the extreme reading."""
    extreme = _extreme_of(level)
    for hours in search.hours(after, before):
        reach = _reach_in(search, hours)
        if reach is None:
            continue
        further = min(extreme, reach[1]) if level.rising else max(extreme, reach[0])
        stands = _level_at(level, further)
        if reach[0] >= stands if level.rising else reach[1] <= stands:
            at, extreme = _trail_in(search, hours, level, extreme)
            if at is not None:
                return at
        else:
            extreme = further
    return None


def _extreme_of(level: Level) -> Price:
    """Return the extreme from which a level hangs where it stands now."""
    assert level.trail is not None
    if level.trail_is_fraction:
        return level.price / (1 + level.trail if level.rising else 1 - level.trail)
    return level.price - level.trail if level.rising else level.price + level.trail


def _level_at(level: Level, extreme: Price) -> Price:
    assert level.trail is not None
    trail = extreme * level.trail if level.trail_is_fraction else level.trail
    return extreme + trail if level.rising else extreme - trail


def _trail_in(
    search: Search, hours: Hours, level: Level, extreme: Price
) -> tuple[Instant | None, Price]:
    """Return where in a session's hours a trailing level is touched, and the extreme by then."""
    day = search.course.day(hours.place)
    assert day is not None
    for index, after, before, views in _stretches(search, day, hours):
        trail = _trail(level, views, extreme)
        found = day.trail(index, trail, after, before, quotes=search.quotes)
        if found is not None:
            return found[0], extreme
        reach = _reach_in(search, Hours(hours.place, hours.session, after, before))
        if reach is not None:
            extreme = min(extreme, reach[1]) if level.rising else max(extreme, reach[0])
    return None, extreme


def _trail(level: Level, views: Sequence[tuple[int, int, View]], extreme: Price) -> Trail:
    """Say a trailing level in steps of the reading; of a falling view, upside down."""
    assert level.trail is not None
    view = views[0][2]
    step, rising = view.step, level.rising
    sign = 1 if view.is_rising else -1

    def stands(number: int) -> int:
        price = _level_at(level, sign * number * step)
        rounding = ROUND_CEILING if rising else ROUND_FLOOR
        return sign * int((price / step).to_integral_value(rounding))

    rounding = ROUND_FLOOR if rising else ROUND_CEILING
    begun = sign * int((extreme / step).to_integral_value(rounding))
    readers = [
        Reader(start * SECOND, end * SECOND, _signed(one, sign)) for start, end, one in views
    ]
    # Upside down a level that falls after a high becomes one that rises after a low.
    return Trail(readers, begun, stands, rising if sign > 0 else not rising)


def _signed(view: View, sign: int) -> Callable[[int], int]:
    read = view.read
    return read if sign > 0 else lambda x: -read(x)


def extremes(search: Search, after: Instant, to: Instant) -> tuple[Price, Price] | None:
    """Return the highest and lowest value of a reading in `(after, to]`, or None."""
    high: Price | None = None
    low: Price | None = None
    for hours in search.hours(after, to):
        reach = _reach_in(search, hours)
        if reach is not None:
            high = reach[0] if high is None else max(high, reach[0])
            low = reach[1] if low is None else min(low, reach[1])
    return None if high is None or low is None else (high, low)


def _reach_in(search: Search, hours: Hours) -> tuple[Price, Price] | None:
    session, extended = hours.session, search.extended
    start, end = session.start(extended=extended), session.end(extended=extended)
    if hours.after < start and hours.before >= end - 1:
        daily = search.course.daily(hours.place, extended=extended, reading=search.reading)
        if daily is not None:
            return daily.high * daily.step, daily.low * daily.step
    day = search.course.day(hours.place)
    assert day is not None
    found: list[Price] = []
    for _, after, before, views in _stretches(search, day, hours):
        for first, last, view in views:
            begin, until = max(after, first * SECOND - 1), min(before, last * SECOND - 1)
            places = list(day.extremes(begin, until) or ())
            if search.quotes:
                standing = day.stands(begin + 1)
                places += [] if standing is None else [standing]
            found += [view.read(x) * view.step for x in places]
    return (max(found), min(found)) if found else None
