"""Settlement: which date a trade counts for, and when its money changes hands."""

from typing import Final

from paperdesk.base.calendar import Calendar
from paperdesk.base.units import Day, Instant
from paperdesk.kernel.rules.schedules import in_force
from paperdesk.kernel.rules.tables import SETTLEMENT_CYCLES
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.kernel.state.world import World

STOCK_CALENDAR: Final = "XNYS"
"""Whose holidays are taken for the dollar's, and whose closes end the day of the books."""


def trade_day(world: World, contract: Contract, at: Instant) -> Day:
    """Return the date that a trade counts for: its session's, or the next one's outside."""
    return _trade_day(world.contracts.calendar(contract), at)


def settles_at(world: World, contract: Contract, at: Instant) -> Instant:
    """Return when the money of a trade settles: 00:00 in New York of its settlement date.

    Days are counted in the contract's calendar. Currencies do not settle on a day on which New
    York is closed where one of them is the dollar.
    """
    calendar = world.contracts.calendar(contract)
    day = _trade_day(calendar, at)
    settled = calendar.session_after(day, _cycle(contract, day)).day
    new_york = world.contracts.calendars.get(STOCK_CALENDAR)
    if contract.security_type is SecurityType.FOREX and new_york is not None:
        while "USD" in {contract.base, contract.currency} and not new_york.is_session(settled):
            settled = calendar.session_after(settled).day
    return calendar.instant(settled, 0)


def _trade_day(calendar: Calendar, at: Instant) -> Day:
    session = calendar.session_at(at)
    return (calendar.next_session(at) if session is None else session).day


def _cycle(contract: Contract, day: Day) -> int:
    """Return how many business days after its trade date a contract settles."""
    market = f"{contract.base}.{contract.currency}" if contract.base else contract.country
    row = in_force(SETTLEMENT_CYCLES.get((contract.security_type.value, market), ()), day)
    return contract.settlement_days if row is None else row.days
