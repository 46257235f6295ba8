from base64 import b64encode
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from tests.auth.oauth1.signer import ENCRYPTION_KEY, PRIME, SIGNATURE_KEY, VECTORS

from paperdesk.auth.oauth1 import keys
from paperdesk.auth.oauth1.keys import (
    KeyRing,
    KeysNotDistinct,
    KeyTooLarge,
    KeyTooWeak,
    PrivateKeyUploaded,
    UploadRefused,
    WrongFile,
)
from paperdesk.base.errors import Refusal

PUBLIC = SIGNATURE_KEY.public_key()
SPKI = PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
PKCS1 = PUBLIC.public_bytes(Encoding.PEM, PublicFormat.PKCS1)
DH = VECTORS["keys"]["dh_parameters_pem"].encode()
EC = ec.generate_private_key(ec.SECP256R1())
NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Vendor")])
HALF_COMPOSITE = 2**2048 - 33_329


def certificate(algorithm: hashes.HashAlgorithm) -> bytes:
    """Return a certificate of the signature key."""
    made = (
        x509.CertificateBuilder()
        .subject_name(NAME)
        .issuer_name(NAME)
        .public_key(PUBLIC)
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2021, 1, 1, tzinfo=UTC))
    )
    assert isinstance(algorithm, hashes.SHA256)
    return made.sign(SIGNATURE_KEY, algorithm).public_bytes(Encoding.PEM)


def pem(label: str, der: bytes) -> bytes:
    """Return DER as PEM."""
    text = b64encode(der).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n".encode()


def integer(number: int) -> bytes:
    content = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return b"\x02" + length(len(content)) + content


def length(size: int) -> bytes:
    if size < 128:
        return bytes([size])
    coded = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([128 + len(coded)]) + coded


def sequence(*elements: bytes) -> bytes:
    content = b"".join(elements)
    return b"\x30" + length(len(content)) + content


def dh(prime: int, generator: int = 2, *more: bytes) -> bytes:
    return pem("DH PARAMETERS", sequence(integer(prime), integer(generator), *more))


def rsa_public(modulus: int, exponent: int) -> bytes:
    return pem("RSA PUBLIC KEY", sequence(integer(modulus), integer(exponent)))


CERTIFICATE = certificate(hashes.SHA256())
FORMS = {
    "SubjectPublicKeyInfo": SPKI,
    "PKCS #1": PKCS1,
    "certificate": CERTIFICATE,
    "the other's label": SPKI.replace(b"PUBLIC KEY", b"RSA PUBLIC KEY"),
    "CRLF": SPKI.replace(b"\n", b"\r\n"),
    "CR": PKCS1.replace(b"\n", b"\r"),
    "byte order mark": b"\xef\xbb\xbf" + SPKI,
    "text around": b"Certificate of a vendor\n\n" + CERTIFICATE + b"\n\n",
    "no line break at the end": SPKI.rstrip(),
    "indented": b"  " + SPKI.replace(b"\n", b"\n  "),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_public_key_is_read_in_every_form(form: str) -> None:
    found = keys.public_key(FORMS[form])

    assert found.pem == SPKI.decode()
    assert found.bits == 2_048
    assert found.thumbprint == keys.public_key(SPKI).thumbprint
    assert len(found.thumbprint) == 64


def test_an_exponent_of_three_and_a_large_key_are_taken() -> None:
    assert keys.public_key(rsa_public(PUBLIC.public_numbers().n, 3)).bits == 2_048
    assert keys.public_key(rsa_public((2**2_048 - 1_942_289) ** 4, 65_537)).bits == 8_192


def private(form: PrivateFormat, *, encrypted: bool = False) -> bytes:
    lock = BestAvailableEncryption(b"password") if encrypted else NoEncryption()
    return SIGNATURE_KEY.private_bytes(Encoding.PEM, form, lock)


PRIVATE = {
    "PKCS #8": private(PrivateFormat.PKCS8),
    "PKCS #1": private(PrivateFormat.TraditionalOpenSSL),
    "encrypted": private(PrivateFormat.PKCS8, encrypted=True),
    "encrypted PKCS #1": private(PrivateFormat.TraditionalOpenSSL, encrypted=True),
    "OpenSSH": private(PrivateFormat.OpenSSH),
    "elliptic": EC.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    "elliptic, old": EC.private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    ),
    "CRLF": private(PrivateFormat.PKCS8).replace(b"\n", b"\r\n"),
    "behind the public one": SPKI + private(PrivateFormat.PKCS8),
    "cut off": private(PrivateFormat.PKCS8)[:900],
    "without its end": private(PrivateFormat.PKCS8).partition(b"-----END")[0],
}


