"""Intervals: what the legs of a combined pair do between two cuts of the lattice."""

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final, TypeAlias

from paperdesk.base.units import SECOND
from paperdesk.market.lattice import cut
from paperdesk.market.nodes import Node, Trade, is_leaf
from paperdesk.market.tree import Root, Tree, tape_of


class Piece:
    """A leg in an interval: what stands at its start, the nodes in it, and how far it goes."""

    __slots__ = ("high", "low", "parts", "stands")

    def __init__(self, stands: int, parts: tuple[Root, ...]) -> None:
        """Take what stands and the nodes, in order."""
        self.stands, self.parts = stands, parts
        high = low = stands
        for node, _, _ in parts:
            high, low = max(high, node[3]), min(low, node[4])
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

    def listed_at(self, second: int) -> int:
        """Return what stands when a second of the interval begins, where all trades are listed."""
        x = self.stands
        for part in self.parts:
            for at, price, _ in tape_of(part, part.node) or ():
                if at > second * SECOND:
                    return x
                x = price
        return x

    def halves(self, middle: int) -> tuple["Piece", "Piece"]:
        """Return the piece before a second and the one from it on."""
        left: list[Root] = []
        right: list[Root] = []
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


def _opened(part: Root, middle: int) -> list[Root]:
    """Return the parts that a part consists of, cut at a second at the latest in its trades."""
    node = part.node
    tape = tape_of(part, node)
    if tape is None:
        assert part.tree is not None
        return [Root(half, part.tree) for half in part.tree.split(node) if half is not None]
    count = bisect_left(tape, (middle * SECOND,))
    return [
        _listed(trades, start, end)
        for trades, start, end in ((tape[:count], node[0], middle), (tape[count:], middle, node[1]))
        if trades
    ]


def _listed(tape: tuple[Trade, ...], start: int, end: int) -> Root:
    """Return the root of given trades between two seconds; of pairs nobody asks the volume."""
    xs = [trade[1] for trade in tape]
    count = len(xs)
    return Root((start, end, xs[0], max(xs), min(xs), xs[-1], count, count), None, tape)


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
            if is_direct:
                above *= piece.high if is_high else piece.low
            else:
                below *= piece.low if is_high else piece.high
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
    lefts, rights = [], []
    for piece in pieces:
        parts = piece.parts
        node, tree, tape = parts[0] if parts else NOTHING
        # Nearly always a leg is one node, as long as the interval: its tree cuts it here too.
        if node[0] != a or node[1] != b or tape is not None or tree is None or is_leaf(node):
            left, right = piece.halves(middle)
        else:
            first, second = tree.split(node)
            left = _of_half(piece.stands, first, tree)
            right = _of_half(piece.stands if first is None else first[5], second, tree)
        lefts.append(left)
        rights.append(right)
    return [(a, middle, tuple(lefts)), (middle, b, tuple(rights))]


NOTHING: Final = Root((0, 0, 0, 0, 0, 0, 0, 0), None)


def _of_half(stands: int, node: Node | None, tree: Tree) -> Piece:
    """Return the piece of a half that one node makes, or none; see `Piece`."""
    piece = _new(Piece)
    piece.stands = piece.high = piece.low = stands
    if node is None:
        piece.parts = ()
        return piece
    piece.parts = (_root(Root, (node, tree, None)),)
    if node[3] > stands:
        piece.high = node[3]
    if node[4] < stands:
        piece.low = node[4]
    return piece


_new: Final = object.__new__
_root: Final = tuple.__new__
"""Makes a record without a look at what it is made of: pieces are made by the hundred thousand."""


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
