"""Key stores: a certificate of one's own for the gateway face, in the formats that people have.

PKCS#12 (also where Java named it `.jks`), PEM with the key inside or beside, and Java's old format.
"""

import secrets
import ssl
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    pkcs12,
)

from paperdesk.server import jks
from paperdesk.server.credentials import write_private
from paperdesk.server.jks import StoreNotUnderstood

PrivateKey: TypeAlias = RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey

STORE_SIZE_MAX: Final = 1_000_000
PEM_BEGINS: Final = b"-----BEGIN"
KEY_BESIDE: Final = (".key", "-key.pem")
SECRET_BYTES: Final = 16


class Identity(msgspec.Struct, frozen=True):
    """A private key and its certificates, its own first."""

    key: PrivateKey
    chain: tuple[x509.Certificate, ...]

    def __repr__(self) -> str:
        """Leave the key out."""
        return f"Identity({self.chain[0].subject.rfc4514_string()})"


def identity(path: Path, password: str) -> Identity:
    """Return what a key store holds.

    Raises:
        StoreNotUnderstood: it cannot be read; the message says what can be done.
    """
    if path.stat().st_size > STORE_SIZE_MAX:
        raise StoreNotUnderstood(f"{path} is too large to be a key store.")
    store = path.read_bytes()
    try:
        return _read(path, store, password)
    except StoreNotUnderstood as refused:
        raise StoreNotUnderstood(f"{path} is of no use: {refused.message}") from refused
    except (ValueError, TypeError) as error:
        raise StoreNotUnderstood(
            f"{path} is no PKCS#12 or PEM file that sslPwd opens ({error}). A Java key store is "
            f"made into one with: keytool -importkeystore -srckeystore {path.name} "
            f"-destkeystore {path.stem}.p12 -deststoretype pkcs12"
        ) from error


def load(context: ssl.SSLContext, found: Identity) -> None:
    """Let a context speak with a key; on its way there the key lies on disk enciphered alone.

    Raises:
        StoreNotUnderstood: key and certificate do not go together, or are too weak.
    """
    secret = secrets.token_hex(SECRET_BYTES)
    key = found.key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(secret.encode())
    )
    chain = b"".join(certificate.public_bytes(Encoding.PEM) for certificate in found.chain)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "identity.pem"
        write_private(path, key + chain)
        try:
            context.load_cert_chain(path, password=secret)
        except ssl.SSLError as error:
            raise StoreNotUnderstood(
                f"The certificate of sslCert cannot be used: {error.reason or error}."
            ) from error


def _read(path: Path, store: bytes, password: str) -> Identity:
    if store.startswith(jks.MAGIC):
        entry = jks.first_key(store, password)
        key = serialization.load_der_private_key(entry.key, None)
        chain = [x509.load_der_x509_certificate(der) for der in entry.chain]
        return _checked(key, chain)
    if PEM_BEGINS in store:
        chain = x509.load_pem_x509_certificates(store)
        return _checked(_pem_key(path, store, password), chain)
    found, certificate, others = pkcs12.load_key_and_certificates(store, password.encode())
    return _checked(found, [certificate, *others] if certificate else [])


def _pem_key(path: Path, store: bytes, password: str) -> object:
    for text in (store, *(_beside(path, ending) for ending in KEY_BESIDE)):
        if b"PRIVATE KEY-----" in text:
            is_enciphered = b"ENCRYPTED" in text
            secret = password.encode() if is_enciphered else None
            return serialization.load_pem_private_key(text, secret)
    raise StoreNotUnderstood(
        f"it has no private key, and neither {path.stem}.key nor {path.stem}-key.pem is beside it."
    )


def _beside(path: Path, ending: str) -> bytes:
    other = path.with_name(path.stem + ending)
    return other.read_bytes() if other.is_file() else b""


def _checked(key: object, chain: list[x509.Certificate]) -> Identity:
    if not isinstance(key, PrivateKey) or not chain:
        raise StoreNotUnderstood("it needs a private key that servers use, and its certificate.")
    return Identity(key, tuple(chain))
