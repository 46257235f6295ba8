"""Visits: a firm puts one of its users into a browser, by an address that is good once.

The id in the address is a credential: it is kept as a digest, ends after a minute, and is burnt by
the first browser that shows it from the right place. That browser goes on with a cookie of its own.
"""

from enum import Enum
from hashlib import sha256
from typing import Final

import msgspec

from paperdesk.auth.oauth2.bearers import plain
from paperdesk.auth.sessions import Session
from paperdesk.base.ids import UserName
from paperdesk.base.units import MINUTE, Duration, Instant

GOOD_FOR: Final[Duration] = MINUTE
REMEMBERED_FOR: Final[Duration] = 60 * MINUTE
"""How long a visitor can be told why an address is not good any more."""

VISITS_MAX: Final = 10_000
ID_BYTES: Final = 24
COOKIE_BYTES: Final = 24


class Why(Enum):
    """Why an address leads nowhere."""

    UNKNOWN = "there is no such SID"
    USED = "the SID was used before"
    EXPIRED = "the SID is older than 60 seconds"
    ADDRESS = "the browser has another address than the firm has named"


class Visit(msgspec.Struct, kw_only=True, eq=False):
    """A user whom a firm sends to the pages. Instants are wall time.

    `address` is the browser's, as the firm saw it. `session` and `cookie_digest` are there from the
    first use on; `form_token` stands in the pages' forms, and `confirmed_at` is when the visitor
    last gave the password, for what needs it.
    """

    client_id: str
    user_name: UserName
    address: str
    expires_at: Instant
    is_used: bool = False
    session: Session | None = None
    cookie_digest: bytes = b""
    form_token: str = ""
    confirmed_at: Instant = 0


class Visits:
    """The visits of the last hour, by digests of what their browsers show."""

    def __init__(self, *, enforces_addresses: bool = False) -> None:
        """Begin with none.

        Args:
            enforces_addresses: refuse a browser that comes from elsewhere. Behind address
                translation none comes from where the firm saw it.
        """
        self._enforces_addresses = enforces_addresses
        self._by_id: dict[bytes, Visit] = {}
        self._by_cookie: dict[bytes, Visit] = {}

    def expect(self, visit_id: str, visit: Visit, now: Instant) -> None:
        """Let a visit begin within a minute."""
        self._forget(now)
        self._by_id[_digest(visit_id)] = visit

    def begin(self, visit_id: str, remote: str, now: Instant) -> Visit | Why:
        """Begin a visit, which burns its id, or say why there is none.

        A browser with another address does not burn it.
        """
        visit = self._by_id.get(_digest(visit_id))
        if visit is None:
            return Why.UNKNOWN
        if visit.is_used:
            return Why.USED
        if visit.expires_at <= now:
            return Why.EXPIRED
        if self._enforces_addresses and plain(remote) != visit.address:
            return Why.ADDRESS
        visit.is_used = True
        return visit

    def welcome(self, visit: Visit, session: Session, cookie: str) -> None:
        """Give a visit its session, and know its browser by a cookie from now on."""
        visit.session = session
        visit.cookie_digest = _digest(cookie)
        self._by_cookie[visit.cookie_digest] = visit

    def of(self, cookie: str) -> Visit | None:
        """Return the visit of a browser's cookie while its session lives."""
        visit = self._by_cookie.get(_digest(cookie)) if cookie else None
        if visit is None or visit.session is None or visit.session.is_ended:
            return None
        return visit

    def is_of(self, cookie: str, visit_id: str) -> bool:
        """Say whether a browser shows an id again that it has used itself."""
        visit = self.of(cookie)
        return visit is not None and self._by_id.get(_digest(visit_id)) is visit

    def _forget(self, now: Instant) -> None:
        """Forget ids that are long over, and the oldest where there are too many."""
        while self._by_id:
            digest, oldest = next(iter(self._by_id.items()))
            if oldest.expires_at + REMEMBERED_FOR > now and len(self._by_id) < VISITS_MAX:
                break
            del self._by_id[digest]
        ended = [
            digest
            for digest, visit in self._by_cookie.items()
            if visit.session is None or visit.session.is_ended
        ]
        for digest in ended:
            del self._by_cookie[digest]


def _digest(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "replace")).digest()
