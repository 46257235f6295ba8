"""Ladders: the orders of one kind, side and contract by the price at which something happens.

A heap of prices over levels. What leaves a level leaves it at once; a level that is empty is taken
off the heap when it is met, or when there are more such levels than others.
"""

from decimal import Decimal
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Final

from paperdesk.base.units import ZERO, Size
from paperdesk.kernel.state.order_records import Order

if TYPE_CHECKING:
    from paperdesk.base.ids import OrderId

EMPTY_LEVELS_MAX: Final = 64


class Ladder:
    """Orders by a key that is lower the sooner the market reaches it; within a key by priority."""

    __slots__ = ("_empty", "_keys", "_levels")

    def __init__(self) -> None:
        """Begin without orders."""
        self._keys: list[Decimal] = []
        self._levels: dict[Decimal, dict[OrderId, Order]] = {}
        self._empty = 0

    def add(self, key: Decimal, order: Order) -> None:
        """Put an order on the level of a key."""
        level = self._levels.get(key)
        if level is None:
            self._levels[key] = {order.order_id: order}
            heappush(self._keys, key)
            return
        if not level:
            self._empty -= 1
        level[order.order_id] = order

    def remove(self, key: Decimal, order: Order) -> None:
        """Take an order off the level that it was put on."""
        level = self._levels[key]
        del level[order.order_id]
        if not level:
            self._empty += 1
            if self._empty > EMPTY_LEVELS_MAX and self._empty * 2 > len(self._levels):
                self._forget_empty()

    def best(self) -> Decimal | None:
        """Return the lowest key that has orders, or None."""
        keys, levels = self._keys, self._levels
        while keys:
            if levels[keys[0]]:
                return keys[0]
            del levels[heappop(keys)]
            self._empty -= 1
        return None

    def reached(self, key: Decimal, enough: Size | None = None) -> list[Order]:
        """Return the orders at or below a key, lowest first, then by priority.

        With `enough`, levels beyond those whose orders have so much left to trade are left out.
        """
        keys, levels = self._keys, self._levels
        met: list[Decimal] = []
        found: list[Order] = []
        gathered = ZERO
        while keys and keys[0] <= key:
            level = levels[keys[0]]
            if not level:
                del levels[heappop(keys)]
                self._empty -= 1
                continue
            met.append(heappop(keys))
            orders = sorted(level.values(), key=_priority) if len(level) > 1 else level.values()
            found.extend(orders)
            if enough is not None:
                gathered += sum((order.workable for order in orders), ZERO)
                if gathered >= enough:
                    break
        for price in met:
            heappush(keys, price)
        return found

    def _forget_empty(self) -> None:
        self._levels = {key: level for key, level in self._levels.items() if level}
        self._keys = list(self._levels)
        heapify(self._keys)
        self._empty = 0


def _priority(order: Order) -> int:
    return order.priority
