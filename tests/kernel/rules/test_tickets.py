from decimal import Decimal

import msgspec
import pytest
from tests.kernel.books import EURUSD, STOCK
from tests.tape import limit, market, ticket

from paperdesk.base.errors import (
    InvalidPrice,
    InvalidSize,
    NotTradable,
    PriceOffIncrement,
    Refusal,
    SizeNotPositive,
    SizeTooLarge,
    TimeInForceNotSupported,
)
from paperdesk.kernel.messages.orders import Ticket, TrailUnit
from paperdesk.kernel.rules.tickets import check, is_fraction
from paperdesk.kernel.state.contracts import SecurityType


@pytest.mark.parametrize(
    "wanted",
    [
        limit("buy", "1", "190.01"),
        limit("buy", "0.0001", "190.01"),
        limit("buy", "500000", "190.01"),
        market("sell", "1", time_in_force="IOC"),
        market("buy", None, cash="10.55"),
        ticket("buy", "1", order_type="TRAIL", trail="0.1", trail_unit=TrailUnit.PERCENT),
        market("buy", None, is_closing=True),
    ],
)
def test_ticket_can_be_an_order(wanted: Ticket) -> None:
    check(STOCK, wanted)


@pytest.mark.parametrize(
    ("wanted", "refusal", "words"),
    [
        (limit("buy", "0", "190"), SizeNotPositive, "Order size 0 is not valid. Please enter size"),
        (limit("buy", "-1", "190"), SizeNotPositive, "Order size -1 is not valid"),
        (market("buy", None), SizeNotPositive, "Order size 0 is not valid"),
        (market("buy", None, cash="0"), SizeNotPositive, "Order size 0 is not valid"),
        (market("buy", None, cash="1e30"), InvalidSize, "at most"),
        (market("buy", None, cash="NaN"), InvalidSize, "at most"),
        (limit("buy", "1e10", "190"), InvalidSize, "at most"),
        (limit("buy", "sNaN", "190"), InvalidSize, "at most"),
        (limit("buy", "1.00001", "190"), InvalidSize, "not a multiple of 0.0001"),
        (limit("buy", "1e-400", "190"), InvalidSize, "not a multiple"),
        (limit("buy", "1" + "0" * 5000, "190"), InvalidSize, "at most"),
        (limit("buy", "1", "190.001"), PriceOffIncrement, "minimum price variation of 0.01"),
        (limit("buy", "1", "1e-400"), PriceOffIncrement, "minimum price variation"),
        (limit("buy", "1", "1e-999999"), PriceOffIncrement, "minimum price variation"),
        (limit("buy", "1", "1e999999"), InvalidPrice, "Invalid order price fields"),
        (limit("buy", "1e999999", "190"), InvalidSize, "at most"),
        (limit("buy", "1e-999999", "190"), InvalidSize, "not a multiple"),
        (limit("buy", "1." + "1" * 5000, "190"), InvalidSize, "not a multiple"),
        (limit("buy", "1", "1." + "1" * 5000), PriceOffIncrement, "minimum price variation"),
        (limit("buy", "1", "2e9"), InvalidPrice, "Invalid order price fields"),
        (limit("buy", "1", "NaN"), InvalidPrice, "Invalid order price fields"),
        (ticket("buy", "1"), InvalidPrice, "Invalid order price fields"),
        (ticket("buy", "1", order_type="STP"), InvalidPrice, "Invalid order price fields"),
        (
            ticket("buy", "1", order_type="TRAIL", trail="100", trail_unit=TrailUnit.PERCENT),
            InvalidPrice,
            "Invalid order price fields",
        ),
        (
            ticket("buy", "1", order_type="STP", stop_price="1", time_in_force="IOC"),
            TimeInForceNotSupported,
            "incompatible",
        ),
        (limit("buy", "500001", "190"), SizeTooLarge, "cannot accept Large Limit Orders"),
    ],
)
def test_ticket_is_refused(wanted: Ticket, refusal: type[Refusal], words: str) -> None:
    with pytest.raises(refusal, match=words):
        check(STOCK, wanted)


def test_index_cannot_be_traded() -> None:
    index = msgspec.structs.replace(STOCK, security_type=SecurityType.INDEX)

    with pytest.raises(NotTradable):
        check(index, limit("buy", "1", "190"))


def test_limit_order_of_a_twentieth_of_the_days_volume_is_too_large() -> None:
    quiet = msgspec.structs.replace(STOCK, average_daily_volume=100_000)

    check(quiet, limit("buy", "5000", "190"))
    with pytest.raises(SizeTooLarge):
        check(quiet, limit("buy", "5001", "190"))


def test_currencies_are_traded_whole_and_up_to_a_maximum() -> None:
    check(EURUSD, limit("buy", "1", "1.10005"))
    with pytest.raises(InvalidSize):
        check(EURUSD, limit("buy", "0.5", "1.10005"))
    with pytest.raises(SizeTooLarge):
        check(EURUSD, market("buy", "6000001"))


@pytest.mark.parametrize(("size", "fraction"), [("1", False), ("1.5", True), ("2.0", False)])
def test_fraction_is_a_part_of_a_share(size: str, fraction: bool) -> None:
    assert is_fraction(STOCK, Decimal(size)) is fraction
