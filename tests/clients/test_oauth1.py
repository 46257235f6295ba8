"""Programs that sign in by OAuth 1.0a at a desk in a process of its own, over TLS."""

import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.programs import (
    BASE,
    FIRST_PARTY,
    Program,
    access_token,
    consumer,
    register,
)
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from paperdesk.server.registry import Registry

LST = "/oauth/live_session_token"


class Reply(msgspec.Struct):
    """What came back."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever was answered
        """The body decoded."""
        return json.loads(self.body)


class Desk(msgspec.Struct, kw_only=True, eq=False):
    """A desk that is served."""

    origin: str
    authority: str
    process: "subprocess.Popen[str]"

    @property
    def tls(self) -> ssl.SSLContext:
        """Trust the desk's own authority, and check names."""
        return ssl.create_default_context(cafile=self.authority)

    def program(self) -> Program:
        """Return a program that calls this desk."""
        return Program(lambda: int(time.time()), self.origin)

    def ask(self, method: str, path: str, authorization: str, body: bytes = b"") -> Reply:
        """Send a signed request."""
        headers = {
            "Authorization": authorization,
            "Content-Type": "application/json",
            "Host": "api.ibkr.com",
            "User-Agent": "tests",
        }
        request = urllib.request.Request(  # noqa: S310 - our own desk
            f"{self.origin}{BASE}{path}",
            data=body if body or method == "POST" else None,
            method=method,
            headers=headers,
        )
        try:
            with urllib.request.urlopen(  # noqa: S310
                request, context=self.tls, timeout=30
            ) as answer:
                return Reply(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.read())

    def call(self, program: Program, method: str, path: str, body: bytes = b"") -> Reply:
        """Send a request that a program signs."""
        return self.ask(method, path, program.by_hmac(method, path), body)

    def shake_hands(self, program: Program) -> None:
        """Get a live session token."""
        program.agree(self.ask("POST", LST, program.for_live_session_token()).json)


def registered(data_dir: Path) -> Path:
    """Make a data directory with a consumer whose token demo has generated."""
    folder = data_dir / "desks" / "default"
    folder.mkdir(parents=True)
    registry = Registry(folder)
    register(registry.registrations, consumer(FIRST_PARTY), access_token())
    registry.save()
    return data_dir


