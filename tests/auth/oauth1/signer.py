"""A client of OAuth 1.0a, written from the protocol's description and not from the desk's code."""

import hashlib
import hmac
import json
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from paperdesk.auth.oauth1.challenges import Encoding, agree
from paperdesk.auth.oauth1.outcomes import Accepted, Rejected
from paperdesk.auth.oauth1.request_tokens import RequestTokens
from paperdesk.auth.oauth1.requests import Endpoint, RequestLine, SignedRequest
from paperdesk.auth.oauth1.tokens import LiveSessionToken, live_token
from paperdesk.auth.oauth1.verification import Settings, Verifier
from paperdesk.auth.registrations import AccessToken, Consumer, ConsumerKind, Registrations
from paperdesk.base.ids import UserName

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "oauth1a.json").read_text(encoding="utf-8")
)
CONSUMER = VECTORS["consumer"]
PRIME = int(CONSUMER["dh_prime_hex"], 16)
SECRET = bytes.fromhex(CONSUMER["access_token_secret_plain_hex"])
TOKEN = CONSUMER["access_token"]
KEY = CONSUMER["consumer_key"]
CALLBACK = "https://vendor.example/cb?x=1"
BASE = "https://localhost:5001/v1/api"
STAMP = 1_700_000_180
NOW = STAMP * 1_000_000
SNAPSHOT = "/iserver/marketdata/snapshot"
LST = f"{BASE}/oauth/live_session_token"
OTHER_KEY = "OTHERCONS"
OTHER_TOKEN = "0123456789abcdef0123"


def private(name: str) -> rsa.RSAPrivateKey:
    """Return a private key of the vectors: signature, encryption."""
    key = serialization.load_pem_private_key(
        VECTORS["keys"][f"{name}_private_pem"].encode(), password=None
    )
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


SIGNATURE_KEY = private("signature")
ENCRYPTION_KEY = private("encryption")


def consumer(**changes: Any) -> Consumer:  # noqa: ANN401 - any field
    """Return the vectors' consumer."""
    given: dict[str, Any] = {
        "consumer_key": KEY,
        "kind": ConsumerKind.THIRD_PARTY,
        "callbacks": (CALLBACK,),
        "signature_key": VECTORS["keys"]["signature_public_pem"],
        "encryption_key": VECTORS["keys"]["encryption_public_pem"],
        "dh_prime": CONSUMER["dh_prime_hex"],
    }
    return Consumer(**(given | changes))


def token(**changes: Any) -> AccessToken:  # noqa: ANN401 - any field
    """Return the vectors' access token."""
    given: dict[str, Any] = {
        "token": TOKEN,
        "consumer_key": KEY,
        "user_name": UserName("demo"),
        "secret": b64encode(SECRET).decode(),
    }
    return AccessToken(**(given | changes))


def registrations(*more: Consumer | AccessToken, **changes: Any) -> Registrations:  # noqa: ANN401
    """Return the vectors' consumer, changed, its token, and whatever else."""
    rows = [consumer(**changes), token(), *more]
    return Registrations(
        consumers={row.consumer_key: row for row in rows if isinstance(row, Consumer)},
        tokens={row.token: row for row in rows if isinstance(row, AccessToken)},
    )


def verifier(known: Registrations | None = None, **settings: Any) -> Verifier:  # noqa: ANN401
    """Return a verifier that knows the vectors' consumer."""
    draw = Random("request tokens")
    return Verifier(
        known or registrations(),
        RequestTokens(lambda digits: f"{draw.randrange(16**digits):0{digits}x}"),
        Settings(**({"public": ("https://localhost:5001", "https://api.ibkr.com")} | settings)),
    )


def java_bytes(number: int) -> bytes:
    """Return what BigInteger.toByteArray gives: hex digits in pairs, the top bit never set."""
    digits = f"{number:x}"
    digits = "0" * (len(digits) % 2) + digits
    return bytes.fromhex(("00" if int(digits[0], 16) > 7 else "") + digits)


