"""Keys: what a consumer uploads, checked once and kept as canonical text.

Three files: the public signature key, the public encryption key, and Diffie-Hellman parameters.
A private key is refused, and neither kept nor shown; no message holds anything of a file.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256
from typing import Final

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from paperdesk.auth.oauth1.primes import has_small_factor, is_safe_prime
from paperdesk.base.errors import Refusal

UPLOAD_MAX: Final = 16 * 1024
RSA_BITS_MIN: Final = 2_048
RSA_BITS_MAX: Final = 8_192
EXPONENT_BITS_MAX: Final = 32
PRIME_BITS_MIN: Final = 2_048
PRIME_BITS_MAX: Final = 4_096
GENERATOR: Final = 2

_BLOCK: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_PUBLIC: Final = ("PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE")
_PARAMETERS: Final = ("DH PARAMETERS",)
_WEAK_HASHES: Final = frozenset({"md5", "sha1"})
_SEQUENCE: Final = 0x30
_INTEGER: Final = 0x02
_LONG: Final = 0x80


class UploadRefused(Refusal):
    """A file that is not what it should be."""

    code = "key_not_readable"


class PrivateKeyUploaded(UploadRefused):
    """A private key came; it belongs to its owner alone."""

    code = "private_key_uploaded"


class WrongFile(UploadRefused):
    """A file of another kind than the one asked for."""

    code = "wrong_key_file"


class KeyTooWeak(UploadRefused):
    """A key or prime that is too short, or built to be broken."""

    code = "key_too_weak"


class KeyTooLarge(UploadRefused):
    """A key or prime that would cost more than it protects."""

    code = "key_too_large"


class KeysNotDistinct(UploadRefused):
    """Signature key and encryption key are the same."""

    code = "keys_not_distinct"


class UploadedKey(msgspec.Struct, frozen=True, kw_only=True):
    """An RSA public key: `pem` as SubjectPublicKeyInfo, `thumbprint` SHA-256 of its DER in hex."""

    pem: str
    bits: int
    thumbprint: str


class UploadedParameters(msgspec.Struct, frozen=True, kw_only=True):
    """Diffie-Hellman parameters: a safe prime in hex, and SHA-256 of prime and generator in hex."""

    prime: str
    generator: int
    bits: int
    thumbprint: str


class KeyRing:
    """Public keys that were read from their text, so that no request reads one again."""

    CAPACITY: Final = 256

    def __init__(self) -> None:
        """Begin with none."""
        self._keys: dict[str, RSAPublicKey] = {}

    def key(self, pem: str) -> RSAPublicKey:
        """Return a registered key; its text was checked when it was uploaded."""
        found = self._keys.get(pem)
        if found is None:
            if len(self._keys) >= self.CAPACITY:
                self._keys.pop(next(iter(self._keys)))
            loaded = load_pem_public_key(pem.encode())
            assert isinstance(loaded, RSAPublicKey)
            found = self._keys[pem] = loaded
        return found


def public_key(upload: bytes) -> UploadedKey:
    """Read an uploaded public key: SubjectPublicKeyInfo, PKCS #1 or a certificate, in PEM.

    Raises:
        PrivateKeyUploaded: a private key is in the file.
        WrongFile: it is no RSA public key.
        UploadRefused: it is no PEM text, or damaged.
        KeyTooWeak: fewer than 2,048 bits, a small factor, or a certificate signed with SHA-1.
        KeyTooLarge: more than 8,192 bits, or an exponent of more than 32.
    """
    label, block = _block_of(upload, _PUBLIC, "an RSA public key")
    key = _loaded(_certified if label == "CERTIFICATE" else load_pem_public_key, block)
    if not isinstance(key, RSAPublicKey):
        raise WrongFile("The file holds a public key of another kind; an RSA key is needed.")
    _check_strength(key)
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return UploadedKey(pem=pem, bits=key.key_size, thumbprint=sha256(der).hexdigest())


def parameters(upload: bytes) -> UploadedParameters:
    """Read uploaded Diffie-Hellman parameters, as `openssl dhparam 2048` makes them.

    Raises:
        PrivateKeyUploaded: a private key is in the file.
        WrongFile: it holds something else.
        UploadRefused: it is no PEM text, or damaged.
        KeyTooWeak: the prime has fewer than 2,048 bits, is no safe prime, or the generator is
            not 2.
        KeyTooLarge: the prime has more than 4,096 bits.
    """
    _, block = _block_of(upload, _PARAMETERS, "Diffie-Hellman parameters")
    try:
        prime, generator = _two_integers(b64decode("".join(block.decode().split("\n")[1:-2])))
    except (ValueError, IndexError, binascii.Error):
        raise UploadRefused("The Diffie-Hellman parameters are damaged.") from None
    check_parameters(prime, generator)
    numbers = f"{prime:x},{generator}".encode()
    return UploadedParameters(
        prime=f"{prime:x}",
        generator=generator,
        bits=prime.bit_length(),
        thumbprint=sha256(numbers).hexdigest(),
    )


def check_parameters(prime: int, generator: int) -> None:
    """Make sure that a prime and a generator hide a shared secret; costs up to some seconds.

    Raises:
        KeyTooWeak: see `parameters`.
        KeyTooLarge: the prime has more than 4,096 bits.
    """
    bits = prime.bit_length()
    if bits > PRIME_BITS_MAX:
        raise KeyTooLarge(f"The prime has {bits} bits; at most {PRIME_BITS_MAX} are accepted.")
    if bits < PRIME_BITS_MIN:
        raise KeyTooWeak(f"The prime has {bits} bits; at least {PRIME_BITS_MIN} are needed.")
    if generator != GENERATOR:
        raise KeyTooWeak("The generator is not 2; make parameters by `openssl dhparam 2048`.")
    if not is_safe_prime(prime):
        raise KeyTooWeak(
            "The number is not a safe prime (itself and its half prime); make parameters by "
            "`openssl dhparam 2048`."
        )


def check_distinct(signature: UploadedKey, encryption: UploadedKey) -> None:
    """Make sure that a consumer's two keys are two.

    Raises:
        KeysNotDistinct: they are one.
    """
    if signature.thumbprint == encryption.thumbprint:
        raise KeysNotDistinct(
            "Signature key and encryption key are the same; make a second pair and upload it."
        )


def _block_of(upload: bytes, wanted: tuple[str, ...], name: str) -> tuple[str, bytes]:
    """Return the label and the one PEM block of a file, its lines ended by LF."""
    if len(upload) > UPLOAD_MAX:
        raise UploadRefused(f"The file has {len(upload)} bytes; {UPLOAD_MAX} are accepted.")
    text = upload.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    if "PRIVATE KEY" in text:
        raise PrivateKeyUploaded(
            "This is a private key. It was not kept. Upload the public half "
            "(`openssl rsa -in private.pem -pubout`), and keep the private one to yourself."
        )
    blocks = _BLOCK.findall(text)
    if not blocks:
        raise UploadRefused(_without_block(text, name))
    if len(blocks) > 1:
        raise UploadRefused(f"The file has {len(blocks)} PEM blocks; upload {name} alone.")
    label, inside = blocks[0]
    if label not in wanted:
        raise WrongFile(f"The file holds {_named(label)}; {name} belongs here.")
    lines = "\n".join(line.strip() for line in inside.split("\n") if line.strip())
    return label, f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n".encode()


def _without_block(text: str, name: str) -> str:
    if text.lstrip().startswith("ssh-"):
        return f"This is an SSH key; {name} in PEM is needed (`ssh-keygen -e -m pkcs8 -f key.pub`)."
    return f"The file is no PEM text; {name} begins with a line -----BEGIN …-----."


def _named(label: str) -> str:
    """Name a kind of PEM block, of those that people mix up."""
    if label in _PUBLIC:
        return "a public key"
    return "Diffie-Hellman parameters" if label in _PARAMETERS else "something else"


def _loaded(load: Callable[[bytes], PublicKeyTypes], block: bytes) -> PublicKeyTypes:
    try:
        return load(block)
    except (ValueError, UnsupportedAlgorithm):
        raise UploadRefused("The public key is damaged, or of a kind nobody knows.") from None


def _certified(block: bytes) -> PublicKeyTypes:
    certificate = x509.load_pem_x509_certificate(block)
    algorithm = certificate.signature_hash_algorithm
    if algorithm is not None and algorithm.name in _WEAK_HASHES:
        raise KeyTooWeak(f"The certificate is signed with {algorithm.name.upper()}; use SHA-256.")
    return certificate.public_key()


def _check_strength(key: RSAPublicKey) -> None:
    numbers = key.public_numbers()
    if key.key_size < RSA_BITS_MIN:
        raise KeyTooWeak(f"The key has {key.key_size} bits; at least {RSA_BITS_MIN} are needed.")
    if key.key_size > RSA_BITS_MAX:
        raise KeyTooLarge(f"The key has {key.key_size} bits; at most {RSA_BITS_MAX} are accepted.")
    if numbers.e.bit_length() > EXPONENT_BITS_MAX:
        raise KeyTooLarge("The key's exponent has more than 32 bits; 65537 is the usual one.")
    if numbers.n % 2 == 0 or has_small_factor(numbers.n):
        raise KeyTooWeak("The key's modulus has a small factor: it is no RSA key.")


def _two_integers(der: bytes) -> tuple[int, int]:
    """Return prime and generator of a DER sequence of two integers, or of three.

    The third is the length that a private value should have: a hint.
    """
    content, rest = _element(der, _SEQUENCE)
    prime, content = _element(content, _INTEGER)
    generator, content = _element(content, _INTEGER)
    if content:
        _, content = _element(content, _INTEGER)
    if rest or content or not prime or not generator:
        raise ValueError("more, or less, than two integers")
    if prime[0] & 0x80 or generator[0] & 0x80:
        raise ValueError("a negative integer")
    return int.from_bytes(prime, "big"), int.from_bytes(generator, "big")


def _element(der: bytes, tag: int) -> tuple[bytes, bytes]:
    """Return the content of the first DER element and what follows it."""
    if der[0] != tag:
        raise ValueError("another kind of element")
    length, start = der[1], 2
    if length >= _LONG:
        size = length - _LONG
        if not 1 <= size <= 2:  # noqa: PLR2004 - no file accepted here is longer than 64 KiB
            raise ValueError("a length nobody needs")
        length, start = int.from_bytes(der[2 : 2 + size], "big"), 2 + size
    if start + length > len(der):
        raise ValueError("cut off")
    return der[start : start + length], der[start + length :]
