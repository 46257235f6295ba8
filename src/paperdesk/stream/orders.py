"""Orders on the stream: sor tells how orders change, str what has traded."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from paperdesk.api.executions import trade
from paperdesk.api.live_orders import (
    BACKEND_STATUS,
    COLOURS,
    Row,
    average_price,
    conidex,
    description,
    live_order,
    shown_price,
    size_and_fills,
)
from paperdesk.base.ids import AccountId, OrderId
from paperdesk.base.units import ZERO
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.orders import (
    OrderAccepted,
    OrderCancelled,
    OrderDeactivated,
    OrderFilled,
    OrderHeld,
    OrderModified,
    OrderReduced,
    OrderReleased,
    OrderTriggered,
    TrailMoved,
)
from paperdesk.kernel.state.orders import Order, OrderStatus
from paperdesk.kernel.state.world import World
from paperdesk.stream.frames import message
from paperdesk.stream.grammar import Wish
from paperdesk.stream.subscriber import Audience, Line, Subscriber, Topic
from paperdesk.views import executions, orders

HELD_COLOUR: Final = "#997EE5"
"""The stream shows PreSubmitted in another colour than the list of live orders."""


def initial_orders(world: World, account_ids: tuple[AccountId, ...]) -> list[Row]:
    """Return the orders that the first sor message lists: those that are open."""
    return [live_order(world, order) for order in orders.open_orders(world, account_ids)]


def initial_trades(
    world: World, account_ids: tuple[AccountId, ...], days: int
) -> Iterator[list[Row]]:
    """Yield the messages that tell past executions: each twice, the second with its commission."""
    for account_id in account_ids:
        for execution in executions.of_days(world, account_id, days):
            yield [trade(world, execution, with_commission=False)]
            yield [trade(world, execution)]


def order_rows(world: World, event: Event) -> Iterator[Row]:
    """Yield the sor rows that an event makes, in their order; nothing for other events."""
    tell = ORDER_TOPICS.get(type(event))
    if tell is not None:
        yield from tell(world, event)


def trade_rows(world: World, event: Event) -> Iterator[Row]:
    """Yield the str rows that an event makes: an execution without, then with its commission."""
    if isinstance(event, OrderFilled):
        execution = world.orders.executions[event.execution_id]
        yield trade(world, execution, with_commission=False)
        yield trade(world, execution)


def account_of(world: World, event: Event) -> AccountId | None:
    """Return whose event it is; None for events that are about no order."""
    order_id = getattr(event, "order_id", None)
    order = None if order_id is None else world.orders.by_id.get(OrderId(order_id))
    return None if order is None else order.account_id


def _accepted(world: World, event: OrderAccepted) -> Iterator[Row]:
    """A new order shows as inactive, then as sent, then as it stands."""
    order = world.orders.by_id[event.order_id]
    yield live_order(world, as_accepted(order, event))
    yield {
        "acct": order.account_id,
        "conidex": conidex(order),
        "conid": order.conid,
        "orderId": order.order_id,
        "isEventTrading": "0",
    }
    if event.ticket.is_deactivated:
        return
    yield _status(order, OrderStatus.PENDING_SUBMIT, "fgColor")
    yield _held(order)
    if not event.is_held:
        yield _working(order)


def as_accepted(order: Order, event: OrderAccepted) -> Order:
    """Return an order as it was when it was taken: what came after is told by later events."""
    return msgspec.structs.replace(
        order,
        ticket=event.ticket,
        size=event.size,
        limit_price=event.limit_price,
        stop_price=event.stop_price,
        status=OrderStatus.INACTIVE,
        updated_at=event.at,
        filled=ZERO,
        filled_value=ZERO,
        reason="",
    )


def _status(order: Order, status: OrderStatus, *cells: str) -> Row:
    background, foreground = COLOURS[status]
    colours = {"bgColor": background, "fgColor": foreground}
    return {
        "acct": order.account_id,
        "orderId": order.order_id,
        "status": status.value,
        **{cell: colours[cell] for cell in cells},
    }


def _held(order: Order) -> Row:
    return _status(order, OrderStatus.PRE_SUBMITTED, "bgColor") | {"fgColor": HELD_COLOUR}


def _working(order: Order) -> Row:
    return _status(order, OrderStatus.SUBMITTED, "bgColor", "fgColor") | {
        "order_ccp_status": BACKEND_STATUS[OrderStatus.SUBMITTED]
    }


def _released(world: World, event: OrderReleased | OrderTriggered) -> Iterator[Row]:
    """What is let go may still wait, for its trigger or its parent, and a paused order rests."""
    order = world.orders.by_id[event.order_id]
    if order.status is not OrderStatus.INACTIVE:
        is_waiting = order.status is OrderStatus.PRE_SUBMITTED
        yield _held(order) if is_waiting else _working(order)


def _put_on_hold(world: World, event: OrderHeld) -> Iterator[Row]:
    order = world.orders.by_id[event.order_id]
    if order.status is not OrderStatus.INACTIVE:
        yield _held(order)


def _moved(world: World, event: TrailMoved) -> Iterator[Row]:
    order = world.orders.by_id[event.order_id]
    row = live_order(world, order)
    yield {
        name: row[name]
        for name in ("acct", "orderId", "price", "auxPrice", "stop_price", "orderDesc")
        if name in row
    }


def _modified(world: World, event: OrderModified | OrderReduced) -> Iterator[Row]:
    yield live_order(world, world.orders.by_id[event.order_id])


def _filled(world: World, event: OrderFilled) -> Iterator[Row]:
    """Tell what has changed: sizes and average price, and with the last fill the end."""
    order = world.orders.by_id[event.order_id]
    contract = world.contract(order.conid)
    row: Row = {
        "acct": order.account_id,
        "orderId": order.order_id,
        "sizeAndFills": size_and_fills(order, contract),
        "remainingQuantity": float(order.remaining),
        "filledQuantity": float(order.filled),
        "avgPrice": average_price(order, contract),
        "price": shown_price(order, contract),
    }
    if order.remaining > ZERO:
        yield row
        return
    yield (
        row
        | _status(order, OrderStatus.FILLED, "bgColor", "fgColor")
        | {
            "order_ccp_status": BACKEND_STATUS[OrderStatus.FILLED],
            "orderDesc": description(order, contract, with_contract=False),
        }
    )


def _cancelled(world: World, event: OrderCancelled) -> Iterator[Row]:
    """Show the cancellation under way, then done; what the system cancels is done at once."""
    order = world.orders.by_id[event.order_id]
    if event.reason:
        yield live_order(world, order)
        return
    pending = msgspec.structs.replace(order, status=OrderStatus.PENDING_CANCEL)
    yield live_order(world, pending)
    yield _status(order, OrderStatus.CANCELLED, "bgColor", "fgColor") | {
        "order_ccp_status": BACKEND_STATUS[OrderStatus.CANCELLED]
    }


def _deactivated(world: World, event: OrderDeactivated) -> Iterator[Row]:
    yield live_order(world, world.orders.by_id[event.order_id])


ORDER_TOPICS: Final[dict[type[Event], Callable[[World, Any], Iterator[Row]]]] = {
    OrderAccepted: _accepted,
    OrderReleased: _released,
    OrderTriggered: _released,
    OrderHeld: _put_on_hold,
    TrailMoved: _moved,
    OrderModified: _modified,
    OrderReduced: _modified,
    OrderFilled: _filled,
    OrderCancelled: _cancelled,
    OrderDeactivated: _deactivated,
}
"""The events that sor hears."""


def sor(subscriber: Subscriber, wish: Wish) -> None:
    """Tell how orders change from now on, after those that are open.

    Without open orders nothing comes: clients ask the live orders first.
    """
    words = _filters(wish)
    subscriber.subscribe("sor", "", words)
    rows = initial_orders(subscriber.audience.desk.world, subscriber.session.account_ids)
    rows = [row for row in rows if words is None or str(row["status"]).lower() in words]
    if rows and not subscriber.session.orders_filtered:
        subscriber.say({"topic": "sor", "args": rows})


def uor(subscriber: Subscriber, _: Wish) -> None:
    """Tell no more orders; nothing is answered."""
    subscriber.unsubscribe("sor")


def str_(subscriber: Subscriber, wish: Wish) -> None:
    """Tell executions from now on, after those of the last days unless only new ones are wanted."""
    subscriber.subscribe("str", "", None)
    subscriber.say({"topic": "str", "args": []})
    if wish.arguments.get("realtimeUpdatesOnly") in TRUE:
        return
    world = subscriber.audience.desk.world
    for rows in initial_trades(world, subscriber.session.account_ids, _days(wish)):
        subscriber.say({"topic": "str", "args": rows})


def utr(subscriber: Subscriber, _: Wish) -> None:
    """Tell no more executions; nothing is answered."""
    subscriber.unsubscribe("str")


def _filters(wish: Wish) -> frozenset[str] | None:
    """Return the lower-case statuses that a client wants to hear of, None for all."""
    asked = wish.arguments.get("filters")
    if not isinstance(asked, list) or not asked:
        return None
    return frozenset(str(word).replace("_", "").lower() for word in asked[:FILTERS_MAX])


def _days(wish: Wish) -> int:
    """Return how many days are asked for: 1 to 7, today counted; 1 for what is no number."""
    days = str(wish.arguments.get("days", ""))
    if not (days.isascii() and days.isdigit() and len(days) <= DAYS_LENGTH_MAX):
        return 1
    return min(max(int(days), 1), DAYS_MAX)


FILTERS_MAX: Final = 20
DAYS_MAX: Final = 7
DAYS_LENGTH_MAX: Final = 9
TRUE: Final = (True, "true", "True")


def orders_changed(audience: Audience, world: World, event: Event) -> None:
    """Tell an event to every socket that hears its account's orders, each row a message."""
    lines = _lines_of(audience, "sor", account_of(world, event))
    if not lines:
        return
    for row in order_rows(world, event):
        frame = message({"topic": "sor", "args": [row]})
        word = str(row.get("status", "")).lower()
        for line in lines:
            is_mute = line.subscriber.session.orders_filtered
            if not is_mute and (line.state is None or not word or word in line.state):
                line.subscriber.send(frame)


def order_traded(audience: Audience, world: World, event: OrderFilled) -> None:
    """Tell an execution to every socket that hears its account's trades."""
    lines = _lines_of(audience, "str", event.account_id)
    if not lines:
        return
    for row in trade_rows(world, event):
        frame = message({"topic": "str", "args": [row]})
        for line in lines:
            line.subscriber.send(frame)


def _lines_of(audience: Audience, topic: str, account_id: AccountId | None) -> list[Line]:
    return [
        line
        for line in audience.listeners(topic)
        if account_id in line.subscriber.session.account_ids
    ]


TOPICS: Final = {
    "sor": Topic(sor),
    "str": Topic(str_),
    "uor": Topic(uor),
    "utr": Topic(utr),
}

HEARD: Final[dict[type[Event], tuple[Callable[[Audience, World, Any], None], ...]]] = {
    kind: (orders_changed, order_traded) if kind is OrderFilled else (orders_changed,)
    for kind in ORDER_TOPICS
}
