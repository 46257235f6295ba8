"""Listeners: WebSocket clients that subscribe and count what they are told, in their own process.

`python -m benchmarks.listeners` reads a plan as JSON from standard input and prints what was heard.
The clients decode nothing: they count, so that the server is what is measured.
"""

import asyncio
import os
import ssl
import sys
import time
from typing import cast

import msgspec

from benchmarks.processes import Running

HANDSHAKE = (
    "GET /v1/api/ws HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
COUNTED = b'"topic":"smd+'
SETTLING_SECONDS = 1.0
SHORT_END = 126


class Listening(msgspec.Struct, kw_only=True):
    """Who listens to what, for how long, and which process is measured."""

    port: int
    clients: int
    wishes: list[str]
    seconds: float
    pid: int


class Heard(msgspec.Struct, kw_only=True):
    """How many messages came in how many seconds, by the wall and by the server's processor."""

    messages: int
    seconds: float
    cpu_seconds: float


class Client(asyncio.Protocol):
    """One socket that counts."""

    def __init__(self, plan: Listening) -> None:
        """Listen as a plan says."""
        self._plan = plan
        self._greeting = b""
        self._tail = b""
        self._transport: asyncio.Transport | None = None
        self.count = 0
        self.is_ready = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(HANDSHAKE.format(port=self._plan.port).encode())

    def data_received(self, data: bytes) -> None:
        """Subscribe after the greeting, then count."""
        if self.is_ready:
            # A topic that is cut in two by the network counts with its second half.
            seen = self._tail + data
            self.count += seen.count(COUNTED)
            self._tail = data[1 - len(COUNTED) :]
            return
        self._greeting += data
        if b'"topic":"sts"' in self._greeting:
            self.is_ready = True
            assert self._transport is not None
            self._transport.write(b"".join(masked(wish) for wish in self._plan.wishes))


def masked(text: str) -> bytes:
    """Return a client's text frame; its mask is zero, which is one."""
    payload = text.encode()
    if len(payload) < SHORT_END:
        return bytes((0x81, 0x80 | len(payload))) + bytes(4) + payload
    return bytes((0x81, 0x80 | SHORT_END)) + len(payload).to_bytes(2, "big") + bytes(4) + payload


async def listen(plan: Listening) -> Heard:
    """Connect everybody, wait until all is told once, and count for a while."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    loop = asyncio.get_running_loop()
    clients = []
    for _ in range(plan.clients):
        _, client = await loop.create_connection(
            lambda: Client(plan), "127.0.0.1", plan.port, ssl=context
        )
        clients.append(client)
    needed = plan.clients * len(plan.wishes)
    while sum(client.count for client in clients) < needed:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(SETTLING_SECONDS)
    server = Running(plan.pid, plan.port, 0.0)
    before, cpu, began = sum(c.count for c in clients), server.cpu_seconds(), time.perf_counter()
    await asyncio.sleep(plan.seconds)
    return Heard(
        messages=sum(client.count for client in clients) - before,
        seconds=time.perf_counter() - began,
        cpu_seconds=server.cpu_seconds() - cpu,
    )


def main() -> None:
    """Carry out the plan on standard input."""
    import uvloop  # noqa: PLC0415 - only where the load is made

    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Listening)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(listen(plan))))
    sys.stdout.flush()
    # The server ends by itself; a hundred closing handshakes measure nothing.
    os._exit(0)


if __name__ == "__main__":
    main()
