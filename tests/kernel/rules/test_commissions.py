from decimal import Decimal

import pytest
from tests.kernel.books import Books, open_books

from paperdesk.base.ids import OrderId
from paperdesk.kernel.messages.orders import Side
from paperdesk.kernel.rules import commissions
from paperdesk.kernel.rules.commissions import Commission, Deal


def cost(
    books: Books,
    side: Side,
    size: str,
    price: str,
    name: str = "stock",
    order_id: int | None = None,
) -> Commission:
    return commissions.cost(
        books.world,
        Deal(
            account_id=books.account_id,
            contract=books.world.contract(getattr(books, name)),
            side=side,
            size=Decimal(size),
            price=Decimal(price),
            at=books.world.now,
            order_id=None if order_id is None else OrderId(order_id),
        ),
    )


@pytest.mark.parametrize(
    ("size", "price", "amount"),
    [
        ("100", "25", "1"),
        ("1000", "25", "5"),
        ("1000", "0.25", "2.5"),
        ("10", "0.20", "0.02"),
        ("0.5", "100", "0.01"),
        ("0.01", "10", "0.001"),
        ("1", "317.55", "1"),
    ],
)
def test_stock_pays_by_the_share_with_a_minimum_and_a_cap(
    size: str, price: str, amount: str
) -> None:
    assert cost(open_books(), Side.BUY, size, price).amount == Decimal(amount)


def test_minimum_is_shared_by_the_executions_of_an_order_of_one_day() -> None:
    books = open_books(cash="1000000")
    paid = []
    for size in ("100", "50", "150"):
        charged = cost(books, Side.BUY, size, "50", order_id=9)
        paid.append(charged.amount)
        books.buy(size, books.stock, "50", commission=str(charged.amount), order_id="9")

    assert paid == [1, 0, Decimal("0.5")]


def test_minimum_begins_again_on_the_next_day() -> None:
    books = open_books(cash="1000000")
    books.buy("100", books.stock, "50", commission="1", order_id="9")
    books.world.now += 24 * 3600 * 1_000_000

    assert cost(books, Side.BUY, "10", "50", order_id=9).amount == 1


@pytest.mark.parametrize(
    ("day", "fees"),
    [
        ("2008-09-29", "0"),
        ("2024-02-01", "0.366"),
        ("2024-06-03", "0.933"),
        ("2025-06-02", "0.238"),
        ("2026-06-10", "0.745"),
    ],
)
def test_sale_pays_the_regulators_of_its_day(day: str, fees: str) -> None:
    books = open_books(at=f"{day} 10:00")

    assert cost(books, Side.SELL, "1000", "25").fees == Decimal(fees)


def test_purchase_pays_for_the_audit_trail_alone() -> None:
    assert cost(open_books(at="2025-06-02 10:00"), Side.BUY, "1000", "25").fees == Decimal("0.072")


def test_activity_fee_has_a_cap() -> None:
    books = open_books(at="2025-06-02 10:00")

    assert cost(books, Side.SELL, "100000", "25").fees == Decimal("8.3") + Decimal("7.2")


def test_currencies_pay_in_base_currency_at_least_two_dollars() -> None:
    books = open_books()
    books.quote(books.eurusd, "1.25")

    small = cost(books, Side.BUY, "20000", "1.25", "eurusd")
    large = cost(books, Side.BUY, "1000000", "1.25", "eurusd")

    assert (small.amount, small.currency, small.fees) == (Decimal(2), "USD", Decimal(0))
    assert large.amount == 25


def test_currencies_pay_in_the_base_currency_of_the_account() -> None:
    books = open_books(base="EUR")
    books.quote(books.eurusd, "1.25")

    charged = cost(books, Side.BUY, "20000", "1.25", "eurusd")

    assert (charged.amount, charged.currency) == (Decimal("1.6"), "EUR")
    assert charged.total == Decimal("1.6")


def test_minimum_of_currencies_is_shared_until_their_day_ends() -> None:
    books = open_books(cash="1000000", at="2026-06-10 20:00")
    books.quote(books.eurusd, "1.25")
    books.buy("30000", books.eurusd, "1.25", commission="2", order_id="9")

    books.advance("2026-06-10 20:31")
    assert cost(books, Side.BUY, "30000", "1.25", "eurusd", order_id=9).amount == 0

    books.advance("2026-06-11 17:31")
    books.quote(books.eurusd, "1.25")
    assert cost(books, Side.BUY, "30000", "1.25", "eurusd", order_id=9).amount == 2


def test_pair_of_dollars_pays_by_its_size() -> None:
    books = open_books()
    books.quote(books.usdjpy, "150", bid="149.99", ask="150.01")

    assert cost(books, Side.BUY, "200000", "150.01", "usdjpy").amount == 4


def test_cost_is_told_in_the_currency_of_the_trade() -> None:
    books = open_books()
    books.quote(books.usdjpy, "150")
    charged = cost(books, Side.BUY, "200000", "150", "usdjpy")

    assert commissions.in_currency(books.world, charged, "USD") is None
    assert commissions.in_currency(books.world, charged, "JPY") == 600
