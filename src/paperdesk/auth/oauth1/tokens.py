"""Live session tokens: the shared secrets of 24 hours that sign requests, in memory alone.

A second token of the same consumer and user leaves the first one valid, since several programs of
one user each make their own; a setting allows one at a time.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from paperdesk.auth.oauth1.challenges import Agreement, Encoding
from paperdesk.auth.oauth1.conventions import Convention
from paperdesk.auth.oauth1.nonces import Nonces
from paperdesk.auth.registrations import SecretPadding
from paperdesk.base.units import DAY, Duration, Instant

LIFETIME: Final[Duration] = DAY
SECRET_SIZE: Final = 32
KEPT_MAX: Final = 8
"""Tokens of one consumer and user: the oldest goes when there is one more."""


class LiveSessionToken(msgspec.Struct, kw_only=True, eq=False):
    """One shared secret of a consumer and a user's access token.

    `keys` are the tokens that follow from each encoding of the exchange; `accepted` are those that
    a signature may still be made with, the true one first: the first signature decides. Instants
    are wall time. `convention` is how the last request was signed. A superseded token signs
    nothing any more and is kept to explain what went wrong.
    """

    consumer_key: str
    access_token: str
    keys: dict[Encoding, bytes]
    accepted: tuple[Encoding, ...] = (Encoding.JAVA,)
    issued_at: Instant
    expires_at: Instant
    is_superseded: bool = False
    convention: Convention | None = None
    nonces: Nonces = msgspec.field(default_factory=Nonces)

    def __repr__(self) -> str:
        """Show whose it is, and no secret."""
        return f"LiveSessionToken({self.consumer_key} {self.access_token[:4]}…)"

    @property
    def key(self) -> bytes:
        """The 20 bytes that sign."""
        return self.keys[self.accepted[0]]

    @property
    def expires_at_ms(self) -> int:
        """`live_session_token_expiration`: milliseconds since 1970."""
        return self.expires_at // 1_000


class LiveSessionTokens:
    """Every live session token of a desk, by consumer and access token, newest first."""

    def __init__(self, *, single: bool = False) -> None:
        """Begin with none; with `single` a new token ends those before it."""
        self._single = single
        self._by_owner: dict[tuple[str, str], list[LiveSessionToken]] = {}

    def add(self, token: LiveSessionToken) -> None:
        """Let a token sign requests."""
        kept = self._by_owner.setdefault((token.consumer_key, token.access_token), [])
        if self._single:
            for other in kept:
                other.is_superseded = True
        kept.insert(0, token)
        del kept[KEPT_MAX:]

    def of(self, consumer_key: str, access_token: str) -> list[LiveSessionToken]:
        """Return the tokens of an owner, newest first, expired and superseded ones too."""
        return self._by_owner.get((consumer_key, access_token), [])

    def forget(self, consumer_key: str, access_token: str = "") -> None:
        """Forget the tokens of an access token, or of all of a consumer's."""
        for owner in list(self._by_owner):
            if owner[0] == consumer_key and access_token in ("", owner[1]):
                del self._by_owner[owner]

    def sweep(self, at: Instant) -> None:
        """Forget tokens that expired a life ago; until then they explain refusals."""
        for owner, kept in list(self._by_owner.items()):
            kept[:] = [token for token in kept if token.expires_at + LIFETIME > at]
            if not kept:
                del self._by_owner[owner]

    def __iter__(self) -> Iterator[LiveSessionToken]:
        """Walk all of them."""
        for kept in self._by_owner.values():
            yield from kept


def live_token(
    consumer_key: str,
    access_token: str,
    agreement: Agreement,
    at: Instant,
    *,
    both_encodings: bool = False,
) -> LiveSessionToken:
    """Return the live session token of an exchange, issued at an instant of wall time.

    Args:
        consumer_key: the consumer's.
        access_token: the user's.
        agreement: what the exchange gave.
        at: now.
        both_encodings: whether a consumer that forgets the sign byte may sign too.
    """
    accepted = (Encoding.JAVA, Encoding.UNSIGNED) if both_encodings else (Encoding.JAVA,)
    return LiveSessionToken(
        consumer_key=consumer_key,
        access_token=access_token,
        keys=agreement.keys,
        accepted=tuple(encoding for encoding in accepted if encoding in agreement.keys),
        issued_at=at,
        expires_at=at + LIFETIME,
    )


def encrypted_secret(secret: bytes, key: RSAPublicKey, padding: SecretPadding) -> str:
    """Return an access token's secret as its consumer gets it: encrypted to it, in base64.

    Every call gives another text. The random padding is drawn by the system inside cryptography.
    """
    assert secret
    scheme = (
        OAEP(MGF1(SHA256()), SHA256(), None) if padding is SecretPadding.OAEP_SHA256 else PKCS1v15()
    )
    return b64encode(key.encrypt(secret, scheme)).decode()


def prepend_of(secret: str) -> str:
    """Return what a consumer puts in front of the base string: the secret's bytes in hex.

    Args:
        secret: base64 of the plain bytes, as `AccessToken.secret` holds it.
    """
    return b64decode(secret).hex()
