"""The catalogue of routes: every table of the API, one line each."""

from collections.abc import Iterator
from typing import Final

from paperdesk.api import (
    accounts,
    consent,
    contracts,
    currencies,
    executions,
    login,
    marketdata,
    oauth1,
    oauth2,
    orders,
    portal,
    portfolio,
    questions,
    self_service,
    session,
    sso,
    summaries,
)
from paperdesk.api.management import echo
from paperdesk.api.route import Described, Route, Routes

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


def routes() -> Iterator[Route]:
    """Yield every route of either face, in the order of the tables."""
    for table in HOSTED_TABLES:
        yield from table.routes


def operations() -> Iterator[Route | Described]:
    """Yield everything that either face answers: routes, then what has none."""
    yield from routes()
    for area in (oauth1, login, consent, portal, self_service):
        yield from area.OPERATIONS
