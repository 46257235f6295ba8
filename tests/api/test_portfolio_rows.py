from tests.kernel.books import open_books

from paperdesk.api import portfolio_rows
from paperdesk.views.positions import Holding, holdings


def rows(*sizes: tuple[str, str]) -> list[Holding]:
    books = open_books(cash="1000000")
    for name, size in sizes:
        books.buy(size, getattr(books, name), "10")
    return list(holdings(books.world, books.account_id))


def test_equal_positions_stand_by_conid_either_way() -> None:
    held = rows(("triple", "5"), ("stock", "5"), ("penny", "5"))

    for direction in ("a", "d"):
        ordered = portfolio_rows.ordered(held, "position", direction)
        assert {row.contract.symbol for row in ordered} == {"AAA", "PNY", "TQQ"}
    assert [row.contract.symbol for row in portfolio_rows.ordered(held, "position", "a")] == [
        "AAA",
        "PNY",
        "TQQ",
    ]


def test_row_has_no_base_values_on_a_live_account() -> None:
    (held,) = rows(("stock", "5"))

    row = portfolio_rows.complete(held.position.account_id, held, with_base=False)

    assert not [name for name in row if name.startswith("base")]


def test_fractions_and_short_positions_are_numbers_with_a_point() -> None:
    books = open_books(cash="1000000")
    books.sell("0.5", books.stock, "10")
    (held,) = holdings(books.world, books.account_id)

    row = portfolio_rows.position(books.account_id, held)

    assert (row.position, row.mkt_value, row.unrealized_pnl) == (-0.5, -5.0, 0.0)
