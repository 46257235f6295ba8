"""Walk: all questions to a sequence of roots, in hidden prices.

Instants are microseconds; an instant's answer includes the trades at that very microsecond.
Edges of bars are whole UTC seconds.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from paperdesk.market.tree import Node, Root, Trade


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


def bars(roots: Sequence[Root], edges: Sequence[int], until: int | None = None) -> list[Node]:
    """Return the bars between consecutive edges (seconds, ascending), without the empty ones.

    Each bar is a node whose a and b are its edges. Trades after the instant `until` are left out.
    """
    raise NotImplementedError


def trades(roots: Sequence[Root], after: int, to: int) -> Iterator[Trade]:
    """Give the trades in `(after, to]`, oldest first."""
    raise NotImplementedError


def state_at(roots: Sequence[Root], instant: int) -> State | None:
    """Return what has traded up to an instant; None before the first trade."""
    raise NotImplementedError


class Cursor:
    """The state at instants that do not go back: cheap to step. See `state_at`."""

    def __init__(self, roots: Sequence[Root]) -> None:
        """Stand before the first trade."""
        raise NotImplementedError

    def at(self, instant: int) -> State | None:
        """Return the state at an instant, not before the last one asked for."""
        raise NotImplementedError


def cursor(roots: Sequence[Root]) -> Cursor:
    """Return a cursor that stands before the first trade."""
    return Cursor(roots)


def next_touch(
    roots: Sequence[Root], up: int | None, down: int | None, after: int, before: int
) -> tuple[int, int] | None:
    """Return instant and x of the first trade in `(after, before]` with x >= up or x <= down."""
    raise NotImplementedError


def first_touch(
    roots: Sequence[Root], steps: Sequence[Step], after: int, before: int, standing: int | None
) -> tuple[int, int] | None:
    """Return instant and x of the first touch in `(after, before]` of levels that change by step.

    With `standing` (the x before the first root) quotes are watched, not trades: x stands between
    trades, and a step that begins with x in its reach is touched at its start. With None only
    trades count.
    """
    raise NotImplementedError


def trailing_touch(  # noqa: PLR0913
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
    `level` never falls.
    """
    raise NotImplementedError


def extremes(roots: Sequence[Root], after: int, to: int) -> tuple[int, int] | None:
    """Return the highest and the lowest x traded in `(after, to]`, or None."""
    raise NotImplementedError
