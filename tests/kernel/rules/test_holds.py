from decimal import Decimal

import pytest
from tests.kernel.books import Books, open_books

from paperdesk.base.ids import Conid, OcaGroupId, OrderId, UserName
from paperdesk.kernel.messages.orders import OrderAccepted, OrderType, Side, Ticket, TimeInForce
from paperdesk.kernel.rules import holds, margin
from paperdesk.kernel.rules.margin import Prospect, Shortfall


def shortfall(books: Books, side: Side, size: str, conid: Conid, price: str) -> Shortfall | None:
    prospect = Prospect(conid, side, Decimal(size), Decimal(price))
    return margin.shortfall(books.world, books.account_id, [prospect])


def accept(books: Books, side: Side, size: str, limit: str | None) -> OrderId:
    order_id = books.world.orders.next_order_id()
    price = None if limit is None else Decimal(limit)
    books.world.apply(
        OrderAccepted(
            at=books.world.now,
            order_id=order_id,
            account_id=books.account_id,
            user_name=UserName("demo"),
            ticket=Ticket(
                conid=books.stock,
                side=side,
                order_type=OrderType.MARKET if price is None else OrderType.LIMIT,
                time_in_force=TimeInForce.DAY,
                size=Decimal(size),
                limit_price=price,
            ),
            size=Decimal(size),
            stop_price=None,
            limit_price=price,
            parent_id=None,
            oca_group_id=OcaGroupId(""),
            is_held=False,
        )
    )
    return order_id


def test_cash_account_spends_what_it_has() -> None:
    books = open_books(cash="1000", kind="CASH")

    assert shortfall(books, Side.BUY, "9", books.stock, "110") is None
    short = shortfall(books, Side.BUY, "10", books.stock, "100")

    assert short is not None
    assert short.code == "funds"
    assert (short.equity, short.required) == (Decimal(1000), Decimal("1001.00035"))
    assert short.reason == (
        "AVAILABLE FUNDS [1000.00 USD] ARE INSUFFICIENT TO COVER [1001.00 USD]"
        " WITH OPEN ORDERS AND COMMISSIONS"
    )


def test_proceeds_are_spent_when_they_have_settled() -> None:
    books = open_books(cash="1000", kind="CASH")
    books.buy("9", books.stock, "100")
    books.sell("9", books.stock, "110")

    assert holds.spendable(books.world, books.account_id, "USD") == 100
    assert shortfall(books, Side.BUY, "2", books.stock, "100") is not None

    books.advance("2026-06-11 10:00")

    assert holds.spendable(books.world, books.account_id, "USD") == 1_090
    assert shortfall(books, Side.BUY, "2", books.stock, "100") is None


def test_open_orders_are_reserved() -> None:
    books = open_books(cash="1000", kind="CASH")
    order_id = accept(books, Side.BUY, "6", "100")

    assert holds.reserved(books.world, books.account_id) == {"USD": Decimal("601.00021")}
    prospect = Prospect(books.stock, Side.BUY, Decimal(5), Decimal(100))
    world, account_id = books.world, books.account_id
    assert margin.shortfall(world, account_id, [prospect]) is not None
    assert margin.shortfall(world, account_id, [prospect], instead_of=[order_id]) is None


def test_market_order_reserves_more_than_the_market_asks() -> None:
    books = open_books(cash="1000", kind="CASH")
    books.quote(books.stock, "100", bid="99", ask="100")

    accept(books, Side.BUY, "6", None)

    assert holds.reserved(books.world, books.account_id)["USD"] == Decimal("631.00021")


@pytest.mark.parametrize(
    ("given", "side", "price"),
    [("90", Side.BUY, "90"), (None, Side.BUY, "100"), (None, Side.SELL, "99")],
)
def test_expected_price_is_the_orders_own_or_the_markets(
    given: str | None, side: Side, price: str
) -> None:
    books = open_books()
    books.quote(books.stock, "100", bid="99", ask="100")

    own = None if given is None else Decimal(given)

    assert holds.expected_price(books.world, books.stock, own, side) == Decimal(price)


@pytest.mark.parametrize(
    ("given", "side", "price"),
    [("90", Side.BUY, "90"), (None, Side.BUY, "105"), (None, Side.SELL, "99")],
)
def test_order_for_stock_without_a_price_must_be_affordable_above_the_ask(
    given: str | None, side: Side, price: str
) -> None:
    books = open_books()
    books.quote(books.stock, "100", bid="99", ask="100")
    books.quote(books.eurusd, "1.25")

    own = None if given is None else Decimal(given)

    assert holds.guarded_price(books.world, books.stock, own, side) == Decimal(price)
    assert holds.guarded_price(books.world, books.eurusd, None, side) == Decimal("1.25")


def test_cash_account_sells_only_what_it_holds() -> None:
    books = open_books(cash="1000", kind="CASH")
    books.buy("5", books.stock, "100")

    assert shortfall(books, Side.SELL, "5", books.stock, "100") is None
    short = shortfall(books, Side.SELL, "6", books.stock, "100")

    assert short is not None
    assert short.code == "short"


def test_what_another_order_is_to_sell_is_not_sold_again() -> None:
    books = open_books(cash="1000", kind="CASH")
    books.buy("5", books.stock, "100")
    accept(books, Side.SELL, "3", "120")

    assert shortfall(books, Side.SELL, "2", books.stock, "100") is None
    assert shortfall(books, Side.SELL, "3", books.stock, "100") is not None


def test_currency_is_converted_out_of_what_there_is() -> None:
    books = open_books(cash="1000", kind="CASH")
    books.quote(books.eurusd, "1.25")

    assert shortfall(books, Side.BUY, "700", books.eurusd, "1.25") is None
    assert shortfall(books, Side.BUY, "900", books.eurusd, "1.25") is not None
    assert shortfall(books, Side.SELL, "1", books.eurusd, "1.25") is not None
