from decimal import Decimal

from tests.kernel.books import open_books

from paperdesk.base.ids import Conid
from paperdesk.views.positions import holding, holdings


def test_position_has_a_price_and_a_rate_to_the_base_currency() -> None:
    books = open_books(cash="100000", base="EUR")
    books.quote(books.eurusd, "1.25")
    books.buy("100", books.stock, "50", commission="1")
    books.quote(books.stock, "60")

    (held,) = holdings(books.world, books.account_id)

    assert held.contract.symbol == "AAA"
    assert held.price == 60
    assert held.rate == Decimal("0.8")
    assert (held.value, held.unrealised, held.daily) == (
        Decimal(6000),
        Decimal(999),
        Decimal(999),
    )


def test_position_that_was_closed_is_there_until_the_books_are_cut() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "50")
    books.sell("100", books.stock, "51")

    held = holding(books.world, books.account_id, books.stock)

    assert held is not None
    assert held.position.size == 0
    assert held.position.realised == 100


def test_contract_that_was_never_held_has_no_position() -> None:
    books = open_books(cash="100000")

    assert holding(books.world, books.account_id, Conid(9)) is None
