"""Trails: how far the market has been since a trailing stop was told last."""

from collections.abc import Iterator

from paperdesk.base.ids import Conid, OrderId
from paperdesk.base.units import Duration, Instant
from paperdesk.desk.levels import trailing, trigger_reading
from paperdesk.kernel.messages.orders import MoveTrail
from paperdesk.kernel.rules.hours import works_outside
from paperdesk.kernel.rules.triggers import moved
from paperdesk.kernel.state.contracts import Contract
from paperdesk.kernel.state.orders import Order
from paperdesk.kernel.state.world import World
from paperdesk.market.source import Source


class Trails:
    """When each trailing stop was told last."""

    def __init__(self, source: Source, world: World) -> None:
        """Begin with the trailing stops of a world as they stand."""
        self._source = source
        self._told_at: dict[OrderId, Instant] = {}
        self._conids: dict[Conid, None] = {}
        for book in world.orders.books.values():
            for order in trailing(book):
                self.noted(order)

    def noted(self, order: Order) -> None:
        """Take notice that something has happened to an order."""
        if order.ticket.trail is None:
            return
        if order.is_open and order.awaits_trigger:
            self._conids[order.conid] = None
        else:
            self._told_at.pop(order.order_id, None)

    def conids(self) -> list[Conid]:
        """Return the contracts that may have trailing stops."""
        return list(self._conids)

    def moves(self, world: World, conid: Conid, older_than: Duration) -> Iterator[MoveTrail]:
        """Yield how far the market has been, for the trailing stops that this moves.

        Args:
            world: whose orders they are.
            conid: their contract.
            older_than: those that were told within this time are left for later.
        """
        book = world.orders.books.get(conid)
        orders = [] if book is None else trailing(book)
        if not orders:
            self._conids.pop(conid, None)
            return
        contract = world.contract(conid)
        for order in orders:
            told_at = self._told_at.get(order.order_id, order.updated_at)
            if world.now - told_at > older_than:
                self._told_at[order.order_id] = world.now
                move = self._move(contract, order, told_at, world.now)
                if move is not None:
                    yield move

    def _move(
        self, contract: Contract, order: Order, after: Instant, to: Instant
    ) -> MoveTrail | None:
        extremes = self._source.extremes(
            contract.conid,
            trigger_reading(contract, order.side),
            after,
            to,
            regular_only=not works_outside(contract, order.ticket),
        )
        if extremes is None:
            return None
        highest, lowest = extremes
        reference = lowest if order.is_buy else highest
        if moved(contract, order, reference) is None:
            return None
        return MoveTrail(order_id=order.order_id, reference=reference)
