"""Self-tests: whether whoever registers keys has the private halves, and each in its place.

The two key files of a consumer look alike, and people mix them up; it shows only when a live
session token is asked for. Here it shows before: a text is signed, and a secret decrypted.
"""

import binascii
import hmac
from base64 import b64decode
from enum import Enum

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from paperdesk.auth.consumers import Draw
from paperdesk.auth.oauth1.tokens import SECRET_SIZE, encrypted_secret
from paperdesk.auth.registrations import ConsumerKeys, SecretPadding

NONCE_BYTES = 8
ANSWER_LENGTH_MAX = 4_096


class Finding(Enum):
    """What an answer shows."""

    PASSED = "passed"
    SWAPPED = "the signature was made with the encryption key: the two files are swapped"
    WRONG_SIGNATURE = "the signature was made with neither key, or of another text"
    NOT_DECRYPTED = "the secret is another: it is decrypted with the encryption key, PKCS #1 v1.5"
    NOT_READABLE = "the signature is no base64, or the secret no hex digits"


class Trial(msgspec.Struct, frozen=True):
    """What an owner of keys is given: a text to sign, and a secret to decrypt."""

    text: str
    secret: bytes
    encrypted: str

    def __repr__(self) -> str:
        """Leave the secret out."""
        return "Trial()"


def trial(keys: ConsumerKeys, draw: Draw, padding: SecretPadding = SecretPadding.PKCS1) -> Trial:
    """Return a new trial of some keys; the text looks like one that is signed in earnest."""
    secret = bytes.fromhex(draw.hex(SECRET_SIZE))
    nonce = draw.hex(NONCE_BYTES)
    text = (
        "POST&https%3A%2F%2Flocalhost%3A5001%2Fv1%2Fapi%2Foauth%2Flive_session_token&"
        f"oauth_nonce%3D{nonce}%26oauth_signature_method%3DRSA-SHA256"
    )
    return Trial(text, secret, encrypted_secret(secret, _key(keys.encryption_key), padding))


def judged(keys: ConsumerKeys, given: Trial, signature: str, secret: str) -> Finding:
    """Return what an answer shows.

    Args:
        keys: the public halves.
        given: what was to be signed and decrypted.
        signature: of the text, RSA-SHA256 with PKCS #1 v1.5, in base64.
        secret: as hex digits.
    """
    try:
        signed = b64decode(signature[:ANSWER_LENGTH_MAX].strip(), validate=True)
        decrypted = bytes.fromhex(secret[:ANSWER_LENGTH_MAX].strip())
    except (ValueError, binascii.Error):
        return Finding.NOT_READABLE
    if not _is_signed(keys.signature_key, given.text, signed):
        is_swapped = _is_signed(keys.encryption_key, given.text, signed)
        return Finding.SWAPPED if is_swapped else Finding.WRONG_SIGNATURE
    if not hmac.compare_digest(decrypted, given.secret):
        return Finding.NOT_DECRYPTED
    return Finding.PASSED


def _is_signed(pem: str, text: str, signature: bytes) -> bool:
    try:
        _key(pem).verify(signature, text.encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _key(pem: str) -> RSAPublicKey:
    key = load_pem_public_key(pem.encode())
    assert isinstance(key, RSAPublicKey), "keys are checked when they are uploaded"
    return key
