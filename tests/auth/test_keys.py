import datetime as dt
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from paperdesk.auth import keys
from paperdesk.auth.keys import KeyNotUnderstood, KeyTooShort, PrivateKeyGiven


@cache
def rsa_key(bits: int = 2_048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, bits)


def public(form: PublicFormat, key: rsa.RSAPrivateKey | None = None) -> str:
    return (key or rsa_key()).public_key().public_bytes(Encoding.PEM, form).decode()


def certificate() -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "client")])
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(rsa_key().public_key()).serial_number(1)
    builder = builder.not_valid_before(day).not_valid_after(day + dt.timedelta(1))
    return builder.sign(rsa_key(), SHA256()).public_bytes(Encoding.PEM).decode()


def private(form: PrivateFormat) -> str:
    return rsa_key().private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def test_the_three_ways_to_write_a_public_key_give_one() -> None:
    spki = public(PublicFormat.SubjectPublicKeyInfo)
    pkcs1 = public(PublicFormat.PKCS1)

    written = [keys.to_pem(keys.from_pem(text)) for text in (spki, pkcs1, certificate())]

    assert written == [spki, spki, spki]
    assert "BEGIN RSA PUBLIC KEY" in pkcs1


def test_a_key_on_p256_is_taken() -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()

    assert keys.checked(key) is key


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_a_private_key_is_refused_without_a_word_of_it(form: PrivateFormat) -> None:
    text = private(form)

    with pytest.raises(PrivateKeyGiven) as refused:
        keys.from_pem(public(PublicFormat.SubjectPublicKeyInfo) + text)

    assert text.splitlines()[1][:20] not in refused.value.message


def test_a_short_key_is_refused() -> None:
    with pytest.raises(KeyTooShort, match="1024 bits"):
        keys.from_pem(public(PublicFormat.SubjectPublicKeyInfo, rsa_key(1_024)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not a key",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN PUBLIC KEY-----\n" + "A" * 70_000 + "\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nä\n-----END PUBLIC KEY-----\n",
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(KeyNotUnderstood):
        keys.from_pem(text)


def test_two_keys_in_one_text_are_refused() -> None:
    with pytest.raises(KeyNotUnderstood, match="one public key"):
        keys.from_pem(public(PublicFormat.SubjectPublicKeyInfo) * 2)


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP384R1()).public_key(),
        ed25519.Ed25519PrivateKey.generate().public_key(),
    ],
)
def test_other_kinds_of_keys_are_refused(key: object) -> None:
    with pytest.raises(KeyNotUnderstood, match="P-256"):
        keys.checked(key)


def test_an_even_modulus_is_no_key() -> None:
    numbers = rsa.RSAPublicNumbers(e=65_537, n=2**2_047 + 2)

    with pytest.raises(KeyNotUnderstood, match="even"):
        keys.checked(numbers.public_key())
