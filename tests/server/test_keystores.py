import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from tests.server.test_jks import PASSWORD, STORE

from paperdesk.server import keystores, tls
from paperdesk.server.jks import StoreNotUnderstood

NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
KEY = ec.generate_private_key(ec.SECP256R1())


def certified(key: keystores.PrivateKey) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(NAME)
        .issuer_name(NAME)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256())
    )


CERTIFICATE = certified(KEY)
CERTIFICATE_PEM = CERTIFICATE.public_bytes(Encoding.PEM)
KEY_PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def loaded(path: Path, password: str = PASSWORD) -> x509.Certificate:
    """Read a store, let a context speak with it, and return its certificate."""
    found = keystores.identity(path, password)
    keystores.load(tls.blank(), found)
    return found.chain[0]


def stored(path: Path, key: keystores.PrivateKey, password: str = PASSWORD) -> Path:
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"desk", key, certified(key), None, BestAvailableEncryption(password.encode())
        )
    )
    return path


@pytest.mark.parametrize("name", ["desk.p12", "desk.pfx", "vertx.jks"])
def test_pkcs12_is_read_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    assert loaded(stored(tmp_path / name, KEY)).public_key() == KEY.public_key()


def test_the_old_format_of_java_is_read(tmp_path: Path) -> None:
    (tmp_path / "vertx.jks").write_bytes(STORE)

    assert loaded(tmp_path / "vertx.jks").subject == NAME


@pytest.mark.parametrize("key", [rsa.generate_private_key(65_537, 2_048), KEY], ids=["rsa", "ec"])
def test_keys_that_servers_use_are_taken(tmp_path: Path, key: keystores.PrivateKey) -> None:
    loaded(stored(tmp_path / "desk.p12", key))


def test_pem_with_the_key_inside_is_read(tmp_path: Path) -> None:
    (tmp_path / "desk.pem").write_bytes(CERTIFICATE_PEM + KEY_PEM)

    assert loaded(tmp_path / "desk.pem") == CERTIFICATE


@pytest.mark.parametrize("beside", ["desk.key", "desk-key.pem"])
def test_pem_with_the_key_beside_is_read(tmp_path: Path, beside: str) -> None:
    (tmp_path / "desk.pem").write_bytes(CERTIFICATE_PEM)
    (tmp_path / beside).write_bytes(KEY_PEM)

    assert loaded(tmp_path / "desk.pem") == CERTIFICATE


def test_a_key_that_is_enciphered_is_opened_by_the_password(tmp_path: Path) -> None:
    secret = BestAvailableEncryption(PASSWORD.encode())
    key = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret)
    (tmp_path / "desk.pem").write_bytes(CERTIFICATE_PEM + key)

    assert loaded(tmp_path / "desk.pem") == CERTIFICATE
    with pytest.raises(StoreNotUnderstood, match="sslPwd"):
        loaded(tmp_path / "desk.pem", "wrong")


def test_a_certificate_without_a_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "desk.pem").write_bytes(CERTIFICATE_PEM)

    with pytest.raises(StoreNotUnderstood, match=r"neither desk\.key nor desk-key\.pem"):
        loaded(tmp_path / "desk.pem")


@pytest.mark.parametrize("content", [b"", b"nonsense", STORE[:-1], b"-----BEGIN nothing"])
def test_what_is_no_store_is_refused_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "vertx.jks").write_bytes(content)

    with pytest.raises(StoreNotUnderstood, match=r"vertx\.jks is"):
        loaded(tmp_path / "vertx.jks")


def test_a_wrong_password_says_how_to_convert(tmp_path: Path) -> None:
    stored(tmp_path / "vertx.jks", KEY)

    with pytest.raises(StoreNotUnderstood, match="keytool -importkeystore"):
        loaded(tmp_path / "vertx.jks", "wrong")


def test_a_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    key = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "desk.pem").write_bytes(CERTIFICATE_PEM + key)

    with pytest.raises(StoreNotUnderstood, match="cannot be used"):
        loaded(tmp_path / "desk.pem")


def test_a_key_that_no_browser_takes_is_refused(tmp_path: Path) -> None:
    weak = dsa.generate_private_key(2_048)
    key = weak.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "desk.pem").write_bytes(CERTIFICATE_PEM + key)

    with pytest.raises(StoreNotUnderstood, match="a private key that servers use"):
        loaded(tmp_path / "desk.pem")


def test_a_file_that_is_absurdly_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "desk.p12").write_bytes(bytes(1_000_001))

    with pytest.raises(StoreNotUnderstood, match="too large"):
        loaded(tmp_path / "desk.p12")


def test_the_key_lies_nowhere_in_plain_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    class Context(ssl.SSLContext):
        def load_cert_chain(self, certfile: object, *_: object, **__: object) -> None:
            assert isinstance(certfile, Path)
            seen.append(certfile.read_bytes())
            assert certfile.stat().st_mode & 0o077 == 0

    keystores.load(
        Context(ssl.PROTOCOL_TLS_SERVER),
        keystores.identity(stored(tmp_path / "a.p12", KEY), PASSWORD),
    )

    assert b"BEGIN ENCRYPTED PRIVATE KEY" in seen[0]
    assert b"BEGIN PRIVATE KEY" not in seen[0]
    assert "PrivateKey" not in repr(keystores.identity(tmp_path / "a.p12", PASSWORD))
