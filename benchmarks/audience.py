"""Listeners: many WebSocket clients that only count, in a process of their own.

`python -m benchmarks.audience` reads what to do as JSON from standard input. It prints a line when
all have subscribed, and at the end what came in. Frames are counted, not decoded: a client that
decodes JSON would be measured instead of the server.
"""

import asyncio
import base64
import ssl
import sys
import time
from typing import cast

import msgspec

FRAME_SHORT, FRAME_LONG = 126, 127


class Listening(msgspec.Struct, kw_only=True):
    """How many clients, what each sends after the greeting, and how long they listen."""

    port: int
    path: str
    session: str
    clients: int
    wishes: list[str]
    settle_seconds: float
    seconds: float


class Heard(msgspec.Struct, kw_only=True):
    """What came in while everybody listened: frames and bytes of all, fewest of one client."""

    seconds: float
    frames: int
    octets: int
    fewest: int


class Client(asyncio.Protocol):
    """One socket; it counts frames."""

    def __init__(self, listening: Listening, opened: asyncio.Future[None]) -> None:
        """Tell `opened` when the greeting has come."""
        self._listening = listening
        self._opened = opened
        self._buffer = bytearray()
        self._is_open = False
        self._transport: asyncio.Transport | None = None
        self.frames = 0
        self.octets = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        # uvloop's transports are asyncio's by behaviour, not by class.
        self._transport = cast("asyncio.Transport", transport)
        key = base64.b64encode(bytes(16)).decode()
        self._transport.write(
            f"GET {self._listening.path} HTTP/1.1\r\nHost: localhost:{self._listening.port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Take the hand-shake, then count whole frames."""
        self._buffer += data
        if not self._is_open:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            assert self._buffer.startswith(b"HTTP/1.1 101"), bytes(self._buffer[:200])
            del self._buffer[: end + 4]
            self._is_open = True
            self.send(msgspec.json.encode({"session": self._listening.session}).decode())
        self._count()

    def send(self, text: str) -> None:
        """Send one text frame, masked with zeros."""
        assert self._transport is not None
        payload = text.encode()
        size = len(payload)
        head = (
            bytes((0x81, 0x80 | size))
            if size < FRAME_SHORT
            else b"\x81\xfe" + size.to_bytes(2, "big")
        )
        self._transport.write(head + bytes(4) + payload)

    def connection_lost(self, exc: Exception | None) -> None:
        """A client that was closed fails the run."""
        if not self._opened.done():
            self._opened.set_exception(ConnectionError(f"closed before the greeting: {exc}"))

    def _count(self) -> None:
        buffer, at, end = self._buffer, 0, len(self._buffer)
        while at + 2 <= end:
            size, head = buffer[at + 1], 2
            if size == FRAME_SHORT:
                size, head = int.from_bytes(buffer[at + 2 : at + 4], "big"), 4
            elif size == FRAME_LONG:
                size, head = int.from_bytes(buffer[at + 2 : at + 10], "big"), 10
            if at + head + size > end:
                break
            if not self._opened.done() and b'"success"' in buffer[at : at + head + size]:
                self._opened.set_result(None)
            at += head + size
            self.frames += 1
            self.octets += head + size
        del buffer[:at]


async def listen(listening: Listening) -> Heard:
    """Connect everybody, subscribe, wait until it has settled, and count for a while."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    loop = asyncio.get_running_loop()
    clients: list[Client] = []
    for _ in range(listening.clients):
        opened = loop.create_future()
        _, client = await loop.create_connection(
            lambda opened=opened: Client(listening, opened),  # type: ignore[misc]
            "127.0.0.1",
            listening.port,
            ssl=context,
        )
        await asyncio.wait_for(opened, 20)
        clients.append(client)
    for client in clients:
        for wish in listening.wishes:
            client.send(wish)
        await asyncio.sleep(0)
    await asyncio.sleep(listening.settle_seconds)
    print("listening", flush=True)
    before = [(client.frames, client.octets) for client in clients]
    began = time.perf_counter()
    await asyncio.sleep(listening.seconds)
    seconds = time.perf_counter() - began
    frames = [client.frames - then[0] for client, then in zip(clients, before, strict=True)]
    octets = sum(client.octets - then[1] for client, then in zip(clients, before, strict=True))
    return Heard(seconds=seconds, frames=sum(frames), octets=octets, fewest=min(frames))


def main() -> None:
    """Listen as standard input says."""
    import uvloop  # noqa: PLC0415 - only where the load is made

    listening = msgspec.json.decode(sys.stdin.buffer.read(), type=Listening)
    heard = uvloop.run(listen(listening))
    print(msgspec.json.encode(heard).decode(), flush=True)


if __name__ == "__main__":
    main()
