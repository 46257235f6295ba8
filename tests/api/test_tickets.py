"""Tickets: what a client spells is what the kernel is asked, or is refused in IBKR's words."""

from decimal import Decimal

import msgspec
import pytest

from paperdesk.api import leniency
from paperdesk.api.route import BackendRefused, BadRequest, SoftError
from paperdesk.api.tickets import WireTicket, WireTickets, ticket_of, tickets_of
from paperdesk.base.calendar import day_of
from paperdesk.base.errors import Refusal
from paperdesk.kernel.messages.orders import OrderType, Side, TimeInForce, TrailUnit

LIMIT = {
    "conid": 265598,
    "side": "BUY",
    "orderType": "LMT",
    "quantity": 10,
    "price": 190.25,
    "tif": "DAY",
}


def wire(**changes: object) -> WireTicket:
    """Decode a ticket as the server does, with changes; None takes a field away."""
    fields = {name: value for name, value in {**LIMIT, **changes}.items() if value is not None}
    return leniency.body(WireTicket, msgspec.json.encode(fields))


def test_limit_order_is_understood() -> None:
    ticket = ticket_of(wire())

    assert ticket.conid == 265598
    assert ticket.side is Side.BUY
    assert ticket.order_type is OrderType.LIMIT
    assert ticket.time_in_force is TimeInForce.DAY
    assert ticket.size == 10
    assert ticket.limit_price == Decimal("190.25")
    assert ticket.stop_price is None


def test_numbers_may_be_texts_and_words_may_be_in_any_case() -> None:
    ticket = ticket_of(
        wire(conid="265598", quantity="10", price="190.25", side="Sell", tif="gtc", orderType="lmt")
    )

    assert ticket.size == 10
    assert ticket.limit_price == Decimal("190.25")
    assert ticket.side is Side.SELL
    assert ticket.time_in_force is TimeInForce.GTC


@pytest.mark.parametrize(
    ("order_type", "prices", "limit", "stop"),
    [
        ("MKT", {"price": 1}, None, None),
        ("STP", {"price": 180}, None, 180),
        ("STP", {"price": None, "auxPrice": 180}, None, 180),
        ("STOP_LIMIT", {"price": 179, "auxPrice": 180}, 179, 180),
        ("STPLMT", {"price": 179, "auxPrice": 180}, 179, 180),
        ("TRAIL", {"price": None, "trailingAmt": 5}, None, None),
        ("TRAIL", {"price": 180, "trailingAmt": 5, "trailingType": "amt"}, None, 180),
        ("TRAILLMT", {"price": 179, "auxPrice": 180, "trailingAmt": 1}, 179, 180),
    ],
)
def test_price_means_what_the_order_type_says(
    order_type: str, prices: dict[str, object], limit: int | None, stop: int | None
) -> None:
    ticket = ticket_of(wire(orderType=order_type, **prices))

    assert ticket.limit_price == limit
    assert ticket.stop_price == stop


def test_trail_in_per_cent() -> None:
    ticket = ticket_of(wire(orderType="TRAIL", price=None, trailingAmt=10, trailingType="%"))

    assert ticket.trail == 10
    assert ticket.trail_unit is TrailUnit.PERCENT


def test_route_comes_with_the_conidex() -> None:
    ticket = ticket_of(wire(conid=None, conidex="265598@NYSE"))

    assert ticket.conid == 265598
    assert ticket.exchange == "NYSE"


def test_money_takes_the_place_of_a_size() -> None:
    ticket = ticket_of(wire(orderType="MKT", price=None, quantity=None, cashQty="500.50"))

    assert ticket.size is None
    assert ticket.cash == Decimal("500.50")


def test_closing_order_needs_no_size() -> None:
    ticket = ticket_of(wire(orderType="MKT", price=None, quantity=None, isClose=True))

    assert ticket.size is None
    assert ticket.is_closing


def test_good_till_date_with_and_without_a_time() -> None:
    with_time = ticket_of(wire(tif="GTD", goodTillDate="20260908-13:58:11"))
    day_alone = ticket_of(wire(tif="GTD", goodTillDate="20260908"))

    assert with_time.expires_at == 1_788_875_891_000_000
    assert (day_alone.expires_at, day_alone.expires_on) == (None, day_of(2026, 9, 8))


@pytest.mark.parametrize(
    ("changes", "refusal", "message"),
    [
        ({"side": "HOLD"}, BadRequest, "Invalid Side (must be 'BUY' or 'SELL')."),
        ({"side": None}, BadRequest, "Invalid Side (must be 'BUY' or 'SELL')."),
        ({"orderType": "PEG"}, BadRequest, "Unknown order type"),
        ({"orderType": None}, BadRequest, "Unknown order type"),
        ({"conid": None}, BadRequest, "conid or conidex is required"),
        ({"conid": None, "conidex": "AAPL"}, BadRequest, "conid or conidex is required"),
        ({"price": None}, SoftError, "Invalid order price fields"),
        ({"orderType": "STP", "price": None}, SoftError, "Invalid order price fields"),
        ({"orderType": "STOP_LIMIT"}, SoftError, "Invalid order price fields"),
        ({"orderType": "TRAIL"}, SoftError, "Invalid order price fields"),
        ({"tif": None}, SoftError, "null time in force is not supported for this order"),
        ({"tif": "FOREVER"}, SoftError, "null time in force is not supported for this order"),
        ({"tif": "OPG"}, SoftError, "OPG time in force is not supported for this order"),
        ({"cOID": "x" * 65}, BadRequest, "longer than 64"),
        ({"goodTillDate": "tomorrow"}, BadRequest, "goodTillDate"),
        ({"goodTillDate": "20260231"}, BadRequest, "goodTillDate"),
        ({"conid": None, "conidex": "28812380;;;1/1,2/-1"}, SoftError, "not supported"),
        ({"strategy": "Vwap"}, SoftError, "not supported"),
        ({"quantity": None}, BackendRefused, "Order size 0 is not valid"),
        ({"quantity": 0}, BackendRefused, "Order size 0 is not valid"),
    ],
)
def test_what_cannot_be_an_order_is_refused(
    changes: dict[str, object], refusal: type[Refusal], message: str
) -> None:
    with pytest.raises(refusal) as refused:
        ticket_of(wire(**changes))

    assert message in refused.value.message


def test_request_without_orders_is_refused() -> None:
    with pytest.raises(BadRequest, match="body can't be empty"):
        tickets_of(WireTickets().orders)


def test_request_with_too_many_orders_is_refused() -> None:
    with pytest.raises(BadRequest, match="more than 100"):
        tickets_of([wire()] * 101)
