"""Days: where today began for those who look at orders and executions."""

from paperdesk.base.units import DAY, Instant
from paperdesk.kernel.rules.settlement import STOCK_CALENDAR
from paperdesk.kernel.state.world import World


def start_of_day(world: World, days_before: int = 0) -> Instant:
    """Return when the day of now, or one some days before it, began in New York.

    Source: documented (lists of the day roll at midnight of the region).
    """
    calendar = world.contracts.calendars.get(STOCK_CALENDAR)
    if calendar is None:
        return (world.now // DAY - days_before) * DAY
    day, _ = calendar.local(world.now)
    return calendar.instant(day - days_before, 0)
