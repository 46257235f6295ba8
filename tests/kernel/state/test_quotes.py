from decimal import Decimal

import msgspec
import pytest

from paperdesk.base.ids import Conid
from paperdesk.base.units import ZERO
from paperdesk.kernel.messages.quotes import Quote, QuoteRecorded
from paperdesk.kernel.state import quotes
from paperdesk.kernel.state.quotes import Quotes, mark

OPEN = Quote(
    conid=Conid(1),
    at=5,
    bid=Decimal(99),
    bid_size=Decimal(1),
    ask=Decimal(101),
    ask_size=Decimal(1),
    last=Decimal("100.5"),
    last_size=Decimal(1),
    last_at=4,
    volume=Decimal(1),
    is_open=True,
    is_regular=True,
)
SHUT = msgspec.structs.replace(
    OPEN, bid=None, bid_size=ZERO, ask=None, ask_size=ZERO, is_open=False, is_regular=False
)


@pytest.mark.parametrize(
    ("quote", "price"),
    [
        (OPEN, "100.5"),
        (msgspec.structs.replace(OPEN, last=Decimal(110)), "101"),
        (msgspec.structs.replace(OPEN, last=Decimal(90)), "99"),
        (msgspec.structs.replace(OPEN, last=None), "100"),
        (msgspec.structs.replace(OPEN, last=None, bid=None), "101"),
        (SHUT, "100.5"),
        (msgspec.structs.replace(SHUT, last=None, closing_middle=Decimal("1.1")), "1.1"),
    ],
)
def test_mark_is_the_last_trade_within_the_market(quote: Quote, price: str) -> None:
    assert mark(quote) == Decimal(price)


def test_market_that_shows_nothing_has_no_mark() -> None:
    assert mark(msgspec.structs.replace(SHUT, last=None)) is None
    assert Quotes().mark(Conid(1)) is None


def test_later_quote_takes_the_place_of_the_one_before() -> None:
    seen = Quotes()
    for last in ("99", "100"):
        quote = msgspec.structs.replace(OPEN, last=Decimal(last))
        quotes.recorded(seen, QuoteRecorded(at=5, quote=quote))

    assert seen.mark(Conid(1)) == 100
