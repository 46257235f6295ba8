"""Days: one contract's path through one session's day, and all questions to it in hidden prices.

Between trades the path stands; where a root begins it shows that root's open. Trades alone are
what prints; what stands is what quotes follow.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from paperdesk.base.calendar import Session
from paperdesk.base.units import SECOND, Instant
from paperdesk.market import touches, walk
from paperdesk.market.lenses import Lens
from paperdesk.market.nodes import Node
from paperdesk.market.touches import Reader, Step
from paperdesk.market.tree import Root
from paperdesk.market.walk import State


class Shown(NamedTuple):
    """What stands at an instant, and what has traded in the day by then, if anything."""

    x: int
    traded: State | None


class Stretch(NamedTuple):
    """From `start` to before `end` (microseconds) one part of a path; `opens` stands at first."""

    start: Instant
    end: Instant
    opens: int


class Trail(NamedTuple):
    """A level that follows an extreme reading: see `touches.trailing_touch`."""

    readers: Sequence[Reader]
    extreme: int
    level: Callable[[int], int]
    is_rising: bool


class Day(Protocol):
    """A path through a session's day. Instants are microseconds, edges UTC seconds."""

    @property
    def is_stepped(self) -> bool:
        """Whether x changes when a second begins, and not by trades."""

    @property
    def place(self) -> int:
        """The session's place in its calendar."""

    @property
    def session(self) -> Session:
        """The session's hours."""

    @property
    def lens(self) -> Lens:
        """How x reads."""

    @property
    def stretches(self) -> Sequence[Stretch]:
        """The parts of the path, in order."""

    def shown(self, at: Instant) -> Shown | None:
        """Return what stands at an instant; None before the first stretch begins."""

    def stands(self, at: Instant) -> int | None:
        """Return the x of `shown`, without minding that questions go back in time."""

    def traded(self, at: Instant) -> State | None:
        """Return what has traded in regular hours up to an instant."""

    def bars(self, edges: Sequence[int], until: Instant | None, *, regular: bool) -> list[Node]:
        """Return the bars of trades between edges, without the empty ones."""

    def touch(
        self, stretch: int, steps: Sequence[Step], after: Instant, before: Instant, *, quotes: bool
    ) -> tuple[Instant, int] | None:
        """Return instant and x of the first touch; with quotes what stands can touch too."""

    def trail(
        self, stretch: int, trail: Trail, after: Instant, before: Instant, *, quotes: bool
    ) -> tuple[Instant, int, int] | None:
        """Return instant, x and extreme of the first touch of a trailing level."""

    def extremes(self, after: Instant, to: Instant) -> tuple[int, int] | None:
        """Return the highest and lowest x that trades in `(after, to]`, or None."""

    def volume(self, volume: int) -> int:
        """Return in the contract's sizes what the path has traded since the day began."""

    def volume_before(self, second: int) -> int:
        """Return what the path, in its own sizes, has traded before a second."""

    def is_halted(self, at: Instant) -> bool:
        """Say whether trading is stopped inside a session."""


class TreeDay:
    """A day that consists of roots.

    Args:
        place: of the session in its calendar.
        session: its hours.
        roots: of all hours, in order.
        lens: how x reads.
        share: numerator and denominator of the path's volume that is the contract's.
        halts: from when to when trading is stopped.
    """

    is_stepped = False

    def __init__(
        self,
        place: int,
        session: Session,
        roots: Sequence[Root],
        lens: Lens,
        share: tuple[int, int] = (1, 1),
        halts: Sequence[tuple[Instant, Instant]] = (),
    ) -> None:
        """Have all roots at hand."""
        self.halts = tuple(halts)
        self.place, self.session, self.lens = place, session, lens
        self.roots = tuple(roots)
        starts = [root.node[0] * SECOND for root in self.roots]
        ends = [*starts[1:], session.post_close]
        self.stretches = tuple(
            Stretch(start, end, root.node[2])
            for start, end, root in zip(starts, ends, self.roots, strict=True)
        )
        first, last = session.open, session.close
        self.regular = tuple(
            root for root, start in zip(self.roots, starts, strict=True) if first <= start < last
        )
        self._starts = starts
        self._share = share
        self._cursor, self._seen = walk.Cursor(self.roots), -1
        self._regular_cursor, self._regular_seen = walk.Cursor(self.regular), -1

    def seen(self, lens: Lens, share: tuple[int, int]) -> "TreeDay":
        """Return the same path as another contract's."""
        return TreeDay(self.place, self.session, self.roots, lens, share, self.halts)

    def shown(self, at: Instant) -> Shown | None:
        """Return what stands at an instant; None before the first root begins."""
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return None
        if at < self._seen:
            self._cursor = walk.Cursor(self.roots)
        self._seen = at
        state = self._cursor.at(at)
        if state is None or state.at < self._starts[index]:
            return Shown(self.roots[index].node[2], state)
        return Shown(state.x, state)

    def stands(self, at: Instant) -> int | None:
        """Return the x of `shown`, without minding that questions go back in time."""
        index = bisect_right(self._starts, at) - 1
        return None if index < 0 else self._standing(index, at)

    def traded(self, at: Instant) -> State | None:
        """Return what has traded in regular hours up to an instant."""
        if at < self._regular_seen:
            self._regular_cursor = walk.Cursor(self.regular)
        self._regular_seen = at
        return self._regular_cursor.at(at)

    def bars(self, edges: Sequence[int], until: Instant | None, *, regular: bool) -> list[Node]:
        """Return the bars of trades between edges, without the empty ones."""
        return walk.bars(self.regular if regular else self.roots, edges, until)

    def touch(
        self, stretch: int, steps: Sequence[Step], after: Instant, before: Instant, *, quotes: bool
    ) -> tuple[Instant, int] | None:
        """Return instant and x of the first touch; with quotes what stands can touch too."""
        standing = self._standing(stretch, after) if quotes else None
        roots = self.roots[stretch : stretch + 1]
        return touches.first_touch(roots, steps, after, before, standing)

    def trail(
        self, stretch: int, trail: Trail, after: Instant, before: Instant, *, quotes: bool
    ) -> tuple[Instant, int, int] | None:
        """Return instant, x and extreme of the first touch of a trailing level."""
        return touches.trailing_touch(
            self.roots[stretch : stretch + 1],
            trail.readers,
            trail.extreme,
            trail.level,
            after,
            before,
            rising=trail.is_rising,
            standing=self._standing(stretch, after) if quotes else None,
        )

    def _standing(self, stretch: int, at: Instant) -> int:
        if at < self._starts[stretch]:
            return self.roots[stretch].node[2]
        state = walk.state_at(self.roots[stretch : stretch + 1], at)
        return self.roots[stretch].node[2] if state is None else state.x

    def extremes(self, after: Instant, to: Instant) -> tuple[int, int] | None:
        """Return the highest and lowest x that trades in `(after, to]`, or None."""
        return walk.extremes(self.roots, after, to)

    def volume(self, volume: int) -> int:
        """Return in the contract's sizes what the path has traded since the day began."""
        numerator, denominator = self._share
        return volume * numerator // denominator

    def volume_before(self, second: int) -> int:
        """Return what the path, in its own sizes, has traded before a second."""
        if self._share == (1, 1):
            return 0
        state = walk.state_at(self.roots, second * SECOND - 1)
        return 0 if state is None else state.volume

    def is_halted(self, at: Instant) -> bool:
        """Say whether trading is stopped inside a session."""
        return any(start <= at < end for start, end in self.halts)
