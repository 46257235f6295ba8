"""Keys of clients: what a firm may register, as PEM text, as a JWK or as a set of them."""

from base64 import urlsafe_b64decode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from paperdesk.auth import keys
from paperdesk.auth.keys import KeyNotUnderstood, PrivateKeyGiven, PublicKey
from paperdesk.auth.oauth2 import compact, signatures, strict_json
from paperdesk.auth.oauth2.strict_json import NotStrict
from paperdesk.auth.registrations import ClientKey
from paperdesk.base.errors import Refusal
from paperdesk.base.units import Instant

KEYS_MAX: Final = 20
ID_LENGTH_MAX: Final = 128
RSA_BITS_ADVISED: Final = 3_072
COORDINATE_BYTES: Final = 32
NUMBER_BYTES_MAX: Final = 1_100
"""A little more than the longest modulus that is taken."""

PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth"})
SYMMETRIC: Final = "oct"
DEFAULT_ID: Final = "main"


class SymmetricKeyGiven(Refusal):
    """A secret that both sides know was handed in; only key pairs are taken."""

    code = "symmetric_key_given"


class InvalidKeyId(Refusal):
    """A `kid` that is too long, or that another key of the client has."""

    code = "invalid_key_id"


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How keys are registered where they do not say so themselves; wall instants, 0 for never."""

    kid: str = ""
    algorithm: str = ""
    not_before: Instant = 0
    retire_at: Instant = 0


def read(text: str, terms: Terms | None = None) -> tuple[ClientKey, ...]:
    """Return the keys of what a firm handed in.

    Args:
        text: PEM (`PUBLIC KEY`, `RSA PUBLIC KEY`, `CERTIFICATE`), a JWK or a set of them.
        terms: the id and algorithm of a key without its own, and when keys are good.

    Raises:
        PrivateKeyGiven: there is a private key in it; nothing of it was kept.
        SymmetricKeyGiven: there is a shared secret in it.
        KeyNotUnderstood: it is no key that can be used to check signatures.
        KeyTooShort: an RSA key has fewer than 2,048 bits.
        InvalidKeyId: an id is too long or stands there twice.
    """
    agreed = terms or Terms()
    keys.refuse_private(text)
    if text.lstrip()[:1] == "{":
        found = tuple(_from_jwk(jwk, agreed) for jwk in _jwks(text))
    else:
        found = (_client_key(keys.from_pem(text), agreed, agreed.kid or DEFAULT_ID),)
    check_ids(found)
    return found


def check_ids(client_keys: Sequence[ClientKey]) -> None:
    """Refuse keys of one client that could not be told apart.

    Raises:
        InvalidKeyId: two have one id, or there are more than 20.
    """
    if len({key.kid for key in client_keys}) < len(client_keys):
        raise InvalidKeyId("Each key of a client needs a kid of its own.")
    if len(client_keys) > KEYS_MAX:
        raise InvalidKeyId(f"A client has at most {KEYS_MAX} keys.")


def warnings(client_keys: Iterable[ClientKey]) -> list[str]:
    """Return what the owner of some keys should know, a sentence a key at most."""
    told = []
    for key in client_keys:
        public = keys.from_pem(key.pem)
        if isinstance(public, RSAPublicKey) and public.key_size < RSA_BITS_ADVISED:
            told.append(
                f"The key {key.kid} has {public.key_size} bits; the real service asks for 3072 "
                "or 4096."
            )
    return told


def thumbprint(key: PublicKey) -> str:
    """Return the SHA-256 thumbprint of a public key (RFC 7638), in base64url."""
    members = ",".join(f'"{name}":"{value}"' for name, value in sorted(members_of(key).items()))
    return compact.spelt(sha256(f"{{{members}}}".encode()).digest())


def members_of(key: PublicKey) -> dict[str, str]:
    """Return the members of a JWK that make a public key what it is."""
    if isinstance(key, RSAPublicKey):
        rsa = key.public_numbers()
        return {"e": _written(rsa.e), "kty": "RSA", "n": _written(rsa.n)}
    point = key.public_numbers()
    return {
        "crv": "P-256",
        "kty": "EC",
        "x": _written(point.x, COORDINATE_BYTES),
        "y": _written(point.y, COORDINATE_BYTES),
    }


def _jwks(text: str) -> list[Mapping[str, Any]]:
    if len(text) > keys.TEXT_LENGTH_MAX:
        raise KeyNotUnderstood("The key set is too long.")
    try:
        value = strict_json.decoded(text.encode("utf-8", "replace"))
    except NotStrict as error:
        raise KeyNotUnderstood(f"The key set cannot be read: {error}.") from None
    found = value.get("keys", [value])
    if type(found) is not list or not found or any(type(jwk) is not dict for jwk in found):
        raise KeyNotUnderstood('A key set looks like this: {"keys": [{"kty": "RSA", ...}]}.')
    if len(found) > KEYS_MAX:
        raise KeyNotUnderstood(f"A key set has at most {KEYS_MAX} keys.")
    return found


def _from_jwk(jwk: Mapping[str, Any], terms: Terms) -> ClientKey:
    _refuse_secrets(jwk)
    if jwk.get("use", "sig") != "sig":
        raise KeyNotUnderstood("The key is not for signatures: use is not sig.")
    if "key_ops" in jwk and "verify" not in _texts(jwk["key_ops"]):
        raise KeyNotUnderstood("The key is not for signatures: key_ops has no verify.")
    kid = jwk.get("kid", terms.kid or DEFAULT_ID)
    algorithm = jwk.get("alg", terms.algorithm)
    if type(kid) is not str or type(algorithm) is not str:
        raise KeyNotUnderstood("kid and alg of a key are texts.")
    named = msgspec.structs.replace(terms, algorithm=algorithm)
    return _client_key(keys.checked(_public(jwk)), named, kid)


def _refuse_secrets(jwk: Mapping[str, Any]) -> None:
    if jwk.get("kty") == SYMMETRIC or "k" in jwk:
        raise SymmetricKeyGiven(
            "This is a shared secret (kty oct). Make a key pair and hand in its public half; what "
            "was sent has not been kept."
        )
    if not PRIVATE_MEMBERS.isdisjoint(jwk):
        raise PrivateKeyGiven(
            "This JWK holds a private key. Hand in the public members alone; what was sent has "
            "not been kept. If it went over a network, make a new pair."
        )


def _public(jwk: Mapping[str, Any]) -> object:
    """Return the key of a JWK's members; its strength is checked elsewhere."""
    try:
        match jwk.get("kty"), jwk.get("crv"):
            case "RSA", _:
                return RSAPublicNumbers(_number(jwk, "e"), _number(jwk, "n")).public_key()
            case "EC", "P-256":
                x, y = _number(jwk, "x"), _number(jwk, "y")
                return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
            case _:
                raise KeyNotUnderstood("The key is neither RSA nor ECDSA on the curve P-256.")
    except ValueError:
        raise KeyNotUnderstood("The numbers of the key do not make one.") from None


