"""Contracts: what can be found, what is said of it, when it trades and what orders it takes.

Two services answer: `/trsrv` and `/contract` need a session alone, `/iserver` a brokerage session.
"""

from paperdesk.api.contracts import (
    algos,
    chains,
    details,
    listings,
    rules,
    schedules,
    searches,
)

TABLES = (
    listings.routes,
    schedules.routes,
    searches.routes,
    chains.routes,
    details.routes,
    rules.routes,
    algos.routes,
)
