from decimal import Decimal
from time import perf_counter

import pytest
from tests.kernel.books import ACCOUNT, USDJPY, Books, open_books
from tests.tape import market, open_kernel, place, quote

from paperdesk.base.ids import Conid
from paperdesk.kernel.messages.orders import Side
from paperdesk.kernel.rules import margin
from paperdesk.kernel.rules.margin import AccountValues, Prospect, Shortfall


def values(books: Books) -> AccountValues:
    return margin.values(books.world, books.account_id)


def shortfall(books: Books, side: Side, size: str, conid: Conid, price: str) -> Shortfall | None:
    prospect = Prospect(conid, side, Decimal(size), Decimal(price))
    return margin.shortfall(books.world, books.account_id, [prospect])


def test_long_stock_on_margin() -> None:
    books = open_books(cash="100000")

    books.buy("1000", books.stock, "150")

    told = values(books)
    assert told.total_cash == -50_000
    assert told.net_liquidation == 100_000
    assert told.equity_with_loan == 100_000
    assert told.gross_position_value == 150_000
    assert told.initial == 37_500
    assert told.maintenance == 37_500
    assert told.available_funds == 62_500
    assert told.excess_liquidity == 62_500
    assert told.buying_power == 250_000
    assert told.reg_t_margin == 75_000
    assert told.sma == 25_000
    assert told.cushion == Decimal("0.625")
    assert told.leverage == Decimal("1.5")


def test_excess_liquidity_is_used_up_at_two_thirds_of_the_loan() -> None:
    books = open_books(cash="100000")
    books.buy("1000", books.stock, "150")

    books.quote(books.stock, "66.67")
    assert values(books).excess_liquidity > 0

    books.quote(books.stock, "66.66")
    assert values(books).excess_liquidity < 0


def test_more_than_overnight_allows_is_accepted_by_day_and_shows_in_the_memorandum() -> None:
    books = open_books(cash="100000")
    assert shortfall(books, Side.BUY, "2000", books.stock, "150") is None

    books.buy("2000", books.stock, "150")

    told = values(books)
    assert told.initial == 75_000
    assert told.available_funds == 25_000
    assert told.sma == -50_000


@pytest.mark.parametrize(
    ("price", "equity", "maintenance", "excess"),
    [
        ("12", 10_000, 2_500, 7_500),
        ("20", 6_000, 3_000, 3_000),
        ("4", 14_000, 2_000, 12_000),
        ("2", 15_000, 1_250, 13_750),
    ],
)
def test_short_stock_holds_more_the_cheaper_it_is(
    price: str, equity: int, maintenance: int, excess: int
) -> None:
    books = open_books(cash="10000")
    books.sell("500", books.stock, "12")
    assert values(books).total_cash == 16_000

    books.quote(books.stock, price)

    told = values(books)
    assert told.equity_with_loan == equity
    assert told.maintenance == maintenance
    assert told.excess_liquidity == excess
    assert told.gross_position_value == 500 * int(price)


def test_owed_currencies_are_set_against_what_is_held() -> None:
    books = open_books(cash="50000")
    books.quote(books.eurusd, "1.1")
    books.quote(books.usdjpy, "100")
    books.quote(books.audusd, "0.66")
    books.deposit("100000", "EUR")
    books.deposit("-6120000", "JPY")
    books.deposit("-30000", "AUD")

    assert values(books).initial == 2_430


def test_loan_in_the_currency_of_the_stock_it_bought_owes_no_currency() -> None:
    books = open_books(cash="100000", base="EUR")
    books.quote(books.eurusd, "1.25")

    books.buy("100", books.stock, "125")

    told = values(books)
    assert told.total_cash == 90_000
    assert told.net_liquidation == 100_000
    assert told.initial == 2_500


def test_leveraged_fund_asks_for_its_multiple() -> None:
    books = open_books(cash="100000")

    books.buy("100", books.triple, "100")

    told = values(books)
    assert told.initial == 7_500
    assert told.reg_t_margin == 10_000


def test_order_beyond_available_funds_is_not_covered() -> None:
    books = open_books(cash="100000")

    assert shortfall(books, Side.BUY, "3999", books.stock, "100") is None
    short = shortfall(books, Side.BUY, "4001", books.stock, "100")

    assert short is not None
    assert short.code == "equity"
    assert short.reason == (
        "EQUITY WITH LOAN VALUE [99979.85 USD] MUST EXCEED THE INITIAL MARGIN [100025.00 USD]"
    )
    assert short.required == 100_025


