from decimal import Decimal

from tests.kernel.books import new_york, open_books

from paperdesk.kernel.messages.ledger import (
    AccountMarked,
    CashSettled,
    PositionsMarked,
    RealisedCut,
)
from paperdesk.kernel.rules import closings


def test_hours_of_the_books() -> None:
    books = open_books()
    at = new_york("2026-07-02 15:00")
    told = []
    for _ in range(6):
        due = closings.next_due(books.world, at)
        assert due is not None
        told.append(due)
        at = due

    assert told == [
        new_york(text)
        for text in (
            "2026-07-02 16:00",
            "2026-07-02 17:00",
            "2026-07-02 20:30",
            "2026-07-02 23:55",
            "2026-07-03 00:00",
            "2026-07-03 17:00",
        )
    ]


def test_early_close_is_when_equity_is_kept() -> None:
    books = open_books()

    due = closings.next_due(books.world, new_york("2026-11-27 10:00"))

    assert due == new_york("2026-11-27 13:00")


def test_day_without_positions_tells_nothing() -> None:
    books = open_books()

    assert books.advance("2026-06-12 10:00") == []


def test_equity_is_kept_while_money_in_other_currencies_changes_it() -> None:
    books = open_books(cash="1000")
    books.quote(books.eurusd, "1.10")
    books.deposit("1000", "EUR")
    kept = []
    for day, price in (("10", "1.10"), ("11", "1.20"), ("12", "1.20")):
        books.quote(books.eurusd, price)
        told = books.advance(f"2026-06-{day} 16:30")
        kept += [str(row.equity_with_loan) for row in told if isinstance(row, AccountMarked)]

    assert kept == ["2100.00", "2200.00"]


def test_day_of_a_position() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "50", commission="1", fees="0.1")
    books.sell("40", books.stock, "52", commission="1")

    told = books.advance("2026-06-11 09:00")

    assert [type(event) for event in told] == [
        AccountMarked,
        RealisedCut,
        PositionsMarked,
        CashSettled,
    ]
    settled = told[-1]
    assert isinstance(settled, CashSettled)
    assert settled.at == new_york("2026-06-11 00:00")
    assert settled.received == 2080
    assert settled.paid == Decimal("5002.1")
    held = books.book.positions[books.stock]
    assert held.realised == 0
    assert held.marked_price == 52
    assert held.daily(Decimal(52)) == 0


def test_position_that_was_closed_is_forgotten_after_its_day() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "50")
    books.sell("100", books.stock, "51")

    books.advance("2026-06-11 09:00")

    assert books.book.positions == {}


def test_currency_positions_are_marked_at_five_in_the_afternoon() -> None:
    books = open_books(cash="100000")
    books.buy("20000", books.eurusd, "1.1")

    told = [
        event for event in books.advance("2026-06-10 18:00") if isinstance(event, PositionsMarked)
    ]

    assert [event.at for event in told] == [new_york("2026-06-10 17:00")]
    assert told[0].prices == {books.eurusd: Decimal("1.1")}


def test_account_whose_currency_has_no_rate_is_left_as_it_was() -> None:
    books = open_books(cash="100000")
    books.deposit("5", "EUR")

    assert books.advance("2026-06-10 18:00") == []
    assert books.book.equity_with_loan is None


def test_quotes_that_the_books_need() -> None:
    books = open_books(cash="100000", base="EUR")
    books.quote(books.eurusd, "1.1")
    books.buy("1", books.stock, "50")

    assert set(closings.needed(books.world)) == {books.stock, books.eurusd}
