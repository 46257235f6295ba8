"""Connections: uvicorn's protocols with the limits that no server library has at its defaults.

A request's head has a size, a number of headers and a time to come in; a body has a time; a
WebSocket message has a size. One sweep a second looks at all connections, so that no request
costs a timer of its own.
"""

import asyncio
import logging
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from paperdesk.server.answers import RESPOND
from paperdesk.server.sockets import EXTENSION

HEADERS_MAX: Final = 100
HEAD_SIZE_MAX: Final = 65_536
TARGET_LENGTH_MAX: Final = 16_384
HEAD_SECONDS_MAX: Final = 10.0
BODY_SECONDS_MAX: Final = 20.0
IDLE_SECONDS_MAX: Final = 75
UNREAD_SECONDS_MAX: Final = 60.0
"""How long a client may leave answers unread."""

WAITING_MAX: Final = 500
"""Requests of one connection that may wait for the answer to an earlier one."""

MESSAGE_SIZE_MAX: Final = 65_536
"""Bytes of a WebSocket message; no wish is a tenth of it."""

PONGS_BUFFERED_MAX: Final = 1_000_000
"""Bytes that may wait for a client that pings and does not read."""

NOT_TEXT: Final = 1007
POLICY: Final = 1008
PING_SECONDS: Final = 30.0
PONG_SECONDS: Final = 60.0
CLOSE_SECONDS: Final = 5.0

PHRASES: Final = {
    400: "Bad Request",
    408: "Request Timeout",
    414: "Request-URI Too Long",
    431: "Request Header Fields Too Large",
}

_log = logging.getLogger("paperdesk.server")


class HeadRefusedError(Exception):
    """The head of a request breaks a limit; raised inside the parser to stop it."""


