"""Tickets: an order as a client spells it, turned into what the kernel understands."""

from decimal import Decimal
from typing import Any, ClassVar, Final

import msgspec

from paperdesk.api.history import instant_of
from paperdesk.api.leniency import LenientBool, LenientText, OptionalDecimal, OptionalInt
from paperdesk.api.route import CONID_DIGITS_MAX, BackendRefused, BadRequest, SoftError, Wire
from paperdesk.base.calendar import day_of
from paperdesk.base.ids import Conid
from paperdesk.base.units import ZERO, Price
from paperdesk.kernel.messages.orders import OrderType, Side, Ticket, TimeInForce, TrailUnit

TICKETS_MAX: Final = 100
CUSTOMER_ID_MAX: Final = 64

ORDER_TYPES: Final = {
    "MKT": OrderType.MARKET,
    "MARKET": OrderType.MARKET,
    "LMT": OrderType.LIMIT,
    "LIMIT": OrderType.LIMIT,
    "STP": OrderType.STOP,
    "STOP": OrderType.STOP,
    "STOP_LIMIT": OrderType.STOP_LIMIT,
    "STP_LIMIT": OrderType.STOP_LIMIT,
    "STPLMT": OrderType.STOP_LIMIT,
    "STP LMT": OrderType.STOP_LIMIT,
    "TRAIL": OrderType.TRAIL,
    "TRAILING_STOP": OrderType.TRAIL,
    "TRAILLMT": OrderType.TRAIL_LIMIT,
    "TRAIL LIMIT": OrderType.TRAIL_LIMIT,
    "TRAILING_STOP_LIMIT": OrderType.TRAIL_LIMIT,
}
TIMES_IN_FORCE: Final = {time.value: time for time in TimeInForce}
TRAIL_UNITS: Final = {"": TrailUnit.AMOUNT, "amt": TrailUnit.AMOUNT, "%": TrailUnit.PERCENT}

SIZE_NEEDED: Final = "Order size 0 is not valid. Please enter size greater than 0."
PRICE_NEEDED: Final = "Invalid order price fields"


NO_JSON: Final = "Failed to parse body as JSON. Content Type: application/json; charset=utf-8"
WRONG_TYPE: Final = "orders request includes parameter with incorrect type"


class WireTicket(Wire):
    """One order on the wire; unknown fields are ignored, missing numbers stay missing."""

    NOT_JSON: ClassVar[str] = NO_JSON
    NOT_TYPED: ClassVar[str] = WRONG_TYPE

    acct_id: LenientText | None = None
    conid: OptionalInt = None
    conidex: LenientText | None = None
    customer_order_id: LenientText | None = msgspec.field(default=None, name="cOID")
    parent_id: LenientText | None = None
    order_type: LenientText | None = None
    listing_exchange: LenientText | None = None
    is_single_group: LenientBool | None = None
    outside_regular: LenientBool | None = msgspec.field(default=None, name="outsideRTH")
    price: OptionalDecimal = None
    aux_price: OptionalDecimal = None
    side: LenientText | None = None
    tif: LenientText | None = None
    good_till_date: LenientText | None = None
    trailing_amt: OptionalDecimal = None
    trailing_type: LenientText | None = None
    referrer: LenientText | None = None
    quantity: OptionalDecimal = None
    cash_qty: OptionalDecimal = None
    fx_qty: OptionalDecimal = None
    is_ccy_conv: LenientBool | None = None
    all_or_none: LenientBool | None = None
    deactivated: LenientBool | None = None
    strategy: LenientText | None = None
    is_close: LenientBool | None = None


class WireTickets(Wire):
    """The body of an order request: one order, a bracket, or a group."""

    NOT_JSON: ClassVar[str] = NO_JSON
    NOT_TYPED: ClassVar[str] = WRONG_TYPE

    orders: list[WireTicket] = msgspec.field(default_factory=list)


class BareTicket(WireTicket):
    """The body of the older path: one order, an array of them, or the newer path's object."""

    ARRAY_FIELD: ClassVar[str] = "orders"

    orders: list[WireTicket] | None = None

    @property
    def wires(self) -> list[WireTicket]:
        """The orders, however they were sent."""
        return [self] if self.orders is None else self.orders


def tickets_of(wires: list[WireTicket]) -> tuple[Ticket, ...]:
    """Return the tickets of a request.

    Raises:
        BadRequest: there is none, there are too many, or one cannot be understood.
        SoftError: a field is missing that the order type needs.
    """
    if not wires:
        raise BadRequest("Bad Request: body can't be empty")
    if len(wires) > TICKETS_MAX:
        raise BadRequest(f"Bad Request: more than {TICKETS_MAX} orders")
    return tuple(ticket_of(wire) for wire in wires)


