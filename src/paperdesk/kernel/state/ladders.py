"""Ladders: the orders of one kind, side and contract by the price at which something happens.

A heap of prices over levels. What leaves a level leaves it at once; a level that is empty is taken
off the heap when it is met, or when there are more such levels than others.
"""

from collections import OrderedDict
from decimal import Decimal
from heapq import heapify, heappop, heappush
from typing import Final

from paperdesk.base.ids import OrderId
from paperdesk.kernel.state.order_records import Order

EMPTY_LEVELS_MAX: Final = 64


class Ladder:
    """Orders by a key that is lower the sooner the market reaches it; within a key by priority."""

    __slots__ = ("_best", "_empty", "_keys", "_levels", "_unsorted")

    def __init__(self) -> None:
        """Begin without orders."""
        self._keys: list[Decimal] = []
        self._levels: dict[Decimal, OrderedDict[OrderId, Order]] = {}
        self._unsorted: set[Decimal] = set()
        self._empty = 0
        self._best: Decimal | None = None

    def add(self, key: Decimal, order: Order) -> None:
        """Put an order on the level of a key."""
        level = self._levels.get(key)
        if level is None:
            # The first of an ordered dict is found at once however many before it are gone.
            self._levels[key] = OrderedDict(((order.order_id, order),))
            heappush(self._keys, key)
            self._best = self._keys[0] if self._best is None else min(self._best, key)
            return
        if not level:
            self._empty -= 1
            self._best = key if self._best is None else min(self._best, key)
        elif next(reversed(level.values())).priority > order.priority:
            self._unsorted.add(key)
        level[order.order_id] = order

    def remove(self, key: Decimal, order: Order) -> None:
        """Take an order off the level that it was put on."""
        level = self._levels[key]
        del level[order.order_id]
        if not level:
            self._empty += 1
            if self._empty > EMPTY_LEVELS_MAX and self._empty * 2 > len(self._levels):
                self._forget_empty()
            if key == self._best:
                self._best = self._lowest()

    def best(self) -> Decimal | None:
        """Return the lowest key that has orders, or None."""
        return self._best

    def _lowest(self) -> Decimal | None:
        keys, levels = self._keys, self._levels
        while keys:
            if levels[keys[0]]:
                return keys[0]
            del levels[heappop(keys)]
            self._empty -= 1
        return None

    def first(self, key: Decimal) -> Order | None:
        """Return the order with the lowest key, if that is not above a key, then by priority."""
        best = self.best()
        if best is None or best > key:
            return None
        return next(iter(self._level(best).values()))

    def reached(self, key: Decimal) -> list[Order]:
        """Return the orders at or below a key, lowest first, then by priority."""
        keys, levels = self._keys, self._levels
        met: list[Decimal] = []
        found: list[Order] = []
        while keys and keys[0] <= key:
            if not levels[keys[0]]:
                del levels[heappop(keys)]
                self._empty -= 1
                continue
            met.append(heappop(keys))
            found.extend(self._level(met[-1]).values())
        for price in met:
            heappush(keys, price)
        return found

    def _level(self, key: Decimal) -> OrderedDict[OrderId, Order]:
        """Return a level with its orders by priority."""
        level = self._levels[key]
        if key in self._unsorted:
            self._unsorted.remove(key)
            for order in sorted(level.values(), key=_priority):
                level.move_to_end(order.order_id)
        return level

    def _forget_empty(self) -> None:
        self._levels = {key: level for key, level in self._levels.items() if level}
        self._keys = list(self._levels)
        heapify(self._keys)
        self._empty = 0


def _priority(order: Order) -> int:
    return order.priority
