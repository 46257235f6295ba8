"""Outcomes: what follows for other orders when one trades, ends or comes to work.

Brackets: children work for as much as their parent has traded; what one exit trades the others
need not. Groups: the first to trade cancels the others. Source: documented, the proportions judged.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from paperdesk.base.ids import OrderId
from paperdesk.base.units import ONE, ZERO, Price, Size, down_to_step, is_multiple
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.orders import (
    OrderCancelled,
    OrderDeactivated,
    OrderModified,
    OrderReduced,
    OrderReleased,
    TrailMoved,
)
from paperdesk.kernel.rules import holds, margin, triggers
from paperdesk.kernel.rules.exchange_rates import NoExchangeRate
from paperdesk.kernel.rules.prospects import Prospect, Shortfall
from paperdesk.kernel.state.contracts import Contract
from paperdesk.kernel.state.orders import Order, OrderStatus
from paperdesk.kernel.state.world import World

PARENT_CANCELLED: Final = "The parent order was cancelled."
OTHER_TRADED: Final = "Another order of the group was filled."
OTHER_CANCELLED: Final = "Another order of the group was cancelled."


def after_fill(world: World, order: Order, size: Size) -> Iterator[Event]:
    """Let the rest of a bracket or group know what an order has just traded."""
    index = world.orders.index
    if order.oca_group_id:
        for other in others(world, order):
            if order.parent_id is None:
                yield from cancel(world, other, OTHER_TRADED)
            else:
                yield from _reduce(world, other, size, order.remaining + size)
    for child_id in index.children.get(order.order_id, ()):
        child = world.orders.by_id[child_id]
        if child.is_open:
            yield from _release(world, order, child)


def cancel(world: World, order: Order, reason: str) -> Iterator[Event]:
    """Cancel an order, and its children as far as it has not traded."""
    yield OrderCancelled(at=world.now, order_id=order.order_id, reason=reason)
    yield from end_children(world, order)


def end_children(world: World, order: Order) -> Iterator[Event]:
    """Leave the children of an order that is done with what it has traded for them."""
    for child_id in list(world.orders.index.children.get(order.order_id, ())):
        child = world.orders.by_id[child_id]
        if not child.is_open or child.released is None:
            continue
        if child.released <= child.filled:
            yield from cancel(world, child, PARENT_CANCELLED)
        elif child.released < child.size:
            yield OrderReduced(
                at=world.now, order_id=child_id, size=child.released, released=child.released
            )


def resize_children(world: World, parent: Order, before: Size) -> Iterator[Event]:
    """Let the exits of a modified entry keep their share of it, so that they still fit it.

    What they may trade so far stays as it is: the entry has not traded by being modified.
    """
    for child_id in (
        () if parent.size == before else world.orders.index.children.get(parent.order_id, ())
    ):
        child = world.orders.by_id[child_id]
        if child.is_open:
            yield from _resize(world, child, parent.size, before)


def _resize(world: World, child: Order, to: Size, before: Size) -> Iterator[Event]:
    full = child.size + child.reduced
    step = ONE if is_multiple(full, ONE) else world.contract(child.conid).size_increment
    full = max(down_to_step(full * to / before, step), child.reduced + child.filled + step)
    ticket = child.ticket
    if ticket.size is not None:
        ticket = msgspec.structs.replace(ticket, size=full)
    is_paused = child.status is OrderStatus.INACTIVE
    yield OrderModified(
        at=world.now,
        order_id=child.order_id,
        ticket=ticket,
        size=full - child.reduced,
        stop_price=child.stop_price,
        limit_price=child.limit_price,
        is_held=child.status is OrderStatus.PRE_SUBMITTED,
        keeps_priority=to < before,
        is_triggered=child.is_triggered,
        awaits_open=child.awaits_open,
        expires_at=child.expires_at,
        due_at=child.due_at,
        released=child.released,
        reduced=child.reduced,
    )
    if is_paused:
        yield OrderDeactivated(at=world.now, order_id=child.order_id)


def cancel_with_group(world: World, order: Order) -> Iterator[Event]:
    """Cancel an order as its owner asks, and the others of its group with it."""
    yield from cancel(world, order, "")
    if order.oca_group_id:
        for other in others(world, order):
            yield from cancel(world, other, OTHER_CANCELLED)


def others(world: World, order: Order) -> Iterator[Order]:
    """Yield the other orders of an order's group that are open when it comes to them, oldest first.

    What is done to one of them may end the next.
    """
    for order_id in tuple(world.orders.index.groups[order.oca_group_id]):
        other = world.orders.by_id[order_id]
        if other.is_open and other is not order:
            yield other


def rest_of_group(world: World, order: Order) -> list[OrderId]:
    """Return an order and those that will not trade if it does."""
    if not order.oca_group_id:
        return [order.order_id]
    return [order.order_id, *(other.order_id for other in others(world, order))]


def released_size(contract: Contract, parent: Order, size: Size, reduced: Size = ZERO) -> Size:
    """Return how much of a child may trade in all: as much of it as of its parent has traded.

    All of it once the parent is done: what the parent did not trade was taken off its children.
    """
    if not parent.is_open:
        return size
    full = size + reduced
    step = ONE if is_multiple(full, ONE) else contract.size_increment
    return max(ZERO, down_to_step(full * parent.filled / parent.size, step) - reduced)


def checked(world: World, order: Order, price: Price | None = None) -> Iterator[Event]:
    """Cancel an order that comes to work, or trades at a price, if it cannot be afforded now."""
    short = shortfall(world, order, price)
    if short is not None:
        yield from cancel(world, order, short.reason)


def shortfall(world: World, order: Order, price: Price | None = None) -> Shortfall | None:
    """Return why the account of an open order could not afford what is left of it.

    `price` is where it would trade, None for where that is expected.
    """
    account_id, conid, size = order.account_id, order.conid, order.workable
    if not order.is_buy and holds.is_short_in_fractions(world, account_id, conid, size):
        return holds.short(world, account_id, conid, size, holds.FRACTION_SHORT)
    if price is None:
        price = holds.order_price(world, order)
    if price is None:
        return None
    prospect = Prospect(conid, order.side, size, price)
    try:
        return margin.shortfall(
            world, account_id, [prospect], instead_of=rest_of_group(world, order)
        )
    except NoExchangeRate:
        # Nothing can be said of the account now; it could afford the order when it was taken.
        return None


def _reduce(world: World, order: Order, traded: Size, of: Size) -> Iterator[Event]:
    """Make an exit smaller by the share that its sibling has just traded of what it had left."""
    contract = world.contract(order.conid)
    step = ONE if is_multiple(order.size, ONE) else contract.size_increment
    less = order.remaining if traded == of else down_to_step(order.remaining * traded / of, step)
    size = order.size - less
    if size <= order.filled:
        yield from cancel(world, order, OTHER_TRADED)
    elif less:
        released = None if order.released is None else max(order.filled, order.released - less)
        yield OrderReduced(at=world.now, order_id=order.order_id, size=size, released=released)


def _release(world: World, parent: Order, child: Order) -> Iterator[Event]:
    """Let a child work for as much as its parent has traded."""
    contract = world.contract(child.conid)
    size = released_size(contract, parent, child.size, child.reduced)
    if child.released is None or size <= child.released:
        return
    is_first = not child.released
    yield OrderReleased(at=world.now, order_id=child.order_id, size=size, due_at=child.due_at)
    if is_first and child.ticket.trail is not None and child.ticket.stop_price is None:
        yield from _anchor(world, contract, child)
    yield from checked(world, child)


def _anchor(world: World, contract: Contract, order: Order) -> Iterator[Event]:
    """Let a trailing stop without a price of its own start from the market of now."""
    quote = world.quotes.by_conid.get(order.conid)
    reference = None if quote is None else triggers.trigger_price(contract, order.side, quote)
    if reference is not None:
        stop = triggers.trailing_stop(contract, order.ticket, reference)
        yield TrailMoved(
            at=world.now,
            order_id=order.order_id,
            stop_price=stop,
            limit_price=triggers.shifted_limit(order, stop),
        )
