import pytest
from tests.kernel.books import EURUSD, STOCK, USDCAD, new_york, open_books

from paperdesk.base.calendar import day_of
from paperdesk.kernel.rules import settlement
from paperdesk.kernel.state.contracts import Contract


@pytest.mark.parametrize(
    ("contract", "traded", "settles"),
    [
        (STOCK, "2026-06-10 10:00", "2026-06-11 00:00"),
        (STOCK, "2026-06-12 10:00", "2026-06-15 00:00"),
        (STOCK, "2026-07-02 10:00", "2026-07-06 00:00"),
        (STOCK, "2024-05-24 10:00", "2024-05-29 00:00"),
        (STOCK, "2024-05-28 10:00", "2024-05-29 00:00"),
        (STOCK, "2008-09-29 10:00", "2008-10-02 00:00"),
        (STOCK, "2026-06-10 20:30", "2026-06-12 00:00"),
        (EURUSD, "2026-06-10 10:00", "2026-06-12 00:00"),
        (EURUSD, "2026-06-10 18:00", "2026-06-15 00:00"),
        (EURUSD, "2026-07-01 10:00", "2026-07-06 00:00"),
        (USDCAD, "2026-06-10 10:00", "2026-06-11 00:00"),
    ],
)
def test_money_changes_hands_business_days_after_the_trade_date(
    contract: Contract, traded: str, settles: str
) -> None:
    books = open_books()

    assert settlement.settles_at(books.world, contract, new_york(traded)) == new_york(settles)


def test_trade_outside_any_session_counts_for_the_next() -> None:
    books = open_books()

    assert settlement.trade_day(books.world, STOCK, new_york("2026-06-13 12:00")) == day_of(
        2026, 6, 15
    )
