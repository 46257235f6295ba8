"""The clock: time passes, and what is due happens on the way, in order."""

from collections.abc import Iterator
from typing import Final

from paperdesk.base.errors import TimeRunsBackwards
from paperdesk.base.units import Instant
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.clock import AdvanceClock, ClockAdvanced
from paperdesk.kernel.messages.orders import OrderHeld, OrderReleased
from paperdesk.kernel.rules import case_dues, closings, hours
from paperdesk.kernel.rules.outcomes import cancel
from paperdesk.kernel.state.orders import Order
from paperdesk.kernel.state.world import World

EXPIRED: Final = "The order has expired."


def advance_clock(world: World, command: AdvanceClock) -> Iterator[Event]:
    """Let desk time reach an instant; what is due up to it happens first, in order.

    Of things that are due at one instant orders come first, the oldest before the others, then
    the books, then cases. Orders whose market opens do not trade by this: the quote that the
    world has is one of before, and the desk looks again.

    Raises:
        TimeRunsBackwards: the instant has passed.
    """
    if command.to < world.now:
        raise TimeRunsBackwards(f"Desk time is {world.now} and cannot go back to {command.to}.")

    books_at = closings.next_due(world, world.now)
    while True:
        yield from _cases_due(world, command.to, books_at)
        order = world.orders.index.next_due(world.orders.by_id)
        order_at = None if order is None else order.due_at
        if order is not None and order_at is not None and _comes_first(order_at, books_at):
            if order_at > command.to:
                break
            if order_at > world.now:
                yield ClockAdvanced(at=order_at)
            yield from _order_due(world, order)
        elif books_at is not None and books_at <= command.to:
            yield ClockAdvanced(at=books_at)
            yield from closings.due(world, books_at)
            books_at = closings.next_due(world, world.now)
        else:
            break
    yield ClockAdvanced(at=command.to)


def next_due(world: World) -> Instant | None:
    """Return when something is due next: with an order, with the books, or with a case."""
    order = world.orders.index.next_due(world.orders.by_id)
    order_at = None if order is None else order.due_at
    dues = (order_at, closings.next_due(world, world.now), case_dues.next_due(world))
    return min((at for at in dues if at is not None), default=None)


def _cases_due(world: World, to: Instant, books_at: Instant | None) -> Iterator[Event]:
    """Let what is due with cases happen before orders and books have anything to do."""
    while (at := case_dues.next_due(world)) is not None and at <= to:
        order = world.orders.index.next_due(world.orders.by_id)
        others = (books_at, None if order is None else order.due_at)
        if any(other is not None and other <= at for other in others):
            return
        if at > world.now:
            yield ClockAdvanced(at=at)
        yield from case_dues.due(world)


def _comes_first(order_at: Instant, books_at: Instant | None) -> bool:
    return books_at is None or order_at <= books_at


def _order_due(world: World, order: Order) -> Iterator[Event]:
    if order.expires_at is not None and order.expires_at <= world.now:
        yield from cancel(world, order, EXPIRED)
        return
    contract = world.contract(order.conid)
    changed = hours.next_change(world, contract, order.ticket, world.now)
    due_at = hours.Hours(changed.awaits_open, changed.changes_at, order.expires_at).due_at
    if changed.awaits_open:
        yield OrderHeld(at=world.now, order_id=order.order_id, due_at=due_at)
    else:
        yield OrderReleased(at=world.now, order_id=order.order_id, due_at=due_at)
