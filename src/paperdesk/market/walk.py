"""Walk: the questions to a sequence of roots, in hidden prices.

All are walks in order of time that do not enter what they need not see. Instants are
microseconds; an instant's answer includes the trades at that very microsecond. Edges of bars are
whole UTC seconds. Levels are searched by `paperdesk.market.touches`.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from paperdesk.base.units import SECOND
from paperdesk.market.nodes import LEAF_TRADES, NEVER, Node, Trade
from paperdesk.market.touches import (
    Reader,
    Step,
    first_touch,
    next_touch,
    trailing_touch,
)
from paperdesk.market.tree import Root, enter, tape_of, tapes

__all__ = [
    "Cursor",
    "Reader",
    "State",
    "Step",
    "bars",
    "cursor",
    "extremes",
    "first_touch",
    "last_trade",
    "next_touch",
    "state_at",
    "traded",
    "trades",
    "trailing_touch",
]


class State(NamedTuple):
    """What has traded up to an instant: the last trade and the running bar since the first root."""

    x: int
    at: int
    size: int
    open: int
    high: int
    low: int
    volume: int
    trades: int


def last_trade(root: Root, node: Node) -> Trade:
    """Return the last trade of a node."""
    while True:
        tape = tape_of(root, node)
        if tape is not None:
            return tape[-1]
        assert root.tree is not None
        left, right = root.tree.split(node)
        node = right or left or node


def _pieces_of(root: Root, after: int, to: int, marks: Sequence[int]) -> Iterator[Node]:
    """Give a root's nodes and trades in `(after, to]` in order, none across a mark.

    Marks are seconds, ascending. A trade is given as the bar of itself, with its instant in
    place of a and 0 in place of b.
    """
    tree = root.tree
    if root.tape is not None or tree is None:
        yield from _told(root.tape or (), after, to)
        return
    # Nodes begin and end with seconds: whole ones are compared.
    over, last = (after + 1) // SECOND, to // SECOND
    begun, ended = after // SECOND, (to + 1) // SECOND
    mark, ends = 0, (*marks, NEVER)
    pending = [root.node]
    while pending:
        node = pending.pop()
        a, b = node[0], node[1]
        if b <= over or a > last:
            continue
        if a > begun and b <= ended:
            while ends[mark] <= a:
                mark += 1
            if b <= ends[mark]:
                yield node
                continue
        if node[7] <= LEAF_TRADES or b - a == 1:
            yield from _told(tree.tape(node), after, to)
        else:
            enter(root, node, pending)


def _told(tape: Sequence[Trade], after: int, to: int) -> Iterator[Node]:
    """Give trades in `(after, to]` as bars of themselves."""
    return ((at, 0, x, x, x, x, size, 1) for at, x, size in tape if after < at <= to)


def _pieces(roots: Sequence[Root], after: int, to: int, marks: Sequence[int]) -> Iterator[Node]:
    for root in roots:
        if root.node[0] * SECOND > to:
            return
        if root.node[1] * SECOND > after + 1:
            yield from _pieces_of(root, after, to, marks)


def bars(roots: Sequence[Root], edges: Sequence[int], until: int | None = None) -> list[Node]:
    """Return the bars between consecutive edges (seconds, ascending), without the empty ones.

    Each bar is a node whose a and b are its edges. Trades after the instant `until` are left out.
    """
    after, to = edges[0] * SECOND - 1, edges[-1] * SECOND - 1
    if until is not None and until < to:
        to = until
    made: list[Node] = []
    index, end = 0, edges[0]
    h = low = o = c = v = n = 0
    for a, b, o2, h2, l2, c2, v2, n2 in _pieces(roots, after, to, edges):
        second = a if b else a // SECOND
        if second >= end:
            if n:
                made.append((edges[index - 1], end, o, h, low, c, v, n))
            index = bisect_right(edges, second)
            end = edges[index]
            o, h, low, c, v, n = o2, h2, l2, c2, v2, n2
            continue
        h = max(h, h2)
        low = min(low, l2)
        c = c2
        v += v2
        n += n2
    if n:
        made.append((edges[index - 1], end, o, h, low, c, v, n))
    return made


def trades(roots: Sequence[Root], after: int, to: int) -> Iterator[Trade]:
    """Give the trades in `(after, to]`, oldest first."""
    for tape in tapes(roots, after, to, _always):
        yield from (trade for trade in tape if after < trade[0] <= to)


def _always(_node: Node) -> bool:
    return True


class Cursor:
    """The state at instants that do not go back: cheap to step.

    Nodes that are wholly passed are never split; what is kept is the stack of pending nodes and
    the leaf that is being read.
    """

    __slots__ = (
        "_high",
        "_index",
        "_low",
        "_next",
        "_open",
        "_passed",
        "_pending",
        "_place",
        "_roots",
        "_state",
        "_tape",
        "_trade",
        "_trades",
        "_volume",
        "_wake",
    )

    def __init__(self, roots: Sequence[Root]) -> None:
        """Stand before the first trade."""
        self._roots = roots
        self._next = 0
        self._pending: list[Node] = []
        self._tape: tuple[Trade, ...] = ()
        self._place = 0
        self._passed: tuple[Root, Node] | None = None
        self._trade: Trade | None = None
        self._open = self._volume = self._trades = 0
        self._high, self._low = -NEVER, NEVER
        self._state: State | None = None
        self._wake = -NEVER
        """Before this instant nothing more trades."""

    def at(self, instant: int) -> State | None:
        """Return the state at an instant, not before the last one asked for."""
        if instant < self._wake:
            return self._state
        before = self._trades
        while self._read(instant) and self._advance(instant):
            pass
        if self._trades != before:
            self._state = self._seen()
        return self._state

    def _read(self, instant: int) -> bool:
        """Take the leaf's trades up to an instant; say whether all of them are taken."""
        tape, place = self._tape, self._place
        while place < len(tape):
            trade = tape[place]
            if trade[0] > instant:
                self._place = place
                self._wake = trade[0]
                return False
            _, x, size = trade
            self._merge(x, x, x, size, 1)
            self._trade, self._passed = trade, None
            place += 1
        self._place = place
        return True

    def _advance(self, instant: int) -> bool:
        """Pass nodes up to a leaf that reaches beyond an instant; False when there is none."""
        pending = self._pending
        while True:
            if not pending:
                if self._next == len(self._roots):
                    self._wake = NEVER
                    return False
                pending.append(self._roots[self._next].node)
                self._next += 1
            node = pending[-1]
            if node[0] * SECOND > instant:
                self._wake = node[0] * SECOND
                return False
            pending.pop()
            root = self._roots[self._next - 1]
            if node[1] * SECOND <= instant + 1:
                self._merge(node[2], node[3], node[4], node[6], node[7])
                self._passed = (root, node)
                continue
            tape = tape_of(root, node)
            if tape is not None:
                self._tape, self._place = tape, 0
                return True
            enter(root, node, pending)

    def _merge(self, o: int, h: int, low: int, v: int, n: int) -> None:
        if not self._trades:
            self._open = o
        self._high = max(self._high, h)
        self._low = min(self._low, low)
        self._volume += v
        self._trades += n

    def _seen(self) -> State:
        if self._passed is not None:
            self._trade = last_trade(*self._passed)
            self._passed = None
        assert self._trade is not None
        at, x, size = self._trade
        return State(x, at, size, self._open, self._high, self._low, self._volume, self._trades)


def cursor(roots: Sequence[Root]) -> Cursor:
    """Return a cursor that stands before the first trade."""
    return Cursor(roots)


def state_at(roots: Sequence[Root], instant: int) -> State | None:
    """Return what has traded up to an instant; None before the first trade."""
    return Cursor(roots).at(instant)


def extremes(roots: Sequence[Root], after: int, to: int) -> tuple[int, int] | None:
    """Return the highest and the lowest x traded in `(after, to]`, or None."""
    high, low = -NEVER, NEVER
    for _, _, _, h, low_there, _, _, _ in _pieces(roots, after, to, ()):
        high, low = max(high, h), min(low, low_there)
    return None if high < low else (high, low)


def traded(roots: Sequence[Root], low: int, high: int, after: int, to: int) -> int:
    """Return the volume that traded at an x from low to high, both included, in `(after, to]`."""

    def reaches(node: Node) -> bool:
        return node[3] >= low and node[4] <= high

    return sum(
        size
        for tape in tapes(roots, after, to, reaches)
        for at, x, size in tape
        if low <= x <= high and after < at <= to
    )
