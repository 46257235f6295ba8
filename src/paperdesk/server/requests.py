"""Requests: what the pipeline has to know of one, read from the headers once."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import msgspec

from paperdesk.api.matching import Match
from paperdesk.api.route import Query
from paperdesk.auth.oauth1.outcomes import Accepted
from paperdesk.auth.registrations import OAuthClient
from paperdesk.auth.sessions import Session, nobody
from paperdesk.base.units import Instant

WANTED: Final = {
    b"accept-encoding": "accept_encoding",
    b"authorization": "authorization",
    b"content-length": "content_length",
    b"content-type": "content_type",
    b"cookie": "cookie",
    b"host": "host",
    b"origin": "origin",
    b"sec-fetch-mode": "fetch_mode",
    b"sec-fetch-site": "fetch_site",
    b"transfer-encoding": "transfer_encoding",
    b"user-agent": "user_agent",
}
"""Headers that are looked at, and the field each of them fills."""

NO_BODY: Final = frozenset({b"", b"0"})
"""What the header says of the length of a body that there is not."""

ONLY_ONCE: Final = frozenset({"authorization", "host", "content_length", "origin", "fetch_site"})
_NOBODY: Final = nobody()


class Request(msgspec.Struct, kw_only=True, eq=False, gc=False):
    """One request on its way through the pipeline.

    `path` is decoded, `raw_path` and `query` are not; header fields are "" where there is none.
    `port` is the listener's. `is_doubled` says that a header came twice that may come once.
    `session`, `match`, `is_signed` (by OAuth 1.0a), `body` and `accepted` of a signed request,
    `client` (whose access token was shown), `is_counted` (as one of the session's open histories)
    and `held_until` (when its answer may leave, by the wall) are filled in by the pipeline. `now`
    is wall time, `began` a reading of a clock that never jumps, in seconds.
    """

    method: str
    path: str
    query: bytes
    raw_path: bytes = b""
    remote: str
    scheme: str
    port: int = 443
    now: Instant
    began: float
    accept_encoding: bytes = b""
    authorization: bytes = b""
    content_length: bytes = b""
    content_type: bytes = b""
    cookie: bytes = b""
    host: bytes = b""
    origin: bytes = b""
    fetch_mode: bytes = b""
    fetch_site: bytes = b""
    transfer_encoding: bytes = b""
    user_agent: bytes = b""
    is_doubled: bool = False
    session: Session = msgspec.field(default_factory=lambda: _NOBODY)
    match: Match | None = None
    parsed_query: Query | None = None
    is_signed: bool = False
    body: bytes = b""
    accepted: Accepted | None = None
    client: OAuthClient | None = None
    is_counted: bool = False
    held_until: Instant = 0


def read(scope: dict[str, Any], now: Instant, began: float) -> Request:
    """Return the request of an ASGI scope."""
    client = scope.get("client")
    server = scope.get("server")
    path = scope["path"]
    request = Request(
        method=scope.get("method", "GET"),
        path=path,
        query=scope["query_string"],
        raw_path=scope.get("raw_path") or path.encode("utf-8", "replace"),
        remote=client[0] if client else "",
        scheme=scope.get("scheme", "http"),
        port=server[1] if server else 443,
        now=now,
        began=began,
    )
    _read_headers(request, scope["headers"])
    return request


def _read_headers(request: Request, headers: Iterable[tuple[bytes, bytes]]) -> None:
    for name, value in headers:
        field = WANTED.get(name)
        if field is None:
            continue
        before = getattr(request, field)
        if not before:
            setattr(request, field, value)
        elif field in ONLY_ONCE:
            request.is_doubled = True
        elif field == "cookie":
            request.cookie = before + b"; " + value


AUTHORITY: Final = re.compile(r"(?:\[([^\[\]]*)\]|([^:\[\]]*))(?::[0-9]{0,5})?")
"""An address in brackets or a name, and perhaps a port."""


@lru_cache(maxsize=256)
def host_of(authority: bytes) -> str:
    """Return the host of a Host header, lower-case and without port or brackets; "" for none."""
    found = AUTHORITY.fullmatch(authority.decode("latin-1").strip().lower())
    return "" if found is None else found[1] or found[2] or ""
