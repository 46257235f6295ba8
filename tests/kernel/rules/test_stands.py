from decimal import Decimal

from tests.kernel.books import open_books

from paperdesk.kernel.messages.orders import Side
from paperdesk.kernel.rules import stands
from paperdesk.kernel.rules.prospects import Prospect


def test_position_without_a_quote_is_worth_what_it_cost() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "50", commission="1")
    books.world.quotes.by_conid.clear()

    assert stands.mark(books.world, books.book.positions[books.stock]) == Decimal("50.01")


def test_trades_that_might_happen_change_nothing() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "50")
    books.quote(books.eurusd, "1.1")
    account = books.world.accounts.by_id[books.account_id]

    after = stands.after(
        books.world,
        account,
        books.book,
        [
            Prospect(books.stock, Side.SELL, Decimal(150), Decimal(60)),
            Prospect(books.eurusd, Side.BUY, Decimal(100), Decimal("1.1")),
        ],
    )

    assert after.cash["EUR"] == 100
    assert after.stock == {"USD": Decimal(-3000)}
    assert after.shorts == 3_000
    assert after.initial == 900
    assert books.book.cash == {"USD": Decimal(95000)}
    assert books.book.positions[books.stock].size == 100
