"""What the tests of the contract area share: a session, a quote, and a way to ask as clients do."""

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest

from paperdesk.api import contracts as area
from paperdesk.api.leniency import body, query
from paperdesk.api.route import Call, Route
from paperdesk.auth.sessions import Session
from paperdesk.base.calendar import day_of
from paperdesk.base.ids import AccountId, Conid, UserName
from paperdesk.base.units import HOUR, Instant
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.market.catalogue import Catalogue, load_catalogue

if TYPE_CHECKING:
    from paperdesk.auth.roster import Roster
    from paperdesk.desk.desk import Desk

AAPL = Conid(265598)
TUESDAY_NOON: Instant = day_of(2026, 11, 24) * 24 * HOUR + 17 * HOUR

encode = msgspec.json.Encoder(decimal_format="number").encode

Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def session() -> Session:
    return Session(
        session_id="0" * 32,
        brokerage_id="65",
        user_name=UserName("demo"),
        account_ids=(AccountId("DU1234567"), AccountId("DU7654321")),
        is_paper=True,
        signed_in_at=0,
        last_used_at=0,
        selected=AccountId("DU1234567"),
    )


@pytest.fixture
def quotes() -> dict[int, Quote]:
    return {
        AAPL: Quote(
            conid=AAPL,
            at=TUESDAY_NOON,
            bid=Decimal("197.92"),
            bid_size=Decimal(400),
            ask=Decimal("197.93"),
            ask_size=Decimal(200),
            last=Decimal("197.925"),
            last_size=Decimal(10),
            last_at=TUESDAY_NOON,
            volume=Decimal(1_000_000),
            is_open=True,
            is_regular=True,
        )
    }


@pytest.fixture
def ask(catalogue: Catalogue, session: Session, quotes: dict[int, Quote]) -> Ask:
    desk = SimpleNamespace(catalogue=catalogue, now=TUESDAY_NOON, quote=quotes.get)

    def asked(call: str, sent: object = None) -> Any:  # noqa: ANN401 - as JSON is
        """Ask as a client does: `GET /path?query`; the answer is decoded JSON."""
        method, _, target = call.partition(" ")
        path, _, parameters = target.partition("?")
        route, found = routed(method, path)
        raw = b"" if sent is None else encode(sent)
        made = Call(
            desk=cast("Desk", desk),
            roster=cast("Roster", None),
            session=session,
            path=found,
            query=query(parameters.encode()),
            body=body(route.body, raw),
            now=0,
        )
        return msgspec.json.decode(encode(route.handler(made)))

    return asked


def routed(method: str, path: str) -> tuple[Route, dict[str, str]]:
    parts = path.split("/")
    for table in area.TABLES:
        for route in table.routes:
            pattern = route.path.split("/")
            if route.method != method or len(pattern) != len(parts):
                continue
            pairs = list(zip(pattern, parts, strict=True))
            if all(p == q or p.startswith("{") for p, q in pairs):
                return route, {p[1:-1]: q for p, q in pairs if p.startswith("{")}
    raise AssertionError(f"no route for {method} {path}")
