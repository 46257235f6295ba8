"""A real port and raw bytes: what no server library refuses at its defaults is refused."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from tests.serving import Rig, Served, served

from paperdesk.server import connections, listeners

T = TypeVar("T")

HOST = b"Host: localhost:5000\r\n"
GET = b"GET /v1/api/tickle HTTP/1.1\r\n" + HOST
POST = b"POST /v1/api/iserver/auth/ssodh/init HTTP/1.1\r\n" + HOST
BODY = b'{"compete":true}'


def run(tmp_path: Path, story: Callable[[Served], Awaitable[T]]) -> T:
    async def told() -> T:
        rig = Rig(tmp_path)
        rig.sign_in()
        async with served(rig) as server:
            return await asyncio.wait_for(story(server), 20)

    return asyncio.run(told())


async def read(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    """Return status, head and body of the next answer; status 0 where the connection ended."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return 0, b"", b""
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    return int(head[9:12]), head, await reader.readexactly(length)


def sent(tmp_path: Path, *parts: bytes) -> tuple[int, bytes, bool]:
    """Send bytes and return status and body of the answer, and whether the connection ended."""

    async def story(server: Served) -> tuple[int, bytes, bool]:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for part in parts:
            writer.write(part)
            await writer.drain()
        status, head, body = await read(reader)
        ended = b"connection: close" in head.lower() and await reader.read() == b""
        writer.close()
        return status, body, ended

    return run(tmp_path, story)


def test_a_plain_request_is_answered_and_the_connection_stays(tmp_path: Path) -> None:
    status, body, ended = sent(tmp_path, GET + b"\r\n")

    assert status == 200
    assert body.startswith(b'{"session":"abab')
    assert not ended


def test_names_of_headers_are_spelt_as_recorded(tmp_path: Path) -> None:
    async def story(server: Served) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(GET + b"\r\n")
        _, head, _ = await read(reader)
        writer.close()
        return head

    head = run(tmp_path, story)

    assert head.startswith(b"HTTP/1.1 200 OK\r\nReferrer-Policy: Origin-when-cross-origin\r\n")
    assert b"\r\nContent-Type: application/json;charset=utf-8\r\n" in head
    assert head.count(b"\r\nDate: ") == 1


