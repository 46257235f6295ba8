"""JKS: the key stores that Java wrote before PKCS#12, read as far as a certificate needs it.

Source: the format as keytool writes it. A store is a list of entries, big-endian, with a digest of
the password and all of it at the end; a private key is hidden under a stream of SHA-1 digests. The
protection is as weak as it sounds and nothing here makes it stronger.
"""

import hmac
from hashlib import sha1
from typing import Final

import msgspec

from paperdesk.base.errors import Refusal

MAGIC: Final = b"\xfe\xed\xfe\xed"
VERSIONS: Final = (1, 2)
WHITENER: Final = b"Mighty Aphrodite"
DIGEST_SIZE: Final = 20
KEY_ENTRY: Final = 1
TRUSTED_ENTRY: Final = 2
ENTRIES_MAX: Final = 100
CHAIN_MAX: Final = 20
PROTECTED: Final = bytes.fromhex("060a2b060104012a02110101")
"""The object identifier of keytool's own way to hide a key, 1.3.6.1.4.1.42.2.17.1.1, in DER."""

SEQUENCE: Final = 0x30
OCTET_STRING: Final = 0x04
LONG_LENGTH: Final = 0x80


class StoreNotUnderstood(Refusal):
    """A key store cannot be read: it is another format, damaged, or the password is wrong."""

    code = "store_not_understood"


class KeyEntry(msgspec.Struct, frozen=True):
    """A private key as PKCS#8 DER, and its certificates as DER, its own first."""

    key: bytes
    chain: tuple[bytes, ...]


def first_key(store: bytes, password: str) -> KeyEntry:
    """Return the first private key of a store.

    Raises:
        StoreNotUnderstood: there is none, or the store cannot be read.
    """
    secret = password.encode("utf-16-be")
    body, digest = store[:-DIGEST_SIZE], store[-DIGEST_SIZE:]
    # Java chose SHA-1, and the password stands before what is digested.
    expected = sha1(secret + WHITENER + body).digest()  # noqa: S324
    if not hmac.compare_digest(expected, digest):
        raise StoreNotUnderstood("The key store is damaged, or sslPwd is not its password.")
    try:
        return _first_key(_Reader(body), secret)
    except (IndexError, ValueError) as error:
        raise StoreNotUnderstood(f"The key store is damaged ({error}).") from error


def _first_key(reader: "_Reader", secret: bytes) -> KeyEntry:
    if reader.take(len(MAGIC)) != MAGIC or reader.number() not in VERSIONS:
        raise ValueError("it is another format")
    for _ in range(min(reader.number(), ENTRIES_MAX)):
        kind = reader.number()
        reader.text()
        reader.take(8)
        if kind == TRUSTED_ENTRY:
            reader.certificate()
            continue
        if kind != KEY_ENTRY:
            raise ValueError("it has an entry of an unknown kind")
        hidden = reader.take(reader.number())
        chain = tuple(reader.certificate() for _ in range(min(reader.number(), CHAIN_MAX)))
        return KeyEntry(_uncovered(_protected(hidden), secret), chain)
    raise ValueError("it has no private key")


class _Reader:
    """Takes a store apart from the front."""

    def __init__(self, store: bytes) -> None:
        self._store = store
        self._at = 0

    def take(self, count: int) -> bytes:
        taken = self._store[self._at : self._at + count]
        if len(taken) != count:
            raise ValueError("it ends too early")
        self._at += count
        return taken

    def number(self) -> int:
        return int.from_bytes(self.take(4), "big")

    def text(self) -> bytes:
        return self.take(int.from_bytes(self.take(2), "big"))

    def certificate(self) -> bytes:
        self.text()
        return self.take(self.number())


def _protected(hidden: bytes) -> bytes:
    """Return the octets of an EncryptedPrivateKeyInfo that keytool made."""
    kind, outer, _ = _element(hidden)
    first, algorithm, rest = _element(outer)
    second, octets, _ = _element(rest)
    if (kind, first, second) != (SEQUENCE, SEQUENCE, OCTET_STRING):
        raise ValueError("its key has no sense")
    if not algorithm.startswith(PROTECTED):
        raise ValueError("its key is hidden in another way")
    return octets


def _element(der: bytes) -> tuple[int, bytes, bytes]:
    """Return the tag and the content of the first element, and what follows it."""
    length, start = der[1], 2
    if length >= LONG_LENGTH:
        start += length - LONG_LENGTH
        length = int.from_bytes(der[2:start], "big")
    if start + length > len(der):
        raise ValueError("its key ends too early")
    return der[0], der[start : start + length], der[start + length :]


def _uncovered(octets: bytes, secret: bytes) -> bytes:
    """Take the stream of digests off a key; its own digest at the end says whether it was right."""
    digest, covered = octets[:DIGEST_SIZE], octets[DIGEST_SIZE:-DIGEST_SIZE]
    stream = b""
    while len(stream) < len(covered):
        digest = sha1(secret + digest).digest()  # noqa: S324
        stream += digest
    key = bytes(a ^ b for a, b in zip(covered, stream, strict=False))
    if not hmac.compare_digest(sha1(secret + key).digest(), octets[-DIGEST_SIZE:]):  # noqa: S324
        raise ValueError("its key has another password")
    return key
