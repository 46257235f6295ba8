"""Bearer tokens of trading sessions: one of them is one outer session of one user name.

Their form is that of the real service, which its clients must not read: `iat` is in milliseconds
and there is no `exp`. Nor does the server read them; a token is known or it is not. They live as
long as their session and end with the process.
"""

import hmac
import ipaddress
from hashlib import sha256
from typing import Final

import msgspec

from paperdesk.auth.oauth2 import compact
from paperdesk.auth.registrations import OAuthClient
from paperdesk.auth.sessions import Session
from paperdesk.base.units import MILLISECOND, Instant
from paperdesk.kernel.state.accounts import User

BEARERS_MAX: Final = 10_000
LENGTH_MAX: Final = 4_096
ISSUER: Final = "com.ib.sso"
SUBJECT: Final = "WEB_API"
ID_BYTES: Final = 20


class BearerClaims(msgspec.Struct, frozen=True):
    """What a bearer token says, by the shape of the documented sample."""

    sub: str
    aud: str
    iss: str
    iat: int
    jti: str
    ctp: str


class Bearer(msgspec.Struct, kw_only=True, eq=False):
    """A trading session that a firm has opened for a user.

    `addresses` are those it may be used from, and `was_elsewhere` says that it was used from
    another one; `service` is what the firm named, "" for nothing.
    """

    token_id: str
    client_id: str
    session: Session
    addresses: tuple[str, ...] = ()
    service: str = ""
    was_elsewhere: bool = False

    def may_come_from(self, remote: str) -> bool:
        """Say whether a peer's address is one of those that were named."""
        # Most come as they were named, and reading an address takes longer than all the rest.
        return not self.addresses or remote in self.addresses or plain(remote) in self.addresses


class Bearers:
    """The bearer tokens that are good, by a digest of each; none is kept in clear."""

    def __init__(self, secret: bytes) -> None:
        """Sign tokens with a secret of this process."""
        self._secret = secret
        self._by_digest: dict[bytes, Bearer] = {}

    def issue(self, bearer: Bearer, client: OAuthClient, user: User, now: Instant) -> str:
        """Return a new token for a session.

        Where there are too many, those of sessions that have ended go, then the oldest.
        """
        said = BearerClaims(
            sub=SUBJECT,
            aud=str(user.user_id),
            iss=ISSUER,
            iat=now // MILLISECOND,
            jti=bearer.token_id,
            ctp=f"{client.client_id}_{client.account_id or user.account_ids[0]}",
        )
        part = f"{HEADER}.{compact.spelt(msgspec.json.encode(said))}"
        signature = hmac.digest(self._secret, part.encode(), "sha256")
        token = f"{part}.{compact.spelt(signature)}"
        if len(self._by_digest) >= BEARERS_MAX:
            self._make_room()
        self._by_digest[_digest(token)] = bearer
        return token

    def find(self, token: str) -> Bearer | None:
        """Return whose session a token opens, None where it was never issued or has ended."""
        bearer = self._by_digest.get(_digest(token)) if len(token) <= LENGTH_MAX else None
        return None if bearer is None or bearer.session.is_ended else bearer

    def forget_ended(self) -> None:
        """Forget the tokens whose sessions have ended."""
        ended = [digest for digest, one in self._by_digest.items() if one.session.is_ended]
        for digest in ended:
            del self._by_digest[digest]

    def of(self, client_id: str) -> list[Bearer]:
        """Return the open sessions of a client, the oldest first."""
        bearers = self._by_digest.values()
        return [one for one in bearers if one.client_id == client_id and not one.session.is_ended]

    def _make_room(self) -> None:
        self.forget_ended()
        if len(self._by_digest) >= BEARERS_MAX:
            self._by_digest.pop(next(iter(self._by_digest)))


def plain(address: str) -> str:
    """Return an address in its shortest spelling, IPv4 out of IPv6 clothes; ValueError for none."""
    parsed = ipaddress.ip_address(address)
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "replace")).digest()


HEADER: Final = compact.spelt(b'{"alg":"HS256"}')
