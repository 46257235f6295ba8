"""Intervals: what the legs of a combined pair do between two cuts of the lattice."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from paperdesk.base.units import SECOND
from paperdesk.market.lattice import cut
from paperdesk.market.nodes import is_leaf
from paperdesk.market.roots import recorded
from paperdesk.market.tree import Root, tape_of


class Piece:
    """A leg in an interval: what stands at its start, the nodes in it, and how far it goes."""

    __slots__ = ("high", "low", "parts", "stands")

    def __init__(self, stands: int, parts: tuple[Root, ...]) -> None:
        """Take what stands and the nodes, in order."""
        self.stands, self.parts = stands, parts
        high = low = stands
        for part in parts:
            node = part[0]
            high = max(high, node[3])
            low = min(low, node[4])
        self.high, self.low = high, low

    def reach(self) -> tuple[int, int]:
        """Return what is never exceeded, up and down."""
        return self.high, self.low

    def stands_at(self, second: int) -> int:
        """Return what stands at the very instant at which the interval begins."""
        x = self.stands
        for part in self.parts[:1]:
            # Trees print nothing at a second's first microsecond, but what is listed may.
            for at, price, _ in part.tape or ():
                if at > second * SECOND:
                    break
                x = price
        return x

    def halves(self, middle: int) -> tuple["Piece", "Piece"]:
        """Return the piece before a second and the one from it on."""
        left: list[Root] = []
        right: list[Root] = []
        if len(self.parts) == 1:
            cut_there = _cut(self.parts[0], middle)
            if cut_there is not None:
                return self._beside(*cut_there)
        pending = list(reversed(self.parts))
        while pending:
            one = pending.pop()
            node = one[0]
            if node[1] <= middle:
                left.append(one)
            elif node[0] >= middle:
                right.append(one)
            else:
                pending += reversed(_opened(one, middle))
        stands = left[-1].node[5] if left else self.stands
        return Piece(self.stands, tuple(left)), Piece(stands, tuple(right))

    def _beside(self, left: Root | None, right: Root | None) -> tuple["Piece", "Piece"]:
        if left is None:
            return Piece(self.stands, ()), self if right is None else Piece(self.stands, (right,))
        return Piece(self.stands, (left,)), Piece(left[0][5], () if right is None else (right,))


def _cut(part: Root, middle: int) -> tuple[Root | None, Root | None] | None:
    """Return what a part is cut into where its tree cuts it at a second, as nearly always."""
    node, tree, tape = part
    if tree is None or tape is not None or is_leaf(node) or cut(node[0], node[1]) != middle:
        return None
    left, right = tree.split(node)
    return (
        None if left is None else Root(left, tree),
        None if right is None else Root(right, tree),
    )


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

    def bound(self, pieces: Sequence[Piece], *, is_high: bool) -> int:
        """Return what the pair is never above (else: never below) in pieces of its legs."""
        above, below = self._above, self._below
        for piece, is_direct in zip(pieces, self._directions, strict=True):
            x = piece.high if is_direct is is_high else piece.low
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


def is_listed(pieces: Sequence[Piece]) -> bool:
    """Say whether the trades of all legs are listed, and none of their bars splits."""
    for piece in pieces:
        for part in piece.parts:
            if part[2] is None and not is_leaf(part[0]):
                return False
    return True


def halved(a: int, b: int, pieces: Sequence[Piece]) -> list[Interval]:
    """Return the two intervals into which the lattice cuts one."""
    middle = cut(a, b)
    halves = [piece.halves(middle) for piece in pieces]
    return [
        (a, middle, tuple(half[0] for half in halves)),
        (middle, b, tuple(half[1] for half in halves)),
    ]


def pieces_between(roots: Sequence[Root], edges: Sequence[int]) -> list[Piece]:
    """Return a leg's piece between each two edges; where a root begins its open stands."""
    opens = {root.node[0]: root.node[2] for root in roots}
    rest = Piece(roots[0].node[2], tuple(roots))
    found = []
    for a, b in pairwise(edges):
        rest = Piece(opens.get(a, rest.stands), rest.parts)
        piece, rest = rest.halves(b)
        found.append(piece)
    return found
