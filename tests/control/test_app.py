import asyncio
from typing import Any

import pytest
from tests.control.panels import Panel, begun


@pytest.fixture(scope="module")
def panel() -> Panel:
    return Panel(begun())


def test_what_there_is_is_listed(panel: Panel) -> None:
    status, told = panel.get("/")

    assert status == 200
    assert {"method": "GET", "path": "/desks", "summary": DESKS} in told


DESKS = "List the desks of the data folder, and which of them is served."


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "127.0.0.1:5002"}, 200),
        ({"host": "[::1]:5002"}, 200),
        ({"origin": "http://localhost:5002"}, 200),
        ({"sec_fetch_site": "same-origin"}, 200),
        ({"host": "evil.example"}, 403),
        ({"host": "evil.example:5002"}, 403),
        ({"host": ""}, 403),
        ({"host": "localhost.evil.example"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://localhost:3000"}, 403),
        ({"origin": "null"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"host": "[::1"}, 403),
        ({"host": "[x]"}, 403),
        ({"host": "]"}, 403),
        ({"host": "evil@localhost"}, 403),
        ({"host": "localhost/evil"}, 403),
        ({"host": "localhost:port"}, 403),
        ({"origin": "http://[::1"}, 403),
        ({"origin": "https://localhost:5002"}, 403),
    ],
)
def test_web_pages_of_others_are_kept_out(
    panel: Panel, headers: dict[str, str], status: int
) -> None:
    assert panel.get("/desks", **headers)[0] == status


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "no_such_operation"),
        ("GET", "/desks/other", 404, "not_served"),
        ("PUT", "/desks", 405, "wrong_method"),
        ("GET", "/desks/history-2008-09-29/clock/advance", 405, "wrong_method"),
        ("GET", "/desks/history-2008-09-29/journal?limit=1001", 400, "bad_request"),
        ("GET", "/desks/history-2008-09-29/journal?after=-1", 400, "bad_request"),
        ("GET", "/desks/history-2008-09-29/journal?after=%D9%A3", 400, "bad_request"),
    ],
)
def test_what_cannot_be_is_refused(
    panel: Panel, method: str, path: str, status: int, code: str
) -> None:
    told = panel.ask(method, path)

    assert (told[0], told[1]["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"to": 1.5}', b'{"far": 1}', b"[" * 100_000, b'"x"', b"\xff"]
)
def test_a_body_without_sense_is_refused(panel: Panel, body: bytes) -> None:
    status, told = panel.ask("POST", "/desks/history-2008-09-29/clock/advance", body)

    assert (status, told["error"]["code"]) == (400, "bad_request")


def test_a_body_that_is_too_large_is_refused(panel: Panel) -> None:
    status, _ = panel.ask("POST", "/desks/history-2008-09-29/clock", b" " * 1_000_001)

    assert status == 413


def test_an_answer_waits_for_the_disk() -> None:
    panel = Panel(begun())
    panel.is_settled = False

    assert panel.get("/desks")[0] == 503


@pytest.mark.parametrize("name", [b"Host", b"Origin"])
def test_who_is_called_is_said_once(panel: Panel, name: bytes) -> None:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    headers = [(b"Host", b"localhost:5002"), (b"Origin", b"http://localhost:5002")]
    twice = [*headers, (name, dict(headers)[name])]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": twice}
    asyncio.run(panel.application(scope, receive, send))

    assert sent[0]["status"] == 403


def test_sockets_are_not_spoken_here(panel: Panel) -> None:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    asyncio.run(panel.application({"type": "websocket"}, receive, send))

    assert sent == [{"type": "websocket.close", "code": 1008}]
