"""The catalogue of routes: every table of the API, one line each."""

from collections.abc import Iterator
from typing import Final

from paperdesk.api import session
from paperdesk.api.route import Route, Routes, Tier

TABLES: Final[tuple[Routes, ...]] = (
    session.outer,
    session.unguarded,
)


def routes() -> Iterator[tuple[Route, Tier]]:
    """Yield every route with its tier, in the order of the tables."""
    for table in TABLES:
        for route in table.routes:
            yield route, table.tier
