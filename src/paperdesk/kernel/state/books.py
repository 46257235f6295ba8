"""Books: the orders of one contract that a quote may trade, trigger or move. Derived, not stored.

Keys are signed so that the lowest is reached first: a buyer's limit counts negative (the highest is
reached first by a falling ask), a seller's stop likewise. A market order's key is below any price.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from paperdesk.base.units import ONE, Price, quotient
from paperdesk.kernel.messages.orders import TimeInForce, TrailUnit
from paperdesk.kernel.state.ladders import Ladder
from paperdesk.kernel.state.order_records import Order

if TYPE_CHECKING:
    from paperdesk.base.ids import OrderId

AT_ANY_PRICE: Final = Decimal("-Infinity")
PERCENT: Final = Decimal("0.01")


class Book:
    """The orders of one contract that are in the market, by what moves them.

    `buys` and `sells` are orders that trade, `buy_stops` and `sell_stops` those before their
    trigger, `buy_trails` and `sell_trails` the trailing ones among these by the trigger price from
    which on they move; `immediate` are those that may not rest.
    """

    __slots__ = (
        "buy_stops",
        "buy_trails",
        "buys",
        "immediate",
        "orders",
        "sell_stops",
        "sell_trails",
        "sells",
    )

    def __init__(self) -> None:
        """Begin without orders."""
        self.orders: dict[OrderId, Order] = {}
        self.immediate: dict[OrderId, Order] = {}
        self.buys, self.sells = Ladder(), Ladder()
        self.buy_stops, self.sell_stops = Ladder(), Ladder()
        self.buy_trails, self.sell_trails = Ladder(), Ladder()

    @property
    def has_stops(self) -> bool:
        """Whether an order waits for its trigger; trailing ones do as well."""
        return self.buy_stops.best() is not None or self.sell_stops.best() is not None

    def add(self, order: Order) -> None:
        """Put an order where a quote will find it."""
        self.orders[order.order_id] = order
        buys = order.is_buy
        if order.awaits_trigger:
            (self.buy_stops if buys else self.sell_stops).add(stop_key(order), order)
            if order.ticket.trail is not None:
                (self.buy_trails if buys else self.sell_trails).add(trail_key(order), order)
            return
        (self.buys if buys else self.sells).add(limit_key(order), order)
        if order.ticket.time_in_force is TimeInForce.IOC:
            self.immediate[order.order_id] = order

    def remove(self, order: Order) -> None:
        """Take an order away; its prices must be those that it was put in with."""
        del self.orders[order.order_id]
        buys = order.is_buy
        if order.awaits_trigger:
            (self.buy_stops if buys else self.sell_stops).remove(stop_key(order), order)
            if order.ticket.trail is not None:
                (self.buy_trails if buys else self.sell_trails).remove(trail_key(order), order)
            return
        (self.buys if buys else self.sells).remove(limit_key(order), order)
        self.immediate.pop(order.order_id, None)


def limit_key(order: Order) -> Decimal:
    """Return the key of an order that trades."""
    limit = order.limit_price
    if limit is None:
        return AT_ANY_PRICE
    return limit.copy_negate() if order.is_buy else limit


def stop_key(order: Order) -> Decimal:
    """Return the key of a stop: a buyer's fires as the market rises, a seller's as it falls."""
    assert order.stop_price is not None
    return order.stop_price if order.is_buy else order.stop_price.copy_negate()


def trail_key(order: Order) -> Decimal:
    """Return the key of the trigger price beyond which a trailing stop moves."""
    reference = trail_reference(order)
    return reference if not order.is_buy else reference.copy_negate()


def trail_reference(order: Order) -> Price:
    """Return the trigger price that a trailing stop stands its distance from."""
    stop, trail = order.stop_price, order.ticket.trail
    assert stop is not None
    assert trail is not None
    if order.ticket.trail_unit is TrailUnit.AMOUNT:
        return stop - trail if order.is_buy else stop + trail
    share = trail * PERCENT
    return quotient(stop, ONE + share if order.is_buy else ONE - share)
