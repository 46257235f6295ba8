"""Listeners: ports, and the connections that come in through them."""

import asyncio
import errno
import socket
import ssl
import sys
from collections.abc import Sequence
from email.utils import formatdate
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.server import ServerState

from paperdesk.base.errors import Refusal
from paperdesk.server import connections
from paperdesk.server.connections import HttpConnection, SocketConnection

BACKLOG: Final = 512
CONNECTIONS_MAX: Final = 2_000
HANDSHAKE_SECONDS: Final = 10
SWEEP_SECONDS: Final = 1.0
SHUTDOWN_SECONDS: Final = 5.0
AIRPLAY_PORT: Final = 5000


class PortTaken(Refusal):
    """Another program listens at the port."""

    code = "port_taken"


class PortNotAllowed(Refusal):
    """The system does not let this program listen at the port."""

    code = "port_not_allowed"


def bound(host: str, port: int, option: str) -> list[socket.socket]:
    """Return listening sockets for a host, or say how to choose another port.

    `localhost` is listened to as 127.0.0.1 and, where the machine has it, as ::1.

    Args:
        host: an address of this machine, or `localhost`.
        port: 0 lets the system choose.
        option: what names the port on the command line, for the message.

    Raises:
        PortTaken: somebody else listens there.
        PortNotAllowed: it needs rights that this program has not.
    """
    if host != "localhost":
        return [_listening(host, port, option)]
    first = _listening("127.0.0.1", port, option)
    try:
        return [first, _listening("::1", first.getsockname()[1], option)]
    except PortTaken:
        if port:
            first.close()
            raise
        return [first]
    except OSError:
        return [first]


def _listening(host: str, port: int, option: str) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if made.family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((host, port))
        made.listen(BACKLOG)
        made.setblocking(False)  # noqa: FBT003 - the standard library's own
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(_taken(host, port, option)) from error
        if error.errno == errno.EACCES:
            raise PortNotAllowed(
                f"Port {port} needs rights that this program has not: choose one above 1023 "
                f"with {option}."
            ) from error
        raise
    return made


def _taken(host: str, port: int, option: str) -> str:
    who = "another program"
    if sys.platform == "darwin" and port == AIRPLAY_PORT:
        who = "another program, on a Mac most likely the AirPlay Receiver,"
    return (
        f"Port {port} of {host} is taken: {who} listens there. "
        f"Choose another with {option}, for example {option} {port + 10}."
    )


class Listener:
    """An application behind one or more listening sockets."""

    def __init__(self, application: Any) -> None:  # noqa: ANN401 - any ASGI application
        """Prepare to serve an ASGI application; made inside the loop."""
        self._config = Config(
            application,
            http=HttpConnection,
            ws=SocketConnection,
            interface="asgi3",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            ws_max_size=connections.MESSAGE_SIZE_MAX,
            ws_ping_interval=connections.PING_SECONDS,
            ws_ping_timeout=connections.PONG_SECONDS,
            ws_per_message_deflate=False,
            timeout_keep_alive=connections.IDLE_SECONDS_MAX,
            limit_concurrency=CONNECTIONS_MAX,
        )
        self._config.load()
        self._state = ServerState()
        self._servers: list[asyncio.Server] = []
        self._sweeping: asyncio.Task[None] | None = None

    async def open(
        self, sockets: Sequence[socket.socket], tls: ssl.SSLContext | None = None
    ) -> None:
        """Take connections from listening sockets, with TLS or without."""
        loop = asyncio.get_running_loop()
        for listening in sockets:
            server = await loop.create_server(
                self._connection,
                sock=listening,
                ssl=tls,
                ssl_handshake_timeout=HANDSHAKE_SECONDS if tls else None,
            )
            self._servers.append(server)
        self._sweeping = loop.create_task(self._sweep())

    async def close(self) -> None:
        """Take no more connections, let answers leave, and close what is idle."""
        for server in self._servers:
            server.close()
        if self._sweeping is not None:
            self._sweeping.cancel()
        for connection in list(self._state.connections):
            connection.shutdown()
        if self._state.tasks:
            _, late = await asyncio.wait(self._state.tasks, timeout=SHUTDOWN_SECONDS)
            for task in late:
                task.cancel()

    def _connection(self) -> HttpConnection:
        return HttpConnection(config=self._config, server_state=self._state, app_state={})

    async def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            date = formatdate(usegmt=True).encode()
            self._state.default_headers = [(b"date", date)]
            connections.sweep(self._state.connections, loop)
            await asyncio.sleep(SWEEP_SECONDS)
