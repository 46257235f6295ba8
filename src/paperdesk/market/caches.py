"""Caches: finished bars that were asked for, so that who asks again waits for nothing.

What is over never changes, so an answer from here is the answer that would be worked out.
"""

from collections import OrderedDict
from typing import Final, NamedTuple

from paperdesk.base.ids import Conid
from paperdesk.market.source import Bar, BarSize, Reading

BARS_MAX: Final = 40_000
"""Bars kept of all contracts together, some 600 bytes each."""


class Kind(NamedTuple):
    """What bars are of; `era` is the place of the split in whose shares they are told, or -1."""

    conid: Conid
    size: BarSize
    reading: Reading
    is_extended: bool
    era: int


class Running(NamedTuple):
    """The bars that are over of the part of a session that is not: the first `done` of it."""

    place: int
    part: int
    done: int
    bars: list[Bar]


class Shelf:
    """The bars of one kind: a list for each session's place and part of it."""

    __slots__ = ("_cache", "_rows", "kind", "running")

    def __init__(self, cache: "BarCache", kind: Kind) -> None:
        """Begin empty."""
        self._cache, self.kind = cache, kind
        self.running: Running | None = None
        self._rows: OrderedDict[tuple[int, int], list[Bar]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many lists there are."""
        return len(self._rows)

    def get(self, place: int, part: int = 0) -> list[Bar] | None:
        """Return the bars of a part of a session, or None where they are not here."""
        return self._rows.get((place, part))

    def put(self, bars: list[Bar], place: int, part: int = 0) -> None:
        """Keep the bars of a part of a session that is over; nobody changes the list."""
        if self._cache.holds(self):
            self._rows[place, part] = bars
            self._cache.grow(1 + len(bars))

    def drop_oldest(self) -> int:
        """Forget what was put here first; return how much that was."""
        return 1 + len(self._rows.popitem(last=False)[1])


class BarCache:
    """Shelves of bars, of which the longest unused are emptied first."""

    def __init__(self, bars_max: int = BARS_MAX) -> None:
        """Hold at most so many bars; an empty list counts as one."""
        self._bars_max, self._count = bars_max, 0
        self._shelves: OrderedDict[Kind, Shelf] = OrderedDict()

    def shelf(self, kind: Kind) -> Shelf:
        """Return the shelf of a kind."""
        shelf = self._shelves.get(kind)
        if shelf is None:
            shelf = self._shelves[kind] = Shelf(self, kind)
        else:
            self._shelves.move_to_end(kind)
        return shelf

    def holds(self, shelf: Shelf) -> bool:
        """Say whether a shelf is still one of these: not thrown away while somebody had it."""
        return self._shelves.get(shelf.kind) is shelf

    def grow(self, count: int) -> None:
        """Make room for so many more bars, which have been put already."""
        self._count += count
        while self._count > self._bars_max:
            kind, shelf = next(iter(self._shelves.items()))
            if len(shelf):
                self._count -= shelf.drop_oldest()
            else:
                del self._shelves[kind]

    def clear(self) -> None:
        """Forget everything: the market has been told to go another way."""
        self._shelves.clear()
        self._count = 0
