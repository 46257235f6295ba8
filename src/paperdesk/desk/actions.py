"""Corporate actions: what takes effect before a session, of what somebody holds or has ordered."""

from paperdesk.base.ids import Conid
from paperdesk.base.units import Instant
from paperdesk.kernel.messages.actions import Action
from paperdesk.kernel.rules.settlement import STOCK_CALENDAR
from paperdesk.kernel.state.world import World
from paperdesk.market.source import Source


def due_actions(world: World, source: Source, at: Instant) -> tuple[Action, ...]:
    """Return the actions that take effect at an instant, if a session of stocks begins then.

    They are in the order of contracts, of each contract as the source has them.
    """
    calendar = world.contracts.calendars.get(STOCK_CALENDAR)
    session = None if calendar is None else calendar.session_at(at)
    if session is None or session.pre_open != at:
        return ()
    return tuple(
        action
        for conid in sorted(_concerned(world))
        if world.contracts.by_conid[conid].calendar == STOCK_CALENDAR
        for action in source.actions(conid, session.day)
    )


def _concerned(world: World) -> set[Conid]:
    """Return the contracts that somebody holds or has open orders in."""
    held = {conid for book in world.ledger.books.values() for conid in book.positions}
    ordered = {
        order.conid
        for orders in world.orders.index.open_by_account.values()
        for order in orders.values()
    }
    return held | ordered
