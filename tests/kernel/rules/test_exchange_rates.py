from decimal import Decimal

import pytest
from tests.kernel.books import open_books

from paperdesk.kernel.rules import exchange_rates
from paperdesk.kernel.rules.exchange_rates import NoExchangeRate


def test_rate_is_the_middle_of_the_pair() -> None:
    books = open_books()
    books.quote(books.eurusd, "1.1", bid="1.0999", ask="1.1003")

    assert exchange_rates.rate(books.world, "EUR", "USD") == Decimal("1.1001")


def test_pair_is_turned_round_where_it_must_be() -> None:
    books = open_books()
    books.quote(books.usdjpy, "125")

    assert exchange_rates.rate(books.world, "JPY", "USD") == Decimal("0.008")


def test_rate_without_a_pair_goes_through_the_dollar() -> None:
    books = open_books()
    books.quote(books.eurusd, "1.25")
    books.quote(books.usdjpy, "100")

    assert exchange_rates.rate(books.world, "EUR", "JPY") == Decimal("125.00")


def test_currency_is_worth_itself() -> None:
    assert exchange_rates.rate(open_books().world, "CHF", "CHF") == 1


def test_currency_without_a_price_is_refused() -> None:
    with pytest.raises(NoExchangeRate, match="from EUR to USD"):
        exchange_rates.rate(open_books().world, "EUR", "USD")


def test_sum_is_in_one_currency() -> None:
    books = open_books()
    books.quote(books.eurusd, "1.25")

    amounts = [("EUR", Decimal(100)), ("USD", Decimal(5)), ("JPY", Decimal(0))]

    assert exchange_rates.converted(books.world, amounts, "USD") == 130


def test_currencies_between_which_no_pair_leads_are_told() -> None:
    books = open_books()

    assert exchange_rates.is_convertible(books.world, "JPY", "EUR")
    assert exchange_rates.is_convertible(books.world, "USD", "USD")
    assert not exchange_rates.is_convertible(books.world, "ZZZ", "USD")


def test_pairs_that_must_be_looked_at() -> None:
    books = open_books()

    assert list(exchange_rates.needed(books.world, ["USD", "EUR"], "USD")) == [books.eurusd]
    assert list(exchange_rates.needed(books.world, ["JPY"], "EUR")) == [books.usdjpy, books.eurusd]
    assert list(exchange_rates.needed(books.world, ["ZZZ"], "EUR")) == []
