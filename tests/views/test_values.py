from decimal import Decimal

from tests.kernel.books import Books, new_york, open_books

from paperdesk.base.calendar import day_of
from paperdesk.kernel.rules import margin
from paperdesk.views import values


def metrics(books: Books) -> dict[str, Decimal | str | None]:
    return {
        row.key: row.text if row.amount is None else row.amount
        for row in values.metrics(books.world, books.account_id)
    }


def test_summary_of_a_margin_account_names_every_figure_and_its_segments() -> None:
    books = open_books(cash="100000")
    books.buy("1000", books.stock, "150")

    told = metrics(books)

    assert len(told) == 151
    assert told["NetLiquidation"] == 100_000
    assert told["NetLiquidation-S"] == 100_000
    assert told["NetLiquidation-C"] == 0
    assert told["NetLiquidation-P"] == 0
    assert told["InitMarginReq"] == 37_500
    assert told["BuyingPower"] == 250_000
    assert told["SMA-S"] == 25_000
    assert told["Cushion"] == "0.625000"
    assert told["Leverage-S"] == "1.50"
    assert told["TradingType-S"] == "STKNOPT"
    assert told["SegmentTitle-P"] == "Crypto at Paxos"
    assert told["LookAheadNextChange"] == str(new_york("2026-06-10 16:00") // 1_000_000)


def test_cash_account_has_no_segments() -> None:
    told = metrics(open_books(cash="1000", kind="CASH"))

    assert "NetLiquidation-S" not in told
    assert told["TotalCashValue"] == 1_000
    assert told["TradingType-S"] == "STKCASH"


def test_settled_cash_by_date_is_what_there_will_be() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "50")
    books.buy("1000", books.eurusd, "1.25")

    assert metrics(books)["SettledCashByDate"] == (
        "20260610:100000.00;20260611:95000.00;20260612:95000.00"
    )
    assert values.settled_by_date(books.world, books.account_id)[1] == (
        day_of(2026, 6, 11),
        Decimal(95000),
    )


def test_what_is_not_settled_cannot_be_withdrawn_and_currencies_lose_a_haircut() -> None:
    books = open_books(cash="100000")
    books.quote(books.eurusd, "1.25")
    books.deposit("1000", "EUR")
    books.sell("100", books.stock, "50")

    told = margin.values(books.world, books.account_id)

    assert values.withdrawable(books.world, told) == Decimal(99750) - Decimal("37.5") + 0


def test_next_close_is_todays_or_the_next_sessions() -> None:
    for now, close in (
        ("2026-06-10 10:00", "2026-06-10 16:00"),
        ("2026-06-10 18:00", "2026-06-11 16:00"),
        ("2026-06-13 12:00", "2026-06-15 16:00"),
        ("2026-11-27 12:00", "2026-11-27 13:00"),
    ):
        assert values.next_close(open_books(at=now).world) == new_york(close)


def test_day_is_spelt_without_dashes() -> None:
    assert values.date_text(day_of(2026, 6, 1)) == "20260601"
