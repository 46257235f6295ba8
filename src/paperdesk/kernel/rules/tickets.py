"""Tickets: whether one can be an order at all, whatever the market and the account say.

Source: documented and recorded refusals; bounds of size and price judged. Their wording is ours but
for the literal fragments that clients look for.
"""

from decimal import Decimal
from typing import Final

from paperdesk.base.errors import (
    InvalidPrice,
    InvalidSize,
    MarketClosed,
    NotTradable,
    PriceOffIncrement,
    SizeNotPositive,
    SizeTooLarge,
    TimeInForceNotSupported,
)
from paperdesk.base.units import ONE, ZERO, Price, Size
from paperdesk.kernel.messages.orders import OrderType, Ticket, TimeInForce, TrailUnit
from paperdesk.kernel.rules.hours import Hours, works_outside
from paperdesk.kernel.rules.venues import FX_MAXIMUM
from paperdesk.kernel.state.contracts import Contract, SecurityType

SIZE_MAX: Final = Decimal(1_000_000_000)
PRICE_MAX: Final = Decimal(1_000_000_000)
CASH_MAX: Final = Decimal(1_000_000_000_000)
HUNDRED: Final = Decimal(100)
PRICE_FIELDS: Final = "Invalid order price fields"

LIMIT_SIZE_MAX: Final = Decimal(500_000)
DAILY_VOLUME_SHARE: Final = Decimal("0.05")
"""More than either is not shown to the market in one limit order. Judged."""


def check(contract: Contract, ticket: Ticket) -> None:
    """Refuse a ticket that can never be an order of its contract.

    Raises:
        NotTradable: the contract is an index or closed to trading.
        SizeNotPositive: the size is 0 or less.
        InvalidSize: it is out of bounds, or no multiple of what the contract is traded in.
        InvalidPrice: a price that the order type needs is missing, or not positive.
        PriceOffIncrement: a price is no multiple of the contract's increment.
        TimeInForceNotSupported: time in force and order type do not go together.
    """
    if not contract.is_tradable or contract.security_type is SecurityType.INDEX:
        raise NotTradable(f"No trading permissions. {contract.symbol} cannot be traded.")
    _check_time_in_force(ticket)
    _check_prices(contract, ticket)
    if ticket.size is not None:
        check_size(contract, ticket, ticket.size)
    elif ticket.cash is not None:
        _check_cash(ticket.cash)
    elif not ticket.is_closing:
        raise SizeNotPositive(_not_positive(ZERO))


def check_size(contract: Contract, ticket: Ticket, size: Size) -> None:
    """Refuse a size that the contract is not traded in.

    Raises:
        SizeNotPositive: it is 0 or less.
        InvalidSize: it is out of bounds, below the minimum or between two sizes.
        SizeTooLarge: a limit order would show more than is allowed.
    """
    if not size.is_finite() or size > SIZE_MAX:
        raise InvalidSize(f"An order's size is at most {SIZE_MAX}.")
    if size <= ZERO:
        raise SizeNotPositive(_not_positive(size))
    if size % contract.size_increment:
        raise InvalidSize(
            f"The size {size} is not a multiple of {contract.size_increment}, in which"
            f" {contract.symbol} is traded."
        )
    if size < contract.minimum_size and contract.security_type is not SecurityType.FOREX:
        raise InvalidSize(f"The smallest order of {contract.symbol} is {contract.minimum_size}.")
    if contract.security_type is SecurityType.FOREX:
        largest = FX_MAXIMUM.get(contract.base, SIZE_MAX)
        if size > largest:
            raise SizeTooLarge(
                f"The order size {size:,} exceeds {largest:,} {contract.base},"
                " the largest order at IDEALPRO."
            )
    elif ticket.limit_price is not None:
        _check_limit_size(contract, size)


