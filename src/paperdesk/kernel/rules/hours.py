"""Hours: when an order works, when it waits for its market, and when it has lived long enough."""

from functools import lru_cache
from typing import Final

import msgspec

from paperdesk.base.calendar import Calendar, Session, civil, first_of_month
from paperdesk.base.errors import OutsideCalendar
from paperdesk.base.units import DAY, ONE, Day, Instant
from paperdesk.kernel.messages.orders import OrderType, Ticket, TimeInForce
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.kernel.state.world import World

QUARTER_MONTHS: Final = 3


class Hours(msgspec.Struct, frozen=True, gc=False):
    """Whether an order waits for its market, when that changes, and when the order ends.

    None where the calendar knows no such instant, or there is none.
    """

    awaits_open: bool
    changes_at: Instant | None
    expires_at: Instant | None

    @property
    def due_at(self) -> Instant | None:
        """When something is due with the order."""
        if self.changes_at is None or self.expires_at is None:
            return self.changes_at if self.expires_at is None else self.expires_at
        return min(self.changes_at, self.expires_at)


def works_outside(contract: Contract, ticket: Ticket) -> bool:
    """Say whether an order works in extended hours.

    On stocks only orders of whole shares with a limit do; for others the wish is ignored. Source:
    documented (`orderTypesOutside`, fractions in regular hours).
    """
    if not ticket.outside_regular or contract.security_type is not SecurityType.STOCK:
        return ticket.outside_regular
    if ticket.size is None or ticket.size % ONE:
        return False
    order_type = ticket.order_type
    return (
        order_type is OrderType.LIMIT
        or order_type is OrderType.STOP_LIMIT
        or order_type is OrderType.TRAIL_LIMIT
    )


def session_for(calendar: Calendar, at: Instant, *, extended: bool) -> Session:
    """Return the session that goes on at an instant or begins next.

    Raises:
        OutsideCalendar: the calendar ends before.
    """
    session = calendar.session_at(at)
    if session is None:
        session = calendar.next_session(at)
    if session.end(extended=extended) <= at:
        session = calendar.session_after(session.day)
    return session


def hours(world: World, contract: Contract, ticket: Ticket, at: Instant) -> Hours:
    """Return the hours of an order that is taken at an instant.

    Raises:
        OutsideCalendar: the calendar ends before the order's first session.
    """
    calendar = world.contracts.calendar(contract)
    extended = works_outside(contract, ticket)
    session = session_for(calendar, at, extended=extended)
    start, end = session.start(extended=extended), session.end(extended=extended)
    awaits_open = at < start
    changes_at = start if awaits_open else end
    time = ticket.time_in_force
    if time is TimeInForce.GTD:
        return Hours(awaits_open, changes_at, _date_end(calendar, ticket, extended=extended))
    if time is TimeInForce.GTC:
        day, _ = calendar.local(at)
        return Hours(awaits_open, changes_at, _quarter_end(calendar, day, extended=extended))
    return Hours(awaits_open, changes_at, end)


def _date_end(calendar: Calendar, ticket: Ticket, *, extended: bool) -> Instant | None:
    """Return the end that a ticket asks for: an instant, or the close of the last session to a day.

    Source: documented (without a time: the close of that date).
    """
    day = ticket.expires_on
    if day is None or day < calendar.first_day:
        return ticket.expires_at
    if day > calendar.last_day:
        return (day + 1) * DAY
    return calendar.session_before(day + 1).end(extended=extended)


def next_change(world: World, contract: Contract, ticket: Ticket, at: Instant) -> Hours:
    """Return the hours of an order as of an instant, without an end of its own.

    Where the calendar has ended the order waits for ever.
    """
    calendar = world.contracts.calendar(contract)
    extended = works_outside(contract, ticket)
    try:
        session = session_for(calendar, at, extended=extended)
    except OutsideCalendar:
        return Hours(awaits_open=True, changes_at=None, expires_at=None)
    start = session.start(extended=extended)
    awaits_open = at < start
    return Hours(awaits_open, start if awaits_open else session.end(extended=extended), None)


@lru_cache(maxsize=64)
def _quarter_end(calendar: Calendar, day: Day, *, extended: bool) -> Instant | None:
    """Return the last close of the calendar quarter after the one of a local day.

    Source: documented.
    """
    year, month, _ = civil(day)
    quarter = (month - 1) // QUARTER_MONTHS * QUARTER_MONTHS + 1
    after = first_of_month(year, quarter, 2 * QUARTER_MONTHS)
    if after > calendar.last_day:
        return None
    return calendar.session_before(after).end(extended=extended)
