"""Combined: pairs whose rate is a product or quotient of legs, at every whole second.

The rate of second k is that of the legs at the very instant at which it begins, until the next
second. Highs and lows are found by bounds: an interval whose legs cannot together exceed what has
been found is not entered.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from itertools import pairwise
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

from paperdesk.base.calendar import Session
from paperdesk.base.units import SECOND, Instant
from paperdesk.market.days import Shown, Stretch, Trail, TreeDay
from paperdesk.market.lattice import cut
from paperdesk.market.lenses import PairLens
from paperdesk.market.nodes import Node, is_leaf
from paperdesk.market.roots import recorded
from paperdesk.market.touches import Step
from paperdesk.market.tree import Root, tape_of
from paperdesk.market.walk import State

NOWHERE: Final = 1 << 62


class Piece(NamedTuple):
    """A leg in an interval: what stands at its start, and the nodes in it, in order."""

    stands: int
    parts: tuple[Root, ...]

    def reach(self) -> tuple[int, int]:
        """Return what is never exceeded, up and down."""
        high = low = self.stands
        for part in self.parts:
            node = part.node
            high, low = max(high, node[3]), min(low, node[4])
        return high, low

    def ends(self) -> int:
        """Return what stands at the end."""
        return self.parts[-1].node[5] if self.parts else self.stands

    def halves(self, middle: int) -> tuple["Piece", "Piece"]:
        """Return the piece before a second and the one from it on."""
        left: list[Root] = []
        right: list[Root] = []
        for part in self.parts:
            pending = [part]
            while pending:
                one = pending.pop()
                if one.node[1] <= middle:
                    left.append(one)
                elif one.node[0] >= middle:
                    right.append(one)
                else:
                    pending += reversed(_opened(one, middle))
        stands = left[-1].node[5] if left else self.stands
        return Piece(self.stands, tuple(left)), Piece(stands, tuple(right))


def _opened(part: Root, middle: int) -> list[Root]:
    """Return the parts that a part consists of, cut at a second at the latest in its trades."""
    node = part.node
    tape = tape_of(part, node)
    if tape is None:
        assert part.tree is not None
        return [Root(half, part.tree) for half in part.tree.split(node) if half is not None]
    before = tuple(trade for trade in tape if trade[0] < middle * SECOND)
    after = tape[len(before) :]
    return [
        recorded(trades, start, end)
        for trades, start, end in ((before, node[0], middle), (after, middle, node[1]))
        if trades
    ]


Interval: TypeAlias = tuple[int, int, tuple[Piece, ...]]
"""First and last (excluded) second, and the legs there."""


class Formula:
    """How legs' hidden prices make the pair's: a constant, and which are multiplied."""

    def __init__(self, constant: Fraction, directions: Sequence[bool]) -> None:
        """Know the constant that turns units into units."""
        self._above, self._below = constant.numerator, constant.denominator
        self._directions = tuple(directions)

    def value(self, places: Sequence[int]) -> int:
        """Return the pair's hidden price of its legs', to the nearest unit."""
        above, below = self._above, self._below
        for x, is_direct in zip(places, self._directions, strict=True):
            if is_direct:
                above *= x
            else:
                below *= x
        return (2 * above + below) // (2 * below)

    def reach(self, reaches: Sequence[tuple[int, int]]) -> tuple[int, int]:
        """Return what the pair never exceeds, up and down, of its legs' highs and lows."""
        pairs = list(zip(reaches, self._directions, strict=True))
        high = self.value([reach[not is_direct] for reach, is_direct in pairs])
        return high, self.value([reach[is_direct] for reach, is_direct in pairs])


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
    ) -> None:
        """Take the days of the legs, which nobody else steps through."""
        self.place, self.session, self.lens = place, session, lens
        self._legs, self._formula = tuple(legs), formula
        opens = formula.value([leg.stretches[0].opens for leg in legs])
        self.stretches = (Stretch(session.open, session.close, opens),)

    def _at(self, second: int) -> int:
        places = [leg.shown(second * SECOND) for leg in self._legs]
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
        ((_, _, o, high, low, c, _, _),) = self.bars([first, until], None, regular=True)
        return State(c, (until - 1) * SECOND, 0, o, high, low, 0, 0)

    def bars(
        self,
        edges: Sequence[int],
        until: Instant | None,
        *,
        regular: bool,  # noqa: ARG002
    ) -> list[Node]:
        """Return the bars of what stands between edges; none is empty."""
        last = edges[-1] if until is None else min(edges[-1], until // SECOND + 1)
        ends = [edge for edge in edges[1:] if edge < last]
        if last > edges[0]:
            ends.append(last)
        found = []
        start = edges[0]
        for end in ends:
            found.append(self._bar(start, end))
            start = end
        return found

    def _bar(self, start: int, end: int) -> Node:
        o, c = self._at(start), self._at(end - 1)
        inside = list(self._inside(start, end))
        halves: dict[tuple[int, int], list[Interval]] = {}
        high = self._furthest(inside, max(o, c), 1, halves)
        low = -self._furthest(inside, -min(o, c), -1, halves)
        return start, end, o, high, low, c, 1, 1

    def _furthest(
        self,
        inside: Sequence[Interval],
        best: int,
        sign: int,
        halves: dict[tuple[int, int], list[Interval]],
    ) -> int:
        """Return the greatest value (with the sign -1: of its negative), most promising first."""
        waiting = [self._promise(interval, sign) for interval in inside]
        heapify(waiting)
        while waiting:
            promise, _, interval = heappop(waiting)
            if -promise <= best:
                break
            first, last, pieces = interval
            if _is_listed(pieces) or last - first == 1:
                best = max(best, *(sign * x for _, x in self._values(interval)))
                continue
            if (first, last) not in halves:
                halves[first, last] = _halved(first, last, pieces)
            for half in halves[first, last]:
                promised = self._promise(half, sign)
                if -promised[0] > best:
                    heappush(waiting, promised)
        return best

    def _promise(self, interval: Interval, sign: int) -> tuple[int, int, Interval]:
        high, low = self._formula.reach([piece.reach() for piece in interval[2]])
        return (-high if sign > 0 else low), interval[0], interval

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
        stack = list(reversed(self._wholes()))
        while stack:
            a, b, pieces = stack.pop()
            if b <= start or a >= end:
                continue
            if a >= start and b <= end:
                yield a, b, pieces
                continue
            stack += reversed(_halved(a, b, pieces))

    def _wholes(self) -> list[Interval]:
        """Return the intervals that the roots of the legs give."""
        edges = {self.session.open // SECOND, self.session.close // SECOND}
        for leg in self._legs:
            edges.update(edge for root in leg.roots for edge in root.node[:2])
        ordered = sorted(edges)
        columns = [_pieces(leg.roots, ordered) for leg in self._legs]
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
                if not _is_listed(parts) and last - first > 1:
                    stack += reversed(_halved(first, last, parts))
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
                if not _is_listed(parts) and last - first > 1:
                    stack += reversed(_halved(first, last, parts))
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
        node = self._bar(first, last)
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


def _is_listed(pieces: Sequence[Piece]) -> bool:
    return all(
        part.tape is not None or is_leaf(part.node) for piece in pieces for part in piece.parts
    )


def _halved(a: int, b: int, pieces: Sequence[Piece]) -> list[Interval]:
    middle = cut(a, b)
    halves = [piece.halves(middle) for piece in pieces]
    return [
        (a, middle, tuple(half[0] for half in halves)),
        (middle, b, tuple(half[1] for half in halves)),
    ]


def _pieces(roots: Sequence[Root], edges: Sequence[int]) -> list[Piece]:
    """Return a leg's piece between each two edges; where a root begins its open stands."""
    opens = {root.node[0]: root.node[2] for root in roots}
    rest = Piece(roots[0].node[2], tuple(roots))
    found = []
    for a, b in pairwise(edges):
        rest = Piece(opens.get(a, rest.stands), rest.parts)
        piece, rest = rest.halves(b)
        found.append(piece)
    return found