def test_order_that_lowers_the_requirement_always_passes() -> None:
    books = open_books(cash="100000")
    books.buy("4000", books.stock, "100")
    books.quote(books.stock, "50")
    assert values(books).available_funds < 0

    assert shortfall(books, Side.SELL, "100", books.stock, "50") is None
    assert shortfall(books, Side.BUY, "1", books.stock, "50") is not None


def test_flip_from_long_to_short_counts_what_it_opens() -> None:
    books = open_books(cash="10000")
    books.buy("100", books.stock, "100")

    assert shortfall(books, Side.SELL, "400", books.stock, "100") is None
    assert shortfall(books, Side.SELL, "500", books.stock, "100") is not None


def test_small_account_may_not_borrow_but_may_spend_what_it_has() -> None:
    books = open_books(cash="1500")

    assert shortfall(books, Side.BUY, "14", books.stock, "100") is None
    borrowed = shortfall(books, Side.BUY, "16", books.stock, "100")
    owed = shortfall(books, Side.SELL, "1", books.stock, "100")

    assert borrowed is not None
    assert borrowed.code == "minimum"
    assert borrowed.reason == "A MINIMUM OF 2,000 USD EQUITY IS REQUIRED TO BORROW"
    assert owed is not None
    assert values(books).buying_power == 1_500


def test_currency_order_counts_its_haircut() -> None:
    books = open_books(cash="10000")
    books.quote(books.eurusd, "1.1")

    assert shortfall(books, Side.BUY, "200000", books.eurusd, "1.1") is None
    assert shortfall(books, Side.BUY, "400000", books.eurusd, "1.1") is not None


def test_cash_account_is_worth_its_positions_and_spends_its_settled_cash() -> None:
    books = open_books(cash="200000", kind="CASH")

    books.buy("1000", books.stock, "150")

    told = values(books)
    assert told.net_liquidation == 200_000
    assert told.equity_with_loan == 200_000
    assert told.initial == 150_000
    assert told.available_funds == 50_000
    assert told.buying_power == 50_000

    books.advance("2026-06-11 10:00")

    told = values(books)
    assert told.equity_with_loan == 50_000
    assert told.initial == 0
    assert told.available_funds == 50_000


def test_profits_are_of_positions_and_in_base_currency() -> None:
    books = open_books(cash="100000", base="EUR")
    books.quote(books.eurusd, "1.25")
    books.buy("100", books.stock, "50", commission="1")
    books.sell("50", books.stock, "60", commission="1")

    told = values(books)

    assert told.realised == Decimal("398.8")
    assert told.unrealised == Decimal("399.6")
    assert told.daily == Decimal("798.4")


def test_previous_equity_is_kept_at_the_close() -> None:
    books = open_books(cash="100000")
    books.buy("1000", books.stock, "100")
    books.advance("2026-06-10 16:30")

    books.quote(books.stock, "110")

    told = values(books)
    assert told.equity_with_loan == 110_000
    assert told.previous_equity_with_loan == 100_000


def test_memorandum_grows_with_prices_at_the_close_and_never_falls_with_them() -> None:
    books = open_books(cash="100000")
    books.buy("1000", books.stock, "100")
    assert values(books).sma == 50_000

    books.quote(books.stock, "120")
    books.advance("2026-06-10 17:00")
    assert values(books).sma == 60_000

    books.quote(books.stock, "90")
    books.advance("2026-06-11 17:00")
    assert values(books).sma == 60_000


def test_an_order_is_judged_in_a_moment() -> None:
    books = open_books(cash="100000")
    books.buy("10", books.stock, "100")
    books.buy("10", books.penny, "10")

    best = min(_seconds(books) for _ in range(5))

    assert best < 0.001


def _seconds(books: Books) -> float:
    start = perf_counter()
    for _ in range(20):
        shortfall(books, Side.BUY, "10", books.stock, "100")
    return (perf_counter() - start) / 20


def test_profit_of_a_pair_in_another_currency_is_after_its_commissions() -> None:
    kernel = open_kernel()
    kernel.handle(
        quote(kernel, "149.990", "150.010", conid=USDJPY.conid, bid_size=30000, ask_size=30000)
    )

    kernel.handle(place(market("buy", "30000", conid=USDJPY.conid)))
    kernel.handle(place(market("sell", "30000", conid=USDJPY.conid)))

    told = margin.values(kernel.world, ACCOUNT)
    lost = told.net_liquidation - 1_000_000
    assert round(lost, 2) == round(told.realised, 2) == round(told.daily, 2) == Decimal("-8.00")
