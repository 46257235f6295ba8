"""Answers: what a handler returns, as status, headers and bytes.

The headers are those of recordings: which of them IBKR sends, and how it spells them, is part of
what clients see.
"""

import zlib
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus
from time import perf_counter
from typing import Any, Final

import msgspec
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from paperdesk.api.route import Answer
from paperdesk.auth import cookies
from paperdesk.base.units import SECOND, Instant
from paperdesk.server.faces import COOKIE_PATH
from paperdesk.server.requests import Request

JSON: Final = "application/json;charset=utf-8"
GZIP_SIZE_MIN: Final = 1_024
GZIP_LEVEL: Final = 1
GZIP_WINDOW: Final = 31
"""zlib's number for its largest window with a gzip header."""

SERVER_ERROR: Final = 500

RESPOND: Final = "paperdesk.respond"
"""The extension that has uvicorn's record of the request, to answer it in one write."""

NO_EXTENSIONS: Final[dict[str, Any]] = {}
CLOSE: Final = b"Connection: close\r\n"

BEFORE: Final = (
    b"Referrer-Policy: Origin-when-cross-origin\r\n"
    b"X-Content-Type-Options: nosniff\r\n"
    b"Cache-Control: max-age=0, no-cache, no-store\r\n"
    b"Pragma: no-cache\r\n"
    b"Strict-Transport-Security: max-age=600 ; includeSubDomains\r\n"
)
STATUS_LINES: Final = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus
}
JSON_TYPE: Final = b"Content-Type: " + JSON.encode() + b"\r\n"
VARY_ORIGIN: Final = b"Vary: Origin\r\n"
ZIPPED: Final = b"Vary: Accept-Encoding,Origin\r\nContent-Encoding: gzip\r\n"
FAILED: Final = b"x-cnection: close\r\n"

_encode = msgspec.json.Encoder(decimal_format="number").encode


class Sent(msgspec.Struct, frozen=True, gc=False):
    """An answer as it leaves: status, header lines each with its end, and body."""

    status: int
    lines: bytes
    body: bytes

    @property
    def head(self) -> bytes:
        """Status line and header lines."""
        return STATUS_LINES[self.status] + self.lines

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """Header lines as name and value."""
        pairs = (line.partition(b": ") for line in self.lines.split(b"\r\n") if line)
        return [(name, value) for name, _, value in pairs]


class Dates:
    """The lines of a second: when it is, and that the answer is old at once."""

    def __init__(self) -> None:
        """Begin with no second."""
        self._second = -1
        self._lines = b""

    def lines(self, now: Instant) -> bytes:
        """Return the lines of an instant of wall time."""
        second = now // SECOND
        if second != self._second:
            self._second = second
            date = formatdate(second, usegmt=True).encode()
            self._lines = b"Date: " + date + b"\r\nExpires: " + date + b"\r\n"
        return self._lines


_dates = Dates()


def of(result: object) -> Answer:
    """Return what a handler returned as an answer."""
    if isinstance(result, Answer):
        return result
    return Answer(body=_encode(result))


def sent(
    request: Request,
    answer: Answer,
    *,
    is_shared: bool = False,
    has_user: bool = True,
    cookie_path: str = COOKIE_PATH,
) -> Sent:
    """Return an answer with its headers, compressed where the client takes that and it pays.

    Args:
        request: what is answered.
        answer: status, body and headers of its own.
        is_shared: whether the page of another origin that asked may read it.
        has_user: whether it may where the browser sent its user's cookies along.
        cookie_path: of the cookie that ties a client to a server; "" leaves it to the client.
    """
    body = answer.body
    content_type = JSON_TYPE if answer.content_type == JSON else _content_type(answer.content_type)
    vary = VARY_ORIGIN
    if len(body) > GZIP_SIZE_MIN and b"gzip" in request.accept_encoding:
        body = zlib.compress(body, GZIP_LEVEL, GZIP_WINDOW)
        vary = ZIPPED
    lines = b"%bx-response-time: %dms\r\n%b%b%bContent-Length: %d\r\n" % (
        BEFORE,
        (perf_counter() - request.began) * 1_000,
        _dates.lines(request.now),
        content_type,
        vary,
        len(body),
    )
    if answer.headers:
        lines += b"".join(_line(name, value) for name, value in answer.headers)
    if answer.status >= SERVER_ERROR:
        lines += FAILED
    if is_shared:
        lines += _line("Access-Control-Allow-Origin", request.origin.decode("latin-1"))
        if has_user:
            lines += _line("Access-Control-Allow-Credentials", "true")
    if b"x-sess-uuid" not in request.cookie or _is_kept_alive(request):
        seed = request.session.session_id or request.remote
        lines += _line("Set-Cookie", cookies.stickiness(seed, request.now, cookie_path))
    return Sent(answer.status, lines, body)


def _is_kept_alive(request: Request) -> bool:
    """Say whether the request is the one that refreshes the cookie as well."""
    return request.match is not None and request.match.route.path == "/tickle"


async def leave(scope: dict[str, Any], answer: Sent, send: Callable[[Any], Any]) -> None:
    """Send an answer in one write where the server is ours, else as ASGI has it."""
    cycle = cycle_of(scope)
    if cycle is None:
        start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        await send(start)
        await send({"type": "http.response.body", "body": answer.body})
        return
    if cycle.flow.write_paused and not cycle.disconnected:
        await cycle.flow.drain()
    if not cycle.disconnected:
        write(cycle, answer)


def cycle_of(scope: dict[str, Any]) -> RequestResponseCycle | None:
    """Return uvicorn's record of a request, or None where another server has it."""
    return scope.get("extensions", NO_EXTENSIONS).get(RESPOND)  # type: ignore[no-any-return]


def write(cycle: RequestResponseCycle, answer: Sent) -> None:
    """Write head and body at once, and go through the same states as uvicorn's own answer."""
    cycle.response_started = True
    cycle.waiting_for_100_continue = False
    head = answer.head
    if CLOSE in head:
        cycle.keep_alive = False
    elif not cycle.keep_alive:
        head += CLOSE
    body = b"" if cycle.scope["method"] == "HEAD" else answer.body
    cycle.transport.write(head + b"\r\n" + body)
    cycle.response_complete = True
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()


def _content_type(content_type: str | None) -> bytes:
    return b"" if content_type is None else _line("Content-Type", content_type)


def _line(name: str, value: str) -> bytes:
    assert value.isprintable(), "a header is one line"
    return f"{name}: {value}\r\n".encode("latin-1")
