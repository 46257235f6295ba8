from decimal import Decimal
from random import Random

from tests.kernel.books import ALL, CALENDARS, Books, open_books, stock

from paperdesk.base.calendar import day_at
from paperdesk.kernel.rules import holdings, requirements, stands
from paperdesk.kernel.rules.stands import Stand
from paperdesk.kernel.state.world import Contracts, Models

STOCKS = tuple(
    stock(1_000 + number, f"S{number}", multiple=str(number % 3 + 1)) for number in range(40)
)


def many_books(base: str = "USD") -> Books:
    books = open_books(cash="10000000", base=base)
    contracts = {row.conid: row for row in (*ALL, *STOCKS)}
    books.world.attach(Contracts(contracts, CALENDARS), Models())
    books.quote(books.eurusd, "1.25")
    return books


def now(books: Books) -> Stand:
    return stands.now(books.world, books.world.accounts.by_id[books.account_id], books.book)


def plainly(books: Books) -> Stand:
    """Add everything up from the beginning, position by position."""
    world, book = books.world, books.book
    base = world.accounts.by_id[books.account_id].base_currency
    stand = Stand(
        base=base,
        table=requirements.stock_margin(day_at(world.now)),
        rates=stands.currency_rates(world, stands.currencies_of(book), base),
        cash=dict(book.cash),
    )
    for conid, position in book.positions.items():
        if position.size and not position.is_virtual:
            stand.hold(world.contract(conid), position.size, stands.mark(world, position))
    return stand


def course(draw: Random, books: Books) -> None:
    """Let one thing happen: a trade, a price, or no price any more."""
    conid = draw.choice(STOCKS).conid
    price = f"{draw.randrange(200, 40_000) / 100:.{draw.choice((1, 2, 4))}f}"
    what = draw.randrange(6)
    if what == 0:
        books.buy(str(draw.randrange(1, 200)), conid, price)
    elif what == 1:
        books.sell(f"{draw.randrange(1, 200)}.{draw.randrange(5)}", conid, price)
    elif what == 2:
        books.world.quotes.by_conid.pop(conid, None)
    elif what == 3:
        books.buy("100", books.eurusd, "1.25")
    elif what == 4:
        books.quote(books.eurusd, f"1.{draw.randrange(1000, 4000)}")
    else:
        books.quote(conid, price)


def test_what_is_remembered_equals_adding_up_anew() -> None:
    for base in ("USD", "EUR"):
        books, draw = many_books(base), Random(f"holdings/{base}")
        for _ in range(600):
            course(draw, books)
            told, expected = now(books), plainly(books)
            if base == "USD":
                assert told == expected
                assert repr(told) == repr(expected)
            assert told.cash == expected.cash
            assert told.stock == expected.stock
            assert round(told.initial - expected.initial, 15) == 0
            assert round(told.equity() - expected.equity(), 15) == 0


def test_who_begins_without_memory_gets_the_same_to_the_last_digit() -> None:
    books, draw = many_books("EUR"), Random("memory")
    for _ in range(300):
        course(draw, books)
        told = now(books)
        books.world.notes.clear()
        assert repr(now(books)) == repr(told)


def test_what_is_done_to_a_stand_changes_nothing_that_is_remembered() -> None:
    books = many_books()
    books.buy("100", STOCKS[0].conid, "50")
    before = now(books)

    before.hold(STOCKS[1], Decimal(10), Decimal(3))
    before.release(STOCKS[0], Decimal(100), Decimal(50))
    before.pay("USD", Decimal(7))

    assert repr(now(books)) == repr(plainly(books))


def test_a_price_written_with_more_digits_counts_as_one_that_has_changed() -> None:
    books = many_books()
    books.buy("100", STOCKS[0].conid, "50")
    books.quote(STOCKS[0].conid, "50.1")
    now(books)

    books.quote(STOCKS[0].conid, "50.10")

    assert repr(now(books)) == repr(plainly(books))


def test_account_without_positions_adds_up_to_nothing() -> None:
    books = many_books()

    totals = holdings.of_account(books.world, books.account_id, books.book).totals(
        books.world, requirements.stock_margin(day_at(books.world.now)), {"USD": Decimal(1)}
    )

    assert totals == holdings.Totals()
