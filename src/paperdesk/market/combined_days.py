"""Combined: pairs whose rate is a product or quotient of legs, at every whole second.

The rate of second k is that of the legs at the very instant at which it begins, until the next
second. Highs and lows are found by bounds: an interval whose legs cannot together exceed what has
been found is not entered.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from operator import itemgetter
from typing import Final, TypeAlias

from paperdesk.base.calendar import Session
from paperdesk.base.units import SECOND, Instant
from paperdesk.market.days import Shown, Stretch, Trail, TreeDay
from paperdesk.market.intervals import Formula, Interval, Piece, halved, is_listed, pieces_between
from paperdesk.market.lenses import PairLens
from paperdesk.market.nodes import Node
from paperdesk.market.touches import Step
from paperdesk.market.tree import tape_of
from paperdesk.market.walk import State

NOWHERE: Final = 1 << 62
NODES_KEPT: Final = 20_000
UPPER_SECONDS_MIN: Final = 900
"""The halves of intervals at least so long are kept: some two hundred a day."""


Nodes: TypeAlias = dict[tuple[int, int], Node]
"""Bars by their first and last (excluded) second."""


class CombinedDay:
    """A session's day of a pair that is made of legs."""

    is_stepped = True
    halts: tuple[tuple[int, int], ...] = ()

    def __init__(
        self,
        place: int,
        session: Session,
        legs: Sequence[TreeDay],
        formula: Formula,
        lens: PairLens,
        kept: Nodes | None = None,
    ) -> None:
        """Take the days of the legs, and where bars are kept."""
        self.place, self.session, self.lens = place, session, lens
        self._legs, self._formula = tuple(legs), formula
        self._kept = {} if kept is None else kept
        self._stepped: list[TreeDay] = []
        self._top: list[Interval] | None = None
        self._upper: dict[tuple[int, int], list[Interval]] = {}
        self._halves: dict[tuple[int, int], list[Interval]] = {}
        self._is_plain = all(
            [stretch.start // SECOND for stretch in leg.stretches]
            == [root.node[0] for root in leg.roots]
            for leg in legs
        )
        opens = formula.value([leg.stretches[0].opens for leg in legs])
        self.stretches = (Stretch(session.open, session.close, opens),)

    def _at(self, second: int) -> int:
        if not self._stepped:
            # Nobody else steps through these.
            self._stepped = [leg.seen(leg.lens, (1, 1)) for leg in self._legs]
        places = [leg.shown(second * SECOND) for leg in self._stepped]
        return self._formula.value([shown.x for shown in places if shown is not None])

    def shown(self, at: Instant) -> Shown | None:
        """Return what stands at an instant; None before the session begins."""
        if at < self.session.open:
            return None
        last = (self.session.close - 1) // SECOND
        return Shown(self._at(min(at // SECOND, last)), None)

    def stands(self, at: Instant) -> int | None:
        """Return the x of `shown`."""
        shown = self.shown(at)
        return None if shown is None else shown.x

    def traded(self, at: Instant) -> State | None:
        """Return the running bar of what has stood up to an instant."""
        first, last = self.session.open // SECOND, self.session.close // SECOND
        if at < self.session.open:
            return None
        until = min(last, at // SECOND + 1)
        ((_, _, o, high, low, c, _, _),) = self._searched([first, until])
        return State(c, (until - 1) * SECOND, 0, o, high, low, 0, 0)

    def bars(
        self,
        edges: Sequence[int],
        until: Instant | None,
        *,
        regular: bool,  # noqa: ARG002
    ) -> list[Node]:
        """Return the bars of what stands between edges; none is empty.

        Those that are over are kept: every reading of the pair is made of the same ones.
        """
        last = edges[-1] if until is None else min(edges[-1], until // SECOND + 1)
        ends = [edge for edge in edges[1:] if edge < last]
        if last > edges[0]:
            ends.append(last)
        if not ends:
            return []
        marks = [edges[0], *ends]
        kept = self._kept
        known = [kept.get(span) for span in pairwise(marks)]
        if all(known):
            return [node for node in known if node is not None]
        found = self._searched(marks)
        if len(kept) + len(found) > NODES_KEPT:
            kept.clear()
        kept.update((node[:2], node) for node in found if node[1] in edges)
        return found

    def _searched(self, marks: Sequence[int]) -> list[Node]:
        groups = self._grouped(marks)
        return [
            self._bar(start, end, group)
            for (start, end), group in zip(pairwise(marks), groups, strict=True)
        ]

    def _bar(self, start: int, end: int, inside: Sequence[Interval]) -> Node:
        o, c = self._open(start, inside[0]), self._close(end, inside[-1])
        high = self._furthest(inside, max(o, c), 1)
        low = -self._furthest(inside, -min(o, c), -1)
        self._halves.clear()
        return start, end, o, high, low, c, 1, 1

    def _open(self, start: int, interval: Interval) -> int:
        if not self._is_plain:
            return self._at(start)
        return self._formula.value([piece.stands_at(start) for piece in interval[2]])

    def _close(self, end: int, interval: Interval) -> int:
        return self._within(interval, end - 1) if self._is_plain else self._at(end - 1)

    def opens(self) -> int:
        """Return the x of the session's first second."""
        start = self.session.open // SECOND
        return self._open(start, next(self._inside(start, start + 1)))

    def closes(self) -> int:
        """Return the x of the session's last second."""
        end = self.session.close // SECOND
        *_, last = self._inside(self.session.open // SECOND, end)
        return self._close(end, last)

    def furthest(self, best: int, sign: int) -> int:
        """Return the session's greatest x (with the sign -1: of their negatives), or the best."""
        inside = list(self._inside(self.session.open // SECOND, self.session.close // SECOND))
        found = self._furthest(inside, best, sign)
        self._halves.clear()
        return found

    def _within(self, interval: Interval, second: int) -> int:
        """Return what stands when a second of an interval begins."""
        first, last, pieces = interval
        while last - first > 1 and not is_listed(pieces):
            left, right = self._halved(first, last, pieces)
            first, last, pieces = left if second < right[0] else right
        return self._formula.value([piece.listed_at(second) for piece in pieces])

    def _grouped(self, marks: Sequence[int]) -> list[list[Interval]]:
        """Return the intervals of the lattice between consecutive marks, in order."""
        groups: list[list[Interval]] = [[] for _ in marks[1:]]
        stack = list(reversed(self.wholes()))
        while stack:
            a, b, pieces = stack.pop()
            if b <= marks[0] or a >= marks[-1]:
                continue
            index = bisect_right(marks, a) - 1
            if index >= 0 and b <= marks[index + 1]:
                groups[index].append((a, b, pieces))
            else:
                stack += reversed(self._halved(a, b, pieces))
        return groups

    def _halved(self, a: int, b: int, pieces: Sequence[Piece]) -> list[Interval]:
        """Return an interval's halves; those of the upper levels are kept with the day."""
        kept = self._upper if b - a >= UPPER_SECONDS_MIN else self._halves
        halves = kept.get((a, b))
        if halves is None:
            halves = kept[a, b] = halved(a, b, pieces)
        return halves

    def _furthest(
        self,
        inside: Sequence[Interval],
        best: int,
        sign: int,
    ) -> int:
        """Return the greatest value (with the sign -1: of its negative), most promising first."""
        waiting = [self._promise(interval, sign) for interval in inside]
        heapify(waiting)
        while waiting:
            promise, _, interval = heappop(waiting)
            if -promise <= best:
                break
            first, last, pieces = interval
            if is_listed(pieces) or last - first == 1:
                best = max(best, *(sign * x for _, x in self._values(interval)))
                continue
            for half in self._halved(first, last, pieces):
                promised = self._promise(half, sign)
                if -promised[0] > best:
                    heappush(waiting, promised)
        return best

    def _promise(self, interval: Interval, sign: int) -> tuple[int, int, Interval]:
        bound = self._formula.bound(interval[2], is_high=sign > 0)
        return -sign * bound, interval[0], interval

    def _values(self, interval: Interval) -> Iterator[tuple[int, int]]:
        """Yield second and value wherever it may change in an interval whose trades are listed."""
        first, last, pieces = interval
        stands = [piece.stands for piece in pieces]
        changes = [
            (at // SECOND + 1, number, x)
            for number, piece in enumerate(pieces)
            for part in piece.parts
            for at, x, _ in tape_of(part, part.node) or ()
        ]
        # Trades of a leg within a second stay in their order: the last one counts.
        changes.sort(key=itemgetter(0))
        second = first
        for begins, number, x in changes:
            if begins >= last:
                break
            if begins > second:
                yield second, self._formula.value(stands)
                second = begins
            stands[number] = x
        yield second, self._formula.value(stands)

    def _inside(self, start: int, end: int) -> Iterator[Interval]:
        """Yield intervals of the lattice that make up `[start, end)`, in order."""
        stack = list(reversed(self.wholes()))
        while stack:
            a, b, pieces = stack.pop()
            if b <= start or a >= end:
                continue
            if a >= start and b <= end:
                yield a, b, pieces
                continue
            stack += reversed(self._halved(a, b, pieces))

    def wholes(self) -> list[Interval]:
        """Return the intervals that the roots of the legs give."""
        if self._top is None:
            self._top = self._joined()
        return self._top

    def _joined(self) -> list[Interval]:
        edges = {self.session.open // SECOND, self.session.close // SECOND}
        for leg in self._legs:
            edges.update(edge for root in leg.roots for edge in root.node[:2])
        ordered = sorted(edges)
        columns = [pieces_between(leg.roots, ordered) for leg in self._legs]
        return [
            (a, b, pieces)
            for (a, b), pieces in zip(pairwise(ordered), zip(*columns, strict=True), strict=True)
        ]

    def touch(
        self,
        stretch: int,  # noqa: ARG002
        steps: Sequence[Step],
        after: Instant,
        before: Instant,
        *,
        quotes: bool,  # noqa: ARG002
    ) -> tuple[Instant, int] | None:
        """Return instant and x of the first second in `(after, before]` that touches."""
        (_, _, up, down) = steps[0]
        rising = NOWHERE if up is None else up
        falling = -NOWHERE if down is None else down
        for interval in self._inside(after // SECOND + 1, before // SECOND + 1):
            stack = [interval]
            while stack:
                first, last, parts = here = stack.pop()
                high, low = self._formula.reach([piece.reach() for piece in parts])
                if high < rising and low > falling:
                    continue
                if not is_listed(parts) and last - first > 1:
                    stack += reversed(halved(first, last, parts))
                    continue
                for second, x in self._values(here):
                    if x >= rising or x <= falling:
                        return second * SECOND, x
        return None

    def trail(
        self,
        stretch: int,  # noqa: ARG002
        trail: Trail,
        after: Instant,
        before: Instant,
        *,
        quotes: bool,  # noqa: ARG002
    ) -> tuple[Instant, int, int] | None:
        """Return instant, x and extreme of the first touch of a trailing level."""
        read, extreme, sign = trail.readers[0].read, trail.extreme, -1 if trail.is_rising else 1
        for interval in self._inside(after // SECOND + 1, before // SECOND + 1):
            stack = [interval]
            while stack:
                first, last, parts = here = stack.pop()
                high, low = (read(x) for x in self._formula.reach([p.reach() for p in parts]))
                far, near = (high, low) if sign > 0 else (low, high)
                further = sign * max(sign * extreme, sign * far)
                if further == extreme and sign * near > sign * trail.level(extreme):
                    continue
                if not is_listed(parts) and last - first > 1:
                    stack += reversed(halved(first, last, parts))
                    continue
                for second, x in self._values(here):
                    extreme = sign * max(sign * extreme, sign * read(x))
                    if sign * read(x) <= sign * trail.level(extreme):
                        return second * SECOND, x, extreme
        return None

    def extremes(self, after: Instant, to: Instant) -> tuple[int, int] | None:
        """Return the highest and lowest x that stands in `(after, to]`, or None."""
        first = max(self.session.open // SECOND, after // SECOND + 1)
        last = min(self.session.close // SECOND, to // SECOND + 1)
        if first >= last:
            return None
        (node,) = self._searched([first, last])
        return node[3], node[4]

    def volume(self, volume: int) -> int:
        """Return a volume as it is: pairs tell none."""
        return volume

    def volume_before(self, second: int) -> int:  # noqa: ARG002
        """Return nothing: pairs tell no volume."""
        return 0

    def is_halted(self, at: Instant) -> bool:  # noqa: ARG002
        """Say no: pairs are not halted."""
        return False
