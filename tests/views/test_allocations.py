from decimal import Decimal

from tests.kernel.books import open_books

from paperdesk.views.allocations import allocation


def test_holdings_are_spread_by_class_and_without_a_sector_go_to_others() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "50")
    books.sell("10", books.penny, "3")

    told = allocation(books.world, [books.account_id])

    assert told.asset_class.long == {"CASH": Decimal(95030), "STK": Decimal(5000)}
    assert told.asset_class.short == {"STK": Decimal(-30)}
    assert told.sector.long == {"Others": Decimal(5000)}
    assert told.group.short == {"Others": Decimal(-30)}


def test_loan_is_short_cash() -> None:
    books = open_books(cash="1000")
    books.buy("100", books.stock, "50")

    assert allocation(books.world, [books.account_id]).asset_class.short == {"CASH": Decimal(-4000)}


def test_virtual_positions_are_in_the_cash_already() -> None:
    books = open_books(cash="100000")
    books.buy("10000", books.eurusd, "1.25")

    told = allocation(books.world, [books.account_id])

    assert told.asset_class.long == {"CASH": Decimal(100000)}
    assert told.sector.long == {}
