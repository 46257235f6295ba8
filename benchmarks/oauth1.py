"""OAuth 1.0a without a server: what a signature costs a request, and live session tokens a second.

In processor time, since a busy machine stretches the wall's.
"""

import hmac
import statistics
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random
from typing import Final
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from benchmarks.figures import ROUNDS, Figure
from paperdesk.auth.oauth1.challenges import Encoding as SecretEncoding
from paperdesk.auth.oauth1.challenges import agree
from paperdesk.auth.oauth1.conventions import joined
from paperdesk.auth.oauth1.explanations import explain
from paperdesk.auth.oauth1.outcomes import Accepted, Rejected
from paperdesk.auth.oauth1.request_tokens import RequestTokens
from paperdesk.auth.oauth1.requests import CHALLENGE, Endpoint, RequestLine, SignedRequest
from paperdesk.auth.oauth1.tokens import LiveSessionToken
from paperdesk.auth.oauth1.verification import Settings, Verifier
from paperdesk.auth.registrations import AccessToken, Consumer, Registrations
from paperdesk.base.ids import UserName
from paperdesk.base.units import DAY, SECOND

ORIGIN: Final = "https://localhost:5001"
PATH: Final = "/v1/api/iserver/marketdata/snapshot"
QUERY: Final = "conids=265598,8314&fields=31,84,86"
STAMP: Final = 1_780_000_000
NOW: Final = STAMP * SECOND
KEY: Final = "PAPERDESK"
TOKEN: Final = "2d9018307ff2c61b0f7d"  # noqa: S105 - of a pretended user
SECRET: Final = bytes(range(32))
LIVE: Final = bytes(range(20))
PRIME: Final = 2**2048 - 1_942_289
"""A safe prime from the published tables, as large as `openssl dhparam 2048` makes them."""

REQUESTS: Final = 5_000
HANDSHAKES: Final = 40
AIM: Final = 30
"""Microseconds that a signature may cost a request."""


def figures() -> Iterator[Figure]:
    """Measure what a signed request costs, the first steps, and an explanation."""
    private = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    cost = _microseconds(private, [_protected(number) for number in range(REQUESTS)])
    yield Figure(
        name="oauth1: a signed request, verified",
        value=cost,
        unit="us",
        aim=f"at most {AIM} us",
        is_met=cost <= AIM,
    )
    yield Figure(
        name="oauth1: a wrong signature, every candidate tried",
        value=_microseconds(private, [_protected(n, key=b"?") for n in range(REQUESTS // 10)]),
        unit="us",
    )
    yield Figure(
        name="oauth1: a live session token's request, verified",
        value=_microseconds(private, [_handshake(private, n) for n in range(REQUESTS // 10)]),
        unit="us",
    )
    yield Figure(
        name="oauth1: live session tokens agreed, 2,048 bits",
        value=HANDSHAKES / _seconds(_agreements()),
        unit="tokens/s",
    )
    yield Figure(
        name="oauth1: an explanation that finds nothing",
        value=_explained(private) * 1e3,
        unit="ms",
    )


def _verifier(private: rsa.RSAPrivateKey) -> Verifier:
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    known = Registrations(
        consumers={
            KEY: Consumer(
                consumer_key=KEY,
                signature_key=pem.decode(),
                encryption_key=pem.decode(),
                dh_prime=f"{PRIME:x}",
            )
        },
        tokens={
            TOKEN: AccessToken(
                token=TOKEN,
                consumer_key=KEY,
                user_name=UserName("demo"),
                secret=b64encode(SECRET).decode(),
            )
        },
    )
    made = Verifier(known, RequestTokens(lambda digits: "0" * digits), Settings(public=(ORIGIN,)))
    made.live.add(
        LiveSessionToken(
            consumer_key=KEY,
            access_token=TOKEN,
            keys={SecretEncoding.JAVA: LIVE},
            issued_at=NOW,
            expires_at=NOW + DAY,
        )
    )
    return made


def _parameters(number: int, method: str) -> dict[str, str]:
    return {
        "oauth_consumer_key": KEY,
        "oauth_nonce": f"Ab3dE5gH{number:08}",
        "oauth_signature_method": method,
        "oauth_timestamp": str(STAMP),
        "oauth_token": TOKEN,
    }


def _header(parameters: dict[str, str], signature: bytes) -> bytes:
    pairs = parameters | {"oauth_signature": quote(b64encode(signature), safe="")}
    text = ", ".join(f'{name}="{value}"' for name, value in sorted(pairs.items()))
    return f'OAuth realm="limited_poa", {text}'.encode()


def _protected(number: int, key: bytes = LIVE) -> SignedRequest:
    """Return what ibind sends for a snapshot."""
    parameters = _parameters(number, "HMAC-SHA256")
    text = joined("GET", ORIGIN + PATH, sorted(parameters.items()))
    return SignedRequest(
        line=RequestLine(
            method="GET", raw_path=PATH, raw_query=QUERY, host="api.ibkr.com", port=5001
        ),
        authorization=_header(parameters, hmac.digest(key, text.encode(), "sha256")),
    )


def _handshake(private: rsa.RSAPrivateKey, number: int) -> SignedRequest:
    path = "/v1/api/oauth/live_session_token"
    parameters = _parameters(number, "RSA-SHA256") | {CHALLENGE: f"{pow(2, 2**255 + 1, PRIME):x}"}
    text = SECRET.hex() + joined("POST", ORIGIN + path, sorted(parameters.items()))
    return SignedRequest(
        line=RequestLine(method="POST", raw_path=path, host="api.ibkr.com", port=5001),
        endpoint=Endpoint.LIVE_SESSION_TOKEN,
        authorization=_header(parameters, private.sign(text.encode(), PKCS1v15(), SHA256())),
    )


def _microseconds(private: rsa.RSAPrivateKey, requests: Sequence[SignedRequest]) -> float:
    """Return what one verification takes, each request new to a verifier of its own round."""

    def rounds() -> Iterator[Callable[[], object]]:
        while True:
            yield partial(_verify_all, _verifier(private), requests)

    return _seconds(rounds()) / len(requests) * 1e6


def _verify_all(judge: Verifier, requests: Sequence[SignedRequest]) -> None:
    for request in requests:
        judge.verify(request, NOW, 0)


def _agreements() -> Iterator[Callable[[], object]]:
    draw = Random("oauth1")
    challenge = pow(2, draw.getrandbits(256), PRIME)
    while True:
        yield lambda: [
            agree(
                challenge,
                prime=PRIME,
                generator=2,
                draw=draw.getrandbits(256) | 1 << 255,
                secret=SECRET,
            )
            for _ in range(HANDSHAKES)
        ]


def _explained(private: rsa.RSAPrivateKey) -> float:
    judge, request = _verifier(private), _protected(1, key=b"?")
    refused = judge.verify(request, NOW, 0)
    assert isinstance(refused, Rejected)
    assert isinstance(judge.verify(_protected(2), NOW, 0), Accepted)

    def rounds() -> Iterator[Callable[[], object]]:
        while True:
            yield lambda: explain(judge, request, refused)

    return _seconds(rounds())


def _seconds(rounds: Iterator[Callable[[], object]]) -> float:
    """Return the median of a round's processor time; the first one warms up."""
    took: list[float] = []
    for _ in range(ROUNDS + 1):
        work = next(rounds)
        began = time.thread_time()
        work()
        took.append(time.thread_time() - began)
    return statistics.median(took[1:])
