"""Access tokens: what a client gets for its assertion, and what opens the gateway API.

They are signed, so that they outlive a restart of the desk; what was revoked is remembered until
it would have expired.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from hashlib import sha256
from typing import Any, Final

import msgspec

from paperdesk.auth.oauth2 import compact, scopes, signatures
from paperdesk.auth.oauth2.compact import Malformed
from paperdesk.auth.oauth2.rules import AUDIENCE
from paperdesk.auth.registrations import OAuthClient
from paperdesk.base.units import SECOND, Instant

LENGTH_MAX: Final = 8_192
TYPE: Final = "at+jwt"
ALGORITHM: Final = "RS256"
VERIFIED_MAX: Final = 4_096
ID_BYTES: Final = 20


class TokenClaims(msgspec.Struct, frozen=True, kw_only=True):
    """What an access token says. `iat` and `exp` are seconds since 1970; `exp` is the end."""

    iss: str
    sub: str
    exp: int
    iat: int
    scope: str
    csid: str
    account_id: str = msgspec.field(name="accountId")
    jti: str

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes in the order they were asked for."""
        return tuple(self.scope.split())

    @property
    def expires_at(self) -> Instant:
        """When the token ends, by the wall."""
        return self.exp * SECOND


class Flaw(Enum):
    """Why a token opens nothing."""

    NOT_OURS = "the token was not issued here"
    EXPIRED = "the token has expired"
    REVOKED = "the token was revoked"


class Revoked(msgspec.Struct, frozen=True):
    """A token that opens nothing any more; `until` is when it would have expired, by the wall."""

    token_id: str
    until: Instant


def claims(client: OAuthClient, given: tuple[str, ...], now: Instant, token_id: str) -> TokenClaims:
    """Return what a new token of a client says.

    Args:
        client: whose it is.
        given: its scopes.
        now: wall time.
        token_id: 40 hex digits that nobody can foresee.
    """
    issued = now // SECOND
    return TokenClaims(
        iss=AUDIENCE,
        sub=client.client_id,
        exp=issued + scopes.lifetime(given) // SECOND,
        iat=issued,
        scope=" ".join(given),
        csid=client.client_id,
        account_id=client.account_id,
        jti=token_id,
    )


def to_sign(said: TokenClaims, kid: str) -> bytes:
    """Return the bytes of a token that are to be signed with the key of an id."""
    header = msgspec.json.encode({"typ": TYPE, "alg": ALGORITHM, "kid": kid})
    return f"{compact.spelt(header)}.{compact.spelt(msgspec.json.encode(said))}".encode()


def signed(part: bytes, signature: bytes) -> str:
    """Return a token of what was signed and its signature."""
    return f"{part.decode()}.{compact.spelt(signature)}"


class AccessTokens:
    """Which access tokens are good: the server's public keys, and what was revoked."""

    def __init__(self, pems: Mapping[str, str], revoked: Iterable[Revoked] = ()) -> None:
        """Take tokens that were signed with the private halves of keys, by their ids."""
        self._pems = dict(pems)
        self._revoked = {token.token_id: token.until for token in revoked}
        self._verified: dict[bytes, TokenClaims] = {}

    def verified(self, token: str, now: Instant) -> TokenClaims | Flaw:
        """Return what a token says, or why it opens nothing at an instant of wall time.

        A signature is checked once; the tokens that came last are known by their digests.
        """
        digest = sha256(token.encode("utf-8", "replace")).digest()
        said = self._verified.get(digest)
        if said is None:
            said = self._read(token)
            if said is None:
                return Flaw.NOT_OURS
            if len(self._verified) >= VERIFIED_MAX:
                self._verified.pop(next(iter(self._verified)))
            self._verified[digest] = said
        if said.expires_at <= now:
            return Flaw.EXPIRED
        return Flaw.REVOKED if said.jti in self._revoked else said

    def revoke(self, said: TokenClaims, now: Instant) -> Revoked:
        """Let a token open nothing from now on."""
        for token_id in [one for one, until in self._revoked.items() if until <= now]:
            del self._revoked[token_id]
        self._revoked[said.jti] = said.expires_at
        return Revoked(said.jti, said.expires_at)

    def _read(self, token: str) -> TokenClaims | None:
        try:
            jws = compact.read(token, LENGTH_MAX)
        except Malformed:
            return None
        header = jws.header
        if header.get("alg") != ALGORITHM or header.get("typ") != TYPE:
            return None
        pem = self._pems.get(_text(header.get("kid")))
        if pem is None or not signatures.is_good(jws.signed, jws.signature, ALGORITHM, pem):
            return None
        return msgspec.convert(jws.claims, TokenClaims)


def _text(value: Any) -> str:  # noqa: ANN401 - JSON
    return value if type(value) is str else ""
