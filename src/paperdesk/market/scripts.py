"""Scripts: courses of which somebody has decided parts.

A script keeps the past: what was before its start is taken over as the nodes that it consists of,
and only what follows is made anew, from the price reached. A level that stays changed is a factor
of all that follows, later days too.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

from paperdesk.base.calendar import Session
from paperdesk.base.errors import Refusal
from paperdesk.base.units import SECOND, Instant, Price, Size
from paperdesk.kernel.messages.scripts import (
    Afterwards,
    HaltScript,
    JumpScript,
    PathScript,
    Script,
)
from paperdesk.market import walk
from paperdesk.market.actions import Dividend, Splits
from paperdesk.market.courses import Course, PrimaryCourse
from paperdesk.market.days import Breaks, Day, TreeDay
from paperdesk.market.draws import Draws
from paperdesk.market.hidden import Hidden, merged
from paperdesk.market.lenses import View
from paperdesk.market.nodes import Node, is_valid
from paperdesk.market.pairs import PairCourse
from paperdesk.market.readings import Side
from paperdesk.market.roots import Woods, cut_roots, least_trades
from paperdesk.market.rows import reach
from paperdesk.market.source import Reading
from paperdesk.market.tree import Root

SAME: Final = Fraction(1)
LEVEL_MAX: Final = 10_000
LEVEL_MIN: Final = Fraction(1, 100)
"""How far from its own level a market may be moved by all of its scripts together."""

DAY_SCRIPTS_MAX: Final = 200
"""Scripts of one contract and day: each is laid over all of those before it."""

PRICE_MAX: Final = Decimal(10**9)
REGULAR_SECONDS: Final = 23_400
PARTS: Final = ("pre_market", "us_regular", "after_hours")


class ScriptRefused(Refusal):
    """A script that no market could follow."""

    code = "script_refused"


class Written(NamedTuple):
    """A day's path while scripts are laid over it: roots, where stretches begin, and halts."""

    roots: list[Root]
    begins: list[int]
    """Seconds."""
    halts: list[tuple[Instant, Instant]]


