from decimal import Decimal

import msgspec
import pytest
from tests.tape import limit, market, open_kernel, place, play, quote, stop, ticket

from paperdesk.base.errors import (
    InsufficientFunds,
    InvalidSize,
    OrderMismatch,
    ShortNotAllowed,
    TooManyOrders,
)
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.messages.orders import Ticket
from paperdesk.kernel.rules.revisions import revised
from paperdesk.kernel.state.orders import Order


@pytest.fixture
def kernel() -> Kernel:
    kernel = open_kernel()
    kernel.handle(quote(kernel, "190.20", "190.25", ask_size=60, last="190.20"))
    return kernel


def placed(kernel: Kernel, wanted: Ticket) -> Order:
    kernel.handle(place(wanted))
    return list(kernel.world.orders.by_id.values())[-1]


def test_size_below_what_has_traded_is_refused(kernel: Kernel) -> None:
    order = placed(kernel, limit("buy", "100", "190.25"))

    with pytest.raises(InvalidSize, match="has traded 60"):
        revised(kernel.world, order, limit("buy", "59", "190.25"))


@pytest.mark.parametrize(
    "wanted",
    [stop("sell", "1", "180"), ticket("sell", "1", order_type="TRAIL", trail="1")],
)
def test_order_stays_in_its_family(kernel: Kernel, wanted: Ticket) -> None:
    order = placed(kernel, limit("sell", "1", "195"))

    with pytest.raises(OrderMismatch, match="does not match original order"):
        revised(kernel.world, order, wanted)


def test_names_and_parents_stay_when_they_are_left_out(kernel: Kernel) -> None:
    order = placed(kernel, limit("buy", "1", "180", customer_order_id="mine"))

    revision = revised(kernel.world, order, limit("buy", "1", "181"))

    assert revision.plan.ticket.customer_order_id == "mine"


def test_trailing_stop_stays_where_it_has_come_to(kernel: Kernel) -> None:
    play(
        kernel,
        """
        sell 10 traillmt 5 185.20 185.00 -> accepted 1
        quote 192.20 100 192.25 60 last 192.20 -> moved 1 187.20
        """,
    )
    (order,) = kernel.world.orders.by_id.values()

    same = revised(kernel.world, order, msgspec.structs.replace(order.ticket, size=Decimal(5)))
    closer = revised(kernel.world, order, msgspec.structs.replace(order.ticket, trail=Decimal(2)))
    asked = revised(
        kernel.world,
        order,
        msgspec.structs.replace(order.ticket, stop_price=Decimal(180), limit_price=Decimal(179)),
    )

    assert (same.plan.stop_price, same.limit_price) == (Decimal("187.20"), Decimal("187.00"))
    assert same.keeps_priority
    assert closer.plan.stop_price == Decimal("185.20")
    assert (asked.plan.stop_price, asked.limit_price) == (Decimal(180), None)


def test_fired_stop_stays_fired_unless_its_stop_is_moved(kernel: Kernel) -> None:
    wanted = ticket("sell", "10", order_type="STOP_LIMIT", stop_price="190.20", limit_price="195")
    order = placed(kernel, wanted)
    assert order.is_triggered

    lower = msgspec.structs.replace(wanted, limit_price=Decimal(194))
    moved = msgspec.structs.replace(wanted, stop_price=Decimal(180))

    assert revised(kernel.world, order, lower).is_triggered
    assert not revised(kernel.world, order, moved).is_triggered


def test_larger_order_must_be_paid_for_in_place_of_the_smaller(kernel: Kernel) -> None:
    order = placed(kernel, limit("buy", "20000", "190"))

    revised(kernel.world, order, limit("buy", "21000", "190"))
    with pytest.raises(InsufficientFunds):
        revised(kernel.world, order, limit("buy", "22000", "190"))


def test_market_order_may_get_a_limit(kernel: Kernel) -> None:
    order = placed(kernel, market("buy", "100"))
    assert order.remaining == 40

    assert revised(kernel.world, order, limit("buy", "100", "190")).keeps_priority is False


def test_paused_order_is_paid_for_when_it_comes_to_work() -> None:
    kernel = open_kernel("10000", kind="CASH")
    kernel.handle(quote(kernel, "190.20", "190.25"))
    bought = placed(kernel, limit("buy", "5000", "190.25", is_deactivated=True))
    sold = placed(kernel, market("sell", "10", is_deactivated=True))

    revised(kernel.world, bought, limit("buy", "6000", "190.25", is_deactivated=True))
    with pytest.raises(InsufficientFunds):
        revised(kernel.world, bought, limit("buy", "5000", "190.25"))
    with pytest.raises(ShortNotAllowed):
        revised(kernel.world, sold, market("sell", "10"))


def test_paused_order_counts_when_it_comes_to_work(kernel: Kernel) -> None:
    paused = placed(kernel, limit("buy", "1", "180", is_deactivated=True))
    kernel.handle(place(*[limit("buy", "1", "180")] * 15))

    with pytest.raises(TooManyOrders):
        revised(kernel.world, paused, limit("buy", "1", "180"))
