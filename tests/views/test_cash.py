from decimal import Decimal

from tests.kernel.books import open_books

from paperdesk.views.cash import balances, together


def test_every_currency_has_a_row_and_the_base_comes_first() -> None:
    books = open_books(cash="100000")
    books.quote(books.eurusd, "1.25")
    books.deposit("1000", "EUR")
    books.buy("100", books.stock, "50", commission="1")

    dollars, euros = balances(books.world, books.account_id)

    assert (dollars.currency, euros.currency) == ("USD", "EUR")
    assert dollars.cash == 94_999
    assert dollars.settled == 100_000
    assert dollars.stock == 5_000
    assert dollars.net_liquidation == 99_999
    assert dollars.unrealised == -1
    assert (euros.cash, euros.rate) == (Decimal(1000), Decimal("1.25"))


def test_all_together_is_in_base_currency() -> None:
    books = open_books(cash="100000")
    books.quote(books.eurusd, "1.25")
    books.deposit("1000", "EUR")

    total = together(balances(books.world, books.account_id))

    assert (total.currency, total.rate) == ("BASE", Decimal(1))
    assert total.cash == 101_250


def test_currency_positions_earn_and_are_worth_nothing_by_themselves() -> None:
    books = open_books(cash="100000")
    books.buy("10000", books.eurusd, "1.25")
    books.quote(books.eurusd, "1.26")

    dollars = balances(books.world, books.account_id)[0]

    assert dollars.unrealised == 100
    assert dollars.stock == 0


def test_account_without_money_has_a_row_of_its_base_currency() -> None:
    books = open_books()

    (row,) = balances(books.world, books.account_id)

    assert (row.currency, row.cash) == ("USD", Decimal(0))
