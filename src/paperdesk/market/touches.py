"""Touches: the first instant at which a price crosses a level.

What crosses is found by looking where a bar's high and low allow it: a walk in order of time
that skips every node whose range does not reach the level.

A trade touches at its instant. A quote stands between trades, and what a standing x means may
change without a trade when a cell ends; such a touch is at the cell's start.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import NamedTuple

from paperdesk.base.units import SECOND
from paperdesk.market.nodes import NEVER, Node
from paperdesk.market.tree import Root, enter, tape_of, tapes


class Step(NamedTuple):
    """From `start` up to before `end` (microseconds) these levels hold.

    Touched when x >= up or x <= down; None is no level.
    """

    start: int
    end: int
    up: int | None
    down: int | None


class Reader(NamedTuple):
    """From `start` up to before `end` (microseconds) x reads as `read(x)`, which never falls."""

    start: int
    end: int
    read: Callable[[int], int]


def next_touch(
    roots: Sequence[Root], up: int | None, down: int | None, after: int, before: int
) -> tuple[int, int] | None:
    """Return instant and x of the first trade in `(after, before]` with x >= up or x <= down."""
    rising = NEVER if up is None else up
    falling = -NEVER if down is None else down

    def reaches(node: Node) -> bool:
        return node[3] >= rising or node[4] <= falling

    for tape in tapes(roots, after, before, reaches):
        for at, x, _ in tape:
            if (x >= rising or x <= falling) and after < at <= before:
                return at, x
    return None


class _Search(ABC):
    """What a search knows on its way: where it is, what x stands, which spans have begun.

    A span is a step or a reader. What touches is said by the two kinds of search.
    """

    def __init__(
        self, spans: Sequence[tuple[int, int]], after: int, before: int, standing: int | None
    ) -> None:
        self.spans = spans
        self.after = after
        self.before = before
        self.x = 0 if standing is None else standing
        self.found: tuple[int, int, int] | None = None
        self._is_quote = standing is not None
        self._begun = 0
        self._current = 0

    def stands(self, to: int) -> bool:
        """Look at the standing x at the start of every span that begins up to an instant."""
        spans = self.spans
        while self._begun < len(spans) and spans[self._begun][0] <= min(to, self.before):
            index = self._begun
            self._begun += 1
            start = spans[index][0]
            if self._is_quote and start > self.after and self.touches(index, start, self.x):
                return True
        return False

    def trades(self, at: int, x: int) -> bool:
        """Look at a trade."""
        self.x = x
        if not self.after < at <= self.before:
            return False
        index = self.span_from(at)
        spans = self.spans
        return index < len(spans) and spans[index][0] <= at and self.touches(index, at, x)

    def span_from(self, instant: int) -> int:
        """Return the first span that ends after an instant, which does not go back."""
        spans, index = self.spans, self._current
        while index < len(spans) and spans[index][1] <= instant:
            index += 1
        self._current = index
        return index

    def inside(self, node: Node) -> range:
        """Return the spans that overlap a node."""
        spans, end = self.spans, node[1] * SECOND
        first = last = self.span_from(node[0] * SECOND)
        while last < len(spans) and spans[last][0] < end:
            last += 1
        return range(first, last)

    @abstractmethod
    def touches(self, index: int, at: int, x: int) -> bool:
        """Say whether x touches within a span, and keep where."""

    @abstractmethod
    def misses(self, node: Node) -> bool:
        """Say whether nothing in a node can touch; only then what is kept goes past it."""


class _Levels(_Search):
    """Levels that are given."""

    def __init__(
        self, steps: Sequence[Step], after: int, before: int, standing: int | None
    ) -> None:
        super().__init__([step[:2] for step in steps], after, before, standing)
        self._levels = [
            (NEVER if up is None else up, -NEVER if down is None else down)
            for _, _, up, down in steps
        ]

    def touches(self, index: int, at: int, x: int) -> bool:
        up, down = self._levels[index]
        if down < x < up:
            return False
        self.found = (at, x, x)
        return True

    def misses(self, node: Node) -> bool:
        if node[1] * SECOND <= self.after + 1 or node[0] * SECOND > self.before:
            return True
        h, low = node[3], node[4]
        inside = self.inside(node)
        if len(inside) > 1:
            # A span may begin before the first trade, while the old x stands.
            h, low = max(h, self.x), min(low, self.x)
        for index in inside:
            up, down = self._levels[index]
            if h >= up or low <= down:
                return False
        return True


class _Trailing(_Search):
    """A level that follows the extreme reading so far."""

    def __init__(
        self,
        readers: Sequence[Reader],
        trail: tuple[int, Callable[[int], int]],
        after: int,
        before: int,
        standing: int | None,
    ) -> None:
        super().__init__([reader[:2] for reader in readers], after, before, standing)
        self._reads = [reader.read for reader in readers]
        self.extreme, self.level = trail

    def touches(self, index: int, at: int, x: int) -> bool:
        price = self._reads[index](x)
        self.extreme = self.further(price)
        if not self.reaches(price, self.extreme):
            return False
        self.found = (at, x, self.extreme)
        return True

    def misses(self, node: Node) -> bool:
        a, b = node[0] * SECOND, node[1] * SECOND
        if b <= self.after + 1 or a > self.before:
            return True
        inside = self.inside(node)
        if not inside:
            return True
        start, end = self.spans[inside[0]]
        if len(inside) > 1 or start > a or end < b or a < self.after or b > self.before + 1:
            return False
        read = self._reads[inside[0]]
        near, far = self.ends(read(node[3]), read(node[4]))
        extreme = self.further(far)
        if self.reaches(near, extreme):
            return False
        self.extreme = extreme
        return True

    @abstractmethod
    def further(self, price: int) -> int:
        """Return the extreme with one more reading."""

    @abstractmethod
    def reaches(self, price: int, extreme: int) -> bool:
        """Say whether a reading touches the level of an extreme."""

    @abstractmethod
    def ends(self, high: int, low: int) -> tuple[int, int]:
        """Return of two readings the one nearer to the level, then the one further from it."""


class _Falling(_Trailing):
    """Below the highest reading."""

    def further(self, price: int) -> int:
        return max(price, self.extreme)

    def reaches(self, price: int, extreme: int) -> bool:
        return price <= self.level(extreme)

    def ends(self, high: int, low: int) -> tuple[int, int]:
        return low, high


class _Rising(_Trailing):
    """Above the lowest reading."""

    def further(self, price: int) -> int:
        return min(price, self.extreme)

    def reaches(self, price: int, extreme: int) -> bool:
        return price >= self.level(extreme)

    def ends(self, high: int, low: int) -> tuple[int, int]:
        return high, low


def first_touch(
    roots: Sequence[Root], steps: Sequence[Step], after: int, before: int, standing: int | None
) -> tuple[int, int] | None:
    """Return instant and x of the first touch in `(after, before]` of levels that change by step.

    Steps ascend and do not overlap; between them nothing is touched.
    With `standing` (the x before the first root) quotes are watched, not trades: x stands between
    trades, and a step that begins with x in its reach is touched at its start. With None only
    trades count.
    """
    found = _searched(_Levels(steps, after, before, standing), roots)
    return None if found is None else (found[0], found[1])


def trailing_touch(  # noqa: PLR0913 - a level that moves needs its two sides and its law
    roots: Sequence[Root],
    readers: Sequence[Reader],
    extreme: int,
    level: Callable[[int], int],
    after: int,
    before: int,
    *,
    rising: bool,
    standing: int | None,
) -> tuple[int, int, int] | None:
    """Return instant, x and extreme of the first touch in `(after, before]` of a trailing level.

    Falling: the extreme is the highest reading so far (from `extreme` on), and the touch is the
    first reading <= level(extreme). Rising: the lowest, and the first reading >= level(extreme).
    `level` never falls. Readers ascend and do not overlap; `standing` is as in `first_touch`.
    """
    kind = _Rising if rising else _Falling
    return _searched(kind(readers, (extreme, level), after, before, standing), roots)


def _searched(search: _Search, roots: Sequence[Root]) -> tuple[int, int, int] | None:
    for root in roots:
        if root.node[0] * SECOND > search.before:
            break
        if _searched_in(search, root):
            return search.found
    return search.found if search.stands(search.before) else None


def _searched_in(search: _Search, root: Root) -> bool:
    if root.tape is not None and search.stands(root.tape[0][0] - 1):
        return True
    pending = [root.node]
    while pending:
        node = pending.pop()
        # Trades of a tree come after the first microsecond of their node.
        if root.tape is None and search.stands(node[0] * SECOND):
            return True
        if search.misses(node):
            search.x = node[5]
            continue
        tape = tape_of(root, node)
        if tape is None:
            enter(root, node, pending)
            continue
        for at, x, _ in tape:
            if search.stands(at - 1) or search.trades(at, x):
                return True
    return False
