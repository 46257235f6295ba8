"""Orders: which of them an account has open, or had to do with today."""

from collections.abc import Collection, Iterable, Iterator

from paperdesk.base.ids import AccountId
from paperdesk.kernel.state.orders import Order, OrderStatus
from paperdesk.kernel.state.world import World
from paperdesk.views.days import start_of_day


def open_orders(world: World, account_ids: Iterable[AccountId]) -> list[Order]:
    """Return the open orders of accounts, newest first."""
    index = world.orders.index.open_by_account
    found = [order for account in account_ids for order in index.get(account, {}).values()]
    return _newest_first(found)


def of_the_day(
    world: World,
    account_ids: Iterable[AccountId],
    statuses: Collection[OrderStatus] | None = None,
    *,
    by_time: bool = False,
) -> list[Order]:
    """Return the orders of accounts that are open or were done today.

    Args:
        world: what is true.
        account_ids: whose orders.
        statuses: only those with one of these; None for all.
        by_time: newest first by their last change; else open ones first, newest first.
    """
    accounts = tuple(account_ids)
    working = open_orders(world, accounts)
    done = _newest_first(order for account in accounts for order in _done_today(world, account))
    found = [*working, *done]
    if statuses is not None:
        found = [order for order in found if order.status in statuses]
    if by_time:
        found.sort(key=lambda order: (-order.updated_at, -order.order_id))
    return found


def _done_today(world: World, account_id: AccountId) -> Iterator[Order]:
    """Yield the orders that were closed today, the last one first."""
    since = start_of_day(world)
    for order in reversed(world.orders.index.closed_by_account.get(account_id, [])):
        if order.updated_at < since:
            return
        yield order


def _newest_first(orders: Iterable[Order]) -> list[Order]:
    return sorted(orders, key=lambda order: -order.order_id)
