"""Signatures: RSA-SHA256 and HMAC-SHA256 over base strings, compared as bytes.

Both are found in one go for any number of candidates: an RSA signature is opened once and gives
the digest of whatever was signed; an HMAC is a microsecond each.
"""

import hmac
import re
from base64 import b64decode, b64encode
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm

from paperdesk.auth.oauth1.causes import Cause, SignedRequestRefused
from paperdesk.auth.oauth1.conventions import Candidate

TEXT_MAX: Final = 2_048
"""In base64; the longest key's signature has 1,368 characters, for 8,192 bits."""

BYTES_MAX: Final = TEXT_MAX // 4 * 3

_BASE64: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}|[A-Za-z0-9_\-]+={0,2}")
_GROUP: Final = 4


def decoded(text: str) -> bytes:
    """Return the bytes of a signature.

    Either alphabet of base64 is taken, with its padding or without any; two texts of the same
    bytes are told apart no further, and bits that no byte needs have to be zero.

    Raises:
        SignedRequestRefused: it is no base64.
    """
    try:
        found = a2b_base64(text, strict_mode=True)
    except ValueError:
        found = b""
    if 0 < len(found) <= BYTES_MAX and b2a_base64(found, newline=False) == text.encode():
        return found
    return _leniently_decoded(text)


def _leniently_decoded(text: str) -> bytes:
    if len(text) > TEXT_MAX or _BASE64.fullmatch(text) is None:
        raise _no_base64("oauth_signature is not base64.")
    bare = text.rstrip("=")
    lacking = -len(bare) % _GROUP
    if len(text) - len(bare) not in (0, lacking) or lacking == _GROUP - 1:
        raise _no_base64("oauth_signature is base64 with the wrong padding.")
    standard = bare.replace("-", "+").replace("_", "/")
    found = b64decode(standard + "=" * lacking)
    if lacking and b64encode(found).decode().rstrip("=") != standard:
        raise _no_base64("oauth_signature is base64 whose last character has bits to spare.")
    return found


def hmac_sha256(key: bytes, text: str) -> bytes:
    """Return the HMAC-SHA256 of a base string under a live session token."""
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")


def match_hmac(key: bytes, texts: Iterable[Candidate], signature: bytes) -> Candidate | None:
    """Return the first candidate whose HMAC-SHA256 is the signature.

    Each is compared in a time that does not tell how nearly it matched.
    """
    for candidate in texts:
        if hmac.compare_digest(hmac_sha256(key, candidate.text), signature):
            return candidate
    return None


def match_rsa(
    key: RSAPublicKey, texts: Iterable[Candidate], signature: bytes, prepend: str = ""
) -> Candidate | None:
    """Return the first candidate that an RSASSA-PKCS1-v1_5 signature with SHA-256 is of.

    Args:
        key: the consumer's signature key.
        texts: base strings without prepend.
        signature: as many bytes as the key's modulus has.
        prepend: what the consumer puts in front of each, nothing between: a secret.
    """
    digest = recovered(key, signature)
    if digest is None:
        return None
    began = sha256(prepend.encode())
    for candidate in texts:
        found = began.copy()
        found.update(candidate.text.encode("utf-8", "surrogatepass"))
        if hmac.compare_digest(found.digest(), digest):
            return candidate
    return None


def recovered(
    key: RSAPublicKey, signature: bytes, algorithm: HashAlgorithm | None = None
) -> bytes | None:
    """Return the digest inside a PKCS #1 v1.5 signature; None where it is not one by this key.

    The padding is checked byte by byte, the algorithm's name included.
    """
    if len(signature) != (key.key_size + 7) // 8:
        return None
    try:
        return key.recover_data_from_signature(signature, PKCS1v15(), algorithm or SHA256())
    except (InvalidSignature, ValueError):
        return None


def _no_base64(message: str) -> SignedRequestRefused:
    return SignedRequestRefused(Cause.SIGNATURE_NOT_BASE64, message)
