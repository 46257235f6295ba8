"""Programs: clients of OAuth 1.0a for tests over HTTP, written from the protocol's description.

They share no code with the desk: keys are those of the vectors, arithmetic is their own.
"""

import hashlib
import hmac
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from paperdesk.auth.registrations import AccessToken, Consumer, ConsumerKind, Registrations
from paperdesk.base.ids import UserName

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "vectors" / "oauth1a.json").read_text(encoding="utf-8")
)
CONSUMER = VECTORS["consumer"]
KEY: str = CONSUMER["consumer_key"]
TOKEN: str = CONSUMER["access_token"]
SECRET = bytes.fromhex(CONSUMER["access_token_secret_plain_hex"])
PRIME = int(CONSUMER["dh_prime_hex"], 16)
CALLBACK = "https://vendor.example/cb?x=1"
BASE = "/v1/api"
HERE = "https://localhost:5001"

THIRD_PARTY = ConsumerKind.THIRD_PARTY
FIRST_PARTY = ConsumerKind.FIRST_PARTY


def private(name: str) -> rsa.RSAPrivateKey:
    """Return a private key of the vectors: signature, encryption."""
    pem = VECTORS["keys"][f"{name}_private_pem"].encode()
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


SIGNATURE_KEY = private("signature")
ENCRYPTION_KEY = private("encryption")


def consumer(
    kind: ConsumerKind = THIRD_PARTY,
    key: str = KEY,
    **more: Any,  # noqa: ANN401 - any field
) -> Consumer:
    """Return the consumer of the vectors."""
    given: dict[str, Any] = {
        "consumer_key": key,
        "kind": kind,
        "callbacks": (CALLBACK,),
        "signature_key": VECTORS["keys"]["signature_public_pem"],
        "encryption_key": VECTORS["keys"]["encryption_public_pem"],
        "dh_prime": CONSUMER["dh_prime_hex"],
    }
    return Consumer(**(given | more))


def access_token(**more: Any) -> AccessToken:  # noqa: ANN401
    """Return the access token of the vectors, which is demo's."""
    given: dict[str, Any] = {
        "token": TOKEN,
        "consumer_key": KEY,
        "user_name": UserName("demo"),
        "secret": b64encode(SECRET).decode(),
    }
    return AccessToken(**(given | more))


def register(registrations: Registrations, *rows: Consumer | AccessToken) -> None:
    """Put consumers and access tokens into registrations."""
    for row in rows:
        if isinstance(row, Consumer):
            registrations.consumers[row.consumer_key] = row
        else:
            registrations.tokens[row.token] = row


class Program:
    """One program of a consumer, that believes to call `origin`."""

    def __init__(
        self,
        clock: Callable[[], int],
        origin: str = HERE,
        key: str = KEY,
        token: str = TOKEN,
        secret: bytes = SECRET,
    ) -> None:
        """Begin with an access token and its secret; a third party's program gets others.

        Args:
            clock: returns seconds since 1970.
            origin: scheme, host and port.
            key: the consumer's.
            token: the access token.
            secret: the token's, decrypted.
        """
        self.clock = clock
        self.origin = origin
        self.key = key
        self.token = token
        self.secret = secret
        self.live = b""
        self._mine = 0

    def parameters(self, method: str, **more: str | None) -> dict[str, str]:
        """Return the protocol's parameters, changed; None takes one away."""
        given: dict[str, str | None] = {
            "oauth_consumer_key": self.key,
            "oauth_nonce": secrets.token_hex(8),
            "oauth_signature_method": method,
            "oauth_timestamp": str(self.clock()),
            "oauth_token": self.token,
        }
        return {name: value for name, value in (given | more).items() if value is not None}

    def text(self, method: str, path: str, parameters: dict[str, str]) -> str:
        """Return the base string of IBKR's samples: path alone, names sorted, encoded once."""
        joined = "&".join(f"{name}={parameters[name]}" for name in sorted(parameters))
        return f"{method}&{quote_plus(self.origin + path)}&{quote_plus(joined)}"

    def by_rsa(
        self,
        path: str,
        given: dict[str, str | None],
        *,
        prepend: str = "",
        key: rsa.RSAPrivateKey = SIGNATURE_KEY,
        base: str = BASE,
    ) -> str:
        """Return the Authorization header of a POST below a base address."""
        parameters = self.parameters("RSA-SHA256", **given)
        text = prepend + self.text("POST", base + path, parameters)
        signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return header(parameters, b64encode(signature).decode())

    def by_hmac(
        self, method: str, path: str, given: dict[str, str | None] | None = None, base: str = BASE
    ) -> str:
        """Return the Authorization header of a request; `path` may have a query."""
        parameters = self.parameters("HMAC-SHA256", **(given or {}))
        text = self.text(method, base + path.partition("?")[0], parameters)
        signature = hmac.new(self.live, text.encode(), hashlib.sha256).digest()
        return header(parameters, b64encode(signature).decode())

    def for_request_token(self, callback: str = CALLBACK, **more: str | None) -> str:
        """Return the header that asks for a request token."""
        given = {"oauth_token": None, "oauth_callback": callback, **more}
        return self.by_rsa("/oauth/request_token", given)

    def for_access_token(self, request_token: str, verifier: str, **more: str | None) -> str:
        """Return the header that exchanges a request token."""
        given = {"oauth_token": request_token, "oauth_verifier": verifier, **more}
        return self.by_rsa("/oauth/access_token", given)

    def for_live_session_token(self, **more: str | None) -> str:
        """Return the header that challenges; the answer goes into `agree`."""
        self._mine = secrets.randbits(256)
        given = {"diffie_hellman_challenge": f"{pow(2, self._mine, PRIME):x}", **more}
        return self.by_rsa("/oauth/live_session_token", given, prepend=self.secret.hex())

    def take_access_token(self, answer: dict[str, Any]) -> None:
        """Take an access token, and decrypt its secret."""
        self.token = answer["oauth_token"]
        encrypted = b64decode(answer["oauth_token_secret"])
        self.secret = ENCRYPTION_KEY.decrypt(encrypted, padding.PKCS1v15())

    def agree(self, answer: dict[str, Any]) -> None:
        """Compute the live session token, and see that the desk has the same."""
        shared = pow(int(answer["diffie_hellman_response"], 16), self._mine, PRIME)
        live = hmac.new(java_bytes(shared), self.secret, hashlib.sha1).digest()
        proof = hmac.new(live, self.key.encode(), hashlib.sha1).hexdigest()
        assert proof == answer["live_session_token_signature"], "the desk has another token"
        self.live = live


def header(parameters: dict[str, str], signature: str, realm: str = "limited_poa") -> str:
    """Return an Authorization header."""
    pairs = parameters | {"oauth_signature": quote(signature, safe="")}
    joined = ", ".join(f'{name}="{pairs[name]}"' for name in sorted(pairs))
    return f'OAuth realm="{realm}", {joined}'


def java_bytes(number: int) -> bytes:
    """Return what BigInteger.toByteArray gives: hex digits in pairs, the top bit never set."""
    digits = f"{number:x}"
    digits = "0" * (len(digits) % 2) + digits
    return bytes.fromhex(("00" if int(digits[0], 16) > 7 else "") + digits)
