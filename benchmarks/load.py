"""Load: keep-alive HTTP/1.1 connections that send prepared requests, in a process of their own.

`python -m benchmarks.load` reads a plan as JSON from standard input and prints the outcome as
JSON, so that the server keeps a core to itself.
"""

import asyncio
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import cast

import msgspec

SOFT_ERROR = b'{"error"'


class Plan(msgspec.Struct, kw_only=True):
    """What is sent, and how.

    `requests` are whole requests as bytes, sent in turn. With `rate` they leave at so many a
    second whatever comes back (waiting in line counts as latency); without it each connection
    sends the next one when it has its answer. `count` is over all connections.
    """

    host: str = "127.0.0.1"
    port: int
    is_tls: bool = True
    requests: list[bytes]
    connections: int
    count: int
    rate: float | None = None


class Outcome(msgspec.Struct, kw_only=True):
    """What came back: wall seconds, latencies of each request, statuses by code.

    `soft_errors` are answers that refuse with status 200, as the API does for orders.
    """

    seconds: float
    latencies: list[float]
    statuses: dict[int, int]
    soft_errors: int = 0
    sample: str = ""


class Connection(asyncio.Protocol):
    """One keep-alive connection with one request under way."""

    def __init__(self, crowd: "Crowd") -> None:
        """Belong to a crowd that says what to send."""
        self._crowd = crowd
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._asked_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be ready."""
        # uvloop's transports are asyncio's by behaviour, not by class.
        self._transport = cast("asyncio.Transport", transport)

    def send(self, request: bytes, due_at: float) -> None:
        """Send one request; its latency counts from when it was due."""
        assert self._transport is not None
        self._asked_at = due_at
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Collect one answer, and tell the crowd when it is whole."""
        self._buffer += data
        head_end = self._buffer.find(b"\r\n\r\n")
        if head_end < 0:
            return
        head = bytes(self._buffer[:head_end]).lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._buffer) < head_end + 4 + length:
            return
        body = bytes(self._buffer[head_end + 4 :])
        self._buffer.clear()
        self._crowd.answered(self, int(head[9:12]), body, time.perf_counter() - self._asked_at)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the crowd; a benchmark does not go on with fewer."""
        self._crowd.lost(exc)


class Crowd:
    """All connections of a plan."""

    def __init__(self, plan: Plan) -> None:
        """Prepare to carry out a plan."""
        self.plan = plan
        self._requests = cycle(plan.requests)
        self._sent = 0
        self._latencies: list[float] = []
        self._statuses: dict[int, int] = {}
        self._sample = ""
        self._soft_errors = 0
        self._free: list[Connection] = []
        self._due: list[float] = []
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> Outcome:
        """Connect, send everything, and return what came of it."""
        connections = [await self._connect() for _ in range(self.plan.connections)]
        began = time.perf_counter()
        if self.plan.rate is None:
            for connection in connections:
                self._send(connection, time.perf_counter())
        else:
            self._free = connections
            await self._send_at_rate(began, self.plan.rate)
        await self._done
        return Outcome(
            seconds=time.perf_counter() - began,
            latencies=self._latencies,
            statuses=self._statuses,
            soft_errors=self._soft_errors,
            sample=self._sample,
        )

    async def _connect(self) -> Connection:
        context = None
        if self.plan.is_tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        _, protocol = await asyncio.get_running_loop().create_connection(
            lambda: Connection(self), self.plan.host, self.plan.port, ssl=context
        )
        return protocol

    async def _send_at_rate(self, began: float, rate: float) -> None:
        for index in range(self.plan.count):
            due_at = began + index / rate
            wait = due_at - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            if self._free:
                # The one that has rested longest: a server closes those that never say anything.
                self._send(self._free.pop(0), due_at)
            else:
                self._due.append(due_at)

    def _send(self, connection: Connection, due_at: float) -> None:
        if self._sent < self.plan.count:
            self._sent += 1
            connection.send(next(self._requests), due_at)

    def answered(self, connection: Connection, status: int, body: bytes, latency: float) -> None:
        """Count an answer and give the connection its next request."""
        self._latencies.append(latency)
        self._statuses[status] = self._statuses.get(status, 0) + 1
        is_soft_error = body.startswith(SOFT_ERROR)
        self._soft_errors += is_soft_error
        if not self._sample or status >= 400 or is_soft_error:  # noqa: PLR2004 - HTTP's own classes
            self._sample = body[:300].decode("utf-8", "replace")
        if len(self._latencies) == self.plan.count:
            self._done.set_result(None)
        elif self.plan.rate is None:
            self._send(connection, time.perf_counter())
        elif self._due:
            self._send(connection, self._due.pop(0))
        else:
            self._free.append(connection)

    def lost(self, reason: Exception | None) -> None:
        """End the run: the server let a connection go."""
        if not self._done.done():
            self._done.set_exception(ConnectionError(f"a connection was closed: {reason}"))


def send(plan: Plan) -> Outcome:
    """Carry a plan out in another process and return its outcome."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=msgspec.json.encode(plan),
        stdout=subprocess.PIPE,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=Outcome)


@contextmanager
def storming(plan: Plan) -> Iterator[None]:
    """Carry a plan out in another process beside the block, which has to end before it does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert process.stdin is not None
    process.stdin.write(msgspec.json.encode(plan))
    process.stdin.close()
    try:
        time.sleep(STORM_RISES)
        yield
        assert process.poll() is None, "the storm was over too soon"
    finally:
        process.terminate()
        process.wait(timeout=30)


STORM_RISES = 1.0
"""Seconds until its connections are open."""


def request(
    method: str, path: str, *, port: int, body: bytes = b"", host: str = "localhost"
) -> bytes:
    """Return one request as it goes over the wire."""
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: bench\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    elif method == "POST":
        head += "Content-Length: 0\r\n"
    return head.encode() + b"\r\n" + body


async def _carry_out(plan: Plan) -> Outcome:
    return await Crowd(plan).run()


def main() -> None:
    """Carry out the plan on standard input."""
    import uvloop  # noqa: PLC0415 - only where the load is made

    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    outcome = uvloop.run(_carry_out(plan))
    rest = memoryview(msgspec.json.encode(outcome))
    while rest:
        # An unbuffered pipe may take less than all of it at once.
        rest = rest[sys.stdout.buffer.write(rest) :]
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
