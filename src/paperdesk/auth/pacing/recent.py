"""What was asked for last, of any number of things: memory that a crowd cannot fill."""

from collections.abc import Iterator
from typing import Generic, TypeVar

V = TypeVar("V")


class Recent(Generic[V]):
    """Values by name, of which the `size` used last are kept for certain and twice as many at most.

    There are two generations. What is used moves into the young one; when that is full it becomes
    the old one, and what nobody has used since goes. So a use costs one look into a dict, and
    nothing is ever sorted.
    """

    __slots__ = ("_old", "_size", "_young")

    def __init__(self, size: int) -> None:
        """Begin empty."""
        assert size > 0
        self._size = size
        self._young: dict[str, V] = {}
        self._old: dict[str, V] = {}

    def get(self, name: str) -> V | None:
        """Return a value that is still kept, and count that as a use of it."""
        value = self._young.get(name)
        if value is None and self._old:
            value = self._old.pop(name, None)
            if value is not None:
                self.put(name, value)
        return value

    def put(self, name: str, value: V) -> None:
        """Keep a value, in place of one of the same name."""
        if len(self._young) >= self._size and name not in self._young:
            self._old, self._young = self._young, {}
        self._old.pop(name, None)
        self._young[name] = value

    def pop(self, name: str) -> V | None:
        """Forget a value and return it; None where none was kept."""
        value = self._young.pop(name, None)
        return self._old.pop(name, None) if value is None else value

    def clear(self) -> None:
        """Forget everything."""
        self._young.clear()
        self._old.clear()

    def values(self) -> Iterator[V]:
        """Yield what is kept, what was put last at the end, without counting that as a use."""
        yield from self._old.values()
        yield from self._young.values()

    def __len__(self) -> int:
        """Return how many values are kept."""
        return len(self._young) + len(self._old)
