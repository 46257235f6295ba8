import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.oauth2 import VECTORS, curve_key, rsa_key

from paperdesk.auth.keys import KeyNotUnderstood, KeyTooShort, PrivateKeyGiven, to_pem
from paperdesk.auth.oauth2 import keys
from paperdesk.auth.oauth2.keys import InvalidKeyId, SymmetricKeyGiven, Terms

JWK: dict[str, Any] = VECTORS["client"]["jwk"]
PEM: str = VECTORS["client"]["public_pem"]


def jwk(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey, **more: object) -> dict[str, object]:
    return {**keys.members_of(key), **more}


def test_every_form_of_the_vectors_key_is_one_key() -> None:
    pkcs1 = rsa_key("main").public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
    texts = [PEM, pkcs1, json.dumps(JWK), json.dumps({"keys": [JWK]})]

    read = [keys.read(text) for text in texts]

    assert len(read) == 4
    assert len({found[0].pem for found in read}) == 1
    (first,) = read[0]
    assert first.kid == "main"
    assert first.algorithm == "RS256"
    assert first.thumbprint == VECTORS["client"]["jwk_thumbprint_sha256"]


def test_a_set_has_several_keys_each_for_its_algorithm() -> None:
    one = jwk(rsa_key("pss").public_key(), kid="a", alg="PS256", use="sig")
    two = jwk(curve_key("curve").public_key(), kid="b", key_ops=["verify"])

    found = keys.read(json.dumps({"keys": [one, two]}), Terms(not_before=5, retire_at=9))

    assert [(key.kid, key.algorithm) for key in found] == [("a", "PS256"), ("b", "ES256")]
    assert {(key.not_before, key.retire_at) for key in found} == {(5, 9)}


def test_a_pem_key_is_named_and_may_be_for_another_algorithm() -> None:
    (key,) = keys.read(PEM, Terms(kid="second", algorithm="PS256"))

    assert (key.kid, key.algorithm) == ("second", "PS256")


def test_short_keys_are_warned_of() -> None:
    short = keys.read(to_pem(rsa_key("pss").public_key()), Terms(kid="short"))

    assert keys.warnings((*short, *keys.read(PEM))) == [
        "The key short has 2048 bits; the real service asks for 3072 or 4096."
    ]


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth"])
def test_a_private_jwk_is_refused_and_not_repeated(member: str) -> None:
    with pytest.raises(PrivateKeyGiven) as refused:
        keys.read(json.dumps({"keys": [JWK, JWK | {member: "c2VjcmV0"}]}))

    assert "c2VjcmV0" not in refused.value.message


def test_a_private_pem_is_refused() -> None:
    with pytest.raises(PrivateKeyGiven):
        keys.read(VECTORS["client"]["private_pem"])


@pytest.mark.parametrize(
    "secret", [{"kty": "oct", "k": "c2VjcmV0"}, {"kty": "oct"}, JWK | {"k": "c2VjcmV0"}]
)
def test_a_shared_secret_is_refused(secret: dict[str, object]) -> None:
    with pytest.raises(SymmetricKeyGiven) as refused:
        keys.read(json.dumps(secret))

    assert "c2VjcmV0" not in refused.value.message


def test_a_short_jwk_is_refused() -> None:
    short = rsa.RSAPublicNumbers(e=65_537, n=2**1_023 + 1).public_key()

    with pytest.raises(KeyTooShort):
        keys.read(json.dumps(jwk(short)))


CURVE = jwk(curve_key("curve").public_key())


@pytest.mark.parametrize(
    "value",
    [
        JWK | {"use": "enc"},
        JWK | {"key_ops": ["sign"]},
        JWK | {"key_ops": "verify"},
        JWK | {"alg": "HS256"},
        JWK | {"alg": "none"},
        JWK | {"alg": "ES256"},
        JWK | {"alg": 1},
        JWK | {"kid": 1},
        JWK | {"kty": "OKP"},
        JWK | {"kty": "rsa"},
        JWK | {"n": 1},
        JWK | {"n": ""},
        JWK | {"n": JWK["n"] + "="},
        JWK | {"n": "A" * 5_000},
        JWK | {"e": "AA"},
        JWK | {"e": "AQ"},
        JWK | {"e": "Ag"},
        JWK | {"e": JWK["n"]},
        CURVE | {"crv": "P-384"},
        CURVE | {"x": CURVE["y"]},
        CURVE | {"x": "AA"},
        CURVE | {"alg": "RS256"},
        {},
        {"keys": []},
        {"keys": {}},
        {"keys": [1]},
        {"keys": [JWK] * 21},
    ],
)
def test_what_is_no_key_for_signatures_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(KeyNotUnderstood):
        keys.read(json.dumps(value))


@pytest.mark.parametrize("text", ["{", '{"kty":"RSA","kty":"oct"}', '{"keys":[]' + " " * 70_000])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(KeyNotUnderstood):
        keys.read(text)


@pytest.mark.parametrize("kid", ["", "k" * 129, "a\nb", "a\0b"])
def test_an_id_is_short_and_can_be_printed(kid: str) -> None:
    with pytest.raises(InvalidKeyId):
        keys.read(json.dumps(JWK | {"kid": kid}))


def test_two_keys_of_one_id_are_refused() -> None:
    with pytest.raises(InvalidKeyId, match="of its own"):
        keys.read(json.dumps({"keys": [JWK, JWK]}))


def test_a_key_is_not_retired_before_it_is_good() -> None:
    with pytest.raises(KeyNotUnderstood, match="retired"):
        keys.read(PEM, Terms(not_before=10, retire_at=10))
