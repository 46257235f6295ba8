"""Wrong keys: what a client may have signed a right text with, each with its cause.

An explanation tries them against the signature. None is ever accepted, and none is ever shown.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from itertools import islice
from typing import Final

import msgspec
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA384, SHA512, HashAlgorithm

from paperdesk.auth.oauth1.causes import Cause
from paperdesk.auth.oauth1.challenges import Encoding
from paperdesk.auth.oauth1.tokens import LiveSessionToken, LiveSessionTokens
from paperdesk.auth.registrations import AccessToken, Consumer, Registrations

OTHERS_MAX: Final = 64
"""How many keys and tokens of others are tried."""

OTHER_HASHES: Final[tuple[HashAlgorithm, ...]] = (
    SHA1(),  # noqa: S303 - named in an explanation, never accepted
    SHA384(),
    SHA512(),
    MD5(),  # noqa: S303
)


class WrongKey(msgspec.Struct, frozen=True, gc=False):
    """Bytes that may have signed, and the mistake. `cause` is None for what is right."""

    cause: Cause | None
    key: bytes

    def __repr__(self) -> str:
        """Show the mistake alone."""
        return f"WrongKey({self.cause})"


def right_keys(tokens: list[LiveSessionToken]) -> Iterator[WrongKey]:
    """Yield the keys that sign."""
    for token in tokens:
        if not token.is_superseded:
            for encoding in token.accepted:
                yield WrongKey(None, token.keys[encoding])


def wrong_keys(
    tokens: list[LiveSessionToken], access_token: AccessToken, live: LiveSessionTokens
) -> Iterator[WrongKey]:
    """Yield what may have been taken for a live session token.

    Args:
        tokens: those of the consumer and user.
        access_token: the user's.
        live: everybody's.
    """
    for token in tokens:
        if token.is_superseded:
            yield WrongKey(Cause.OLDER_LIVE_SESSION_TOKEN, token.key)
        for encoding, key in token.keys.items():
            if encoding not in token.accepted:
                yield WrongKey(_CAUSE_OF[encoding], key)
        yield from _misread(token.key)
    secret = b64decode(access_token.secret)
    for key in (secret, secret.hex().encode(), access_token.secret.encode()):
        yield WrongKey(Cause.KEY_IS_TOKEN_SECRET, key)
    own = (access_token.consumer_key, access_token.token)
    others = (token for token in live if (token.consumer_key, token.access_token) != own)
    for token in islice(others, OTHERS_MAX):
        yield WrongKey(Cause.LIVE_SESSION_TOKEN_OF_ANOTHER, token.key)


def _misread(key: bytes) -> Iterator[WrongKey]:
    """Yield a live session token's bytes as other bytes."""
    text = b64encode(key)
    yield WrongKey(Cause.KEY_IS_BASE64_TEXT, text)
    yield WrongKey(Cause.KEY_IS_BASE64_TEXT, text.rstrip(b"="))
    yield WrongKey(Cause.KEY_IS_HEX_TEXT, key.hex().encode())
    for around in (key + b"&", text + b"&", b"&" + text, b"&" + key):
        yield WrongKey(Cause.KEY_WITH_AMPERSAND, around)


_CAUSE_OF: Final = {
    Encoding.JAVA: Cause.WRONG_KEY,
    Encoding.UNSIGNED: Cause.SIGN_BYTE_FORGOTTEN,
    Encoding.PADDED: Cause.SECRET_PADDED_TO_PRIME,
}


def wrong_prepends(
    access_token: AccessToken | None, registrations: Registrations, consumer: Consumer
) -> Iterator[WrongKey]:
    """Yield what may stand in front of a base string by mistake.

    Args:
        access_token: the one that a live session token is asked for; None at the endpoints that
            have no prepend.
        registrations: everybody's.
        consumer: who signs.
    """
    if access_token is not None:
        secret = b64decode(access_token.secret)
        right = secret.hex()
        yield WrongKey(Cause.PREPEND_MISSING, b"")
        yield WrongKey(Cause.PREPEND_IN_UPPERCASE, right.upper().encode())
        if right.startswith("0"):
            yield WrongKey(Cause.PREPEND_WITHOUT_ZEROS, right.lstrip("0").encode())
        yield WrongKey(Cause.PREPEND_NOT_HEX, access_token.secret.encode())
        yield WrongKey(Cause.PREPEND_NOT_HEX, secret)
        for around in (f"{right}&", f"{right} ", f"{right}\n", f"{right}\r\n", f"0x{right}"):
            yield WrongKey(Cause.PREPEND_SEPARATED, around.encode())
    cause = Cause.PREPEND_OF_ANOTHER_TOKEN if access_token else Cause.PREPEND_UNWANTED
    others = (
        token
        for token in registrations.tokens.values()
        if token.consumer_key == consumer.consumer_key and token is not access_token
    )
    for token in islice(others, OTHERS_MAX):
        yield WrongKey(cause, b64decode(token.secret).hex().encode())