def _client_key(key: PublicKey, terms: Terms, kid: str) -> ClientKey:
    if not 0 < len(kid) <= ID_LENGTH_MAX or not kid.isprintable():
        raise InvalidKeyId(f"A kid has 1 to {ID_LENGTH_MAX} characters that can be printed.")
    is_curve = isinstance(key, EllipticCurvePublicKey)
    algorithm = terms.algorithm or ("ES256" if is_curve else "RS256")
    if algorithm not in signatures.ALGORITHMS or is_curve != (algorithm == "ES256"):
        raise KeyNotUnderstood(
            f"The key cannot be registered for {algorithm[:20]}: RSA keys are for RS256 or PS256, "
            "P-256 keys for ES256."
        )
    if 0 < terms.retire_at <= terms.not_before:
        raise KeyNotUnderstood("The key would be retired before it is good.")
    return ClientKey(
        kid=kid,
        algorithm=algorithm,
        pem=keys.to_pem(key),
        thumbprint=thumbprint(key),
        not_before=terms.not_before,
        retire_at=terms.retire_at,
    )


def _texts(value: object) -> list[str]:
    return [item for item in value if type(item) is str] if type(value) is list else []


def _number(jwk: Mapping[str, Any], name: str) -> int:
    text = jwk.get(name)
    if type(text) is not str or not 0 < len(text) <= 2 * NUMBER_BYTES_MAX or not text.isascii():
        raise KeyNotUnderstood(f"The key has no {name}.")
    content = urlsafe_b64decode(text + "=" * (-len(text) % compact.BASE64_BLOCK))
    if compact.spelt(content) != text:
        raise KeyNotUnderstood(f"{name} of the key is not base64url without padding.")
    return int.from_bytes(content)


def _written(number: int, size: int = 0) -> str:
    return compact.spelt(number.to_bytes(size or (number.bit_length() + 7) // 8))
