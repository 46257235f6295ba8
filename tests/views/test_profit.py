from decimal import Decimal

from tests.kernel.books import open_books

from paperdesk.views.profit import Partition, partition


def test_line_of_an_account() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "50", commission="1")
    books.quote(books.stock, "60")

    assert partition(books.world, books.account_id) == Partition(
        account_id=books.account_id,
        daily=Decimal(999),
        net_liquidation=Decimal(100999),
        unrealised=Decimal(999),
        excess_liquidity=Decimal(99499),
        market_value=Decimal(6000),
    )
