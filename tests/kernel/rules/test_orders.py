from decimal import Decimal

import pytest
from tests.kernel.books import ACCOUNT
from tests.tape import (
    USER,
    clock,
    limit,
    market,
    modify,
    open_kernel,
    place,
    play,
    quote,
    stop,
)

from paperdesk.base.errors import (
    InvalidPrice,
    OrderMismatch,
    OrderNotOpen,
    UnknownAccount,
    UnknownContract,
    UnknownOrder,
)
from paperdesk.base.ids import AccountId, Conid, OrderId, UserName
from paperdesk.base.units import ZERO
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.messages.orders import (
    CancelAllOrders,
    CancelOrder,
    MoveTrail,
    OrderAccepted,
    OrderFilled,
    OrderModified,
    PlaceOrders,
)
from paperdesk.kernel.state.orders import Order, OrderStatus


@pytest.fixture
def kernel() -> Kernel:
    kernel = open_kernel()
    kernel.handle(quote(kernel, "190.20", "190.25", bid_size=100, ask_size=60))
    return kernel


def placed(kernel: Kernel, command: PlaceOrders) -> Order:
    accepted = kernel.handle(command)[0]
    assert isinstance(accepted, OrderAccepted)
    return kernel.world.orders.by_id[accepted.order_id]


def test_order_at_the_ask_fills_at_the_ask_and_rests_with_the_remainder(kernel: Kernel) -> None:
    order = placed(kernel, place(limit("buy", "100", "190.30")))

    assert order.filled == 60
    assert order.remaining == 40
    assert order.average_price == Decimal("190.25")
    assert order.status is OrderStatus.SUBMITTED


def test_fill_moves_position_and_cash_and_carries_its_quote(kernel: Kernel) -> None:
    filled = kernel.handle(place(market("buy", "60")))[1]

    assert isinstance(filled, OrderFilled)
    assert filled.commission == Decimal("1.00")
    assert filled.quote.ask == Decimal("190.25")
    ledger = kernel.world.ledger
    assert ledger.size(ACCOUNT, filled.conid) == 60
    paid = 60 * Decimal("190.25") + 1 + filled.fees
    assert ledger.cash(ACCOUNT, "USD") == 1_000_000 - paid
    (execution,) = kernel.world.orders.executions.values()
    assert execution.position_after == 60
    assert execution.net_amount == Decimal("11415.00")


def test_order_ids_are_nine_digits_and_ascend(kernel: Kernel) -> None:
    first, second = (placed(kernel, place(limit("buy", "1", "180"))).order_id for _ in range(2))

    assert second == first + 1
    assert len(str(first)) == 9


def test_account_of_somebody_else_is_refused(kernel: Kernel) -> None:
    with pytest.raises(UnknownAccount):
        kernel.handle(place(limit("buy", "1", "180"), account_id=AccountId("DU7654321")))


def test_unknown_contract_is_refused(kernel: Kernel) -> None:
    with pytest.raises(UnknownContract):
        kernel.handle(place(limit("buy", "1", "180", conid=Conid(7))))


def test_one_bad_ticket_refuses_the_whole_request(kernel: Kernel) -> None:
    with pytest.raises(InvalidPrice):
        kernel.handle(place(limit("buy", "1", "180"), limit("buy", "1", "-1")))

    assert not kernel.world.orders.by_id


def test_cancelled_order_is_closed(kernel: Kernel) -> None:
    order = placed(kernel, place(limit("buy", "1", "180")))
    command = CancelOrder(account_id=ACCOUNT, order_id=order.order_id)

    kernel.handle(command)

    assert order.status is OrderStatus.CANCELLED
    assert order.reason == ""
    with pytest.raises(OrderNotOpen):
        kernel.handle(command)


def test_unknown_order_is_not_cancelled(kernel: Kernel) -> None:
    with pytest.raises(UnknownOrder, match="OrderID 1 doesn't exist"):
        kernel.handle(CancelOrder(account_id=ACCOUNT, order_id=OrderId(1)))


def test_all_orders_are_cancelled_at_once_and_none_is_fine(kernel: Kernel) -> None:
    everything = CancelAllOrders(account_id=ACCOUNT, user_name=USER)
    assert kernel.handle(everything) == []
    kernel.handle(place(limit("buy", "1", "180")))
    kernel.handle(place(stop("sell", "1", "170")))

    kernel.handle(everything)

    assert not kernel.world.orders.index.open_by_account[ACCOUNT]


@pytest.mark.parametrize(
    ("price", "size", "keeps"), [("180", "5", True), ("180", "20", False), ("181", "10", False)]
)
def test_better_terms_lose_the_place_in_time(
    kernel: Kernel, price: str, size: str, keeps: bool
) -> None:
    order = placed(kernel, place(limit("buy", "10", "180")))

    (event,) = kernel.handle(modify(order.order_id, limit("buy", size, price)))

    assert isinstance(event, OrderModified)
    assert event.keeps_priority is keeps


def test_modification_to_what_has_traded_fills_the_order(kernel: Kernel) -> None:
    order = placed(kernel, place(limit("buy", "100", "190.25")))

    kernel.handle(modify(order.order_id, limit("buy", "60", "190.25")))

    assert order.status is OrderStatus.FILLED


def test_modification_of_another_side_does_not_match(kernel: Kernel) -> None:
    order = placed(kernel, place(limit("buy", "1", "180")))

    for wanted in (
        limit("sell", "1", "195"),
        stop("buy", "1", "195"),
        limit("buy", "1", "180", customer_order_id="other"),
    ):
        with pytest.raises(OrderMismatch):
            kernel.handle(modify(order.order_id, wanted))


def test_paused_order_does_not_work_until_it_is_let_go(kernel: Kernel) -> None:
    order = placed(kernel, place(limit("buy", "10", "190.25", is_deactivated=True)))
    assert order.status.value == "Inactive"
    assert order.filled == ZERO

    kernel.handle(modify(order.order_id, limit("buy", "10", "190.25")))

    assert order.status.value == "Filled"


def test_working_order_is_paused_and_ends_with_its_day(kernel: Kernel) -> None:
    order = placed(kernel, place(limit("buy", "10", "180")))

    kernel.handle(modify(order.order_id, limit("buy", "10", "180", is_deactivated=True)))
    kernel.handle(quote(kernel, "170", "170.05"))

    assert order.status.value == "Inactive"
    kernel.handle(clock("2026-06-10 16:00"))
    assert order.status.value == "Cancelled"


def test_limit_order_becomes_a_market_order(kernel: Kernel) -> None:
    order = placed(kernel, place(limit("buy", "10", "180")))

    kernel.handle(modify(order.order_id, market("buy", "10")))

    assert order.status is OrderStatus.FILLED
    assert order.limit_price is None


def test_trail_cannot_be_told_nonsense(kernel: Kernel) -> None:
    play(kernel, "sell 10 trail 5 -> accepted 1")
    order_id = next(iter(kernel.world.orders.by_id))

    with pytest.raises(InvalidPrice):
        kernel.handle(MoveTrail(order_id=order_id, reference=Decimal("NaN")))
    with pytest.raises(UnknownOrder):
        kernel.handle(MoveTrail(order_id=OrderId(1), reference=Decimal(200)))


def test_stranger_cannot_trade(kernel: Kernel) -> None:
    command = place(limit("buy", "1", "180"))

    with pytest.raises(UnknownAccount):
        kernel.handle(
            PlaceOrders(
                account_id=command.account_id,
                user_name=UserName("mallory"),
                tickets=command.tickets,
            )
        )
