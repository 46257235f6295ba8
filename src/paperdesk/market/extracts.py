"""Extracts: the bars within one session's day, as they were known at an instant."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from paperdesk.base.units import SECOND, ZERO, Instant, Price, Size
from paperdesk.market import walk
from paperdesk.market.actions import ONE, adjusted
from paperdesk.market.courses import Course, PrimaryCourse
from paperdesk.market.days import Day, TreeDay
from paperdesk.market.lenses import View
from paperdesk.market.mapped import MappedCourse
from paperdesk.market.nodes import Node
from paperdesk.market.source import Bar, BarsAsked, Reading

Money: TypeAlias = Callable[[int], Price]


def money_of(step: Decimal, shares: Fraction) -> Money:
    """Return what turns numbers of a step into prices in later shares; each is made once."""
    made: dict[int, Price] = {}

    def money(number: int) -> Price:
        price = made.get(number)
        if price is None:
            price = made[number] = adjusted(number * step, shares)
        return price

    return money


def size_of(volume: int, shares: Fraction) -> Size:
    """Return a volume in later shares."""
    if shares is ONE or shares == ONE:
        return Decimal(volume)
    return Decimal(volume * shares.numerator // shares.denominator)


class Extract:
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
        self._hours: Day | None = None

    def bars(self, edges: Sequence[int]) -> list[Bar]:
        """Return the bars between edges (UTC seconds), without the empty ones."""
        if not self._is_traded:
            return self._quotes(edges)
        if self._roots is None:
            return self._traded(self._day(), edges)
        until = None if self._now >= edges[-1] * SECOND else self._now
        return self._bars(walk.bars(self._roots, edges, until), self._early(edges[0]))

    def _quoted_day(self) -> Day:
        """Return the day, or its regular hours alone where these are all that is asked for."""
        course, place = self._course, self._place
        if self._asked.outside_regular or not isinstance(course, PrimaryCourse | MappedCourse):
            return self._day()
        session, roots = course.session(place), course.regular(place)
        # Where no root begins with the hours, what stands at first is from before them.
        if not roots or roots[0].node[0] != session.open // SECOND:
            return self._day()
        return TreeDay(place, session, roots, course.lens(place, session))

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
        read, money = view.read, money_of(view.step, shares)
        has_volume, is_rising = course.has_volume, view.is_rising
        bars = []
        told, size = before * numerator // denominator, ZERO
        for a, _, o, h, low, c, v, n in nodes:
            top, bottom = (h, low) if is_rising else (low, h)
            if has_volume:
                before += v
                until = before * numerator // denominator
                size, told = size_of(until - told, shares), until
            prices = money(read(o)), money(read(top)), money(read(bottom)), money(read(c))
            bars.append(Bar(a * SECOND, *prices, size, n))
        return bars

    def _quotes(self, edges: Sequence[int]) -> list[Bar]:
        """Merge the pieces between cells, at whose start the standing price is quoted."""
        if self._hours is None:
            self._hours = self._quoted_day()
        day, now = self._hours, self._now
        lens = day.lens
        steps = lens.steps(self._asked.reading, edges[0], edges[-1])
        if not steps:
            return []
        opens = {stretch.start // SECOND: stretch.opens for stretch in day.stretches}
        views = {a: view for a, _, view in steps}
        inside = {*opens, *(edge // SECOND for halt in day.halts for edge in halt)}
        cuts = {second for second in inside if edges[0] < second < edges[-1]}
        pieces = sorted({*edges, *views, *cuts})
        until = None if now >= edges[-1] * SECOND else now
        nodes = {node[0]: node for node in day.bars(pieces, until, regular=False)}
        if day.is_stepped:
            opens |= {a: node[2] for a, node in nodes.items()}
        x = None if edges[0] in opens else day.stands(edges[0] * SECOND)
        halted = day.is_halted if day.halts else _never
        bars: dict[int, list[int]] = {}
        begins, start, view = set(edges), edges[0], steps[0][2]
        for a in pieces[:-1]:
            if a * SECOND > now:
                break
            start = a if a in begins else start
            view, x = views.get(a, view), opens.get(a, x)
            if x is None or halted(a * SECOND):
                continue
            node = nodes.get(a)
            prices = _quoted(view, x, node)
            if node is not None:
                x = node[5]
            bars[start] = _joined(bars.get(start), prices)
        # A reading counts in the same step all day long.
        money = money_of(steps[0][2].step, self._shares)
        return [
            Bar(at * SECOND, money(o), money(high), money(low), money(c), ZERO, 0)
            for at, (o, high, low, c) in bars.items()
        ]


def _never(_at: Instant) -> bool:
    return False


def _quoted(view: View, x: int, node: Sequence[int] | None) -> list[int]:
    read = view.read
    if node is None:
        price = read(x)
        return [price, price, price, price]
    high, low = max(x, node[3]), min(x, node[4])
    if not view.is_rising:
        high, low = low, high
    return [read(x), read(high), read(low), read(node[5])]


def _joined(before: list[int] | None, prices: list[int]) -> list[int]:
    if before is None:
        return prices
    high, low = max(before[1], prices[1]), min(before[2], prices[2])
    return [before[0], high, low, prices[3]]