@contextmanager
def served(data_dir: Path, *options: str) -> Iterator[Desk]:
    """Serve the desk of a data directory at free ports."""
    command = [sys.executable, "-m", "paperdesk.cli", "serve", "--json", "--pacing", "off"]
    command += ["--data-dir", str(data_dir), "--port", "0", "--hosted-port", "0"]
    command += ["--no-control", "--login", "demo", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        opened = json.loads(process.stdout.readline())["opened"]
        yield Desk(origin=opened["hosted_url"], authority=opened["authority"], process=process)
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(registered(tmp_path_factory.mktemp("oauth1"))) as opened:
        yield opened


def test_a_first_party_trades(desk: Desk) -> None:
    program = desk.program()
    desk.shake_hands(program)

    initialised = desk.call(program, "POST", "/iserver/auth/ssodh/init", b'{"compete":true}')
    accounts = desk.call(program, "GET", "/iserver/accounts")
    ledger = desk.call(program, "GET", "/portfolio/DU1234567/ledger")
    search = desk.call(program, "GET", "/iserver/secdef/search?symbol=AAPL&secType=STK")
    order = {"conid": 265598, "orderType": "LMT", "side": "BUY", "quantity": 1, "price": 1.0}
    body = json.dumps({"orders": [{**order, "tif": "DAY"}]}).encode()
    placed = desk.call(program, "POST", "/iserver/account/DU1234567/orders", body)

    assert initialised.json["passed"] is True
    assert accounts.json["accounts"] == ["DU1234567"]
    assert "USD" in ledger.json
    assert search.status == 200
    assert placed.status == 200


def test_an_order_that_is_sent_again_is_placed_once(desk: Desk) -> None:
    program = desk.program()
    desk.shake_hands(program)
    desk.call(program, "POST", "/iserver/auth/ssodh/init", b'{"compete":true}')
    desk.call(program, "GET", "/iserver/accounts")
    desk.call(program, "POST", "/iserver/questions/suppress", SUPPRESSED)
    path = "/iserver/account/DU1234567/orders"
    order = {"conid": 265598, "orderType": "LMT", "side": "BUY", "quantity": 7, "price": 1.0}
    body = json.dumps({"orders": [{**order, "tif": "GTC", "cOID": "sent-twice"}]}).encode()
    authorization = program.by_hmac("POST", path)

    with ThreadPoolExecutor(16) as crowd:
        raced = [crowd.submit(desk.ask, "POST", path, authorization, body) for _ in range(16)]
    first, *others = (one.result() for one in raced)
    again = desk.ask("POST", path, authorization, body)
    other = desk.ask("POST", path, authorization, body.replace(b"7", b"8"))
    desk.call(program, "GET", "/iserver/account/orders?force=true")
    orders = desk.call(program, "GET", "/iserver/account/orders").json["orders"]

    assert first.status == again.status == 200
    assert {one.body for one in (*others, again)} == {first.body}
    assert "order_id" in first.json[0], first.body
    assert other.status == 401
    assert [row["order_ref"] for row in orders].count("sent-twice") == 1


SUPPRESSED = json.dumps(
    {"messageIds": ["o163", "o354", "o383", "o451", "o10331", "o10151", "o10152", "o10153"]}
).encode()


def socket(
    desk: Desk, token: str, session: str, agent: str | None = "ClientPortalGW/1"
) -> ClientConnection:
    """Open a socket as clients of OAuth 1.0a do."""
    where = f"{desk.origin.replace('https', 'wss')}{BASE}/ws?oauth_token={token}"
    headers = {"Cookie": f"api={session}"} if session else {}
    return connect(where, ssl=desk.tls, additional_headers=headers, user_agent_header=agent)


def test_a_socket_opens_with_the_token_and_the_session_of_tickle(desk: Desk) -> None:
    program = desk.program()
    desk.shake_hands(program)
    session = desk.call(program, "POST", "/tickle").json["session"]

    with socket(desk, program.token, session) as opened:
        first = json.loads(opened.recv(timeout=10))
        named = json.loads(opened.recv(timeout=10))

    assert first["topic"] == "system"
    assert named["topic"] in {"sts", "act", "system"}


@pytest.mark.parametrize(
    ("token", "session", "agent", "status"),
    [
        ("right", "", "x", 401),
        ("right", "0" * 32, "x", 401),
        ("0" * 20, "right", "x", 401),
        ("", "right", "x", 401),
        ("right", "right", None, 403),
    ],
)
def test_a_socket_without_all_of_it_does_not_open(
    desk: Desk, token: str, session: str, agent: str | None, status: int
) -> None:
    program = desk.program()
    desk.shake_hands(program)
    right = desk.call(program, "POST", "/tickle").json["session"]

    with pytest.raises(InvalidStatus) as refused:
        socket(
            desk,
            program.token if token == "right" else token,
            right if session == "right" else session,
            agent,
        )

    assert refused.value.response.status_code == status


def test_a_logout_closes_the_socket(desk: Desk) -> None:
    program = desk.program()
    desk.shake_hands(program)
    session = desk.call(program, "POST", "/tickle").json["session"]

    with socket(desk, program.token, session) as opened:
        desk.call(program, "POST", "/logout")
        statuses = [json.loads(message) for message in opened if b"sts" in _bytes(message)]

    assert statuses[-1]["args"]["authenticated"] is False
    with pytest.raises(InvalidStatus):
        socket(desk, program.token, session)


def _bytes(message: str | bytes) -> bytes:
    return message.encode() if isinstance(message, str) else message


@pytest.mark.skipif(os.name == "nt", reason="Windows kills otherwise")
def test_a_nonce_outlives_kill_9_and_live_session_tokens_do_not(tmp_path: Path) -> None:
    data_dir = registered(tmp_path)
    with served(data_dir) as first:
        program = first.program()
        challenge = program.for_live_session_token()
        program.agree(first.ask("POST", LST, challenge).json)
        assert first.call(program, "POST", "/tickle").status == 200
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(timeout=30)

    with served(data_dir) as second:
        program.origin = second.origin
        stale = second.call(program, "POST", "/tickle")
        replayed = second.ask("POST", LST, challenge)
        second.shake_hands(program)
        renewed = second.call(program, "POST", "/tickle")

    assert (stale.status, replayed.status, renewed.status) == (401, 401, 200)
