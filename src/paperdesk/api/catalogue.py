"""The catalogue of routes: every table of the API, one line each."""

from collections.abc import Iterator
from typing import Final

from paperdesk.api import (
    accounts,
    contracts,
    currencies,
    executions,
    marketdata,
    oauth2,
    orders,
    portfolio,
    questions,
    session,
    sso,
    summaries,
)
from paperdesk.api.management import echo
from paperdesk.api.route import Route, Routes, Tier

TABLES: Final[tuple[Routes, ...]] = (
    accounts.after_accounts,
    accounts.brokerage,
    accounts.outer,
    *contracts.TABLES,
    currencies.routes,
    executions.routes,
    marketdata.outer,
    marketdata.routes,
    orders.routes,
    portfolio.routes,
    questions.routes,
    session.outer,
    session.unguarded,
    summaries.routes,
)

HOSTED_TABLES: Final[tuple[Routes, ...]] = (*TABLES, echo.routes, oauth2.routes, sso.routes)
"""What the hosted face answers: the trading API, and the ways to sign in over the network."""


def routes() -> Iterator[tuple[Route, Tier]]:
    """Yield every route with its tier, in the order of the tables."""
    for table in TABLES:
        for route in table.routes:
            yield route, table.tier
