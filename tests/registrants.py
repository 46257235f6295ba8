"""Registrants: who registers programs in tests, with keys that are made once."""

from itertools import count
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from tests import programs
from tests.oauth2 import rsa_key

from paperdesk.auth import consumers
from paperdesk.auth.consumers import Draw, NewConsumer, Uploads
from paperdesk.auth.keys import to_pem
from paperdesk.auth.oauth1.primes import GROUP_14
from paperdesk.auth.registrations import Consumer, ConsumerKeys, ConsumerKind, Registrations
from paperdesk.control.key_pairs import dh_pem

KEY: Final = "TESTERABC"
VENDOR_KEY: Final = "0123456789abcdef012345678"
CALLBACK: Final = "https://vendor.example/cb"


def draw() -> Draw:
    """Return draws that a test can foresee: 00…1, 00…2 and so on."""
    numbers = count(1)
    return Draw(lambda size: f"{next(numbers):0{2 * size}x}")


def public(key: RSAPrivateKey) -> str:
    """Return the public half of a key as PEM text."""
    return to_pem(key.public_key())


def keys(name: str = "own", active_from: int = 0) -> ConsumerKeys:
    """Return keys of a consumer; another name gives other keys."""
    return ConsumerKeys(
        signature_key=public(rsa_key(f"{name} signature")),
        encryption_key=public(rsa_key(f"{name} encryption")),
        dh_prime=f"{GROUP_14:x}",
        active_from=active_from,
    )


def uploads(**other: bytes) -> Uploads:
    """Return the files of the vectors' consumer, or others in their place."""
    kept = programs.VECTORS["keys"]
    given = {
        "signature": kept["signature_public_pem"].encode(),
        "encryption": kept["encryption_public_pem"].encode(),
        "parameters": parameters(),
    }
    return Uploads(**(given | other))


def parameters() -> bytes:
    """Return the Diffie-Hellman parameters of RFC 3526's group 14 in PEM."""
    return dh_pem(GROUP_14).encode()


def registered(
    registrations: Registrations, key: str = KEY, name: str = "own", active_from: int = 0
) -> Consumer:
    """Register a consumer: a third party's where the key is one."""
    kind = ConsumerKind.THIRD_PARTY if key == VENDOR_KEY else ConsumerKind.FIRST_PARTY
    callbacks = (CALLBACK,) if kind is ConsumerKind.THIRD_PARTY else ()
    new = NewConsumer(
        consumer_key=key, keys=keys(name, active_from), kind=kind, callbacks=callbacks
    )
    return consumers.add(registrations, new)
