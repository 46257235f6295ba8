"""A real port and a real WebSocket client: handshakes, frames, and clients that misbehave."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from tests.serving import Rig, Served, served
from tests.turns import turns
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from paperdesk.server import connections, sockets
from paperdesk.store.journal import JournalFailed
from paperdesk.stream import frames, subscriber

T = TypeVar("T")

SESSION = "ab" * 16
SYSTEM = {"topic": "system", "success": "demo", "isFT": False, "isPaper": True}
WAITING = {"message": "waiting for session"}


def run(tmp_path: Path, story: Callable[[Served], Awaitable[T]], *, signed_in: bool = True) -> T:
    async def told() -> T:
        rig = Rig(tmp_path)
        if signed_in:
            rig.sign_in()
        async with served(rig) as server:
            return await asyncio.wait_for(story(server), 20)

    return asyncio.run(told())


def address(server: Served, path: str = "/v1/api/ws") -> str:
    return f"ws://127.0.0.1:{server.port}{path}"


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
        await asyncio.sleep(0)


async def heard(client: ClientConnection) -> Any:  # noqa: ANN401 - whatever was said
    return json.loads(await client.recv())


async def greeted(client: ClientConnection) -> None:
    for _ in range(2):
        await client.recv()


@pytest.mark.parametrize("path", ["/v1/api/ws", "/v1/portal/ws", "/v1/api/ws/", "/v1/api/ws?x=1"])
@pytest.mark.parametrize(
    "cookie",
    [None, f"api={SESSION}", f'api={{"session":"{SESSION}"}}', f"x-sess-uuid=0.1; api={SESSION}"],
)
def test_a_socket_is_greeted_in_order(tmp_path: Path, path: str, cookie: str | None) -> None:
    async def story(server: Served) -> list[Any]:
        headers = {"Cookie": cookie} if cookie else {}
        async with connect(address(server, path), additional_headers=headers) as client:
            return [await heard(client) for _ in range(2)]

    system, sts = run(tmp_path, story)

    assert system == SYSTEM
    assert sts["topic"] == "sts"
    assert sts["args"]["authenticated"] is True
    assert sts["args"]["username"] == "demo"


def test_a_socket_whose_cookie_names_nobody_waits_for_a_better_word(tmp_path: Path) -> None:
    async def story(server: Served) -> list[Any]:
        headers = {"Cookie": "api=stale"}
        async with connect(address(server), additional_headers=headers) as client:
            said = [await heard(client)]
            await client.send("tic")
            await client.send('{"session":"wrong"}')
            said.append(await heard(client))
            await client.send(json.dumps({"session": SESSION}))
            return [*said, await heard(client)]

    assert run(tmp_path, story) == [WAITING, WAITING, SYSTEM]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/v1/api/nothing", {}, 404),
        ("/ws", {}, 404),
        ("/v1/api/ws", {"Origin": "https://evil.example"}, 403),
        ("/v1/api/ws", {"Origin": "null"}, 403),
        ("/v1/api/ws", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("/v1/api/ws", {"Host": "evil.example"}, 403),
    ],
)
def test_a_handshake_that_may_not_be_is_refused(
    tmp_path: Path, path: str, headers: dict[str, str], status: int
) -> None:
    async def story(server: Served) -> int:
        try:
            async with connect(address(server, path), additional_headers=headers):
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    assert run(tmp_path, story) == status


def test_nobody_signed_in_is_401(tmp_path: Path) -> None:
    async def story(server: Served) -> int:
        with pytest.raises(InvalidStatus) as refused:
            await connect(address(server))
        return refused.value.response.status_code

    assert run(tmp_path, story, signed_in=False) == 401


def test_a_ping_of_the_client_is_answered(tmp_path: Path) -> None:
    async def story(server: Served) -> bool:
        async with connect(address(server)) as client:
            await greeted(client)
            await asyncio.wait_for(await client.ping(), 5)
            return True

    assert run(tmp_path, story)


def test_tic_and_ech_are_answered_in_text_and_in_bytes(tmp_path: Path) -> None:
    async def story(server: Served) -> list[Any]:
        async with connect(address(server)) as client:
            await greeted(client)
            await client.send("tic")
            await client.send(b"ech+hb")
            return [await heard(client), await heard(client)]

    tic, ech = run(tmp_path, story)

    assert tic == {"topic": "tic", "alive": True, "id": SESSION, "lastAccessed": 1788875891000}
    assert ech == {"topic": "ech+hb", "hb": 1788875891000}


@pytest.mark.parametrize(("message", "code"), [("x" * 70_000, 1009), (b"\xff" * 70_000, 1009)])
def test_a_message_of_more_than_64_kb_ends_the_socket(
    tmp_path: Path, message: str | bytes, code: int
) -> None:
    async def story(server: Served) -> int | None:
        async with connect(address(server)) as client:
            await greeted(client)
            await client.send(message)
            with pytest.raises(ConnectionClosed):
                await client.recv()
            return client.close_code

    assert run(tmp_path, story) == code


@pytest.mark.parametrize(
    "raw",
    [
        b"\x81\x03tic",
        b"\x83\x83\x00\x00\x00\x00tic",
        b"\xf1\x83\x00\x00\x00\x00tic",
        b"\x89\xfe\x00\x7e\x00\x00\x00\x00" + b"x" * 126,
        b"\x80\x83\x00\x00\x00\x00tic",
        b"\x81\x81\x00\x00\x00\x00\xff",
        b"\x88\x81\x00\x00\x00\x00x",
    ],
    ids=["unmasked", "reserved code", "reserved bits", "long ping", "no start", "no text", "close"],
)
def test_a_frame_that_breaks_the_protocol_ends_the_socket(tmp_path: Path, raw: bytes) -> None:
    async def story(server: Served) -> int | None:
        async with connect(address(server)) as client:
            await greeted(client)
            client.transport.write(raw)
            await client.wait_closed()
            return client.close_code

    assert run(tmp_path, story) in {1002, 1007}


HANDSHAKE = (
    b"GET /v1/api/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


@pytest.mark.parametrize(
    ("rest", "status"),
    [
        (b"Content-Length: 5\r\n\r\nhello", b"400 Bad Request"),
        (b"Cookie: a=" + b"x" * 20_000 + b"\r\n\r\n", b"431 Request Header Fields Too Large"),
    ],
    ids=["body", "long header"],
)
def test_a_handshake_that_is_none_is_answered_and_the_connection_ends(
    tmp_path: Path, rest: bytes, status: bytes
) -> None:
    async def story(server: Served) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(HANDSHAKE + rest)
        answer = await reader.read()
        writer.close()
        return answer

    assert run(tmp_path, story).startswith(b"HTTP/1.1 " + status)


def test_a_refused_handshake_is_no_failure_of_ours(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(server: Served) -> None:
        with pytest.raises(InvalidStatus):
            await connect(address(server, "/v1/api/nothing"))

    run(tmp_path, story)

    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_a_client_that_pings_and_reads_nothing_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PONGS_BUFFERED_MAX", 10_000)
    ping = b"\x89\xfd\x00\x00\x00\x00" + b"x" * 125

    async def story(server: Served) -> int:
        audience = server.rig.application.audience
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1_000)
        writer.write(HANDSHAKE + b"\r\n")
        await reader.readuntil(b"\r\n\r\n")
        sent = 0
        while sent < 1_000_000 and not writer.is_closing():
            try:
                writer.write(ping * 1_000)
                await writer.drain()
            except ConnectionError:
                break
            sent += 1_000
        await until(lambda: not audience.subscribers)
        writer.close()
        return sent

    assert run(tmp_path, story) < 1_000_000


def test_who_speaks_to_a_desk_that_has_stopped_is_told_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def stopped(now: int) -> None:
        raise JournalFailed(f"The journal has stopped at {now}: disk full. Restart the desk.")

    async def story(server: Served) -> tuple[int | None, str | None]:
        async with connect(address(server)) as client:
            await greeted(client)
            server.rig.application.keeper.catch_up = stopped  # type: ignore[method-assign]
            await client.send("tic")
            with pytest.raises(ConnectionClosed):
                await client.recv()
            return client.close_code, client.close_reason

    assert run(tmp_path, story) == (1011, "the desk has stopped")
    assert "Traceback" not in caplog.text


def test_empty_pieces_of_a_message_count_for_nothing(tmp_path: Path) -> None:
    empty = b"\x00\x80\x00\x00\x00\x00"

    async def story(server: Served) -> list[Any]:
        async with connect(address(server)) as client:
            await greeted(client)
            client.transport.write(b"\x01\x83\x00\x00\x00\x00ech" + empty * 1_000)
            client.transport.write(b"\x80\x80\x00\x00\x00\x00")
            return [await heard(client)]

    (answer,) = run(tmp_path, story)

    assert answer["topic"] == "ech"


def test_a_logout_is_told_and_closes(tmp_path: Path) -> None:
    async def story(server: Served) -> tuple[Any, int | None, str | None]:
        async with connect(address(server)) as client:
            await greeted(client)
            await server.rig.ask("POST", "/logout")
            said = await heard(client)
            with pytest.raises(ConnectionClosed):
                await client.recv()
            return said, client.close_code, client.close_reason

    said, code, reason = run(tmp_path, story)

    assert said == {
        "topic": "sts",
        "args": {
            "connected": False,
            "authenticated": False,
            "established": False,
            "competing": False,
        },
    }
    assert (code, reason) == (1000, "the session is over")


def test_a_message_leaves_when_the_events_behind_it_are_on_disk(tmp_path: Path) -> None:
    async def story(server: Served) -> tuple[bool, Any]:
        rig = server.rig
        async with connect(address(server)) as client:
            await greeted(client)
            rig.desk.journal.is_held = True
            rig.desk.journal.add()
            next(iter(rig.application.audience.subscribers.values())).say({"topic": "sor"})
            rig.application.speaker.wake()
            waiting = asyncio.create_task(client.recv())
            await turns()
            early = waiting.done()
            rig.desk.journal.flush()
            return early, json.loads(await waiting)

    assert run(tmp_path, story) == (False, {"topic": "sor"})


def test_a_client_that_does_not_read_is_closed_and_hurts_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "BUFFERED_MAX", 100_000)
    monkeypatch.setattr(subscriber, "OUTBOX_BYTES_MAX", 200_000)

    async def story(server: Served) -> tuple[int, int]:
        audience = server.rig.application.audience
        async with connect(address(server)) as good:
            await greeted(good)
            bad = socket.create_connection(("127.0.0.1", server.port))
            bad.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            bad.sendall(
                b"GET /v1/api/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
            await until(lambda: len(audience.subscribers) == 2)
            frame = frames.message({"topic": "smd+1", "31": "x" * 10_000})
            read = 0
            for _ in range(2_000):
                for listener in list(audience.subscribers.values()):
                    listener.send(frame)
                server.rig.application.speaker.wake()
                await good.recv()
                read += 1
                if len(audience.subscribers) == 1:
                    break
            bad.close()
            return read, len(audience.subscribers)

    read, left = run(tmp_path, story)

    assert left == 1
    assert read < 2_000


def test_a_socket_counts_against_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "SOCKETS_OF_A_USER_MAX", 1)

    async def story(server: Served) -> int:
        async with connect(address(server)) as client:
            await greeted(client)
            with pytest.raises(InvalidStatus) as refused:
                await connect(address(server))
            return refused.value.response.status_code

    assert run(tmp_path, story) == 503


def test_a_socket_that_goes_is_forgotten(tmp_path: Path) -> None:
    async def story(server: Served) -> int:
        audience = server.rig.application.audience
        async with connect(address(server)) as client:
            await greeted(client)
        await until(lambda: not audience.subscribers)
        return len(audience.spoken)

    assert run(tmp_path, story) == 0


def test_a_desk_that_closes_says_so(tmp_path: Path) -> None:
    async def story(server: Served) -> tuple[int | None, str | None]:
        async with connect(address(server)) as client:
            await greeted(client)
            server.rig.application.audience.close(1001, "the desk is closing")
            server.rig.application.speaker.wake()
            with pytest.raises(ConnectionClosed):
                await client.recv()
            return client.close_code, client.close_reason

    assert run(tmp_path, story) == (1001, "the desk is closing")