@pytest.mark.parametrize(
    ("name", "request_bytes", "status"),
    [
        (
            "length and chunks",
            POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        ("two lengths", POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n12345", 400),
        ("length of letters", POST + b"Content-Length: five\r\n\r\n", 400),
        ("negative length", POST + b"Content-Length: -1\r\n\r\n", 400),
        ("chunked", POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        ("odd coding", POST + b"Transfer-Encoding: gzip\r\n\r\n", 400),
        ("large body", POST + b"Content-Length: 2000000\r\n\r\n", 413),
        ("garbage", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        ("no method", b" /v1/api/tickle HTTP/1.1\r\n\r\n", 400),
        ("odd method", b"G\x00T /v1/api/tickle HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        ("NUL in path", b"GET /v1/api/tick\x00le HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        ("NUL in header", GET + b"X: a\x00b\r\n\r\n", 400),
        ("bare line feed in header", GET + b"X: a\nHost: b\r\n\r\n", 400),
        ("folded header", GET + b"X: a\r\n b\r\n\r\n", 400),
        ("blank before colon", GET + b"X : a\r\n\r\n", 400),
        ("odd version", b"GET / HTTP/9.9\r\n" + HOST + b"\r\n", 400),
        ("long target", b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        ("long query", b"GET /?" + b"a" * 20_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        ("many headers", GET + b"X: 1\r\n" * 200 + b"\r\n", 431),
        ("large header", GET + b"X: " + b"a" * 100_000 + b"\r\n\r\n", 431),
        ("endless header name", GET + b"a" * 100_000, 431),
        ("endless header", GET + b"X: " + b"a" * 100_000, 431),
    ],
)
def test_a_request_that_is_none_is_refused_and_the_connection_ends(
    tmp_path: Path, name: str, request_bytes: bytes, status: int
) -> None:
    told, body, ended = sent(tmp_path, request_bytes)

    assert (told, ended) == (status, True), name
    assert b"Traceback" not in body


@pytest.mark.parametrize(
    ("name", "request_bytes", "status"),
    [
        ("no host", b"GET /v1/api/tickle HTTP/1.1\r\n\r\n", 403),
        ("two hosts", GET + HOST + b"\r\n", 403),
        ("foreign host", b"GET /v1/api/tickle HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403),
        (
            "foreign target",
            b"GET http://evil.example/v1/api/tickle HTTP/1.1\r\n" + HOST + b"\r\n",
            200,
        ),
        ("escaped slash", b"GET /v1/api%2ftickle HTTP/1.1\r\n" + HOST + b"\r\n", 200),
        ("escaped nonsense", b"GET /v1/api/%ff%00%zz HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        ("dots", b"GET /v1/api/../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        ("HEAD", b"HEAD /v1/api/tickle HTTP/1.1\r\n" + HOST + b"\r\n", 405),
        ("no length", POST + b"\r\n", 411),
        ("body of a GET", GET + b"Content-Length: 7\r\n\r\n[[[[[[[", 200),
        ("not JSON", POST + b"Content-Length: 1\r\n\r\n{", 400),
        ("whole body", POST + b"Content-Length: 16\r\n\r\n" + BODY, 200),
    ],
)
def test_a_request_that_is_one_has_the_answer_of_the_api(
    tmp_path: Path, name: str, request_bytes: bytes, status: int
) -> None:
    async def story(server: Served) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(request_bytes)
        head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
        return int(head[9:12])

    assert run(tmp_path, story) == status, name


def test_a_body_may_come_in_pieces(tmp_path: Path) -> None:
    status, _, _ = sent(tmp_path, POST + b"Content-Length: 16\r\n\r\n", BODY[:5], BODY[5:])

    assert status == 200


def test_a_client_may_ask_whether_to_send_its_body(tmp_path: Path) -> None:
    async def story(server: Served) -> tuple[bytes, int]:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(POST + b"Content-Length: 16\r\nExpect: 100-continue\r\n\r\n")
        told = await reader.readuntil(b"\r\n\r\n")
        writer.write(BODY)
        status, _, _ = await read(reader)
        writer.close()
        return told, status

    assert run(tmp_path, story) == (b"HTTP/1.1 100 Continue\r\n\r\n", 200)


def test_requests_in_a_row_are_answered_in_their_order(tmp_path: Path) -> None:
    async def story(server: Served) -> list[int]:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        unknown = b"GET /nothing HTTP/1.1\r\n" + HOST + b"\r\n"
        init = POST + b"Content-Length: 16\r\n\r\n" + BODY
        writer.write(GET + b"\r\n" + unknown + init + GET + b"\r\n")
        statuses = [(await read(reader))[0] for _ in range(4)]
        writer.close()
        return statuses

    assert run(tmp_path, story) == [200, 404, 200, 200]


def test_a_client_that_asks_for_it_has_the_connection_closed(tmp_path: Path) -> None:
    assert sent(tmp_path, GET + b"Connection: close\r\n\r\n")[2]
    assert sent(tmp_path, b"GET /v1/api/tickle HTTP/1.0\r\n" + HOST + b"\r\n")[2]


@pytest.mark.parametrize("method", [b"GET", b"POST"])
def test_nothing_is_done_after_an_answer_that_closes_the_connection(
    tmp_path: Path, method: bytes
) -> None:
    async def story(server: Served) -> tuple[int, bytes, int]:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        chunked = b" /v1/api/tickle HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
        logout = b"GET /v1/api/logout HTTP/1.1\r\n" + HOST + b"\r\n"
        writer.write(method + chunked + b"0\r\n\r\n" + logout)
        refused, _, _ = await read(reader)
        rest = await reader.read()
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(GET + b"\r\n")
        tickled, _, _ = await read(reader)
        writer.close()
        return refused, rest, tickled

    assert run(tmp_path, story) == (411, b"", 200)


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS_MAX", 0.05)
    monkeypatch.setattr(connections, "BODY_SECONDS_MAX", 0.05)
    monkeypatch.setattr(connections, "IDLE_SECONDS_MAX", 0.3)
    monkeypatch.setattr(listeners, "SWEEP_SECONDS", 0.02)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(
    ("name", "request_bytes", "status"),
    [
        ("half a head", GET, 408),
        ("half a line", b"GET /v1", 408),
        ("half a body", POST + b"Content-Length: 16\r\n\r\n{", 408),
        ("nothing", b"", 0),
        ("blank lines after an answer", b"", 0),
    ],
)
def test_a_request_that_does_not_come_in_is_given_up(
    tmp_path: Path, name: str, request_bytes: bytes, status: int
) -> None:
    async def story(server: Served) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        if name.startswith("blank"):
            writer.write(GET + b"\r\n")
            await read(reader)
            writer.write(b"\r\n\r\n")
        writer.write(request_bytes)
        told = (await read(reader))[0]
        assert await reader.read() == b""
        writer.close()
        return told

    assert run(tmp_path, story) == status


@pytest.mark.usefixtures("_impatient")
def test_a_connection_between_requests_is_not_given_up(tmp_path: Path) -> None:
    async def story(server: Served) -> tuple[int, int]:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(GET + b"\r\n")
        first = (await read(reader))[0]
        await asyncio.sleep(0.15)
        writer.write(GET + b"\r\n")
        second = (await read(reader))[0]
        writer.close()
        return first, second

    assert run(tmp_path, story) == (200, 200)


def test_a_client_that_goes_away_in_the_middle_hurts_nobody(tmp_path: Path) -> None:
    async def story(server: Served) -> int:
        for part in (GET, POST + b"Content-Length: 16\r\n\r\n{", GET + b"\r\n", b"\xff"):
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(part)
            writer.transport.abort()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(GET + b"\r\n")
        status = (await read(reader))[0]
        writer.close()
        return status

    assert run(tmp_path, story) == 200


def test_a_hundred_requests_in_one_piece_are_answered_in_their_order(tmp_path: Path) -> None:
    async def story(server: Served) -> list[int]:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        unknown = b"GET /nothing HTTP/1.1\r\n" + HOST + b"\r\n"
        writer.write((GET + b"\r\n" + unknown) * 50)
        statuses = [(await read(reader))[0] for _ in range(100)]
        writer.close()
        return statuses

    assert run(tmp_path, story) == [200, 404] * 50


@pytest.mark.usefixtures("_impatient")
def test_a_client_that_leaves_answers_unread_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "UNREAD_SECONDS_MAX", 0.05)

    async def story(server: Served) -> bool:
        made = socket.socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        made.setblocking(False)  # noqa: FBT003 - the standard library's own
        loop = asyncio.get_running_loop()
        await loop.sock_connect(made, ("127.0.0.1", server.port))
        with contextlib.suppress(ConnectionError, TimeoutError):
            for _ in range(100):
                await asyncio.wait_for(loop.sock_sendall(made, (GET + b"\r\n") * 100), 1)
            await asyncio.sleep(0.3)
        ended = await ends(made)
        made.close()
        return ended

    assert run(tmp_path, story)


@pytest.mark.usefixtures("_impatient")
def test_a_client_that_asks_without_end_before_it_is_answered_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "WAITING_MAX", 10)

    async def story(server: Served) -> bool:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        one = POST + b"Content-Length: 16\r\n\r\n" + BODY
        writer.write(one * 100)
        try:
            return (await reader.read()).count(b"HTTP/1.1 ") < 100
        except ConnectionError:
            return True
        finally:
            writer.close()

    assert run(tmp_path, story)


async def ends(made: socket.socket) -> bool:
    """Read what is left and say whether the connection ended."""
    loop = asyncio.get_running_loop()
    try:
        while await asyncio.wait_for(loop.sock_recv(made, 65_536), 2):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True
