"""Whatever is sent, the answer has IBKR's shape, is no failure of ours, and changes nothing.

Requests are built from every route of the catalogue and from values that clients, scanners and
mistakes send. They go through the whole application, in process, to a real desk.
"""

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.nonsense import AAPL, ACCOUNT, FIELDS, Sent, request_of

from paperdesk.api.catalogue import TABLES
from paperdesk.api.matching import Matcher
from paperdesk.auth.pacing.settings import Mode, PacingSettings
from paperdesk.auth.sessions import SessionSettings
from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.orders import CancelAllOrders, QuestionsDropped
from paperdesk.kernel.state.world import World
from paperdesk.server.app import Application
from paperdesk.server.clock import Timekeeper
from paperdesk.server.credentials import Credentials
from paperdesk.server.faces import Face
from paperdesk.server.premises import People, Premises
from paperdesk.server.registry import Registry
from paperdesk.stream import topics

REQUESTS_AN_EXAMPLE: Final = 50
EXAMPLES: Final = 220
OPENED_AT: Final = 1_788_875_891_000_000

# These say no with a status, and something has happened all the same: the question is answered.
ANSWERS_BY_REFUSING: Final = ("/iserver/reply/", "/logout")


class Complaints(logging.Handler):
    """Notes every failure of ours."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(logging.Formatter().format(record))


@contextmanager
def complaints() -> Iterator[list[str]]:
    handler, log = Complaints(), logging.getLogger("paperdesk.server")
    log.addHandler(handler)
    is_propagated, log.propagate = log.propagate, False
    try:
        yield handler.heard
    finally:
        log.removeHandler(handler)
        log.propagate = is_propagated


class Target:
    """A real desk in memory behind the whole application."""

    def __init__(self, data_dir: Path) -> None:
        self.desk = open_desk(DeskOptions(wall=OPENED_AT, clock="stepped"))
        self._data_dir = data_dir
        self._changes = 0
        self.desk.listen(self._hear)

    def _hear(self, _world: World, event: Event) -> None:
        # A refused order request makes a question void; nothing else comes of what is refused.
        self._changes += event.kept and not isinstance(event, QuestionsDropped)

    def throw(self, requests: list[Sent]) -> list[tuple[Sent, int, bytes, int]]:
        """Send requests and return each with status, body and how many events it made."""
        return asyncio.run(self._throw(requests))

    async def _throw(self, requests: list[Sent]) -> list[tuple[Sent, int, bytes, int]]:
        people = People(
            Credentials(self._data_dir),
            Registry(None),
            lambda count: "ab" * count,
            SessionSettings(warm_up=0),
        )
        users = self.desk.world.accounts.users
        people.gateway.sign_in(next(iter(users.values())), OPENED_AT, is_headless=True)
        people.gateway.session.accounts_queried = True
        keeper = Timekeeper(self.desk, lambda: OPENED_AT)
        premises = Premises(keeper, topics.TABLES, people, PacingSettings(mode=Mode.OFF))
        application = Application(Face(), Matcher(TABLES), premises)
        answers = []
        for request in requests:
            before = self._changes
            status, body = await _ask(application, request)
            answers.append((request, status, body, self._changes - before))
        assert not self.desk.is_stopped
        application.audience.close(1001, "")
        self._tidy()
        return answers

    def _tidy(self) -> None:
        """Take away what a valid order among them has left."""
        for user in self.desk.world.accounts.users.values():
            for account_id in user.account_ids:
                self.desk.execute(CancelAllOrders(account_id=account_id))


async def _ask(application: Application, request: Sent) -> tuple[int, bytes]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": request.body}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost:5000")]
    if request.content_type:
        headers.append((b"content-type", request.content_type.encode()))
    if request.body or request.method in {"POST", "PUT", "PATCH"}:
        headers.append((b"content-length", str(len(request.body)).encode()))
    scope = {
        "type": "http",
        "method": request.method,
        "path": f"/v1/api{request.path}",
        "query_string": request.query.encode(),
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "scheme": "https",
    }
    await application(scope, receive, send)
    return sent[0]["status"], sent[1]["body"]


def check(answers: list[tuple[Sent, int, bytes, int]], heard: list[str]) -> None:
    assert not heard, heard[0]
    for request, status, body, events in answers:
        assert 200 <= status < 600, request
        text = body.decode("utf-8")
        assert "Traceback" not in text, request
        assert "paperdesk" not in text, request
        assert "msgspec" not in text, request
        if body and not body.startswith(b"<html>"):
            told = msgspec.json.decode(body)
            if status >= 400 and isinstance(told, dict):
                assert told.keys() & {"error", "status", "message"}, request
            if isinstance(told, dict) and "statusCode" in told:
                assert told["statusCode"] == status, request
        if status >= 400 and not request.path.startswith(ANSWERS_BY_REFUSING):
            assert events == 0, request


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Target:
    return Target(tmp_path_factory.mktemp("desk"))


@pytest.mark.slow
@given(st.integers(0, 2**64))
@settings(max_examples=EXAMPLES)
def test_eleven_thousand_bad_requests_are_refused_and_change_nothing(
    target: Target, seed: int
) -> None:
    draw = Random(seed)
    requests = [request_of(draw) for _ in range(REQUESTS_AN_EXAMPLE)]

    with complaints() as heard:
        answers = target.throw(requests)

    check(answers, heard)


values = (
    st.none()
    | st.booleans()
    | st.integers(-(10**25), 10**25)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from((AAPL, "LMT", "MKT", "STP", "BUY", "SELL", "DAY", "GTC", 0, -1, "1_000"))
)
tickets = st.dictionaries(
    st.sampled_from([field for field in FIELDS if field != "orders"]), values, max_size=8
).map(lambda given: {"conid": AAPL, "side": "BUY", "orderType": "LMT", **given})


@given(st.lists(tickets, max_size=3), st.sampled_from(["orders", "orders/whatif", "order"]))
def test_a_ticket_of_any_values_is_taken_or_refused_in_their_shape(
    target: Target, given_tickets: list[dict[str, object]], kind: str
) -> None:
    body: object = given_tickets[:1] if kind == "order" else {"orders": given_tickets}
    sent = Sent(
        method="POST",
        path=f"/iserver/account/{ACCOUNT}/{kind}",
        query="",
        body=json.dumps(body).encode(),
        content_type="application/json",
    )

    with complaints() as heard:
        answers = target.throw([sent])

    check(answers, heard)
