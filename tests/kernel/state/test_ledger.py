from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.books import Books, open_books

from paperdesk.kernel.messages.orders import Side
from paperdesk.kernel.state import ledger
from paperdesk.kernel.state.ledger import House, Ledger
from paperdesk.kernel.state.positions import Position


def position(books: Books) -> Position:
    held = books.world.ledger.position(books.account_id, books.stock)
    assert held is not None
    return held


def test_deposit_comes_from_the_bank_and_is_settled_at_once() -> None:
    books = open_books(cash="1000")

    assert books.world.ledger.cash(books.account_id, "USD") == 1000
    assert books.world.ledger.settled(books.account_id, "USD") == 1000
    assert books.world.ledger.house_money[House.BANK] == {"USD": Decimal(-1000)}


def test_purchase_moves_shares_one_way_and_money_and_costs_the_other() -> None:
    books = open_books(cash="100000")

    books.buy("100", books.stock, "50", commission="1", fees="0.01")

    assert books.book.cash == {"USD": Decimal("94998.99")}
    assert position(books).size == 100
    assert books.world.ledger.house_money[House.MARKET] == {"USD": Decimal(5000)}
    assert books.world.ledger.house_units[House.MARKET] == {books.stock: Decimal(-100)}
    assert books.world.ledger.house_money[House.COMMISSIONS] == {"USD": Decimal(1)}
    assert books.world.ledger.house_money[House.FEES] == {"USD": Decimal("0.01")}


def test_average_cost_holds_the_commissions_of_opening_trades() -> None:
    books = open_books(cash="100000")

    books.buy("100", books.stock, "50", commission="1")
    books.buy("300", books.stock, "54", commission="3")

    assert position(books).average_cost == Decimal("53.01")


def test_average_cost_of_a_short_position_is_what_was_received_less_commissions() -> None:
    books = open_books(cash="100000")

    books.sell("100", books.stock, "50", commission="1")

    assert position(books).size == -100
    assert position(books).average_cost == Decimal("49.99")
    assert position(books).unrealised(Decimal(48)) == Decimal(199)


def test_closing_realises_the_profit_after_both_commissions() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "50", commission="1")

    books.sell("40", books.stock, "52", commission="1")

    assert position(books).realised == Decimal("78.6")
    assert position(books).size == 60
    assert position(books).average_cost == Decimal("50.01")


def test_flip_through_zero_closes_first_and_shares_the_commission_by_size() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "50", commission="1")

    books.sell("150", books.stock, "52", commission="1.5")

    assert position(books).size == -50
    assert position(books).realised == Decimal(198)
    assert position(books).average_cost == Decimal("51.99")


def test_position_closed_today_stays_with_what_it_earned() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "50")
    books.sell("100", books.stock, "51")

    assert position(books).size == 0
    assert position(books).average_cost == 0
    assert position(books).realised == 100


def test_daily_profit_counts_from_the_last_mark_and_after_commission() -> None:
    books = open_books(cash="100000", at="2026-06-09 10:00")
    books.buy("100", books.stock, "50", commission="1")
    books.advance("2026-06-10 10:00")

    books.sell("40", books.stock, "52", commission="1")

    assert position(books).daily(Decimal(53)) == 259


def test_money_of_a_trade_settles_later_and_buys_and_sells_are_told_apart() -> None:
    books = open_books(cash="100000", at="2026-06-10 10:00")
    books.buy("100", books.stock, "50")
    books.sell("50", books.stock, "60")

    assert books.book.cash["USD"] == 98_000
    assert books.book.settled("USD") == 100_000
    assert books.book.unsettled["USD"].payable == 5_000
    assert books.book.unsettled["USD"].receivable == 3_000

    books.advance("2026-06-11 00:00")

    assert books.book.settled("USD") == 98_000
    assert books.world.ledger.pending == {}


def test_currency_trade_moves_two_currencies_and_shows_a_virtual_position() -> None:
    books = open_books(cash="100000")

    books.buy("20000", books.eurusd, "1.1", commission="2")

    assert books.book.cash == {"EUR": Decimal(20000), "USD": Decimal(77998)}
    virtual = books.book.positions[books.eurusd]
    assert virtual.is_virtual
    assert virtual.size == 20_000
    assert virtual.average_cost == Decimal("1.1001")
    assert books.world.ledger.house_units == {}


def test_currency_conversion_shows_no_position() -> None:
    books = open_books(cash="100000")

    books.buy("20000", books.eurusd, "1.1", commission="2", conversion="yes")

    assert books.book.positions == {}
    assert books.book.cash["EUR"] == 20_000


def test_executions_of_one_order_are_charged_together() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "50", commission="1", order_id="5")
    books.buy("150", books.stock, "50", commission="0.25", order_id="5")

    charge = books.world.ledger.charges[5]  # type: ignore[index]
    assert (charge.size, charge.value, charge.commission) == (
        Decimal(250),
        Decimal(12500),
        Decimal("1.25"),
    )


def test_memorandum_loses_half_of_what_is_opened_and_regains_half_of_what_is_closed() -> None:
    books = open_books(cash="100000")

    books.buy("1000", books.stock, "150")
    assert books.book.sma_moves == {"USD": Decimal(25000)}

    books.sell("400", books.stock, "160")
    assert books.book.sma_moves == {"USD": Decimal(57000)}


def test_ledger_is_the_same_after_it_was_written_and_read() -> None:
    books = open_books(cash="100000")
    books.buy("10", books.stock, "50", commission="1")
    books.buy("100", books.eurusd, "1.1", commission="2")

    content = msgspec.msgpack.encode(books.world.ledger)

    assert msgspec.msgpack.decode(content, type=Ledger) == books.world.ledger


amounts = st.integers(1, 500_000).map(lambda n: Decimal(n) / 100)
trades = st.tuples(
    st.sampled_from(list(Side)),
    st.sampled_from(["stock", "penny", "eurusd"]),
    amounts,
    amounts,
    st.integers(0, 500).map(lambda n: Decimal(n) / 100),
)


@given(st.lists(trades, max_size=25))
def test_value_is_moved_and_never_made(
    course: list[tuple[Side, str, Decimal, Decimal, Decimal]],
) -> None:
    books = open_books(cash="1000000")

    for side, name, size, price, commission in course:
        books.fill(side, str(size), getattr(books, name), str(price), commission=str(commission))
    books.advance("2026-06-15 12:00")

    assert all(total == 0 for total in books.world.ledger.totals().values())


@given(st.lists(trades, max_size=25))
def test_profit_is_what_came_in_and_what_is_left(
    course: list[tuple[Side, str, Decimal, Decimal, Decimal]],
) -> None:
    books = open_books(cash="0")
    paid = Decimal(0)

    for side, _, size, price, commission in course:
        event = books.fill(side, str(size), books.stock, str(price), commission=str(commission))
        paid += ledger.signed_size(event) * price + commission

    held = books.world.ledger.position(books.account_id, books.stock)
    if held is not None:
        worth = held.size * Decimal(100)
        assert abs(held.realised + held.unrealised(Decimal(100)) - (worth - paid)) < Decimal(
            "0.0001"
        )
        assert abs(held.daily(Decimal(100)) - (worth - paid)) < Decimal("0.0001")
