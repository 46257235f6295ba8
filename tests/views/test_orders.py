from tests.kernel.books import ACCOUNT
from tests.tape import clock, limit, open_kernel, place, play

from paperdesk.base.ids import AccountId
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.state.orders import Order, OrderStatus
from paperdesk.views.orders import of_the_day, open_orders


def numbers(kernel: Kernel, orders: list[Order]) -> list[int]:
    ids = list(kernel.world.orders.by_id)
    return [ids.index(order.order_id) + 1 for order in orders]


def traded() -> Kernel:
    kernel = open_kernel()
    play(
        kernel,
        """
        quote 190.20 100 190.25 60
        buy 1 180 gtc                -> accepted 1
        buy 1                        -> accepted 2, filled 2 1 190.25
        buy 1 181 gtc                -> accepted 3
        buy 1 182                    -> accepted 4
        cancel 4                     -> cancelled 4
        """,
    )
    return kernel


def test_orders_of_the_day_come_open_ones_first_and_newest_first() -> None:
    kernel = traded()

    assert numbers(kernel, open_orders(kernel.world, [ACCOUNT])) == [3, 1]
    assert numbers(kernel, of_the_day(kernel.world, [ACCOUNT])) == [3, 1, 4, 2]


def test_orders_are_filtered_by_status_and_sorted_by_time() -> None:
    kernel = traded()
    play(kernel, "clock +1")
    kernel.handle(clock("2026-06-10 16:00"))
    done = {OrderStatus.FILLED, OrderStatus.CANCELLED}

    assert numbers(kernel, of_the_day(kernel.world, [ACCOUNT], done)) == [4, 2]
    assert numbers(kernel, of_the_day(kernel.world, [ACCOUNT], by_time=True)) == [3, 1, 4, 2]


def test_what_was_done_yesterday_is_gone_today() -> None:
    kernel = traded()
    kernel.handle(clock("2026-06-11 09:00"))

    assert numbers(kernel, of_the_day(kernel.world, [ACCOUNT])) == [3, 1]


def test_orders_of_other_accounts_are_not_told() -> None:
    kernel = traded()
    kernel.handle(place(limit("buy", "1", "180")))

    assert of_the_day(kernel.world, [AccountId("DU7654321")]) == []