@pytest.mark.parametrize("read", [keys.public_key, keys.parameters])
@pytest.mark.parametrize("name", PRIVATE)
def test_a_private_key_is_refused_and_not_shown(name: str, read: object) -> None:
    upload = PRIVATE[name]
    assert callable(read)

    with pytest.raises(PrivateKeyUploaded) as caught:
        read(upload)

    assert caught.value.code == "private_key_uploaded"
    assert "It was not kept" in caught.value.message
    for line in upload.decode().splitlines():
        assert len(line) < 20 or line not in caught.value.message


def small(bits: int) -> bytes:
    return rsa_public(2**bits - 1, 65_537)


EDWARDS = ed25519.Ed25519PrivateKey.generate().public_key()
N = PUBLIC.public_numbers().n
REFUSED_KEYS: dict[str, tuple[bytes, type[Refusal]]] = {
    "nothing": (b"", UploadRefused),
    "no PEM": (b"a key, please", UploadRefused),
    "DER": (PUBLIC.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo), UploadRefused),
    "base64 alone": (b"\n".join(SPKI.splitlines()[1:-1]), UploadRefused),
    "no end": (SPKI.partition(b"-----END")[0], UploadRefused),
    "other end": (SPKI.replace(b"END PUBLIC KEY", b"END CERTIFICATE"), UploadRefused),
    "damaged": (
        SPKI[:200] + b"AAAA" + SPKI[204:250] + b"\n-----END PUBLIC KEY-----",
        UploadRefused,
    ),
    "not base64": (pem("PUBLIC KEY", b"").replace(b"\n\n", b"\n***\n"), UploadRefused),
    "empty": (pem("PUBLIC KEY", b""), UploadRefused),
    "two keys": (SPKI + PKCS1, UploadRefused),
    "too long": (SPKI + b" " * keys.UPLOAD_MAX, UploadRefused),
    "SSH": (PUBLIC.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH), UploadRefused),
    "UTF-16": (SPKI.decode().encode("utf-16"), UploadRefused),
    "elliptic": (
        EC.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        WrongFile,
    ),
    "Edwards": (EDWARDS.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), WrongFile),
    "parameters": (DH, WrongFile),
    "request": (pem("CERTIFICATE REQUEST", b"x"), WrongFile),
    "1,024 bits": (small(1_024), KeyTooWeak),
    "2,047 bits": (small(2_047), KeyTooWeak),
    "8,193 bits": (small(8_193), KeyTooLarge),
    "exponent 1": (rsa_public(N, 1), UploadRefused),
    "exponent 2": (rsa_public(N, 2), UploadRefused),
    "even exponent": (rsa_public(N, 65_536), UploadRefused),
    "huge exponent": (rsa_public(N, 2**40 + 1), KeyTooLarge),
    "even modulus": (rsa_public(2**2048 - 2, 65_537), KeyTooWeak),
    "small factor": (rsa_public(3 * (N >> 1 | 1), 65_537), KeyTooWeak),
}


@pytest.mark.parametrize("name", REFUSED_KEYS)
def test_a_file_that_is_no_key_of_use_is_refused(name: str) -> None:
    upload, refusal = REFUSED_KEYS[name]

    with pytest.raises(refusal) as caught:
        keys.public_key(upload)

    assert isinstance(caught.value, UploadRefused)
    assert len(caught.value.message) < 200


def test_a_certificate_signed_with_a_broken_hash_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keys, "_WEAK_HASHES", frozenset({"sha256"}))

    with pytest.raises(KeyTooWeak, match="SHA256"):
        keys.public_key(CERTIFICATE)


