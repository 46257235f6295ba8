"""A firm that speaks OAuth 2.0: its keys, its registration, and whatever it may sign."""

import hmac
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from paperdesk.auth.keys import to_pem
from paperdesk.auth.oauth2 import compact, keys, scopes
from paperdesk.auth.oauth2.keys import Terms
from paperdesk.auth.oauth2.rules import Profile, Rules
from paperdesk.auth.registrations import ClientKey, OAuthClient

SECOND: Final = 1_000_000
VECTORS: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "vectors" / "oauth2.json").read_text(encoding="utf-8")
)
NOW: Final = VECTORS["now"] * SECOND
CLIENT_ID: Final[str] = VECTORS["client"]["client_id"]
OTHER_ID: Final = "Other-Client"
ISSUER: Final = "https://api.ibkr.com"

COMPATIBLE: Final = Rules(issuers=(ISSUER, "https://localhost:5001"))
STRICT: Final = Rules(issuers=COMPATIBLE.issuers, profile=Profile.STRICT)

Sign = Callable[[bytes], bytes]


def vector_key() -> rsa.RSAPrivateKey:
    key = load_pem_private_key(VECTORS["client"]["private_pem"].encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """Return an RSA key of a name, made once."""
    return vector_key() if name == "main" else rsa.generate_private_key(65_537, 2_048)


@cache
def curve_key(name: str) -> ec.EllipticCurvePrivateKey:
    """Return a P-256 key of a name, made once."""
    assert name
    return ec.generate_private_key(ec.SECP256R1())


def rs256(name: str = "main") -> Sign:
    return lambda part: rsa_key(name).sign(part, padding.PKCS1v15(), SHA256())


def ps256(name: str = "pss") -> Sign:
    pss = padding.PSS(padding.MGF1(SHA256()), SHA256.digest_size)
    return lambda part: rsa_key(name).sign(part, pss, SHA256())


def es256(name: str = "curve") -> Sign:
    def sign(part: bytes) -> bytes:
        r, s = decode_dss_signature(curve_key(name).sign(part, ec.ECDSA(SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)

    return sign


def hs256(secret: bytes) -> Sign:
    return lambda part: hmac.digest(secret, part, "sha256")


def unsigned(part: bytes) -> bytes:
    assert part
    return b""


@cache
def registered_key(kid: str, algorithm: str) -> ClientKey:
    private = curve_key(kid) if algorithm == "ES256" else rsa_key(kid)
    return keys.read(to_pem(private.public_key()), Terms(kid=kid, algorithm=algorithm))[0]


def client() -> OAuthClient:
    """Return the firm of the vectors, with a key for each algorithm, and scopes of the vectors."""
    return OAuthClient(
        client_id=CLIENT_ID,
        account_id="F1234567",
        scopes=("sso-sessions.write", "sso-browser-sessions.write", "echo.read", "echo.write"),
        keys=(
            registered_key("main", "RS256"),
            registered_key("pss", "PS256"),
            registered_key("curve", "ES256"),
        ),
    )


def other() -> OAuthClient:
    """Return a second firm, with every scope and one key."""
    return OAuthClient(
        client_id=OTHER_ID,
        account_id="F7654321",
        scopes=scopes.SCOPES,
        keys=(registered_key("theirs", "RS256"),),
    )


def clients() -> dict[str, OAuthClient]:
    return {CLIENT_ID: client(), OTHER_ID: other()}


HEADER: Final = {"alg": "RS256", "typ": "JWT", "kid": "main"}
HEADERS: Final = {
    "RS256": HEADER,
    "PS256": HEADER | {"alg": "PS256", "kid": "pss"},
    "ES256": HEADER | {"alg": "ES256", "kid": "curve"},
}
SIGNS: Final[dict[str, Sign]] = {"RS256": rs256(), "PS256": ps256(), "ES256": es256()}


def said(now: int = NOW, /, **more: object) -> dict[str, object]:
    """Return the claims of a usual assertion; a claim of `...` is left out."""
    second = now // SECOND
    usual: dict[str, object] = {
        "iss": CLIENT_ID,
        "sub": CLIENT_ID,
        "aud": "/token",
        "exp": second + 20,
        "iat": second - 10,
    }
    return {name: value for name, value in (usual | more).items() if value is not ...}


def text(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def token(header: bytes, payload: bytes, sign: Sign) -> str:
    """Return a compact token of any bytes, signed in any way."""
    part = f"{compact.spelt(header)}.{compact.spelt(payload)}"
    return f"{part}.{compact.spelt(sign(part.encode()))}"


def assertion(
    claims: Mapping[str, object] | None = None,
    header: Mapping[str, object] | None = None,
    sign: Sign | None = None,
) -> str:
    """Return an assertion of the firm; by default one that is good."""
    used = HEADER if header is None else header
    return token(text(used), text(said() if claims is None else claims), sign or rs256())


def strict_assertion(algorithm: str = "ES256", **more: object) -> str:
    """Return an assertion of the firm that the strict profile takes."""
    claims = said(**({"aud": ISSUER, "jti": "an-id"} | more))
    return assertion(claims, HEADERS[algorithm], SIGNS[algorithm])
