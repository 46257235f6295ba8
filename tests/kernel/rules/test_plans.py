from decimal import Decimal

import pytest
from tests.kernel.books import ACCOUNT, EURUSD
from tests.tape import limit, market, open_kernel, place, quote, stop, ticket

from paperdesk.base.errors import (
    DuplicateOrder,
    InsufficientFunds,
    InvalidBracket,
    InvalidPrice,
    InvalidSize,
    MinimumEquity,
    PriceTooFar,
    TooManyOrders,
    UnknownParent,
)
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.rules.plans import plan, planned


@pytest.fixture
def kernel() -> Kernel:
    kernel = open_kernel()
    kernel.handle(quote(kernel, "190.20", "190.25", last="190.22"))
    return kernel


def test_market_order_is_expected_where_it_would_trade(kernel: Kernel) -> None:
    assert plan(kernel.world, ACCOUNT, market("buy", "1")).price == Decimal("190.25")
    assert plan(kernel.world, ACCOUNT, market("sell", "1")).price == Decimal("190.20")
    assert plan(kernel.world, ACCOUNT, limit("buy", "1", "180")).price == Decimal(180)


def test_trailing_stop_without_a_price_starts_from_the_last_trade(kernel: Kernel) -> None:
    wanted = ticket("sell", "1", order_type="TRAIL", trail="5")

    assert plan(kernel.world, ACCOUNT, wanted).stop_price == Decimal("185.22")


def test_trailing_stop_needs_a_market_or_a_price() -> None:
    kernel = open_kernel()
    wanted = ticket("sell", "1", order_type="TRAIL", trail="5")

    with pytest.raises(InvalidPrice):
        plan(kernel.world, ACCOUNT, wanted)
    with pytest.raises(InvalidSize):
        plan(kernel.world, ACCOUNT, market("buy", None, cash="100"))


@pytest.mark.parametrize(
    ("side", "price", "refused"),
    [
        ("buy", "209.27", False),
        ("buy", "209.28", True),
        ("sell", "171.18", False),
        ("sell", "171.17", True),
        ("buy", "1.00", False),
        ("sell", "900.00", False),
    ],
)
def test_limit_far_through_the_market_is_refused(
    kernel: Kernel, side: str, price: str, *, refused: bool
) -> None:
    wanted = limit(side, "1", price)
    if not refused:
        plan(kernel.world, ACCOUNT, wanted)
        return

    with pytest.raises(PriceTooFar, match="In accordance with our regulatory obligations"):
        plan(kernel.world, ACCOUNT, wanted)


def test_customer_order_id_stands_once_in_a_request(kernel: Kernel) -> None:
    twice = [limit("buy", "1", "180", customer_order_id="a")] * 2

    with pytest.raises(DuplicateOrder, match="Order couldn't be submitted: Local order ID=a"):
        planned(kernel.world, ACCOUNT, twice, is_oca_group=False)


def test_request_counts_its_own_orders(kernel: Kernel) -> None:
    with pytest.raises(TooManyOrders, match="minimum of 15 orders working on either"):
        planned(kernel.world, ACCOUNT, [limit("buy", "1", "180")] * 16, is_oca_group=False)


def test_paused_orders_do_not_count(kernel: Kernel) -> None:
    kernel.handle(place(*[limit("buy", "1", "180", is_deactivated=True)] * 15))

    planned(kernel.world, ACCOUNT, [limit("buy", "1", "180")] * 15, is_oca_group=False)


def test_child_exits_what_its_parent_enters(kernel: Kernel) -> None:
    parent = limit("buy", "10", "180", customer_order_id="p")
    first, second = planned(
        kernel.world, ACCOUNT, [parent, limit("sell", "10", "195", parent="p")], is_oca_group=False
    )

    assert not first.is_child
    assert second.is_child
    assert second.parent_index == 0
    for wrong in (limit("buy", "10", "180", parent="p"), stop("buy", "10", "195", parent="p")):
        with pytest.raises(InvalidBracket):
            planned(kernel.world, ACCOUNT, [parent, wrong], is_oca_group=False)


def test_grandchildren_are_refused(kernel: Kernel) -> None:
    family = [
        limit("buy", "10", "180", customer_order_id="p"),
        limit("sell", "10", "195", customer_order_id="c", parent="p"),
        limit("buy", "10", "180", parent="c"),
    ]

    with pytest.raises(InvalidBracket):
        planned(kernel.world, ACCOUNT, family, is_oca_group=False)


@pytest.mark.parametrize("name", ["nobody", "123", "9" * 400, "٣"])
def test_unknown_parent_is_refused(kernel: Kernel, name: str) -> None:
    with pytest.raises(UnknownParent):
        planned(
            kernel.world, ACCOUNT, [limit("sell", "10", "195", parent=name)], is_oca_group=False
        )


def test_orders_of_a_request_are_paid_for_together_and_of_a_group_one_by_one(
    kernel: Kernel,
) -> None:
    pair = [limit("buy", "12000", "190"), limit("buy", "12000", "189")]

    planned(kernel.world, ACCOUNT, pair, is_oca_group=True)
    with pytest.raises(InsufficientFunds, match=r"Your order is not accepted. Reason: "):
        planned(kernel.world, ACCOUNT, pair, is_oca_group=False)


def test_small_account_may_not_borrow() -> None:
    kernel = open_kernel("1500")
    kernel.handle(quote(kernel, "190.20", "190.25"))

    with pytest.raises(MinimumEquity):
        planned(kernel.world, ACCOUNT, [market("buy", "10")], is_oca_group=False)


def test_market_order_leaves_room_for_a_worse_price_than_is_shown() -> None:
    kernel = open_kernel("10000", kind="CASH")
    kernel.handle(quote(kernel, "99.90", "100.00"))

    planned(kernel.world, ACCOUNT, [market("buy", "95")], is_oca_group=False)
    planned(kernel.world, ACCOUNT, [market("buy", None, cash="9990")], is_oca_group=False)
    with pytest.raises(InsufficientFunds):
        planned(kernel.world, ACCOUNT, [market("buy", "96")], is_oca_group=False)


def test_currency_is_bought_at_market_for_what_its_margin_is() -> None:
    kernel = open_kernel("10000")
    pair = {"conid": EURUSD.conid}
    kernel.handle(quote(kernel, "1.08500", "1.08505", conid=EURUSD.conid))

    planned(kernel.world, ACCOUNT, [market("buy", "300000", **pair)], is_oca_group=False)
    with pytest.raises(InsufficientFunds):
        planned(kernel.world, ACCOUNT, [market("buy", "500000", **pair)], is_oca_group=False)


def test_paused_orders_reserve_nothing() -> None:
    kernel = open_kernel("10000", kind="CASH")
    kernel.handle(quote(kernel, "98.90", "99.00"))
    kernel.handle(place(limit("buy", "90", "99", is_deactivated=True)))

    planned(kernel.world, ACCOUNT, [limit("buy", "90", "99")], is_oca_group=False)


def test_order_that_closes_a_position_takes_the_place_of_those_at_work() -> None:
    kernel = open_kernel("10000", kind="CASH")
    kernel.handle(quote(kernel, "98.90", "99.00"))
    kernel.handle(place(limit("buy", "50", "99")))
    kernel.handle(place(*[limit("sell", "1", "120")] * 15))
    closing = market("sell", None, is_closing=True)

    planned(kernel.world, ACCOUNT, [closing], is_oca_group=False)
    with pytest.raises(TooManyOrders):
        planned(kernel.world, ACCOUNT, [market("sell", "50")], is_oca_group=False)
