"""Acceptances: planned orders become orders, planned changes hold, and what can trade does."""

from collections.abc import Iterator, Sequence
from typing import Final

from paperdesk.base.calendar import civil
from paperdesk.base.ids import AccountId, OcaGroupId, OrderId, UserName
from paperdesk.base.units import MINUTE, SECOND, ZERO, Instant, Size
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.orders import (
    OrderAccepted,
    OrderDeactivated,
    OrderModified,
)
from paperdesk.kernel.rules import tickets
from paperdesk.kernel.rules.outcomes import (
    cancel,
    end_children,
    released_size,
    resize_children,
)
from paperdesk.kernel.rules.plans import Plan, to_be_closed
from paperdesk.kernel.rules.revisions import Revision
from paperdesk.kernel.rules.trading import arrive
from paperdesk.kernel.state.orders import Order
from paperdesk.kernel.state.world import World

OUTSIDE_IGNORED: Final = "The attribute outsideRTH is ignored for this order type."
MINUTES_AN_HOUR: Final = 60
HOUR: Final = MINUTES_AN_HOUR * MINUTE


def accept(
    world: World,
    account_id: AccountId,
    user_name: UserName,
    plans: Sequence[Plan],
    *,
    is_oca_group: bool,
) -> Iterator[Event]:
    """Accept planned orders and trade them as far as the market lets them."""
    for order_id in to_be_closed(world, account_id, plans):
        closed = world.orders.by_id[order_id]
        # A child went with its parent already.
        if closed.is_open:
            yield from cancel(world, closed, "")
    first_id = world.orders.next_order_id()
    # A bracket's exits have a group of their own, named for their parent alone.
    group = OcaGroupId(f"{first_id}G" if is_oca_group else "")
    for number, plan in enumerate(plans):
        order_id = OrderId(first_id + number)
        yield _accepted(world, (account_id, user_name, order_id), plan, first_id, group)
        if plan.ticket.is_deactivated:
            yield OrderDeactivated(at=world.now, order_id=order_id)
    for conid in dict.fromkeys(plan.contract.conid for plan in plans):
        yield from arrive(world, conid)


def amend(world: World, order: Order, revision: Revision) -> Iterator[Event]:
    """Let an order have its new terms, and trade it as far as the market lets it."""
    plan = revision.plan
    released = None
    if order.parent_id is not None:
        parent = world.orders.by_id[order.parent_id]
        released = released_size(plan.contract, parent, plan.size, order.reduced)
        # What the exit has traded was released before; a smaller size cannot take it back.
        released = max(released, order.filled)
    size_before = order.size
    yield OrderModified(
        at=world.now,
        order_id=order.order_id,
        ticket=plan.ticket,
        size=plan.size,
        stop_price=plan.stop_price,
        limit_price=plan.ticket.limit_price
        if revision.limit_price is None
        else (revision.limit_price),
        is_held=plan.hours.awaits_open or _is_waiting(plan, released, order.filled),
        keeps_priority=revision.keeps_priority,
        is_triggered=revision.is_triggered,
        awaits_open=plan.hours.awaits_open,
        expires_at=plan.hours.expires_at,
        due_at=plan.hours.due_at,
        released=released,
        reduced=order.reduced,
    )
    if not order.is_open:
        yield from end_children(world, order)
    else:
        if plan.ticket.is_deactivated:
            yield OrderDeactivated(at=world.now, order_id=order.order_id)
        yield from resize_children(world, order, size_before)
    yield from arrive(world, order.conid)


def _accepted(
    world: World,
    whose: tuple[AccountId, UserName, OrderId],
    plan: Plan,
    first_id: OrderId,
    group: OcaGroupId,
) -> OrderAccepted:
    account_id, user_name, order_id = whose
    parent_id, released = _family(plan, first_id)
    if parent_id is not None:
        group = OcaGroupId(str(parent_id))
    return OrderAccepted(
        at=world.now,
        order_id=order_id,
        account_id=account_id,
        user_name=user_name,
        ticket=plan.ticket,
        size=plan.size,
        stop_price=plan.stop_price,
        limit_price=plan.ticket.limit_price,
        parent_id=parent_id,
        oca_group_id=group,
        is_held=plan.hours.awaits_open or _is_waiting(plan, released, ZERO),
        warning=_warning(world, plan),
        awaits_open=plan.hours.awaits_open,
        expires_at=plan.hours.expires_at,
        due_at=plan.hours.due_at,
        released=released,
    )


def _family(plan: Plan, first_id: OrderId) -> tuple[OrderId | None, Size | None]:
    """Return a plan's parent, and how much of it may trade so far."""
    if plan.parent is not None:
        return plan.parent.order_id, released_size(plan.contract, plan.parent, plan.size)
    if plan.parent_index is not None:
        return OrderId(first_id + plan.parent_index), ZERO
    return None, None


def _is_waiting(plan: Plan, released: Size | None, filled: Size) -> bool:
    return plan.stop_price is not None or (released is not None and released <= filled)


def _warning(world: World, plan: Plan) -> str:
    """Return the notice that rides with an acceptance. Source: documented meanings."""
    if plan.hours.awaits_open and plan.hours.changes_at is not None:
        at = _local_time(world, plan, plan.hours.changes_at)
        return f"Warning: your order will not be placed at the exchange until {at}."
    if tickets.ignores_outside(plan.contract, plan.ticket):
        return OUTSIDE_IGNORED
    return ""


def _local_time(world: World, plan: Plan, at: Instant) -> str:
    day, into = world.contracts.calendar(plan.contract).local(at)
    year, month, of_month = civil(day)
    hour, minute, second = into // HOUR, into // MINUTE % MINUTES_AN_HOUR, into // SECOND % 60
    return f"{year:04}-{month:02}-{of_month:02} {hour:02}:{minute:02}:{second:02} US/Eastern"
