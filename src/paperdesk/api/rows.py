"""Rows: lists whose rows are encoded once for each state of what they are about.

Clients ask for their orders and trades again and again, and little has changed since: a row is
worked out anew only when its order has.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import Final, Generic, TypeVar
from weakref import WeakKeyDictionary

import msgspec

from paperdesk.api.live_orders import Row
from paperdesk.desk.desk import Desk
from paperdesk.kernel.state.world import World

T = TypeVar("T")

ROWS_MAX: Final = 20_000
"""Rows of a desk that are kept; when there are more, all are worked out anew."""

_encode = msgspec.json.Encoder(decimal_format="number").encode


class Rows(Generic[T]):
    """The encoded rows of one kind of thing.

    Args:
        tell: writes a thing as a row.
        name: what tells it from others of its desk.
        state: everything of it that may change in a row, compared by value.
    """

    def __init__(
        self,
        tell: Callable[[World, T], Row],
        name: Callable[[T], Hashable],
        state: Callable[[T], tuple[object, ...]],
    ) -> None:
        """Keep no rows yet."""
        self._tell = tell
        self._name = name
        self._state = state
        self._kept: WeakKeyDictionary[
            Desk, dict[Hashable, tuple[tuple[object, ...], msgspec.Raw]]
        ] = WeakKeyDictionary()

    def listed(self, desk: Desk, things: Iterable[T]) -> list[msgspec.Raw]:
        """Return the rows of things, encoded."""
        kept = self._kept.setdefault(desk, {})
        rows = []
        for thing in things:
            name, state = self._name(thing), self._state(thing)
            before = kept.get(name)
            if before is not None and before[0] == state:
                rows.append(before[1])
                continue
            if len(kept) >= ROWS_MAX:
                kept.clear()
            row = msgspec.Raw(_encode(self._tell(desk.world, thing)))
            kept[name] = (state, row)
            rows.append(row)
        return rows
