import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from paperdesk.server import connections
from paperdesk.server.connections import HttpConnection, SocketConnection


class Swept(HttpConnection):
    """A connection that only notes that it was looked at."""

    def __init__(self) -> None:
        self.swept_at: list[float] = []

    def sweep(self, now: float) -> None:
        self.swept_at.append(now)


def test_a_sweep_looks_at_every_http_connection_and_at_no_other() -> None:
    async def story() -> tuple[int, int]:
        first, second = Swept(), Swept()
        others: list[Any] = [object(), cast("Any", "socket")]
        connections.sweep({first, second, *others}, asyncio.get_running_loop())
        return len(first.swept_at), len(second.swept_at)

    assert asyncio.run(story()) == (1, 1)


def test_the_connections_are_uvicorns_with_limits() -> None:
    assert issubclass(HttpConnection, HttpToolsProtocol)
    assert connections.HEADERS_MAX == 100
    assert connections.HEAD_SIZE_MAX == 65_536
    assert connections.TARGET_LENGTH_MAX == 16_384
    assert connections.MESSAGE_SIZE_MAX == 65_536
    assert hasattr(SocketConnection, "shut")
