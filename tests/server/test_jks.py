import struct
from base64 import b64decode
from hashlib import sha1

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdesk.server import jks
from paperdesk.server.jks import StoreNotUnderstood

# What Java's own keytool wrote: an EC key with a certificate of its own for localhost.
STORE = b64decode(
    "/u3+7QAAAAIAAAABAAAAAQAFbXlrZXkAAAGiJ8QGPwAAAH8wfTAOBgorBgEEASoCEQEBBQAEaw/09/Fxh1QLJDI5"
    "rf6JQkCg9lFxpKvzzCuCCxSjGss9xwYEir/xksI1J5pD5QIFyZEwpkyqMJUuJg6HeQYI7ZDV7GRfkNzdjb4c8LUJ"
    "A+2uZQB76z9+PnNnCoQFTAeBMxmfNBZlzn7Bn4uBAAAAAQAFWC41MDkAAAFiMIIBXjCCAQSgAwIBAgIJAMRzgsKQ"
    "tNuZMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMTCWxvY2FsaG9zdDAgFw0yNjExMjkxNDQ0NDdaGA8yMTI2MTEwNTE0"
    "NDQ0N1owFDESMBAGA1UEAxMJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEz/gmMU4jPayEuVNL"
    "AtcdP5ZnppsI0BphttqyA+cYqSL61w3IXCUQMSNG0KvHzW+TYgU9OICD8n1tqHqEtj1Zq6M9MDswHQYDVR0OBBYE"
    "FNIDqzd8LWz6C8l3QLNA5NlaEL+kMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAKBggqhkjOPQQDAgNIADBF"
    "AiByWW2cytPdRlh8QJswl+gx58bdQAOJwchEPbUeDSeJkgIhANKr0OsiC3OOkV4bSbq6b5HxesSSnNvEy2DUMGkC"
    "px0zEhFD1HLTi+6mUGnBZZNa7pTpLXI="
)
PASSWORD = "mywebapi"
SECRET = PASSWORD.encode("utf-16-be")
TRUSTED = b"\x00\x00\x00\x02\x00\x01a" + bytes(8) + b"\x00\x05X.509\x00\x00\x00\x03abc"


def sealed(body: bytes) -> bytes:
    digest = sha1(SECRET + b"Mighty Aphrodite" + body)  # noqa: S324 - Java chose it
    return body + digest.digest()


def body_of(*entries: bytes, magic: bytes = jks.MAGIC, version: int = 2) -> bytes:
    return magic + struct.pack(">II", version, len(entries)) + b"".join(entries)


def entry_of_store() -> bytes:
    return STORE[12:-20]


def test_a_store_that_keytool_wrote_is_read() -> None:
    found = jks.first_key(STORE, PASSWORD)

    assert found.key[:1] == b"\x30"
    assert len(found.chain) == 1
    assert b"localhost" in found.chain[0]


def test_certificates_that_are_trusted_are_passed_over() -> None:
    store = sealed(body_of(TRUSTED, entry_of_store()))

    assert jks.first_key(store, PASSWORD) == jks.first_key(STORE, PASSWORD)


@pytest.mark.parametrize("password", ["", "wrong", "mywebapi ", "MYWEBAPI"])
def test_another_password_opens_nothing(password: str) -> None:
    with pytest.raises(StoreNotUnderstood, match="sslPwd is not its password"):
        jks.first_key(STORE, password)


@pytest.mark.parametrize(
    ("store", "told"),
    [
        (body_of(TRUSTED), "no private key"),
        (body_of(), "no private key"),
        (body_of(b"\x00\x00\x00\x07\x00\x01a" + bytes(8)), "unknown kind"),
        (body_of(entry_of_store(), version=3), "another format"),
        (body_of(entry_of_store(), magic=b"\xce\xce\xce\xce"), "another format"),
        (body_of(entry_of_store()[:-1]), "ends too early"),
        (body_of(entry_of_store()[:200]), "ends too early"),
        (body_of(entry_of_store().replace(jks.PROTECTED, bytes(12))), "another way"),
        (jks.MAGIC + b"\x00\x00\x00\x02\xff\xff\xff\xff", "ends too early"),
    ],
)
def test_a_store_that_has_no_sense_is_refused(store: bytes, told: str) -> None:
    with pytest.raises(StoreNotUnderstood, match=told):
        jks.first_key(sealed(store), PASSWORD)


@given(st.binary(max_size=300))
def test_whatever_is_sealed_is_read_or_refused(body: bytes) -> None:
    for store in (body, sealed(body), sealed(jks.MAGIC + b"\x00\x00\x00\x02" + body)):
        with pytest.raises(StoreNotUnderstood):
            jks.first_key(store, PASSWORD)


@given(st.integers(0, 520), st.integers(1, 255))
def test_one_byte_that_differs_is_noticed(at: int, by: int) -> None:
    damaged = bytearray(STORE[:-20])
    damaged[at % len(damaged)] ^= by

    with pytest.raises(StoreNotUnderstood):
        jks.first_key(bytes(damaged) + STORE[-20:], PASSWORD)
