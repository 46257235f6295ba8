"""TLS: a certificate authority of this machine's own, and the certificate that it gives the desk.

Both are made once and kept in the data directory, so that trust given to the authority lasts. The
authority may vouch for this machine's own names alone and says so in its certificate: nobody could
use it against other sites. Names of others have certificates in `overrides.py`.
"""

import socket
import ssl
from pathlib import Path
from typing import Final

import msgspec

from paperdesk.base.units import DAY, Instant
from paperdesk.server import names as hosts
from paperdesk.server.credentials import PRIVATE_DIR, write_private

NAMES: Final = ("localhost", "127.0.0.1", "::1")
AUTHORITY: Final = "ca.pem"
AUTHORITY_KEY: Final = "ca.key"
CERTIFICATE: Final = "desk.pem"
CERTIFICATE_KEY: Final = "desk.key"
RECORD: Final = "record.json"
FILES: Final = (AUTHORITY, CERTIFICATE, CERTIFICATE_KEY)

AUTHORITY_LIFE_DAYS: Final = 3_650
CERTIFICATE_LIFE_DAYS: Final = 397
"""No browser takes a longer one."""

RENEWAL_DAYS: Final = 30
DEBIAN: Final = "/usr/local/share/ca-certificates/paperdesk.crt"
KEYCHAIN: Final = "~/Library/Keychains/login.keychain-db"
CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
CURVE: Final = "prime256v1"
HOST_NAME_LENGTH_MAX: Final = 60


class Record(msgspec.Struct, frozen=True):
    """What was issued: names, and until when each is good (microseconds since 1970)."""

    names: tuple[str, ...]
    certificate_ends_at: Instant
    authority_ends_at: Instant
    fingerprint: str


class Certificates(msgspec.Struct, frozen=True):
    """Where the certificates of a data directory are, and what they say."""

    folder: Path
    record: Record

    @property
    def authority(self) -> Path:
        """The certificate that clients are to trust."""
        return self.folder / AUTHORITY

    @property
    def certificate(self) -> Path:
        """The desk's certificate, followed by its authority's."""
        return self.folder / CERTIFICATE

    @property
    def key(self) -> Path:
        """The desk's private key."""
        return self.folder / CERTIFICATE_KEY


def certificates(data_dir: Path, now: Instant, names: tuple[str, ...] = ()) -> Certificates:
    """Return the certificates of a data directory, made or renewed where that is due.

    Args:
        data_dir: where they are kept, below `tls`.
        now: wall time.
        names: hosts and addresses beside this machine's own; a new one makes a new authority.
    """
    folder = data_dir / "tls"
    wanted = _wanted(names)
    record = _record(folder)
    if record is None or not _is_good(record, folder, wanted, now):
        data_dir.mkdir(mode=PRIVATE_DIR, parents=True, exist_ok=True)
        folder.mkdir(mode=PRIVATE_DIR, exist_ok=True)
        folder.chmod(PRIVATE_DIR)
        record = _issue(folder, wanted, now, record)
    return Certificates(folder, record)


def context(issued: Certificates) -> ssl.SSLContext:
    """Return how the desk speaks TLS with its own certificate."""
    made = blank()
    made.load_cert_chain(issued.certificate, issued.key)
    return made


def blank() -> ssl.SSLContext:
    """Return how TLS is spoken: 1.2 and 1.3, forward secrecy and authenticated ciphers."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers(CIPHERS)
    # TLS 1.3 would take finite fields too; every client has this curve.
    made.set_ecdh_curve(CURVE)
    made.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    made.options |= ssl.OP_CIPHER_SERVER_PREFERENCE | ssl.OP_SINGLE_ECDH_USE
    made.set_alpn_protocols(["http/1.1"])
    return made


def _wanted(names: tuple[str, ...]) -> tuple[str, ...]:
    host = socket.gethostname().lower()
    own = (host,) if 0 < len(host) <= HOST_NAME_LENGTH_MAX and host.isascii() else ()
    return tuple(dict.fromkeys((*NAMES, *own, *(name.lower() for name in names))))


def _record(folder: Path) -> Record | None:
    try:
        return msgspec.json.decode((folder / RECORD).read_bytes(), type=Record)
    except (OSError, msgspec.MsgspecError):
        return None


def _is_good(record: Record, folder: Path, wanted: tuple[str, ...], now: Instant) -> bool:
    files = (*FILES, AUTHORITY_KEY)
    return (
        _vouches(record, wanted)
        and now + RENEWAL_DAYS * DAY < record.certificate_ends_at
        and all((folder / name).is_file() for name in files)
    )


def _vouches(record: Record, wanted: tuple[str, ...]) -> bool:
    """Say whether an authority may vouch for names, and for none of somebody else.

    Those that earlier releases made vouch for one of the real service.
    """
    is_foreign = any(hosts.is_foreign(name) for name in record.names)
    return set(wanted) <= set(record.names) and not is_foreign


def _issue(folder: Path, wanted: tuple[str, ...], now: Instant, before: Record | None) -> Record:
    """Issue a certificate, from the authority that is there if it may vouch for every name."""
    from paperdesk.server import authorities  # noqa: PLC0415 - slow, and needed once a year

    authority = None
    authority_ends_at = before.authority_ends_at if before else 0
    is_long_enough = now + CERTIFICATE_LIFE_DAYS * DAY < authority_ends_at
    if before is not None and _vouches(before, wanted) and is_long_enough:
        authority = authorities.kept(folder)
    if authority is None:
        authority = authorities.made(folder, wanted, now)
        authority_ends_at = now + AUTHORITY_LIFE_DAYS * DAY
    authorities.certify(folder, wanted, now, authority)
    record = Record(
        names=wanted,
        certificate_ends_at=now + CERTIFICATE_LIFE_DAYS * DAY,
        authority_ends_at=authority_ends_at,
        fingerprint=authorities.fingerprint(authority[0]),
    )
    write_private(folder / RECORD, msgspec.json.encode(record))
    return record


def trust_help(authority: Path) -> tuple[tuple[str, str], ...]:
    """Return how to trust the authority: for what, and the command or setting."""
    path = str(authority)
    return (
        ("curl", f"curl --cacert {path} https://localhost:5000/v1/api/tickle"),
        ("Python requests", f"REQUESTS_CA_BUNDLE={path}"),
        ("Python ssl, httpx", f"SSL_CERT_FILE={path}"),
        ("ibind", f"IBIND_CACERT={path}"),
        ("Node.js", f"NODE_EXTRA_CA_CERTS={path}"),
        (
            "Debian, Ubuntu",
            f"sudo cp {path} {DEBIAN} && sudo update-ca-certificates",
        ),
        ("Fedora, RHEL", f"sudo trust anchor {path}"),
        (
            "macOS",
            f"security add-trusted-cert -r trustRoot -k {KEYCHAIN} {path}",
        ),
        ("Windows", f"certutil -user -addstore Root {path}"),
        ("Firefox", f"Settings, Privacy & Security, View Certificates, Authorities: import {path}"),
    )
