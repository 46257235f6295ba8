"""Key pairs: made for whoever wants to begin at once, and handed over without being kept."""

from base64 import b64encode
from collections.abc import Callable
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from paperdesk.auth.keys import to_pem
from paperdesk.auth.oauth1.primes import GROUP_14, safe_prime

SIZES: Final = (2_048, 3_072, 4_096)
EXPONENT: Final = 65_537
GENERATOR: Final = 2
PRIME_BITS: Final = 2_048
LINE: Final = 64


class ConsumerPairs(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a consumer of OAuth 1.0a keeps: PEM texts, private halves included."""

    signature_private: str
    signature_public: str
    encryption_private: str
    encryption_public: str
    parameters: str

    def __repr__(self) -> str:
        """Leave the keys out."""
        return "ConsumerPairs()"


class ClientPair(msgspec.Struct, frozen=True, kw_only=True):
    """The key pair of a client of OAuth 2.0, as PEM texts."""

    private: str
    public: str

    def __repr__(self) -> str:
        """Leave the keys out."""
        return "ClientPair()"


def consumer_pairs(bits: int, draw_bits: Callable[[int], int] | None = None) -> ConsumerPairs:
    """Make the keys of a consumer.

    Args:
        bits: of the two RSA keys.
        draw_bits: draws a safe prime of its own, which takes a minute or some; None takes the one
            of RFC 3526 that everybody may use.
    """
    signature, encryption = _rsa(bits), _rsa(bits)
    prime = GROUP_14 if draw_bits is None else safe_prime(PRIME_BITS, draw_bits)
    return ConsumerPairs(
        signature_private=_private(signature),
        signature_public=to_pem(signature.public_key()),
        encryption_private=_private(encryption),
        encryption_public=to_pem(encryption.public_key()),
        parameters=dh_pem(prime),
    )


def client_pair(bits: int) -> ClientPair:
    """Make the key of a client."""
    key = _rsa(bits)
    return ClientPair(private=_private(key), public=to_pem(key.public_key()))


def dh_pem(prime: int) -> str:
    """Return Diffie-Hellman parameters in PEM, as `openssl dhparam` writes them; generator 2."""
    numbers = _integer(prime) + _integer(GENERATOR)
    text = b64encode(_element(0x30, numbers)).decode()
    lines = "\n".join(text[at : at + LINE] for at in range(0, len(text), LINE))
    return f"-----BEGIN DH PARAMETERS-----\n{lines}\n-----END DH PARAMETERS-----\n"


def _rsa(bits: int) -> RSAPrivateKey:
    return rsa.generate_private_key(EXPONENT, bits)


def _private(key: RSAPrivateKey) -> str:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode()


def _integer(number: int) -> bytes:
    # A top bit would say that the number is negative.
    return _element(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _element(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:  # noqa: PLR2004 - the short form of DER
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content
