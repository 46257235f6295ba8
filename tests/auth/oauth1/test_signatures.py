import hashlib
import hmac
from base64 import b64decode, b64encode, urlsafe_b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import given
from hypothesis import strategies as st
from tests.auth.oauth1.signer import ENCRYPTION_KEY, SIGNATURE_KEY, VECTORS

from paperdesk.auth.oauth1.causes import Cause, SignedRequestRefused
from paperdesk.auth.oauth1.conventions import Candidate, Convention, Variant
from paperdesk.auth.oauth1.signatures import decoded, hmac_sha256, match_hmac, match_rsa, recovered

PSS = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
PUBLIC = SIGNATURE_KEY.public_key()
A = Convention(Variant.PATH_ALONE, "https://api.ibkr.com")
STEPS = ["request_token", "request_token_with_callback_url", "access_token", "live_session_token"]


def candidate(text: str) -> Candidate:
    return Candidate(A, text)


@pytest.mark.parametrize("name", STEPS)
def test_an_rsa_signature_of_the_vectors_is_of_its_base_string(name: str) -> None:
    vector: dict[str, Any] = VECTORS[name]
    prepend = VECTORS["consumer"]["prepend"] if name == "live_session_token" else ""
    text = vector["base_string"].removeprefix(prepend)
    signature = b64decode(vector["signature_base64"])

    matched = match_rsa(PUBLIC, [candidate("x"), candidate(text)], signature, prepend)

    assert matched == candidate(text)
    assert (
        SIGNATURE_KEY.sign(vector["base_string"].encode(), padding.PKCS1v15(), hashes.SHA256())
        == signature
    )


@pytest.mark.parametrize(
    "variant",
    [
        pytest.param((row["live_session_token_base64"], variant), id=f"{row['name']}, {name}")
        for row in VECTORS["protected_resources"]
        for name, variant in row["variants"].items()
    ],
)
def test_an_hmac_of_the_vectors_is_made_byte_for_byte(variant: tuple[str, dict[str, str]]) -> None:
    live, row = variant
    key = b64decode(live)

    made = hmac_sha256(key, row["base_string"])

    assert b64encode(made).decode() == row["signature_base64"]
    texts = [candidate("x"), candidate(row["base_string"])]
    assert match_hmac(key, texts, decoded(row["signature_base64"])) == texts[1]


def test_nothing_matches_where_nothing_was_signed() -> None:
    signature = SIGNATURE_KEY.sign(b"pre&text", padding.PKCS1v15(), hashes.SHA256())

    assert match_rsa(PUBLIC, [candidate("text")], signature, "pre&") == candidate("text")
    assert match_rsa(PUBLIC, [candidate("text")], signature, "Pre&") is None
    assert match_rsa(PUBLIC, [candidate("text")], signature) is None
    assert match_rsa(PUBLIC, [], signature, "pre&") is None
    assert match_hmac(b"k", [candidate("text")], hmac_sha256(b"K", "text")) is None
    assert match_hmac(b"k", [candidate("text")], hmac_sha256(b"k", "text")[:-1]) is None
    assert match_hmac(b"k", [candidate("text")], b"") is None


@pytest.mark.parametrize("bit", [0, 7, 1000, 2040, 2047])
def test_one_bit_turned_makes_an_rsa_signature_worthless(bit: int) -> None:
    signature = SIGNATURE_KEY.sign(b"text", padding.PKCS1v15(), hashes.SHA256())
    turned = (int.from_bytes(signature, "big") ^ 1 << bit).to_bytes(256, "big")

    assert recovered(PUBLIC, signature) == hashlib.sha256(b"text").digest()
    assert recovered(PUBLIC, turned) is None


RSA = SIGNATURE_KEY.sign(b"text", padding.PKCS1v15(), hashes.SHA256())
NO_SIGNATURES = {
    "nothing": b"",
    "zeros": b"\0" * 256,
    "ones": b"\xff" * 256,
    "one": b"\0" * 255 + b"\1",
    "one byte": b"\1",
    "SHA-1": SIGNATURE_KEY.sign(b"text", padding.PKCS1v15(), hashes.SHA1()),  # noqa: S303 - refused
    "SHA-512": SIGNATURE_KEY.sign(b"text", padding.PKCS1v15(), hashes.SHA512()),
    "PSS": SIGNATURE_KEY.sign(b"text", PSS, hashes.SHA256()),
    "another key": ENCRYPTION_KEY.sign(b"text", padding.PKCS1v15(), hashes.SHA256()),
    "a byte more": RSA + b"\0",
    "a byte before": b"\0" + RSA,
    "a byte less": RSA[:-1],
}


@pytest.mark.parametrize("signature", NO_SIGNATURES.values(), ids=NO_SIGNATURES)
def test_what_is_no_rsa_sha256_signature_gives_no_digest(signature: bytes) -> None:
    assert recovered(PUBLIC, signature) is None
    assert match_rsa(PUBLIC, [candidate("text")], signature) is None


def test_a_signature_and_the_modulus_more_is_another_number_and_refused() -> None:
    signature = SIGNATURE_KEY.sign(b"text", padding.PKCS1v15(), hashes.SHA256())
    more = int.from_bytes(signature, "big") + PUBLIC.public_numbers().n

    if more.bit_length() <= 2048:
        assert recovered(PUBLIC, more.to_bytes(256, "big")) is None
    assert recovered(PUBLIC, more.to_bytes(257, "big")) is None


BYTES = bytes.fromhex("fbff3e") * 10 + b"\xfb\xf0"
GOOD = [
    b64encode(BYTES).decode(),
    b64encode(BYTES).decode().rstrip("="),
    urlsafe_b64encode(BYTES).decode(),
    urlsafe_b64encode(BYTES).decode().rstrip("="),
]


@pytest.mark.parametrize("text", GOOD)
def test_either_alphabet_is_read_with_padding_or_without(text: str) -> None:
    assert decoded(text) == BYTES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        "====",
        "A",
        "AAAAA",
        "AA=",
        "AAA==",
        "AA===",
        "AAAA=",
        "AAAA==",
        "A=AA",
        "AA==AA==",
        "=AAA",
        "QUI=\n",
        " QUI=",
        "QU I=",
        "QU\tI=",
        "QUI=,",
        "QUI.",
        "QU%3D",
        "Q*I=",
        "QUJ=",
        "QUJ",
        "QR==",
        "QR",
        "Q_I+",
        "-A/A",
        "QUI\u00e9",
        "QUI\u0661",
        "A" * 2_052,
    ],
)
def test_text_that_is_no_base64_of_ours_is_refused(text: str) -> None:
    with pytest.raises(SignedRequestRefused) as caught:
        decoded(text)

    assert caught.value.cause is Cause.SIGNATURE_NOT_BASE64


@given(st.binary(min_size=1, max_size=600))
def test_every_signature_is_read_back_whatever_its_alphabet(data: bytes) -> None:
    for text in (b64encode(data).decode(), urlsafe_b64encode(data).decode()):
        assert decoded(text) == data
        assert decoded(text.rstrip("=")) == data


@given(st.text("ABCabc019+/-_= ", max_size=24))
def test_no_two_texts_of_one_alphabet_and_padding_are_the_same_signature(text: str) -> None:
    try:
        found = decoded(text)
    except SignedRequestRefused:
        return
    forms = {b64encode(found).decode(), urlsafe_b64encode(found).decode()}
    assert text in forms | {form.rstrip("=") for form in forms}


def test_an_hmac_is_the_standard_librarys() -> None:
    assert hmac_sha256(b"key", "text") == hmac.new(b"key", b"text", hashlib.sha256).digest()
