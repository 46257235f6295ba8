"""Days: one contract's path through one session's day, and all questions to it in hidden prices.

Between trades the path stands; where a root begins it shows that root's open. Trades alone are
what prints; what stands is what quotes follow.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple, Protocol

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
    def halts(self) -> Sequence[tuple[Instant, Instant]]:
        """From when to when trading is stopped."""

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


class Breaks(NamedTuple):
    """Where a day's path is interrupted.

    `halts` are from when to when trading is stopped. `begins` are the seconds at which a stretch
    begins; without it every root is one.
    """

    halts: tuple[tuple[Instant, Instant], ...] = ()
    begins: tuple[int, ...] | None = None


UNBROKEN: Final = Breaks()


class TreeDay:
    """A day that consists of roots.

    Args:
        place: of the session in its calendar.
        session: its hours.
        roots: of all hours, in order.
        lens: how x reads.
        share: numerator and denominator of the path's volume that is the contract's.
        breaks: where the path is interrupted.
    """

    is_stepped = False

    def __init__(
        self,
        place: int,
        session: Session,
        roots: Sequence[Root],
        lens: Lens,
        share: tuple[int, int] = (1, 1),
        breaks: Breaks = UNBROKEN,
    ) -> None:
        """Have all roots at hand."""
        self.place, self.session, self.lens = place, session, lens
        self.roots, self.halts = tuple(roots), breaks.halts
        first, last = session.open // SECOND, session.close // SECOND
        self.regular = tuple(root for root in self.roots if first <= root.node[0] < last)
        seconds = [root.node[0] for root in self.roots]
        firsts = list(range(len(seconds)))
        if breaks.begins is not None:
            firsts = sorted({bisect_left(seconds, second) for second in breaks.begins})
        self._groups = [
            self.roots[index:end]
            for index, end in zip_longest(firsts, firsts[1:])
            if index < len(seconds)
        ]
        self._starts = [group[0].node[0] * SECOND for group in self._groups]
        ends = [*self._starts[1:], session.post_close]
        self.stretches = tuple(
            Stretch(start, self._until(start, end), group[0].node[2])
            for start, end, group in zip(self._starts, ends, self._groups, strict=True)
        )
        self._share = share
        self._cursor, self._seen = walk.Cursor(self.roots), -1
        self._regular_cursor, self._regular_seen = walk.Cursor(self.regular), -1

    def _until(self, start: Instant, end: Instant) -> Instant:
        """Return the end of a stretch: a halt ends it early."""
        return min((halt for halt, _ in self.halts if start <= halt < end), default=end)

    def seen(self, lens: Lens, share: tuple[int, int]) -> "TreeDay":
        """Return the same path as another contract's."""
        breaks = Breaks(self.halts, tuple(start // SECOND for start in self._starts))
        return TreeDay(self.place, self.session, self.roots, lens, share, breaks)

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
            return Shown(self._groups[index][0].node[2], state)
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
        return touches.first_touch(self._groups[stretch], steps, after, before, standing)

    def trail(
        self, stretch: int, trail: Trail, after: Instant, before: Instant, *, quotes: bool
    ) -> tuple[Instant, int, int] | None:
        """Return instant, x and extreme of the first touch of a trailing level."""
        return touches.trailing_touch(
            self._groups[stretch],
            trail.readers,
            trail.extreme,
            trail.level,
            after,
            before,
            rising=trail.is_rising,
            standing=self._standing(stretch, after) if quotes else None,
        )

    def _standing(self, stretch: int, at: Instant) -> int:
        group = self._groups[stretch]
        state = None if at < self._starts[stretch] else walk.state_at(group, at)
        return group[0].node[2] if state is None else state.x

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
