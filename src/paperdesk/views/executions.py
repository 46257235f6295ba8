"""Executions: what an account has traded in the last days."""

from bisect import bisect_left

from paperdesk.base.ids import AccountId
from paperdesk.kernel.state.orders import Execution
from paperdesk.kernel.state.world import World
from paperdesk.views.days import start_of_day


def of_days(world: World, account_id: AccountId, days: int) -> list[Execution]:
    """Return the executions of an account in the last days, today counted as one, oldest first."""
    executions = world.orders.index.executions.get(account_id, [])
    since = start_of_day(world, days - 1)
    return executions[bisect_left(executions, since, key=lambda execution: execution.at) :]