def test_one_key_is_not_two() -> None:
    one, other = keys.public_key(SPKI), keys.public_key(PKCS1)
    second = ENCRYPTION_KEY.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )

    with pytest.raises(KeysNotDistinct):
        keys.check_distinct(one, other)
    keys.check_distinct(one, keys.public_key(second))


DH_FORMS = {
    "LF": DH,
    "CRLF": DH.replace(b"\n", b"\r\n"),
    "with openssl's text": b"    DH Parameters: (2048 bit)\n    P: 00:ca:8b\n" + DH,
    "with a length": dh(PRIME, 2, integer(256)),
}


@pytest.mark.parametrize("form", DH_FORMS)
def test_parameters_are_read_in_every_form(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "is_safe_prime", lambda number: number == PRIME)

    found = keys.parameters(DH_FORMS[form])

    assert found.prime == VECTORS["consumer"]["dh_prime_hex"]
    assert (found.generator, found.bits) == (2, 2_048)
    assert found.thumbprint == keys.parameters(DH).thumbprint


DER = sequence(integer(PRIME), integer(2))
REFUSED_PARAMETERS: dict[str, tuple[bytes, type[Refusal]]] = {
    "nothing": (b"", UploadRefused),
    "a key": (SPKI, WrongFile),
    "a certificate": (CERTIFICATE, WrongFile),
    "X9.42": (pem("X9.42 DH PARAMETERS", DER), UploadRefused),
    "DSA": (pem("DSA PARAMETERS", DER), WrongFile),
    "empty": (pem("DH PARAMETERS", b""), UploadRefused),
    "no sequence": (pem("DH PARAMETERS", integer(PRIME)), UploadRefused),
    "one number": (pem("DH PARAMETERS", sequence(integer(PRIME))), UploadRefused),
    "four numbers": (dh(PRIME, 2, integer(1), integer(1)), UploadRefused),
    "cut off": (pem("DH PARAMETERS", DER[:-1]), UploadRefused),
    "more behind": (pem("DH PARAMETERS", DER + b"\0"), UploadRefused),
    "negative": (
        pem("DH PARAMETERS", sequence(b"\x02\x01\xff", integer(2))),
        UploadRefused,
    ),
    "an empty number": (
        pem("DH PARAMETERS", sequence(b"\x02\x00", integer(2))),
        UploadRefused,
    ),
    "endless": (pem("DH PARAMETERS", b"\x30\x80" + DER), UploadRefused),
    "a long length": (pem("DH PARAMETERS", b"\x30\x84\xff\xff\xff\xff"), UploadRefused),
    "no base64": (pem("DH PARAMETERS", b"").replace(b"\n\n", b"\n*\n"), UploadRefused),
    "two": (DH + DH, UploadRefused),
    "1,024 bits": (dh(2**1_023 + 1_155), KeyTooWeak),
    "2,047 bits": (dh(2**2_047 - 1), KeyTooWeak),
    "4,097 bits": (dh(2**4_096 + 1), KeyTooLarge),
    "16,384 bits": (dh(2**16_383 + 1), KeyTooLarge),
    "generator 5": (dh(PRIME, 5), KeyTooWeak),
    "generator 1": (dh(PRIME, 1), KeyTooWeak),
    "generator 0": (dh(PRIME, 0), KeyTooWeak),
    "even": (dh(PRIME - 1), KeyTooWeak),
    "composite": (dh(2**2_048 - 1_409), KeyTooWeak),
    "smooth": (dh(3**1_290), KeyTooWeak),
    "prime and not safe": (dh(HALF_COMPOSITE), KeyTooWeak),
}


@pytest.mark.parametrize("name", REFUSED_PARAMETERS)
def test_parameters_that_protect_nothing_are_refused(name: str) -> None:
    upload, refusal = REFUSED_PARAMETERS[name]

    with pytest.raises(refusal) as caught:
        keys.parameters(upload)

    assert isinstance(caught.value, UploadRefused)


def test_a_ring_reads_each_key_once_and_never_holds_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(KeyRing, "CAPACITY", 1)
    ring = KeyRing()
    text = SPKI.decode()
    other = VECTORS["keys"]["encryption_public_pem"]

    first = ring.key(text)

    assert ring.key(text) is first
    assert isinstance(ring.key(other), rsa.RSAPublicKey)
    assert ring.key(text) is not first
