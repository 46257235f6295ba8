"""Authorities: the certificate authority of one machine, and what it certifies.

Imported when something is to be issued, once a year: the library behind it takes its time.
"""

import ipaddress
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from paperdesk.base.units import SECOND, Instant
from paperdesk.server.credentials import write_private

Issuer: TypeAlias = tuple[x509.Certificate, EllipticCurvePrivateKey]

AUTHORITY: Final = "ca.pem"
AUTHORITY_KEY: Final = "ca.key"
CERTIFICATE: Final = "desk.pem"
CERTIFICATE_KEY: Final = "desk.key"

AUTHORITY_LIFE_DAYS: Final = 3_650
CERTIFICATE_LIFE_DAYS: Final = 397
"""No browser takes a longer one."""

COMMON_NAME_LENGTH_MAX: Final = 64


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 fingerprint as browsers show it."""
    return certificate.fingerprint(SHA256()).hex(":").upper()


def kept(folder: Path) -> Issuer | None:
    """Return the authority of a folder, or None where its files are not there or not one pair."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
        key = serialization.load_pem_private_key((folder / AUTHORITY_KEY).read_bytes(), None)
    except (OSError, ValueError):
        return None
    if not isinstance(key, EllipticCurvePrivateKey):
        return None
    return (certificate, key) if certificate.public_key() == key.public_key() else None


def made(
    folder: Path,
    names: tuple[str, ...],
    now: Instant,
    title: str = "Paperdesk local authority",
    days: int = AUTHORITY_LIFE_DAYS,
) -> Issuer:
    """Make an authority that may vouch for some names alone, and keep it in a folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"{title} ({socket.gethostname()})")
    builder = (
        _builder(now, days)
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(for_authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.NameConstraints([_permitted(text) for text in names], None), critical=True
        )
    )
    certificate = builder.sign(key, SHA256())
    write_private(folder / AUTHORITY_KEY, _pem_of_key(key))
    write_private(folder / AUTHORITY, _pem_of(certificate))
    return certificate, key


def certify(
    folder: Path,
    names: tuple[str, ...],
    now: Instant,
    authority: Issuer,
    days: int = CERTIFICATE_LIFE_DAYS,
) -> None:
    """Issue a certificate for a new key, and keep both in the folder."""
    issuer, issuer_key = authority
    key = ec.generate_private_key(ec.SECP256R1())
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = (
        _builder(now, days)
        .subject_name(_name("Paperdesk"))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(for_authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.SubjectAlternativeName([_general(text) for text in names]), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            critical=False,
        )
    )
    certificate = builder.sign(issuer_key, SHA256())
    write_private(folder / CERTIFICATE_KEY, _pem_of_key(key))
    write_private(folder / CERTIFICATE, _pem_of(certificate) + _pem_of(issuer))


def _builder(now: Instant, days: int) -> x509.CertificateBuilder:
    begins = datetime.fromtimestamp(now // SECOND, UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:COMMON_NAME_LENGTH_MAX])])


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _general(text: str) -> x509.GeneralName:
    address = _address(text)
    return x509.DNSName(text) if address is None else x509.IPAddress(address)


def _permitted(text: str) -> x509.GeneralName:
    address = _address(text)
    if address is None:
        return x509.DNSName(text)
    return x509.IPAddress(ipaddress.ip_network(address))


def _usage(*, for_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not for_authority,
        key_cert_sign=for_authority,
        crl_sign=for_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def _pem_of_key(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
