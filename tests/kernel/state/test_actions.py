from decimal import Decimal

import msgspec
from tests.kernel.books import open_books

from paperdesk.kernel.messages.actions import DividendAccrued, DividendPaid, SharesSplit
from paperdesk.kernel.state.ledger import House, Ledger


def test_dividends_of_one_day_add_up_until_they_are_paid() -> None:
    books = open_books(cash="1000")
    world, at = books.world, books.world.now
    for amount in ("3", "-1"):
        world.apply(
            DividendAccrued(
                at=at,
                account_id=books.account_id,
                conid=books.stock,
                currency="USD",
                amount=Decimal(amount),
                pays_at=at + 5,
            )
        )
    assert books.book.dividends == {"USD": Decimal(2)}

    world.apply(
        DividendPaid(
            at=at + 5, account_id=books.account_id, currency="USD", amount=Decimal(2), due_at=at + 5
        )
    )

    assert books.book.cash == {"USD": Decimal(1002)}
    assert world.ledger.house_money[House.DIVIDENDS] == {"USD": Decimal(-2)}
    assert world.ledger.dividends == {}


def test_accrued_dividends_are_written_and_read() -> None:
    books = open_books(cash="1000")
    books.world.apply(
        DividendAccrued(
            at=books.world.now,
            account_id=books.account_id,
            conid=books.stock,
            currency="USD",
            amount=Decimal(2),
            pays_at=5,
        )
    )

    content = msgspec.msgpack.encode(books.world.ledger)

    assert msgspec.msgpack.decode(content, type=Ledger) == books.world.ledger


def test_split_moves_what_the_daily_profit_counts_from() -> None:
    books = open_books(cash="100000", at="2026-06-09 10:00")
    books.buy("100", books.stock, "50")
    books.advance("2026-06-10 03:00")

    books.world.apply(
        SharesSplit(
            at=books.world.now,
            account_id=books.account_id,
            conid=books.stock,
            numerator=2,
            denominator=1,
            size_change=Decimal(100),
            currency="USD",
            cash=Decimal(0),
        )
    )

    held = books.book.positions[books.stock]
    assert (held.marked_size, held.marked_price) == (Decimal(200), Decimal(25))
    assert held.daily(Decimal(26)) == 200
