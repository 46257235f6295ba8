"""Revisions: what a modification would make of an order.

Source: documented (what may change, what keeps its place in time); whole tickets are sent.
"""

from typing import Final

import msgspec

from paperdesk.base.errors import InvalidSize, OrderMismatch
from paperdesk.base.units import Price
from paperdesk.kernel.messages.orders import OrderType, Ticket
from paperdesk.kernel.rules.outcomes import rest_of_group
from paperdesk.kernel.rules.plans import Plan, check_counts, check_fraction, check_funds, plan
from paperdesk.kernel.state.orders import Order, OrderStatus
from paperdesk.kernel.state.world import World

FAMILIES: Final = (
    (OrderType.MARKET, OrderType.LIMIT),
    (OrderType.STOP, OrderType.STOP_LIMIT),
    (OrderType.TRAIL, OrderType.TRAIL_LIMIT),
)
"""An order may become another of its family."""

MISMATCH: Final = "Order being modified does not match original order."


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """A planned change. `limit_price` is where a trailing limit has come to, None as asked."""

    plan: Plan
    keeps_priority: bool
    is_triggered: bool
    limit_price: Price | None = None


def revised(world: World, order: Order, asked: Ticket) -> Revision:
    """Return what a ticket would make of an order.

    Raises:
        OrderMismatch: it names another contract, side, customer id or family of order types.
        InvalidSize: the order has traded more already.
        TooManyOrders: it would come to work beside as many as may work.
        Refusal: the ticket could not be an order, or not be paid for.
    """
    _check_same(order, asked)
    ticket = msgspec.structs.replace(
        asked,
        customer_order_id=order.ticket.customer_order_id,
        parent=order.ticket.parent,
        exchange=order.ticket.exchange,
    )
    planned = plan(world, order.account_id, ticket)
    if order.reduced and (ticket.size, ticket.cash) == (order.ticket.size, order.ticket.cash):
        # Its siblings have made it smaller since: who mirrors what was asked asks for no more.
        planned = msgspec.structs.replace(planned, size=order.size)
    if planned.size < order.filled:
        raise InvalidSize(
            f"Order {order.order_id} has traded {order.filled}: its size cannot be {planned.size}."
        )
    if order.parent_id is None:
        left = msgspec.structs.replace(planned, size=planned.size - order.filled)
        check_fraction(world, order.account_id, left)
    stop = _stop(order, ticket, planned)
    is_same_stop = stop == order.stop_price
    limit = _kept_limit(order, ticket) if is_same_stop else None
    planned = msgspec.structs.replace(planned, stop_price=stop, parent=_parent(world, order))
    is_activated = order.status is OrderStatus.INACTIVE and not ticket.is_deactivated
    if is_activated:
        check_counts(world, order.account_id, [planned])
    if (
        is_activated
        or planned.size > order.size
        or not is_same_stop
        or ticket.limit_price != order.ticket.limit_price
    ):
        _check_funds(world, order, planned)
    return Revision(
        plan=planned,
        limit_price=limit,
        is_triggered=order.is_triggered and is_same_stop and stop is not None,
        keeps_priority=(
            is_same_stop
            and (ticket.limit_price if limit is None else limit) == order.limit_price
            and planned.size <= order.size
            and ticket.order_type is order.ticket.order_type
        ),
    )


def _check_same(order: Order, asked: Ticket) -> None:
    original = order.ticket
    name = asked.customer_order_id
    is_family = any(
        original.order_type in family and asked.order_type in family for family in FAMILIES
    )
    if (
        asked.conid != original.conid
        or asked.side is not original.side
        or (name and name != original.customer_order_id)
        or not is_family
    ):
        raise OrderMismatch(MISMATCH)


def _stop(order: Order, ticket: Ticket, planned: Plan) -> Price | None:
    """Return the new stop; a trailing one stays where it has come to unless it is asked anew."""
    before = order.ticket
    if ticket.trail is None or order.stop_price is None:
        return planned.stop_price
    is_asked = ticket.stop_price is not None and ticket.stop_price != before.stop_price
    is_other = ticket.trail != before.trail or ticket.trail_unit is not before.trail_unit
    return planned.stop_price if is_asked or is_other else order.stop_price


def _kept_limit(order: Order, ticket: Ticket) -> Price | None:
    """Return the limit that has moved with a trailing stop, where no other is asked for."""
    if ticket.trail is None or ticket.limit_price != order.ticket.limit_price:
        return None
    return order.limit_price


def _parent(world: World, order: Order) -> Order | None:
    return None if order.parent_id is None else world.orders.by_id[order.parent_id]


def _check_funds(world: World, order: Order, planned: Plan) -> None:
    """Refuse a change that the account cannot pay for; what has traded is paid."""
    left = msgspec.structs.replace(planned, size=planned.size - order.filled)
    if left.size:
        check_funds(
            world,
            order.account_id,
            [left],
            is_oca_group=False,
            instead_of=rest_of_group(world, order),
        )