def check_hours(contract: Contract, ticket: Ticket, hours: Hours, now: int) -> None:
    """Refuse a ticket that its time in force leaves no time to trade.

    Raises:
        TimeInForceNotSupported: a good-till-date order without a date, or with one that is past.
        MarketClosed: an immediate order came outside its hours.
    """
    time, ends_at = ticket.time_in_force, hours.expires_at
    if time is TimeInForce.GTD and (ends_at is None or ends_at <= now):
        raise TimeInForceNotSupported("A GTD order needs a date and time that are not past.")
    if time is TimeInForce.IOC and hours.awaits_open:
        raise MarketClosed(
            f"{contract.symbol} does not trade now: an IOC order would be cancelled at once."
        )


def is_fraction(contract: Contract, size: Size) -> bool:
    """Say whether a size holds a fraction of a share."""
    return contract.security_type is SecurityType.STOCK and bool(size % ONE)


def ignores_outside(contract: Contract, ticket: Ticket) -> bool:
    """Say whether the wish to work outside regular hours is ignored for the order type."""
    return ticket.outside_regular and not works_outside(contract, ticket)


def _check_time_in_force(ticket: Ticket) -> None:
    if ticket.time_in_force is not TimeInForce.IOC:
        return
    if ticket.order_type is OrderType.MARKET or ticket.order_type is OrderType.LIMIT:
        return
    raise TimeInForceNotSupported(
        "The time-in-force IOC and the order type"
        f" {ticket.order_type.value} are incompatible: IOC takes MKT and LMT."
    )


def _check_prices(contract: Contract, ticket: Ticket) -> None:
    order_type = ticket.order_type
    if order_type is OrderType.MARKET:
        return
    if order_type is OrderType.LIMIT:
        _check_price(contract, ticket.limit_price)
        return
    if order_type is OrderType.STOP:
        _check_price(contract, ticket.stop_price)
        return
    if order_type is not OrderType.TRAIL:
        _check_price(contract, ticket.limit_price)
    if order_type is OrderType.STOP_LIMIT:
        _check_price(contract, ticket.stop_price)
        return
    if ticket.stop_price is not None:
        _check_price(contract, ticket.stop_price)
    _check_trail(contract, ticket)


def _check_price(contract: Contract, price: Price | None) -> None:
    if price is None or not price.is_finite() or not ZERO < price <= PRICE_MAX:
        raise InvalidPrice(PRICE_FIELDS)
    increment = contract.increment_at(price)
    if price % increment:
        raise PriceOffIncrement(
            f"The price {price} does not conform to the minimum price variation of {increment}"
            f" for this contract (110)."
        )


def _check_trail(contract: Contract, ticket: Ticket) -> None:
    trail = ticket.trail
    if trail is None or not trail.is_finite() or not ZERO < trail <= PRICE_MAX:
        raise InvalidPrice(PRICE_FIELDS)
    if ticket.trail_unit is TrailUnit.PERCENT:
        if trail >= HUNDRED or trail.adjusted() < PERCENT_DIGITS_MIN:
            raise InvalidPrice(PRICE_FIELDS)
        return
    increment = contract.increments[0].increment if trail < ONE else contract.increment_at(trail)
    if trail % increment:
        raise PriceOffIncrement(
            f"The trailing amount {trail} does not conform to the minimum price variation of"
            f" {increment} for this contract (110)."
        )


PERCENT_DIGITS_MIN: Final = -4


def _check_cash(cash: Decimal) -> None:
    if not cash.is_finite() or cash > CASH_MAX:
        raise InvalidSize(f"A cash quantity is at most {CASH_MAX}.")
    if cash <= ZERO:
        raise SizeNotPositive(_not_positive(cash))


def _check_limit_size(contract: Contract, size: Size) -> None:
    largest = LIMIT_SIZE_MAX
    if contract.average_daily_volume:
        largest = min(largest, DAILY_VOLUME_SHARE * contract.average_daily_volume)
    if size > largest:
        raise SizeTooLarge(
            f"We cannot accept Large Limit Orders of {size:,} shares. Please submit a smaller"
            " order or use an IB algo."
        )


def _not_positive(size: Decimal) -> str:
    shown = "0" if size == ZERO else str(size)[:SHOWN_DIGITS_MAX]
    return f"Order size {shown} is not valid. Please enter size greater than 0."


SHOWN_DIGITS_MAX: Final = 20
