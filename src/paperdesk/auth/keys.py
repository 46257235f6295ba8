"""Keys: the public half of a program's key pair, read from what its owner has as a file.

Only public keys are taken. Whoever hands in a private one by mistake is told so, and nothing of it
is kept, shown or written to a log.
"""

from typing import Final, TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from cryptography.x509 import load_pem_x509_certificate

from paperdesk.base.errors import Refusal

PublicKey: TypeAlias = RSAPublicKey | EllipticCurvePublicKey

TEXT_LENGTH_MAX: Final = 65_536
RSA_BITS_MIN: Final = 2_048
RSA_BITS_MAX: Final = 8_192
"""Above it a single check takes longer than a caller may cost."""

BEGIN: Final = "-----BEGIN "


class PrivateKeyGiven(Refusal):
    """A private key was handed in where a public one belongs; it was not kept."""

    code = "private_key_given"


class KeyNotUnderstood(Refusal):
    """What was handed in is not a public key of a kind that can be used here."""

    code = "key_not_understood"


class KeyTooShort(Refusal):
    """The key has fewer bits than anybody should trust, or absurdly many."""

    code = "key_too_short"


def from_pem(text: str) -> PublicKey:
    """Return the one public key of a PEM text.

    Args:
        text: `PUBLIC KEY` (SubjectPublicKeyInfo), `RSA PUBLIC KEY` (PKCS#1) or `CERTIFICATE`.

    Raises:
        PrivateKeyGiven: there is a private key in it.
        KeyNotUnderstood: it is not exactly one RSA or P-256 key in one of these forms.
        KeyTooShort: an RSA key has fewer than 2,048 or more than 8,192 bits.
    """
    refuse_private(text)
    if len(text) > TEXT_LENGTH_MAX or text.count(BEGIN) != 1 or not text.isascii():
        raise KeyNotUnderstood("Give one public key as PEM text: -----BEGIN PUBLIC KEY-----.")
    try:
        if f"{BEGIN}CERTIFICATE-----" in text:
            key: object = load_pem_x509_certificate(text.encode()).public_key()
        else:
            key = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        # What the library says may hold bytes of the key, and says nothing that helps.
        raise KeyNotUnderstood(
            "The PEM text cannot be read: expected a PUBLIC KEY, an RSA PUBLIC KEY or a "
            "CERTIFICATE."
        ) from None
    return checked(key)


def checked(key: object) -> PublicKey:
    """Return a key that is strong enough and of a kind that can be used.

    Raises:
        KeyNotUnderstood: it is neither RSA nor ECDSA on P-256.
        KeyTooShort: an RSA key has fewer than 2,048 or more than 8,192 bits.
    """
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    if not isinstance(key, RSAPublicKey):
        raise KeyNotUnderstood("The key is neither RSA nor ECDSA on the curve P-256.")
    if not RSA_BITS_MIN <= key.key_size <= RSA_BITS_MAX:
        raise KeyTooShort(
            f"The RSA key has {key.key_size} bits; {RSA_BITS_MIN} to {RSA_BITS_MAX} are taken, "
            "and 3072 or 4096 are advised."
        )
    if key.public_numbers().n % 2 == 0:
        raise KeyNotUnderstood("The RSA modulus is even: that is no key.")
    return key


def refuse_private(text: str) -> None:
    """Refuse a text with a private key in it, in whatever wrapping.

    Raises:
        PrivateKeyGiven: there is one.
    """
    if "PRIVATE KEY" in text.upper():
        raise PrivateKeyGiven(
            "This is a private key. Keep it to yourself and hand in the public half; what was "
            "sent has not been kept. If it went over a network, make a new pair."
        )


def to_pem(key: PublicKey) -> str:
    """Return a public key as PEM text, `-----BEGIN PUBLIC KEY-----`."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
