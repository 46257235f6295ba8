"""Clients that make one mistake or another, and what is found out about them."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding as Form
from cryptography.hazmat.primitives.serialization import PublicFormat
from msgspec import json
from msgspec.structs import replace
from tests.auth.oauth1.signer import (
    BASE,
    LST,
    NOW,
    OTHER_KEY,
    OTHER_TOKEN,
    SECRET,
    SIGNATURE_KEY,
    SNAPSHOT,
    TOKEN,
    VECTORS,
    Signer,
    cause_of,
    consumer,
    live_of,
    registrations,
    sent,
    token,
    verifier,
)

from paperdesk.auth.oauth1.challenges import Encoding
from paperdesk.auth.oauth1.explanations import Explanation, explain
from paperdesk.auth.oauth1.outcomes import Rejected
from paperdesk.auth.oauth1.requests import SignedRequest
from paperdesk.auth.oauth1.verification import Verifier

URL = BASE + SNAPSHOT
HEX = SECRET.hex()
QUERY = "?conids=265598,8314&fields=31,84"
KEYS = [bytes([number]) * 20 for number in range(1, 6)]
LIVE, UNSIGNED, PADDED, OLDER, FOREIGN = KEYS
ZERO_SECRET = b"\0\x0b" + SECRET[2:]
OTHER_SECRET = b"another secret of this consumer!"

Seal = Callable[[Signer, str], bytes]
Sign = Callable[[Signer, dict[str, str]], bytes | str]


def judge(**settings: Any) -> Verifier:  # noqa: ANN401 - any setting
    known = registrations(
        consumer(
            consumer_key=OTHER_KEY,
            signature_key=public_of(OTHER),
            encryption_key=VECTORS["keys"]["encryption_public_pem"],
        ),
        token(token=OTHER_TOKEN, consumer_key=OTHER_KEY),
        token(token="2222", secret=b64encode(OTHER_SECRET).decode()),
        token(token="0000", secret=b64encode(ZERO_SECRET).decode()),
    )
    made = verifier(known, **settings)
    keys = {Encoding.JAVA: LIVE, Encoding.UNSIGNED: UNSIGNED, Encoding.PADDED: PADDED}
    old = b64encode(OLDER).decode()
    made.live.add(live_of(old, is_superseded=True))
    made.live.add(live_of(old, keys=keys))
    made.live.add(live_of(b64encode(FOREIGN).decode(), consumer_key=OTHER_KEY))
    return made


def public_of(key: rsa.RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Form.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


OTHER = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
STRANGER = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def explained(
    request: SignedRequest, *, client: str = "", judged: Verifier | None = None
) -> Explanation:
    by = judged or judge()
    outcome = by.verify(request, NOW, 0)
    assert isinstance(outcome, Rejected), outcome
    found = explain(by, request, outcome, client)
    assert cause_of(by.verify(request, NOW, 0)) == outcome.cause.value, "it changes nothing"
    shown = json.encode(found).decode()
    for secret in (SECRET.hex(), SECRET.hex().upper(), b64encode(SECRET).decode()):
        assert secret not in shown
    for key in KEYS:
        assert b64encode(key).decode() not in shown
        assert key.hex() not in shown
    return found


def protected(
    sign: Sign, url: str = URL, method: str = "GET", *, body: bytes = b"", is_form: bool = False
) -> SignedRequest:
    signer = Signer(live=LIVE)
    parameters = signer.parameters("HMAC-SHA256")
    return replace(
        sent(url, signer.header(parameters, sign(signer, parameters)), method),
        body=body,
        is_form=is_form,
    )


def sealed(sign: Seal, access_token: str = TOKEN) -> SignedRequest:
    """Return a request for a live session token; `sign` gets its text without prepend."""
    signer = Signer(live=LIVE, access_token=access_token)
    parameters = signer.parameters("RSA-SHA256", diffie_hellman_challenge="2fa")
    text = signer.text("POST", LST, parameters)
    return sent(LST, signer.header(parameters, sign(signer, text)), "POST")


def by(
    method: str = "GET", url: str = URL, *, key: bytes = LIVE, drop: str = "", **more: str
) -> Sign:
    """Sign another method, another URL, other parameters, or with another key."""

    def sign(signer: Signer, parameters: dict[str, str]) -> bytes:
        kept = {name: value for name, value in (parameters | more).items() if name != drop}
        return signer.hmac(signer.text(method, url, kept), key)

    return sign


def whole(edit: Callable[[str], str | bytes]) -> Sign:
    """Sign an edited base string."""
    return lambda s, p: s.hmac(edit(s.text("GET", URL, p)))


def plain(prepend: str | bytes = HEX, key: rsa.RSAPrivateKey = SIGNATURE_KEY) -> Seal:
    before = prepend.encode() if isinstance(prepend, str) else prepend
    return lambda s, t: s.rsa(before + t.encode(), key)
