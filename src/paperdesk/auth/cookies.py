"""Cookies: what a request brings along, and the one that every first answer sets.

API clients of the gateway need none. A WebSocket may carry its session in the cookie `api`, as
plain text or as JSON inside the cookie.
"""

from functools import lru_cache
from hashlib import sha256
from typing import Final
from urllib.parse import unquote

import msgspec

from paperdesk.base.units import SECOND, Instant

STICKINESS: Final = "x-sess-uuid"
SESSION: Final = "api"
COOKIES_MAX: Final = 100


class SessionCookie(msgspec.Struct):
    """What some clients write into the cookie `api`: `{"session":"…"}`."""

    session: str


_session_decoder = msgspec.json.Decoder(SessionCookie)


def cookie(header: str, name: str) -> str:
    """Return the value of a cookie in a request's Cookie header, "" where it has none."""
    for pair in header.split(";", COOKIES_MAX)[:COOKIES_MAX]:
        found, _, value = pair.strip().partition("=")
        if found == name:
            return value
    return ""


def session_id(header: str) -> str:
    """Return the session that the cookie `api` names, "" where it names none.

    JSON may hold semicolons only inside its text, which no session id does.
    """
    value = unquote(cookie(header, SESSION))
    if value.startswith("{"):
        try:
            return _session_decoder.decode(value).session
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return ""
    return value.strip('"')


def stickiness(seed: str, at: Instant, path: str) -> str:
    """Return a Set-Cookie header for `x-sess-uuid`, which ties a client to a server.

    Args:
        seed: what tells this client from others.
        at: wall time; it is part of the value.
        path: the path below which the client sends it back, "" for none.
    """
    return _stickiness(seed, at // SECOND, path)


@lru_cache(maxsize=100)
def _stickiness(seed: str, second: int, path: str) -> str:
    digest = sha256(seed.encode()).hexdigest()
    below = f" path={path};" if path else ""
    return f"{STICKINESS}=0.{digest[:8]}.{second}.{digest[8:16]};{below} secure; HttpOnly"