def ticket_of(wire: WireTicket) -> Ticket:
    """Return what one order on the wire asks for.

    Raises:
        BadRequest: side, order type or contract is missing or unknown.
        SoftError: price or time in force is missing.
        BackendRefused: the size is missing.
    """
    conid, exchange = _contract(wire)
    side = _side(wire)
    order_type = ORDER_TYPES.get((wire.order_type or "").strip().upper())
    if order_type is None:
        raise BadRequest("Unknown order type")
    if wire.strategy:
        raise SoftError("Your order is not accepted. Reason: IB algos are not supported yet.")
    limit_price, stop_price = _prices(wire, order_type)
    customer_order_id = wire.customer_order_id or ""
    if len(customer_order_id) > CUSTOMER_ID_MAX:
        raise BadRequest(f"Bad Request: cOID is longer than {CUSTOMER_ID_MAX} characters")
    return Ticket(
        conid=conid,
        side=side,
        order_type=order_type,
        time_in_force=_time_in_force(wire),
        size=_size(wire),
        cash=wire.cash_qty if wire.cash_qty is not None else wire.fx_qty,
        limit_price=limit_price,
        stop_price=stop_price,
        **_trail(wire, order_type),
        **_expiry(wire.good_till_date),
        outside_regular=bool(wire.outside_regular),
        customer_order_id=customer_order_id,
        parent=wire.parent_id or "",
        exchange=exchange,
        referrer=(wire.referrer or "")[:CUSTOMER_ID_MAX],
        is_deactivated=bool(wire.deactivated),
        is_all_or_none=bool(wire.all_or_none),
        is_currency_conversion=bool(wire.is_ccy_conv),
        is_closing=bool(wire.is_close),
    )


def _contract(wire: WireTicket) -> tuple[Conid, str]:
    """Return conid and route; a conid wins over a conidex, and is routed smart."""
    listed = (wire.listing_exchange or "").strip().upper()
    if wire.conid is not None:
        return Conid(wire.conid), listed if listed in ROUTES_NAMED else SMART
    if not wire.conidex:
        raise BadRequest("conid or conidex is required")
    if ";" in wire.conidex:
        raise SoftError("Your order is not accepted. Reason: combinations are not supported yet.")
    digits, _, exchange = wire.conidex.partition("@")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= CONID_DIGITS_MAX):
        raise BadRequest("conid or conidex is required")
    return Conid(int(digits)), exchange.strip().upper()[:EXCHANGE_MAX] or SMART


SMART: Final = "SMART"
ROUTES_NAMED: Final = frozenset({"IDEALPRO", "FXCONV"})
EXCHANGE_MAX: Final = 12


def _side(wire: WireTicket) -> Side:
    side = (wire.side or "").strip().upper()
    if side not in SIDES:
        raise BadRequest("Invalid Side (must be 'BUY' or 'SELL').")
    return SIDES[side]


SIDES: Final = {"BUY": Side.BUY, "SELL": Side.SELL}


def _time_in_force(wire: WireTicket) -> TimeInForce:
    time = (wire.tif or "").strip().upper()
    if time not in TIMES_IN_FORCE:
        # A word that IBKR does not know counts as none; one that it knows is named.
        told = time if time in TIMES_NOT_TAKEN else "null"
        raise SoftError(f"{told} time in force is not supported for this order")
    return TIMES_IN_FORCE[time]


TIMES_NOT_TAKEN: Final = frozenset({"FOK", "OND", "OPG", "OVT", "PAX"})


def _size(wire: WireTicket) -> Decimal | None:
    """Return the size; None where money or the whole position takes its place.

    `fxQty` is money in the pair's quote currency, as a recorded conversion shows.
    """
    if wire.cash_qty is not None or wire.fx_qty is not None:
        return None
    size = wire.quantity
    if size is None and wire.is_close:
        return None
    if size is None or size == ZERO:
        raise BackendRefused(SIZE_NEEDED)
    return size


def _prices(wire: WireTicket, order_type: OrderType) -> tuple[Price | None, Price | None]:
    """Return limit and stop price out of `price` and `auxPrice`, whose meaning the type decides."""
    if order_type is OrderType.MARKET:
        return None, None
    if order_type is OrderType.LIMIT:
        return _needed(wire.price), None
    if order_type is OrderType.STOP:
        return None, _needed(wire.price if wire.price is not None else wire.aux_price)
    if order_type is OrderType.TRAIL:
        return None, wire.price
    return _needed(wire.price), _needed(wire.aux_price)


def _needed(price: Price | None) -> Price:
    if price is None:
        raise SoftError(PRICE_NEEDED)
    return price


def _trail(wire: WireTicket, order_type: OrderType) -> dict[str, Any]:
    if order_type not in TRAILING:
        return {}
    unit = TRAIL_UNITS.get((wire.trailing_type or "").strip().lower())
    if wire.trailing_amt is None or unit is None:
        raise SoftError(PRICE_NEEDED)
    return {"trail": wire.trailing_amt, "trail_unit": unit}


TRAILING: Final = frozenset({OrderType.TRAIL, OrderType.TRAIL_LIMIT})


def _expiry(text: str | None) -> dict[str, Any]:
    """Return the end that `YYYYMMDD-HH:MM:SS` (UTC) gives, or the day of `YYYYMMDD`."""
    if not text:
        return {}
    at = instant_of(text)
    if at is not None:
        return {"expires_at": at}
    if len(text) != DATE_LENGTH or not (text.isascii() and text.isdigit()):
        raise BadRequest("Bad Request: goodTillDate is not valid")
    try:
        return {"expires_on": day_of(int(text[:4]), int(text[4:6]), int(text[6:]))}
    except ValueError:
        raise BadRequest("Bad Request: goodTillDate is not valid") from None


DATE_LENGTH: Final = 8
