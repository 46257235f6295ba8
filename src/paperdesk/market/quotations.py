"""Quotations: how far bid, ask and midpoint went in hours that are over.

Spread and phase change by the quarter of an hour. Only the quarters are looked into in which the
path went so far that a quote there can be the highest, or the lowest.
"""

from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from paperdesk.base.units import SECOND
from paperdesk.market.lenses import QUARTERS, StockLens
from paperdesk.market.nodes import Node
from paperdesk.market.readings import CELL, READ
from paperdesk.market.source import Reading
from paperdesk.market.tree import Root, tape_of


class Piece(NamedTuple):
    """From a second to before another: what stands at first, and what trades, if anything."""

    start: int
    end: int
    stands: int
    root: Root | None
    node: Node | None

    def furthest(self, *, is_up: bool) -> int:
        """Return the highest (or the lowest) x of the piece."""
        if self.node is None:
            return self.stands
        return max(self.stands, self.node[3]) if is_up else min(self.stands, self.node[4])


def pieces_of(
    roots: Sequence[Root], opens: Mapping[int, int], start: int, end: int
) -> list[Piece] | None:
    """Return the pieces of `[start, end)` that roots, and the time between them, make.

    `opens` says what stands where a stretch begins. None where nothing begins at the start, or a
    root reaches over an edge.
    """
    if not roots or roots[0].node[0] != start or start not in opens:
        return None
    stands, at = opens[start], start
    pieces: list[Piece] = []
    for root in roots:
        a, b = root.node[0], root.node[1]
        if a < at or b > end:
            return None
        if a > at:
            pieces.append(Piece(at, a, stands, None, None))
        stands = opens.get(a, stands)
        pieces.append(Piece(a, b, stands, root, root.node))
        stands, at = root.node[5], b
    if at < end:
        pieces.append(Piece(at, end, stands, None, None))
    return pieces


class Quotes:
    """A quote in hours that are over.

    Prices are in the steps of the reading.
    """

    def __init__(self, lens: StockLens, reading: Reading, pieces: Sequence[Piece]) -> None:
        """Know how the path reads, and how it goes."""
        self._lens, self._reading, self._pieces = lens, reading, pieces
        self._read, self._scale = READ[reading], lens.scale

    def opens(self) -> int:
        """Return the first price."""
        first = self._pieces[0]
        return self._at(first.stands, first.start)

    def closes(self) -> int:
        """Return the last price."""
        first, last = self._pieces[0], self._pieces[-1]
        x = last.stands if last.node is None else last.node[5]
        return self._at(x, max(first.start, (last.end - 1) // CELL * CELL))

    def _at(self, x: int, second: int) -> int:
        return self._read(self._scale.quarters(x), self._lens.cell(second))

    def furthest(self, best: int, sign: int) -> int:
        """Return the greatest price (with the sign -1: of their negatives), or the best before."""
        is_up = (sign > 0) is self._scale.is_rising
        waiting = []
        for piece in self._pieces:
            widest = self._lens.widest(piece.start, piece.end)
            waiting.append((-self._bound(piece, widest, sign, is_up=is_up), piece, widest))
        heapify(waiting)
        while waiting and -waiting[0][0] > best:
            _, piece, widest = heappop(waiting)
            if piece.node is None or piece.start // CELL == (piece.end - 1) // CELL:
                x = piece.furthest(is_up=is_up)
                for second in range(piece.start, piece.end, CELL):
                    best = max(best, sign * self._at(x, second // CELL * CELL))
                continue
            for part in _parts(piece):
                bound = self._bound(part, widest, sign, is_up=is_up)
                if bound > best:
                    heappush(waiting, (-bound, part, widest))
        return best

    def _bound(self, piece: Piece, widest: int, sign: int, *, is_up: bool) -> int:
        increments = self._scale.quarters(piece.furthest(is_up=is_up)) // QUARTERS
        return bound(self._reading, increments, widest, sign)


def bound(reading: Reading, increments: int, widest: int, sign: int) -> int:
    """Return what a quote is never above (with the sign -1: what its negative is never above).

    A bid is at or below its path by less than a spread, an ask above it by one at most.

    Args:
        reading: which quote.
        increments: whole ones at which the path was highest (lowest).
        widest: spread that the hours may have.
        sign: 1 or -1.
    """
    if reading is Reading.BID:
        return increments if sign > 0 else widest - 1 - increments
    if reading is Reading.ASK:
        return increments + widest if sign > 0 else -1 - increments
    return widest + 2 * increments if sign > 0 else widest - 2 - 2 * increments


def _parts(piece: Piece) -> Iterator[Piece]:
    """Yield the parts of a piece of more than one quarter of an hour, in which there is a node."""
    start, end, stands, root, node = piece
    assert root is not None
    assert node is not None
    tape = tape_of(root, node)
    if tape is not None:
        yield from _listed(piece, tape)
        return
    assert root.tree is not None
    left, right = root.tree.split(node)
    middle = left[1] if left is not None else right[0] if right is not None else end
    yield Piece(start, middle, stands, None if left is None else root, left)
    stands = stands if left is None else left[5]
    yield Piece(middle, end, stands, None if right is None else root, right)


def _listed(piece: Piece, tape: tuple[tuple[int, int, int], ...]) -> Iterator[Piece]:
    """Yield a piece's quarters of an hour, each as far as its trades went."""
    x = piece.stands
    for second in range(piece.start // CELL * CELL, piece.end, CELL):
        start, end = max(piece.start, second), min(piece.end, second + CELL)
        xs = [x, *(x for at, x, _ in tape if start * SECOND <= at < end * SECOND)]
        yield Piece(
            start, end, x, piece.root, (start, end, x, max(xs), min(xs), xs[-1], len(xs), len(xs))
        )
        x = xs[-1]
