"""Triggers: which price fires a stop or moves a trailing one, and when it does.

Source: documented. Stocks go by the last trade; currencies by the quote, with the sides reversed:
a buyer's stop by the bid, a seller's by the ask.
"""

from decimal import Decimal
from typing import Final

from paperdesk.base.units import Price, down_to_step, up_to_step
from paperdesk.kernel.messages.orders import Side, Ticket, TrailUnit
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.kernel.state.orders import Order

PERCENT: Final = Decimal("0.01")


def trigger_price(contract: Contract, side: Side, quote: Quote) -> Price | None:
    """Return the price that an order's trigger looks at, or None where there is none."""
    if contract.security_type is not SecurityType.FOREX:
        return quote.last
    return quote.bid if side is Side.BUY else quote.ask


def is_reached(side: Side, stop: Price, reference: Price) -> bool:
    """Say whether a trigger price fires a stop."""
    return reference >= stop if side is Side.BUY else reference <= stop


def trailing_stop(contract: Contract, ticket: Ticket, reference: Price) -> Price:
    """Return where a trailing stop stands at a trigger price, off to the price increment away."""
    trail = ticket.trail
    assert trail is not None
    distance = trail if ticket.trail_unit is TrailUnit.AMOUNT else reference * trail * PERCENT
    if ticket.side is Side.BUY:
        stop = reference + distance
        return up_to_step(stop, contract.increment_at(stop))
    stop = reference - distance
    return down_to_step(stop, contract.increment_at(stop))


def moved(contract: Contract, order: Order, reference: Price) -> tuple[Price, Price | None] | None:
    """Return stop and limit of a trailing order after a trigger price; None if they stay.

    The stop follows the market and never comes back; a limit keeps its distance from the stop.
    """
    assert order.stop_price is not None
    stop = trailing_stop(contract, order.ticket, reference)
    follows = stop < order.stop_price if order.is_buy else stop > order.stop_price
    if not follows:
        return None
    return stop, shifted_limit(order, stop)


def shifted_limit(order: Order, stop: Price) -> Price | None:
    """Return the limit of a trailing order whose stop comes to stand elsewhere."""
    if order.limit_price is None:
        return None
    assert order.stop_price is not None
    return order.limit_price + (stop - order.stop_price)