class ScriptedCourse(Course):
    """A primary contract's course with scripts over it."""

    def __init__(self, base: Course, draws: Draws, woods: Woods) -> None:
        """Take the course as it would be, draws of kind `bridge`, and the base's woods."""
        super().__init__(base.contract, base.calendar)
        self.has_trades, self.has_volume = base.has_trades, base.has_volume
        self.is_extended, self.has_quotes = base.is_extended, base.has_quotes
        self._base, self._draws, self._woods = base, draws, woods
        self._scripts: dict[int, list[Script]] = {}
        self._factors: list[tuple[int, Fraction]] = []

    def add(self, scripts: Iterable[Script]) -> None:
        """Lay scripts over the course; what was built of its days is forgotten.

        Raises:
            ScriptRefused: they are too many of one day, or move its level out of all bounds.
        """
        for script in scripts:
            of_the_day = self._scripts.setdefault(self.place_at(script.start), [])
            if len(of_the_day) >= DAY_SCRIPTS_MAX:
                raise ScriptRefused(f"A market follows at most {DAY_SCRIPTS_MAX} scripts a day.")
            of_the_day.append(script)
        self._kept.clear()
        self._closings.clear()
        self._factors.clear()
        self._work_out()

    def _work_out(self) -> None:
        """Find the factor that each scripted day leaves for those after it."""
        for place in sorted(self._scripts):
            factor = self._written(place)[1]
            if not LEVEL_MIN <= factor <= LEVEL_MAX:
                raise ScriptRefused(
                    f"Scripts move a market to {LEVEL_MAX:,} times its level at most, and to a "
                    "hundredth of it at least."
                )
            self._factors.append((place, factor))

    def factor(self, place: int) -> Fraction:
        """Return the level at which a session begins, over what it would be."""
        index = bisect_right(self._factors, place - 1, key=lambda known: known[0]) - 1
        return SAME if index < 0 else self._factors[index][1]

    def _written(self, place: int) -> tuple[Written, Fraction]:
        """Return a session's path with its scripts, and the level it leaves."""
        day = self._base.day(place)
        assert isinstance(day, TreeDay)
        factor = self.factor(place)
        written = Written(
            [shifted(root, factor) for root in day.roots],
            [stretch.start // SECOND for stretch in day.stretches],
            list(day.halts),
        )
        for script in self._scripts.get(place, ()):
            writer = Writer(self, place, day.session, written)
            written, change = writer.follow(script)
            factor *= change
        return written, factor

    def build(self, place: int, session: Session) -> Day:
        """Return the path of a session's day."""
        base = self._base.day(place)
        assert isinstance(base, TreeDay)
        if place not in self._scripts and self.factor(place) == SAME:
            return base
        roots, begins, halts = self._written(place)[0]
        breaks = Breaks(tuple(halts), tuple(begins))
        return TreeDay(place, session, roots, base.lens, (1, 1), breaks)

    def regular(self, place: int) -> Sequence[Root] | None:
        """Return the roots of regular hours alone, of days that no script has touched."""
        if place in self._scripts or self.factor(place) != SAME:
            return None
        return self._base.regular(place)

    def bar(self, place: int, *, extended: bool) -> Hidden | None:
        """Return the bar of a session's regular (or all) hours in hidden prices."""
        if place in self._scripts:
            day = self.day(place)
            assert isinstance(day, TreeDay)
            nodes = [root.node for root in (day.roots if extended else day.regular)]
            return merged(nodes) if nodes else None
        bar = self._base.bar(place, extended=extended)
        factor = self.factor(place)
        if bar is None or factor == SAME:
            return bar
        o, high, low, c, volume, trades = bar
        prices = [times(x, factor) for x in (o, high, low, c)]
        return prices[0], prices[1], prices[2], prices[3], volume, trades

    def price(self, place: int, price: Price) -> int:
        """Return the hidden price that is a price on a session's day."""
        return int(Fraction(price) / self.unit(place) + Fraction(1, 2))

    def segment(self, place: int, hours: tuple[int, int], prices: tuple[int, int]) -> Root:
        """Return the root from one price to another, busy and wild as that day's hours are."""
        start, end = hours
        session = self.session(place)
        words = self._draws.words(start, end)
        sd = self._base.sd(place) * prices[0]
        variance = sd * sd * (end - start) / REGULAR_SECONDS
        above, below = reach(float(prices[0]), float(prices[1]), variance, words[0], words[1])
        high = max(*prices, int(above + 0.5))
        low = max(1, min(*prices, int(below + 0.5)))
        volume, count = self._busy(place, hours)
        bar = (prices[0], high, low, prices[1])
        count = max(least_trades(bar), count)
        node = (start, end, *bar, max(count, volume), count)
        kind, first, last = part_of(session, start, is_pair=isinstance(self._base, PairCourse))
        return Root(node, self._woods.tree(kind, first, last))

    def _busy(self, place: int, hours: tuple[int, int]) -> tuple[int, int]:
        day = self._base.day(place)
        assert isinstance(day, TreeDay)
        nodes = walk.bars(day.roots, list(hours))
        return (nodes[0][6], nodes[0][7]) if nodes else (0, 0)

    @property
    def splits(self) -> Splits:
        """The contract's splits so far."""
        return self._base.splits

    def shares(self, place: int, later: int) -> Fraction:
        """Return how many shares of a later session one of an earlier one has become."""
        return self._base.shares(place, later)

    def view(self, place: int, reading: Reading) -> View | None:
        """Return how x reads all through a session's day; None where that changes, or is not."""
        return self._base.view(place, reading)

    def unit(self, place: int) -> Fraction:
        """Return the price of one hidden unit on a session's day."""
        return self._base.unit(place)

    def origin(self, place: int) -> str:
        """Say where a session's prices come from."""
        if place in self._scripts or self.factor(place) != SAME:
            return "scripted"
        return self._base.origin(place)

    def dividends(self, first: int, last: int) -> Sequence[Dividend]:
        """Return the dividends with ex-days from a place to a place, both included."""
        return self._base.dividends(first, last)

    def size(self, price: int, side: Side, at: int) -> Size:
        """Return the size shown at a price in increments at an instant."""
        return self._base.size(price, side, at)

    def margin(self) -> Decimal:
        """Return how far at most a quote is from where x trades."""
        return self._base.margin()

    def usual_volume(self, place: int) -> float:
        """Return the usual volume of a session in the path's sizes."""
        return self._base.usual_volume(place)

    def early_volume(self, place: int) -> int:
        """Return what the path trades before regular hours."""
        if place not in self._scripts:
            return self._base.early_volume(place)
        day = self.day(place)
        assert isinstance(day, TreeDay)
        opens = day.session.open // SECOND
        volume = 0
        for root in day.roots:
            if root.node[0] < opens:
                volume += root.node[6]
        return volume


class Writer:
    """Lays one script over a day."""

    def __init__(
        self, course: ScriptedCourse, place: int, session: Session, written: Written
    ) -> None:
        """Take the day as the scripts before have left it."""
        self._course, self._place, self._session = course, place, session
        self._written = written
        self._first, self._last = session.pre_open // SECOND, session.post_close // SECOND

    def follow(self, script: Script) -> tuple[Written, Fraction]:
        """Return the day with the script, and by what it changes the level of what follows."""
        if isinstance(script, JumpScript):
            return self._jump(script)
        if isinstance(script, HaltScript):
            return self._halt(script)
        return self._path(script)

    def _stands(self, second: int) -> int:
        """Return the x that stands just before a second."""
        begins = [begin for begin in self._written.begins if begin < second]
        inside = [root for root in self._written.roots if root.node[0] < second]
        assert inside, "the day has begun"
        state = walk.state_at(inside, second * SECOND - 1)
        if state is None or (begins and state.at < begins[-1] * SECOND):
            return next(r.node[2] for r in inside if r.node[0] >= begins[-1])
        return state.x

    def _joined(self, start: int, until: int, middle: Sequence[Root], change: Fraction) -> Written:
        """Keep the day to `start`, put in the middle, go on from `until` at another level."""
        roots, begins, halts = self._written
        before = list(cut_roots(roots, self._first, start))
        after = [shifted(root, change) for root in cut_roots(roots, until, self._last)]
        starts = {root.node[0] for root in middle}
        kept = [begin for begin in begins if begin < start]
        later = [begin for begin in begins if begin >= until]
        if after and (middle or until > start or change != SAME):
            later.append(after[0].node[0])
        ordered = sorted({*kept, *starts, *later})
        return Written([*before, *middle, *after], ordered, halts)

    def _jump(self, script: JumpScript) -> tuple[Written, Fraction]:
        change = 1 + Fraction(script.change)
        start = max(self._first, -(-script.start // SECOND))
        if start >= self._last:
            return self._written, change
        return self._joined(start, start, (), change), change

    def _halt(self, script: HaltScript) -> tuple[Written, Fraction]:
        start, until = -(-script.start // SECOND), -(-script.until // SECOND)
        stood = self._stands(start)
        change = SAME
        if until < self._last:
            reopens = stood * (1 + Fraction(script.change))
            change = reopens / max(1, self._stands(until))
        written = self._joined(start, min(until, self._last), (), change)
        halts = [*written.halts, (start * SECOND, min(until, self._last) * SECOND)]
        return Written(written.roots, written.begins, halts), change

    def _path(self, script: PathScript) -> tuple[Written, Fraction]:
        start = max(self._first, -(-script.start // SECOND))
        pins = [
            (pin.at // SECOND, self._course.price(self._place, pin.price)) for pin in script.pins
        ]
        begin = self._stands(start) if start > self._first else self._written.roots[0].node[2]
        points = [(start, begin), *pins]
        last, price = points[-1]
        goes = self._stands(last)
        change = Fraction(price, max(1, goes))
        until = last
        if script.afterwards is Afterwards.RETURN:
            until = min(self._last, max(last + 1, last + script.back // SECOND))
            points.append((until, self._stands(until)))
            change = SAME
        points = self._parted(points)
        segments = [
            self._course.segment(self._place, (a, b), (x, y))
            for (a, x), (b, y) in pairwise(points)
            if a < b
        ]
        return self._joined(start, until, segments, change), change

    def _parted(self, points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Put a point on the way where the hours change."""
        found = [points[0]]
        for (a, x), (b, y) in pairwise(points):
            edges = (self._session.open // SECOND, self._session.close // SECOND)
            found += [(edge, x + (y - x) * (edge - a) // (b - a)) for edge in edges if a < edge < b]
            found.append((b, y))
        return found


def part_of(session: Session, second: int, *, is_pair: bool) -> tuple[str, int, int]:
    """Return the kind of hours that a second is in, and their first and last second."""
    edges = (session.pre_open, session.open, session.close, session.post_close)
    if is_pair:
        return "fx", session.open // SECOND, session.close // SECOND
    for kind, (start, end) in zip(PARTS, pairwise(edges), strict=True):
        if second * SECOND < end:
            return kind, start // SECOND, end // SECOND
    return PARTS[-1], session.close // SECOND, session.post_close // SECOND


def times(x: int, factor: Fraction) -> int:
    """Return a hidden price times a factor, to the nearest unit and at least one."""
    twice = 2 * x * factor.numerator + factor.denominator
    return max(1, twice // (2 * factor.denominator))


def shifted(root: Root, factor: Fraction) -> Root:
    """Return a root at another level."""
    if factor == SAME:
        return root
    a, b, *prices, volume, count = root.node
    o, high, low, c = (times(x, factor) for x in prices)
    node: Node = (a, b, o, high, low, c, volume, count)
    assert is_valid(node)
    if root.tape is None:
        return Root(node, root.tree)
    return Root(node, None, tuple((at, times(x, factor), size) for at, x, size in root.tape))


def checked(script: Script, course: Course | None) -> None:
    """Refuse a script that its contract's market cannot follow.

    Raises:
        ScriptRefused: the contract follows another or has no data; pins do not ascend, or are in
            no session's day with the start; a price is not above zero, or out of all bounds.
    """
    if not isinstance(course, PrimaryCourse | PairCourse | ScriptedCourse):
        raise ScriptRefused("Script a stock, an index or a pair against its primary currency.")
    if isinstance(script, PathScript):
        if not script.pins or not all(_is_price(pin.price, course) for pin in script.pins):
            raise ScriptRefused(
                "A path needs pins, and their prices are an increment above zero at least and "
                f"{PRICE_MAX:,} at most."
            )
        _in_one_day([script.start, *(pin.at for pin in script.pins)], course)
        return
    if not (script.change.is_finite() and -1 < script.change < LEVEL_MAX):
        raise ScriptRefused(
            f"A price stays above zero: change must be above -1, and below {LEVEL_MAX:,}."
        )
    if isinstance(script, HaltScript):
        _in_one_day([script.start, script.until], course)


def _is_price(price: Price, course: Course) -> bool:
    """Say whether a contract could be at a price."""
    if not price.is_finite() or not 0 < price <= PRICE_MAX:
        return False
    return price >= course.contract.increment_at(price)


def _in_one_day(instants: Sequence[Instant], course: Course) -> None:
    if any(later // SECOND <= at // SECOND for at, later in pairwise(instants)):
        raise ScriptRefused("Instants ascend by a second at least, beginning with the start.")
    place = course.place_at(instants[0])
    session = course.session(max(0, place))
    if place < 0 or instants[0] <= session.pre_open or instants[-1] >= session.post_close:
        raise ScriptRefused("All instants are in the hours of one session's day.")
