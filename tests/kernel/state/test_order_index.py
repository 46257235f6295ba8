from tests.kernel.books import ACCOUNT, STOCK, new_york
from tests.tape import clock, limit, open_kernel, place, stop

from paperdesk.kernel.messages.orders import CancelAllOrders
from paperdesk.kernel.state.order_index import STALE_DUE_MAX, working_status
from paperdesk.kernel.state.orders import OrderStatus


def test_first_due_order_is_the_one_whose_hours_change_first() -> None:
    kernel = open_kernel(at="2026-06-10 08:00")
    kernel.handle(place(limit("buy", "1", "180", outside_regular=True)))
    kernel.handle(place(limit("buy", "1", "180")))

    first = kernel.world.orders.index.next_due(kernel.world.orders.by_id)

    assert first is not None
    assert first.due_at == new_york("2026-06-10 09:30")


def test_closed_orders_are_found_by_account_oldest_first() -> None:
    kernel = open_kernel()
    kernel.handle(place(limit("buy", "1", "180"), limit("buy", "1", "181")))
    kernel.handle(CancelAllOrders(account_id=ACCOUNT))

    index = kernel.world.orders.index
    assert index.closed_by_account[ACCOUNT] == list(kernel.world.orders.by_id.values())
    assert (ACCOUNT, STOCK.conid, True) not in index.open_by_side


def test_due_things_of_closed_orders_do_not_pile_up() -> None:
    kernel = open_kernel()
    for _ in range(STALE_DUE_MAX // 10 + 5):
        kernel.handle(place(*[limit("buy", "1", "180")] * 10))
        kernel.handle(CancelAllOrders(account_id=ACCOUNT))

    assert len(kernel.world.orders.index._due) <= STALE_DUE_MAX + 10


def test_order_is_presubmitted_while_something_holds_it_back() -> None:
    kernel = open_kernel()
    kernel.handle(place(limit("buy", "1", "180", time_in_force="GTC"), stop("sell", "1", "170")))
    working, waiting = kernel.world.orders.by_id.values()

    assert working_status(working) is OrderStatus.SUBMITTED
    assert working_status(waiting) is OrderStatus.PRE_SUBMITTED
    kernel.handle(clock("2026-06-10 16:00"))
    assert working_status(working) is OrderStatus.PRE_SUBMITTED
