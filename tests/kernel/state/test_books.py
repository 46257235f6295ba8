from decimal import Decimal

import pytest
from tests.kernel.books import STOCK
from tests.tape import market, open_kernel, place, quote, stop, ticket

from paperdesk.kernel.messages.orders import Ticket, TrailUnit
from paperdesk.kernel.state.books import AT_ANY_PRICE, limit_key, stop_key, trail_reference
from paperdesk.kernel.state.orders import Order


def placed(wanted: Ticket) -> Order:
    kernel = open_kernel()
    kernel.handle(quote(kernel, "100.00", "-", ask_size=0))
    kernel.handle(place(wanted))
    (order,) = kernel.world.orders.by_id.values()
    return order


def test_market_order_comes_before_any_limit() -> None:
    assert limit_key(placed(market("buy", "1"))) == AT_ANY_PRICE


@pytest.mark.parametrize(("side", "price", "key"), [("buy", "105", "105"), ("sell", "95", "-95")])
def test_stop_that_is_reached_first_has_the_lowest_key(side: str, price: str, key: str) -> None:
    assert stop_key(placed(stop(side, "1", price))) == Decimal(key)


@pytest.mark.parametrize(
    ("side", "trail", "unit", "reference"),
    [
        ("sell", "5", TrailUnit.AMOUNT, "100.00"),
        ("buy", "5", TrailUnit.AMOUNT, "100.00"),
        ("sell", "5", TrailUnit.PERCENT, "100.00"),
        ("buy", "5", TrailUnit.PERCENT, "100.00"),
    ],
)
def test_trailing_stop_stands_away_from_the_price_it_has_seen(
    side: str, trail: str, unit: TrailUnit, reference: str
) -> None:
    order = placed(ticket(side, "1", order_type="TRAIL", trail=trail, trail_unit=unit))

    assert trail_reference(order) == Decimal(reference)


def test_book_without_orders_is_gone() -> None:
    kernel = open_kernel()
    kernel.handle(
        place(stop("buy", "1", "105"), ticket("sell", "1", order_type="STP", stop_price="90"))
    )
    assert len(kernel.world.orders.books[STOCK.conid].orders) == 2

    for order in list(kernel.world.orders.by_id.values()):
        kernel.world.orders.index.lift(order)

    assert not kernel.world.orders.books
