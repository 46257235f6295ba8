"""The control API as an ASGI application: reads a request, runs its operation, writes JSON.

It listens on loopback alone and asks for no password; what keeps web pages out is that a request
must name this machine and must not come from somebody else's page.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Generator, Mapping
from itertools import islice
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, unquote

import msgspec

from paperdesk.base.errors import Refusal
from paperdesk.control.catalogue import found
from paperdesk.control.operations import Asked, Control, Nothing, Operation
from paperdesk.control.refusals import (
    STATUSES,
    BadControl,
    ForeignOrigin,
    TooLarge,
)

BODY_MAX: Final = 1_000_000
LINES_A_PIECE: Final = 500
NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
PAGES_MAY_READ: Final = frozenset({"", "none", "same-origin"})
AUTHORITY: Final = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?", re.ASCII)
"""A Host header in lower case: a name or an address, and perhaps a port."""

Scope: TypeAlias = Mapping[str, Any]
Message: TypeAlias = dict[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

_encode = msgspec.json.Encoder(decimal_format="number").encode


class ControlApplication:
    """Answers the control port.

    Args:
        control: what is worked on.
        settled: waits until everything up to an event's number is on disk; False if that failed.
        names: hosts that requests may name, beside this machine's own.
    """

    def __init__(
        self,
        control: Control,
        settled: Callable[[int], Awaitable[bool]],
        names: frozenset[str] = NAMES,
    ) -> None:
        """Answer for a desk."""
        self._control = control
        self._settled = settled
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; sockets are not spoken here."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            return
        try:
            operation, asked = await self._understood(scope, receive)
            if operation.make is not None:
                made = await asyncio.to_thread(operation.make, asked.body)
                asked = msgspec.structs.replace(asked, made=made)
            self._control.catch_up()
            if operation.is_long:
                await self._stream(operation.handler(asked), send)
                return
            answer = await self._worked(operation, asked)
            if not await self._settled(self._control.desk.seq):
                await _answer(send, 503, _told("journal_failed", "The journal has stopped."))
                return
            await _answer(send, 200, _encode(answer))
        except Refusal as refusal:
            status = STATUSES.get(refusal.code, 400)
            await _answer(send, status, _told(refusal.code, refusal.message))

    async def _understood(self, scope: Scope, receive: Receive) -> tuple[Operation, Asked]:
        """Return the operation that a request means, and what it says.

        Raises:
            Refusal: it may not ask, or what it asks has no sense.
        """
        self._check_caller(_headers(scope))
        body = await _body(receive)
        operation, path = found(scope["method"], scope["path"])
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        parameters = {name: unquote(text) for name, text in path.items()}
        return operation, Asked(
            control=self._control, path=parameters, query=query, body=decoded(operation, body)
        )

    def _check_caller(self, headers: Mapping[str, str]) -> None:
        authority = headers.get("host", "").lower()
        named = AUTHORITY.fullmatch(authority)
        host = "" if named is None else named[1] or named[2]
        if host not in self._names:
            raise ForeignOrigin(f"The control API answers localhost alone, not {authority[:80]!r}.")
        origin = headers.get("origin", "")
        if origin and origin.lower() != f"http://{authority}":
            raise ForeignOrigin(f"A page of {origin[:80]} may not control this desk.")
        if headers.get("sec-fetch-site", "") not in PAGES_MAY_READ:
            raise ForeignOrigin("A page of another site may not control this desk.")

    async def _worked(self, operation: Operation, asked: Asked) -> object:
        """Run an operation; a long one lets others in between its slices."""
        result = operation.handler(asked)
        if not isinstance(result, Generator):
            return result
        while True:
            try:
                next(result)
            except StopIteration as done:
                return done.value
            if not await self._settled(self._control.desk.seq):
                return None
            await asyncio.sleep(0)

    async def _stream(self, lines: Generator[bytes, None, None], send: Send) -> None:
        piece = b"".join(islice(lines, LINES_A_PIECE))
        await send(_start(200, "application/x-ndjson"))
        while piece:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(0)
            piece = b"".join(islice(lines, LINES_A_PIECE))
        await send({"type": "http.response.body", "body": b""})


def _headers(scope: Scope) -> dict[str, str]:
    """Return what a request's headers say, by name in lower case.

    Raises:
        ForeignOrigin: who is called, or who calls, is said twice.
    """
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        if key in ONLY_ONCE and key in headers:
            raise ForeignOrigin(f"The header {key} may come once.")
        headers[key] = value.decode("latin-1")
    return headers


ONLY_ONCE: Final = frozenset({"host", "origin", "sec-fetch-site"})


async def _body(receive: Receive) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise BadControl("The caller has gone.")
        piece = message.get("body", b"")
        size += len(piece)
        if size > BODY_MAX:
            raise TooLarge(f"A body is at most {BODY_MAX} bytes.")
        pieces.append(piece)
        if not message.get("more_body", False):
            return b"".join(pieces)


def decoded(operation: Operation, body: bytes) -> object:
    """Return the body of a request for an operation.

    Raises:
        BadControl: it has no sense.
    """
    if operation.body is Nothing:
        return Nothing()
    try:
        return msgspec.json.decode(body or b"{}", type=operation.body)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        # A ValueError is text that is no UTF-8.
        raise BadControl(f"The body has no sense: {error}.") from error


def _told(code: str, message: str) -> bytes:
    return _encode({"error": {"code": code, "message": message}})


def _start(status: int, content_type: str) -> Message:
    headers = [
        (b"content-type", content_type.encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    return {"type": "http.response.start", "status": status, "headers": headers}


async def _answer(send: Send, status: int, body: bytes) -> None:
    start = _start(status, "application/json")
    start["headers"].append((b"content-length", str(len(body)).encode()))
    await send(start)
    await send({"type": "http.response.body", "body": body})
