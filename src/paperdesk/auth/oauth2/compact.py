"""Compact signed tokens: three base64url segments, read so that one token has one spelling.

Nothing here says whether a signature is good. What comes out is unverified and must be treated so.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Any, Final

import msgspec

from paperdesk.auth.oauth2 import strict_json
from paperdesk.auth.oauth2.strict_json import NotStrict

SEGMENTS: Final = 3
BASE64_BLOCK: Final = 4
HEADER_LENGTH_MAX: Final = 16_384
"""Some clients put a chain of certificates into it."""

SIGNATURE_LENGTH_MAX: Final = 2_048
COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


class Malformed(ValueError):
    """A text that is no compact signed token of JSON objects."""


class Jws(msgspec.Struct, frozen=True):
    """A token in its parts; header and claims are unverified. `signed` is what was signed."""

    header: dict[str, Any]
    claims: dict[str, Any]
    payload: bytes
    signed: bytes
    signature: bytes


def looks_compact(text: str) -> bool:
    """Say whether a text has the shape of a token, whatever is in its segments."""
    return COMPACT.fullmatch(text) is not None


def read(text: str, length_max: int) -> Jws:
    """Return a token in its parts.

    Args:
        text: three base64url segments with dots between them, without padding.
        length_max: how many characters it may have.

    Raises:
        Malformed: it is longer, has other segments, is spelt as no encoder spells it, or its
            header or claims are no strict JSON object.
    """
    if len(text) > length_max:
        raise Malformed(f"the token has more than {length_max} characters")
    segments = text.split(".")
    if len(segments) != SEGMENTS:
        raise Malformed(f"the token has {len(segments)} segments, not {SEGMENTS}")
    header, payload, signature = segments
    if len(header) > HEADER_LENGTH_MAX or len(signature) > SIGNATURE_LENGTH_MAX:
        raise Malformed("the token's header or signature is too long")
    claims = _decoded(payload, "claims")
    return Jws(
        header=_object(_decoded(header, "header"), "header"),
        claims=_object(claims, "claims"),
        payload=claims,
        signed=f"{header}.{payload}".encode(),
        signature=_decoded(signature, "signature"),
    )


def spelt(part: bytes) -> str:
    """Return bytes in base64url without padding."""
    return urlsafe_b64encode(part).rstrip(b"=").decode()


def _decoded(segment: str, part: str) -> bytes:
    """Decode a segment that is spelt as an encoder would; anything else could hide a second one."""
    try:
        content = urlsafe_b64decode(segment + "=" * (-len(segment) % BASE64_BLOCK))
    except (NotBase64, ValueError):
        raise Malformed(f"the {part} is not base64url") from None
    if spelt(content) != segment:
        raise Malformed(f"the {part} is not base64url without padding, as an encoder spells it")
    return content


def _object(text: bytes, part: str) -> dict[str, Any]:
    try:
        value = strict_json.decoded(text)
    except NotStrict as error:
        raise Malformed(f"the {part}: {error}") from None
    if type(value) is not dict:
        raise Malformed(f"the {part} is no JSON object")
    return value
