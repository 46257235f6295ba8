"""The index of orders: everything that can be worked out from the orders alone. Never stored."""

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Final, TypeAlias

from paperdesk.base.ids import AccountId, Conid, OcaGroupId, OrderId, UserName
from paperdesk.kernel.state.books import Book
from paperdesk.kernel.state.order_records import Execution, Order, OrderStatus

if TYPE_CHECKING:
    from paperdesk.base.units import Instant

SideOfAccount: TypeAlias = tuple[AccountId, Conid, bool]
"""An account's orders of one contract that buy (True) or sell."""

STALE_DUE_MAX: Final = 1024


class OrderIndex:
    """Open orders by contract, account, side, parent and group; what is due; names in use."""

    def __init__(self) -> None:
        """Begin without orders."""
        self.books: dict[Conid, Book] = {}
        self.open_by_account: dict[AccountId, dict[OrderId, Order]] = {}
        self.closed_by_account: dict[AccountId, list[Order]] = {}
        self.open_by_side: dict[SideOfAccount, dict[OrderId, Order]] = {}
        self.children: dict[OrderId, list[OrderId]] = {}
        self.groups: dict[OcaGroupId, list[OrderId]] = {}
        self.by_customer_id: dict[tuple[AccountId, str], OrderId] = {}
        self.executions: dict[AccountId, list[Execution]] = {}
        self.cash_order_at: dict[UserName, Instant] = {}
        self._due: list[tuple[Instant, OrderId]] = []
        self._open = 0

    def take_in(self, order: Order) -> None:
        """Index an order as it is."""
        ticket, order_id, account_id = order.ticket, order.order_id, order.account_id
        if ticket.customer_order_id:
            self.by_customer_id[account_id, ticket.customer_order_id] = order_id
        if ticket.cash is not None:
            self.cash_order_at[order.user_name] = order.accepted_at
        if order.parent_id is not None:
            self.children.setdefault(order.parent_id, []).append(order_id)
        if order.oca_group_id:
            self.groups.setdefault(order.oca_group_id, []).append(order_id)
        if not order.is_open:
            self.closed_by_account.setdefault(account_id, []).append(order)
            return
        self._open += 1
        self.open_by_account.setdefault(account_id, {})[order_id] = order
        side = (account_id, order.conid, order.is_buy)
        self.open_by_side.setdefault(side, {})[order_id] = order
        self.watch_due(order)
        self.put(order)

    def count(self, execution: Execution) -> None:
        """Add an execution to its account's, oldest first."""
        self.executions.setdefault(execution.account_id, []).append(execution)

    def close(self, order: Order) -> None:
        """Forget that an order is open; it has left the market already."""
        account_id, order_id = order.account_id, order.order_id
        self._open -= 1
        del self.open_by_account[account_id][order_id]
        side = (account_id, order.conid, order.is_buy)
        orders = self.open_by_side[side]
        del orders[order_id]
        if not orders:
            del self.open_by_side[side]
        self.closed_by_account.setdefault(account_id, []).append(order)

    def put(self, order: Order) -> None:
        """Let quotes find an order, if it is in the market."""
        if order.is_in_market:
            book = self.books.get(order.conid)
            if book is None:
                book = self.books[order.conid] = Book()
            book.add(order)

    def lift(self, order: Order) -> None:
        """Take an order from where quotes find it, before anything of it changes."""
        book = self.books.get(order.conid)
        if book is not None and order.order_id in book.orders:
            book.remove(order)
            if not book.orders:
                del self.books[order.conid]

    def watch_due(self, order: Order) -> None:
        """Remember when something is due with an order."""
        if order.due_at is None:
            return
        if len(self._due) > STALE_DUE_MAX + 4 * self._open:
            self._forget_stale()
        heappush(self._due, (order.due_at, order.order_id))

    def next_due(self, by_id: dict[OrderId, Order]) -> Order | None:
        """Return the open order with which something is due first, the oldest of several."""
        due = self._due
        while due:
            at, order_id = due[0]
            order = by_id[order_id]
            if order.due_at == at and order.is_open:
                return order
            heappop(due)
        return None

    def _forget_stale(self) -> None:
        self._due = sorted(
            (order.due_at, order.order_id)
            for orders in self.open_by_account.values()
            for order in orders.values()
            if order.due_at is not None
        )
        heapify(self._due)


def indexed(by_id: dict[OrderId, Order], executions: Iterable[Execution]) -> OrderIndex:
    """Return the index of orders and executions as they are stored, oldest first."""
    index = OrderIndex()
    of_accounts = index.executions
    for execution in executions:
        known = of_accounts.get(execution.account_id)
        if known is None:
            index.count(execution)
        else:
            known.append(execution)
    for order in by_id.values():
        index.take_in(order)
    for orders in index.closed_by_account.values():
        orders.sort(key=lambda order: order.updated_at)
    return index


def working_status(order: Order) -> OrderStatus:
    """Return the status of an open, active order: PreSubmitted while something holds it back."""
    is_waiting = (
        order.awaits_open
        or order.awaits_trigger
        or (order.released is not None and order.released <= order.filled)
    )
    return OrderStatus.PRE_SUBMITTED if is_waiting else OrderStatus.SUBMITTED
