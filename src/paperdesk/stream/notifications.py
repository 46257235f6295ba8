"""Notifications: what the service tells unasked about orders, on every socket of their owner."""

from typing import Any, Final

from paperdesk.api.formats import day_text, local_clock
from paperdesk.api.live_orders import NAMES, shown_price
from paperdesk.base.calendar import Calendar
from paperdesk.base.units import Instant
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.orders import OrderAccepted, TimeInForce
from paperdesk.kernel.rules.precautions import description
from paperdesk.kernel.state.world import World
from paperdesk.stream.frames import message
from paperdesk.stream.subscriber import Audience

WILL_END: Final = "118"
"""The number of the notification that tells when an order will be cancelled."""


def will_end(audience: Audience, world: World, event: OrderAccepted) -> None:
    """Tell when a good-till-cancelled order will be cancelled all the same.

    Source: recorded, but for the time zone, which is New York's here.
    """
    order = world.orders.by_id[event.order_id]
    is_gtc = event.ticket.time_in_force is TimeInForce.GTC
    if not is_gtc or event.expires_at is None or not order.is_open:
        return
    contract = world.contract(event.ticket.conid)
    words = [
        "Order",
        description(contract, event.ticket, event.size),
        NAMES[event.ticket.order_type],
        shown_price(order, contract),
    ]
    at = local_text(world.contracts.calendar(contract), event.expires_at)
    text = f"{' '.join(filter(None, words))} will be automatically canceled at {at}"
    frame = message(
        {"topic": "ntf", "args": [{"id": WILL_END, "text": text, "title": None, "url": None}]}
    )
    for subscriber in audience.subscribers.values():
        session = subscriber.session
        if session.has_brokerage and event.account_id in session.account_ids:
            subscriber.send(frame)


def local_text(calendar: Calendar, at: Instant) -> str:
    """Return an instant as `20260630 20:00:00 US/Eastern`."""
    day, of_day = calendar.local(at)
    return f"{day_text(day)} {local_clock(of_day)} US/Eastern"


HEARD: Final[dict[type[Event], tuple[Any, ...]]] = {OrderAccepted: (will_end,)}