class HttpConnection(HttpToolsProtocol):
    """One connection that speaks HTTP/1.1."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's own
        """Begin with a head that is waited for."""
        super().__init__(*args, **kwargs)
        self._is_in_head = True
        self._waits_since: float | None = self.loop.time()
        self._head_size = 0
        self._chunk_size = 0
        self._is_answered = False
        self._is_arriving = False
        self._held: tuple[RequestResponseCycle, Any] | None = None
        self._refusal = 400
        self._unread_since: float | None = None
        self.access_log = False

    def on_message_begin(self) -> None:
        """Start the clock of a new request; after our last answer there is none.

        What came in one piece with a request whose answer closes the connection would be done, and
        nobody would ever hear of it.
        """
        if self.transport.is_closing():
            raise HeadRefusedError
        super().on_message_begin()
        self._is_in_head = True
        self._waits_since = self.loop.time()
        self._head_size = 0

    def on_headers_complete(self) -> None:
        """Look at the size of the head, and let the application answer in one write."""
        self._is_in_head = False
        if len(self.url) > TARGET_LENGTH_MAX:
            self._refuse(414)
        if len(self.headers) > HEADERS_MAX or self._chunk_size > HEAD_SIZE_MAX:
            self._check_headers()
        if len(self.pipeline) >= WAITING_MAX:
            self.transport.abort()
            raise HeadRefusedError
        self._is_arriving = True
        super().on_headers_complete()
        self._is_arriving = False

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401
        """Answer at once what can be, once in what came together; else let the loop do it."""
        at_once = getattr(app, "answer_at_once", None)
        if at_once is not None and not self._is_answered:
            self._is_answered = True
            if self._is_arriving and cycle.scope["method"] == "POST":
                # Its body is in the same piece most often; the end of that tells.
                self._held = cycle, app
                return
            if at_once(cycle):
                return
        self._hand_on(cycle, app)

    def _hand_on(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401
        cycle.scope["extensions"] = {RESPOND: cycle}  # type: ignore[dict-item]
        super()._start_asgi_task(cycle, app)

    def on_message_complete(self) -> None:
        """Wait for nothing but our own answer."""
        self._waits_since = None
        super().on_message_complete()
        if self._held is not None:
            (cycle, app), self._held = self._held, None
            if not app.answer_whole(cycle):
                self._hand_on(cycle, app)

    def data_received(self, data: bytes) -> None:
        """Feed the parser, and stop a head that does not end."""
        self._chunk_size = len(data)
        self._is_answered = False
        super().data_received(data)
        if self._held is not None:
            (cycle, app), self._held = self._held, None
            if not self.transport.is_closing():
                self._hand_on(cycle, app)
        if self._waits_since is None and self._is_between_requests() and not data.strip(b"\r\n"):
            # Blank lines begin nothing, but uvicorn has stopped its timer for them.
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
        if self._is_in_head:
            self._head_size += len(data)
            if self._head_size > HEAD_SIZE_MAX and not self.transport.is_closing():
                self._answer_early(431)

    def send_400_response(self, msg: str) -> None:
        """Answer what the parser, or one of the limits, has refused."""
        del msg
        if not self.transport.is_closing():
            self._answer_early(self._refusal)

    def sweep(self, now: float) -> None:
        """Close a connection whose request does not come in, or whose answers are not taken.

        Idle ones have uvicorn's timer.
        """
        if self.flow.write_paused:
            self._unread_since = self._unread_since or now
            if now - self._unread_since > UNREAD_SECONDS_MAX:
                self.transport.abort()
            return
        self._unread_since = None
        since = self._waits_since
        if since is None or self.transport.is_closing():
            return
        if now - since <= (HEAD_SECONDS_MAX if self._is_in_head else BODY_SECONDS_MAX):
            return
        if self._head_size if self._is_in_head else self._is_unanswered():
            self._answer_early(408)
        else:
            self.transport.close()

    def _is_between_requests(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _is_unanswered(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or not cycle.response_started

    def _check_headers(self) -> None:
        size = sum(len(name) + len(value) for name, value in self.headers)
        if len(self.headers) > HEADERS_MAX or size > HEAD_SIZE_MAX:
            self._refuse(431)

    def _refuse(self, status: int) -> None:
        self._refusal = status
        raise HeadRefusedError

    def _answer_early(self, status: int) -> None:
        self.transport.write(page_of(status))
        self.transport.close()


def page_of(status: int) -> bytes:
    """Return a whole answer that refuses a request of which too little is known for another."""
    phrase = PHRASES[status]
    body = f"<html><body><h1>{phrase}</h1></body></html>".encode()
    head = (
        f"HTTP/1.1 {status} {phrase}\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


class SocketConnection(WebSocketsSansIOProtocol):
    """One connection that speaks WebSocket, and takes frames that are built already."""

    def handle_connect(self, event: Any) -> None:  # noqa: ANN401 - uvicorn's own
        """Let the application write frames itself."""
        super().handle_connect(event)
        scope = getattr(self, "scope", None)
        if scope is not None:
            cast("dict[str, Any]", scope)["extensions"][EXTENSION] = self

    def data_received(self, data: bytes) -> None:
        """Feed the parser; a handshake that it does not understand has an answer too."""
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            # Uvicorn leaves such a connection open for good, without a word.
            answer = b"".join(self.conn.data_to_send())
            self.transport.write(answer or page_of(400))
            self.handshake_initiated = self.handshake_complete = self.close_sent = True
            self.transport.close()

    def handle_cont(self, event: Any) -> None:  # noqa: ANN401 - uvicorn's own
        """Put the pieces of a message together; empty ones, which no limit counts, are dropped."""
        if event.data or event.fin:
            super().handle_cont(event)

    def handle_ping(self) -> None:
        """Answer a ping, unless the client reads no answers."""
        super().handle_ping()
        if self.buffered() > PONGS_BUFFERED_MAX:
            self.shut(POLICY, "messages are not read")
            self.transport.abort()

    def handle_parser_exception(self) -> None:
        """Close for frames that are none; before the handshake is answered there is no telling."""
        if self.conn.close_sent is not None:
            super().handle_parser_exception()
            return
        self.close_sent = True
        self.transport.abort()

    def send_receive_event_to_app(self) -> None:
        """Hand a message on; text that is no UTF-8 closes, and is nobody's failure."""
        if self.curr_msg_data_type == "text" and not self.close_sent:
            self.frames = [b"".join(self.frames)]
            try:
                self.frames[0].decode()
            except UnicodeDecodeError:
                self.frames = []
                self.shut(NOT_TEXT, "text is UTF-8")
                return
        super().send_receive_event_to_app()

    async def send(self, message: Any) -> None:  # noqa: ANN401 - uvicorn's own
        """Send what the application says; a refusal completes the handshake as well."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body":
            self.handshake_complete = True

    def write(self, frames: bytes) -> None:
        """Send frames that are built already."""
        if not self.close_sent and not self.disconnected:
            self.transport.write(frames)

    def buffered(self) -> int:
        """Return how many bytes wait to be sent."""
        if self.disconnected or self.transport.is_closing():
            return 0
        return self.transport.get_write_buffer_size()

    @property
    def is_gone(self) -> bool:
        """Whether the peer has gone."""
        return bool(self.disconnected)

    def shut(self, code: int, reason: str) -> None:
        """Close with a code and a reason; a peer that does not read is cut off soon after."""
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(CLOSE_SECONDS, self.transport.abort)


def sweep(connections: set[Any], loop: asyncio.AbstractEventLoop) -> None:
    """Look at every connection once."""
    now = loop.time()
    for connection in list(connections):
        if isinstance(connection, HttpConnection):
            connection.sweep(now)