@dataclass
class Signer:
    """One program of a consumer."""

    key: str = KEY
    access_token: str = TOKEN
    secret: bytes = SECRET
    live: bytes = b""
    realm: str | None = "limited_poa"
    private_key: rsa.RSAPrivateKey = field(default_factory=lambda: SIGNATURE_KEY)
    draw: Random = field(default_factory=lambda: Random("signer"))

    def parameters(self, method: str, **more: str | None) -> dict[str, str]:
        """Return the protocol's parameters, changed; None takes one away."""
        nonce = "".join(self.draw.choices("abcdefghijkmnopqrstuvwxyz0123456789", k=16))
        given: dict[str, str | None] = {
            "oauth_consumer_key": self.key,
            "oauth_nonce": nonce,
            "oauth_signature_method": method,
            "oauth_timestamp": str(STAMP),
            "oauth_token": self.access_token,
        }
        return {k: v for k, v in (given | more).items() if v is not None}

    def text(self, method: str, url: str, parameters: dict[str, str]) -> str:
        """Return the base string that IBKR's samples sign."""
        bare = url.partition("?")[0]
        joined = "&".join(f"{name}={parameters[name]}" for name in sorted(parameters))
        return f"{method}&{quote_plus(bare)}&{quote_plus(joined)}"

    def rsa(self, text: str | bytes, key: rsa.RSAPrivateKey | None = None) -> bytes:
        """Sign by RSA-SHA256."""
        data = text if isinstance(text, bytes) else text.encode()
        return (key or self.private_key).sign(data, padding.PKCS1v15(), hashes.SHA256())

    def hmac(self, text: str | bytes, key: bytes | None = None) -> bytes:
        """Sign by HMAC-SHA256."""
        data = text if isinstance(text, bytes) else text.encode()
        return hmac.new(self.live if key is None else key, data, hashlib.sha256).digest()

    def header(self, parameters: dict[str, str], signature: bytes | str) -> str:
        """Return the Authorization header."""
        text = signature if isinstance(signature, str) else b64encode(signature).decode()
        pairs = parameters | {"oauth_signature": quote(text, safe="")}
        joined = ", ".join(f'{name}="{pairs[name]}"' for name in sorted(pairs))
        return f'OAuth realm="{self.realm}", {joined}' if self.realm else f"OAuth {joined}"

    def get(self, url: str = BASE + SNAPSHOT, method: str = "GET", **more: str) -> SignedRequest:
        """Return a request for a protected resource, signed."""
        parameters = self.parameters("HMAC-SHA256", **more)
        signature = self.hmac(self.text(method, url, parameters))
        return sent(url, self.header(parameters, signature), method)

    def challenge(self, number: str, **more: str) -> SignedRequest:
        """Return a request for a live session token, signed."""
        parameters = self.parameters("RSA-SHA256", diffie_hellman_challenge=number, **more)
        text = self.secret.hex() + self.text("POST", LST, parameters)
        return sent(LST, self.header(parameters, self.rsa(text)), "POST")

    def shake_hands(self, judge: Verifier, *, now: int = NOW, **options: bool) -> LiveSessionToken:
        """Get a live session token and compute it on this side too."""
        mine = self.draw.getrandbits(256)
        accepted = judge.verify(self.challenge(f"{pow(2, mine, PRIME):x}"), now, 0)
        assert isinstance(accepted, Accepted), accepted
        agreement = agree(
            accepted.challenge,
            prime=PRIME,
            generator=2,
            draw=self.draw.getrandbits(256) | 1 << 255,
            secret=self.secret,
        )
        shared = pow(int(agreement.response, 16), mine, PRIME)
        self.live = hmac.new(java_bytes(shared), self.secret, hashlib.sha1).digest()
        made = live_token(self.key, self.access_token, agreement, now, **options)
        judge.live.add(made)
        return made


def sent(url: str, authorization: str | bytes | None, method: str = "GET") -> SignedRequest:
    """Return a request as the server reads it."""
    parts = urlsplit(url)
    name = parts.path.rpartition("/")[2]
    is_oauth = re.search(r"/oauth/(request_token|access_token|live_session_token)$", parts.path)
    return SignedRequest(
        line=RequestLine(
            method=method,
            raw_path=parts.path,
            raw_query=parts.query,
            host=parts.netloc,
            scheme=parts.scheme,
            port=parts.port or 443,
        ),
        endpoint=Endpoint(name) if is_oauth else Endpoint.PROTECTED,
        authorization=authorization,
    )


def live_of(text: str, **changes: Any) -> LiveSessionToken:  # noqa: ANN401 - any field
    """Return a live session token of the vectors."""
    given: dict[str, Any] = {
        "consumer_key": KEY,
        "access_token": TOKEN,
        "keys": {Encoding.JAVA: b64decode(text)},
        "issued_at": NOW,
        "expires_at": NOW + 86_400_000_000,
    }
    return LiveSessionToken(**(given | changes))


def cause_of(outcome: Accepted | Rejected) -> str:
    """Return the cause of a refusal, or `accepted`."""
    return "accepted" if isinstance(outcome, Accepted) else outcome.cause.value
