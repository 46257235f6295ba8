"""Requests that must not come in, each with the one cause it has to have."""

from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from msgspec.structs import replace
from tests.auth.oauth1.signer import (
    BASE,
    ENCRYPTION_KEY,
    KEY,
    LST,
    NOW,
    OTHER_KEY,
    OTHER_TOKEN,
    PRIME,
    SECRET,
    SNAPSHOT,
    STAMP,
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

from paperdesk.auth.oauth1.requests import SignedRequest
from paperdesk.auth.oauth1.verification import Verifier
from paperdesk.auth.registrations import ConsumerKind, Standing

LIVE = VECTORS["protected_resources"][0]["live_session_token_base64"]
URL = BASE + SNAPSHOT
REQUEST_TOKEN = f"{BASE}/oauth/request_token"
ACCESS_TOKEN = f"{BASE}/oauth/access_token"
HOUR = 3_600

Make = Callable[[Signer], SignedRequest]


def judge() -> Verifier:
    """Return a verifier that knows two consumers with a token each, and one live session token."""
    known = registrations(
        consumer(consumer_key=OTHER_KEY, signature_key=VECTORS["keys"]["encryption_public_pem"]),
        token(token=OTHER_TOKEN, consumer_key=OTHER_KEY),
        consumer(consumer_key="FIRSTCONS", kind=ConsumerKind.FIRST_PARTY),
        consumer(consumer_key="LATERCONS", active_from=1),
        consumer(consumer_key="OFFCONSUM", standing=Standing.DISABLED),
        consumer(consumer_key="GONECONSU", standing=Standing.REVOKED),
        consumer(consumer_key="TESTCONS", realm="test_realm"),
        token(token="off", standing=Standing.DISABLED),
        token(token="gone", standing=Standing.REVOKED),
        token(token="nolst"),
    )
    made = verifier(known)
    made.live.add(live_of(LIVE))
    return made


def hmac(**changes: str | None) -> Make:
    """Sign a protected request whose parameters are changed before they are signed."""

    def make(signer: Signer) -> SignedRequest:
        parameters = signer.parameters("HMAC-SHA256", **changes)
        signature = signer.hmac(signer.text("GET", URL, parameters))
        return sent(URL, signer.header(parameters, signature))

    return make


def rsa(url: str, **changes: str | None) -> Make:
    """Sign a request of the OAuth endpoints, its parameters changed before they are signed."""

    def make(signer: Signer) -> SignedRequest:
        parameters = signer.parameters("RSA-SHA256", **changes)
        prepend = SECRET.hex() if url == LST else ""
        signature = signer.rsa(prepend + signer.text("POST", url, parameters))
        return sent(url, signer.header(parameters, signature), "POST")

    return make


def lst(challenge: str | None = "2f", **changes: str | None) -> Make:
    return rsa(LST, diffie_hellman_challenge=challenge, **changes)


def first(callback: str | None = "oob", **changes: str | None) -> Make:
    return rsa(REQUEST_TOKEN, **({"oauth_token": None, "oauth_callback": callback} | changes))


def exchange(**changes: str | None) -> Make:
    return rsa(ACCESS_TOKEN, **({"oauth_token": "00", "oauth_verifier": "1"} | changes))


def written(edit: Callable[[str], str]) -> Make:
    """Change what the header says after it was signed."""

    def make(signer: Signer) -> SignedRequest:
        request = signer.get()
        assert isinstance(request.authorization, str)
        return replace(request, authorization=edit(request.authorization))

    return make


def signed(sign: Callable[[Signer, str], bytes | str], method: str = "GET") -> Make:
    """Sign a protected request in another way."""

    def make(signer: Signer) -> SignedRequest:
        parameters = signer.parameters("HMAC-SHA256")
        return sent(
            URL, signer.header(parameters, sign(signer, signer.text(method, URL, parameters)))
        )

    return make


def sealed(sign: Callable[[Signer, str], bytes | str]) -> Make:
    """Sign a live session token's request in another way; `sign` gets the text with prepend."""

    def make(signer: Signer) -> SignedRequest:
        parameters = signer.parameters("RSA-SHA256", diffie_hellman_challenge="2f")
        text = SECRET.hex() + signer.text("POST", LST, parameters)
        return sent(LST, signer.header(parameters, sign(signer, text)), "POST")

    return make


def always(text: str) -> Callable[[Signer, str], str]:
    return lambda s, t: text


def swapped(text: str, place: int) -> str:
    """Return base64 text with one character another one."""
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]


PSS = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.MAX_LENGTH)


def with_hash(algorithm: Any) -> Callable[[Signer, str], bytes]:  # noqa: ANN401 - any hash
    return lambda s, t: s.private_key.sign(t.encode(), padding.PKCS1v15(), algorithm)


MISSING = [
    *((f"no {name}", hmac(**{name: None})) for name in Signer().parameters("HMAC-SHA256")),
    *((f"empty {name}", hmac(**{name: ""})) for name in Signer().parameters("HMAC-SHA256")),
    ("no signature", written(lambda h: h.partition(", oauth_signature=")[0])),
    ("no callback", first(None)),
    ("empty callback", first("")),
    ("no verifier", exchange(oauth_verifier=None)),
    ("no request token", exchange(oauth_token=None)),
    ("no challenge", lst(None)),
    ("empty challenge", lst("")),
    ("no token for a live one", lst(oauth_token=None)),
]
CONSUMERS = [
    ("nobody", hmac(oauth_consumer_key="NOBODYCON"), "unknown_consumer"),
    ("lower case", hmac(oauth_consumer_key=KEY.lower()), "unknown_consumer"),
    ("a blank more", hmac(oauth_consumer_key=KEY + " "), "unknown_consumer"),
    ("half", hmac(oauth_consumer_key=KEY[:4]), "unknown_consumer"),
    ("its token", hmac(oauth_consumer_key=TOKEN), "unknown_consumer"),
    ("not yet", hmac(oauth_consumer_key="LATERCONS"), "consumer_not_yet_active"),
    ("not yet, live", lst(oauth_consumer_key="LATERCONS"), "consumer_not_yet_active"),
    ("disabled", hmac(oauth_consumer_key="OFFCONSUM"), "consumer_disabled"),
    ("revoked", lst(oauth_consumer_key="GONECONSU"), "consumer_revoked"),
    ("test realm", written(lambda h: h.replace("limited_poa", "test_realm")), "wrong_realm"),
    ("no realm's name", written(lambda h: h.replace("limited_poa", "")), "wrong_realm"),
    (
        "realm in capitals",
        written(lambda h: h.replace("limited_poa", "LIMITED_POA")),
        "wrong_realm",
    ),
    ("test consumer", hmac(oauth_consumer_key="TESTCONS"), "wrong_realm"),
    ("first party asks", first(oauth_consumer_key="FIRSTCONS"), "first_party_consumer"),
    ("first party exchanges", exchange(oauth_consumer_key="FIRSTCONS"), "first_party_consumer"),
    ("other callback", first("https://vendor.example/cb"), "callback_not_registered"),
    ("callback's query", first("https://vendor.example/cb?x=2"), "callback_not_registered"),
    ("callback's case", first("https://VENDOR.example/cb?x=1"), "callback_not_registered"),
    ("callback's end", first("https://vendor.example/cb?x=1/"), "callback_not_registered"),
    ("callback elsewhere", first("https://evil.example/"), "callback_not_registered"),
    ("callback's scheme", first("javascript:alert(1)"), "callback_not_registered"),
    ("OOB", first("OOB"), "callback_not_registered"),
]
TOKENS = [
    ("unknown", hmac(oauth_token="0" * 20), "unknown_token"),
    ("upper case", hmac(oauth_token=TOKEN.upper()), "unknown_token"),
    ("cut off", hmac(oauth_token=TOKEN[:-1]), "unknown_token"),
    ("live, unknown", lst(oauth_token="0" * 20), "unknown_token"),
    ("exchange, unknown", exchange(), "unknown_token"),
    ("another's", hmac(oauth_token=OTHER_TOKEN), "token_of_another_consumer"),
    ("another's, live", lst(oauth_token=OTHER_TOKEN), "token_of_another_consumer"),
    ("consumer of another", hmac(oauth_consumer_key=OTHER_KEY), "token_of_another_consumer"),
    ("disabled", hmac(oauth_token="off"), "token_disabled"),
    ("revoked", hmac(oauth_token="gone"), "token_revoked"),
    ("revoked, live", lst(oauth_token="gone"), "token_revoked"),
    ("no live one", hmac(oauth_token="nolst"), "no_live_session_token"),
    ("access for request", exchange(oauth_token=TOKEN), "token_of_another_kind"),
]
METHODS = [
    (f"{method} there", hmac(oauth_signature_method=method), "wrong_method")
    for method in ("RSA-SHA256", "HMAC-SHA1", "PLAINTEXT", "hmac-sha256", "none", "HMAC-SHA512")
] + [
    (f"{method} at the live token", lst(oauth_signature_method=method), "wrong_method")
    for method in ("HMAC-SHA256", "RSA-SHA1", "PLAINTEXT", "rsa-sha256", "RS256", "none")
] + [
    ("HMAC at the first", first(oauth_signature_method="HMAC-SHA256"), "wrong_method"),
]  # fmt: skip
TIMES = [
    (text, hmac(oauth_timestamp=text), "timestamp_malformed")
    for text in ("1", "170000018", "17000001800", f"{STAMP}.0", f"-{STAMP}"[:10], "now", "1e9",
                 "+170000018", " 170000018", "%D9%A1" * 10, f"{STAMP}000000", "0x65535b64")
] + [
    ("milliseconds", hmac(oauth_timestamp=f"{STAMP}000"), "timestamp_in_milliseconds"),
    ("milliseconds, live", lst(oauth_timestamp=f"{STAMP}123"), "timestamp_in_milliseconds"),
    ("301 s old", hmac(oauth_timestamp=str(STAMP - 301)), "timestamp_too_old"),
    ("301 s new", hmac(oauth_timestamp=str(STAMP + 301)), "timestamp_too_new"),
    ("a day and a bit", hmac(oauth_timestamp=str(STAMP - 86_500)), "timestamp_too_old"),
    ("years", hmac(oauth_timestamp="1000000000"), "timestamp_too_old"),
    ("the end", hmac(oauth_timestamp="9999999999"), "timestamp_too_new"),
    ("nothing", hmac(oauth_timestamp="0000000000"), "timestamp_too_old"),
    ("New York", hmac(oauth_timestamp=str(STAMP - 5 * HOUR)), "clock_in_local_time"),
    ("Zurich", hmac(oauth_timestamp=str(STAMP + 2 * HOUR + 3)), "clock_in_local_time"),
    ("Kolkata", hmac(oauth_timestamp=str(STAMP + 5 * HOUR + 1_800)), "clock_in_local_time"),
    ("Kathmandu", lst(oauth_timestamp=str(STAMP + 5 * HOUR + 2_700)), "clock_in_local_time"),
]  # fmt: skip
SIGNATURES = [
    ("one bit", signed(lambda s, t: bytes([s.hmac(t)[0] ^ 1]) + s.hmac(t)[1:]), "wrong_signature"),
    ("zeros", signed(lambda s, t: b"\0" * 32), "wrong_signature"),
    ("too short", signed(lambda s, t: s.hmac(t)[:31]), "wrong_signature"),
    ("too long", signed(lambda s, t: s.hmac(t) + b"\0"), "wrong_signature"),
    ("no key", signed(lambda s, t: s.hmac(t, b"")), "wrong_signature"),
    ("base64 for a key", signed(lambda s, t: s.hmac(t, LIVE.encode())), "wrong_signature"),
    ("secret for a key", signed(lambda s, t: s.hmac(t, SECRET)), "wrong_signature"),
    ("key and &", signed(lambda s, t: s.hmac(t, s.live + b"&")), "wrong_signature"),
    ("for POST", signed(lambda s, t: s.hmac(t), "POST"), "wrong_signature"),
    ("RSA", signed(lambda s, t: s.rsa(t)), "wrong_signature"),
    ("text changed", signed(lambda s, t: s.hmac(t + "1")), "wrong_signature"),
    ("prepended", signed(lambda s, t: s.hmac(SECRET.hex() + t)), "wrong_signature"),
    ("realm signed", signed(lambda s, t: s.hmac(t + "%26realm%3Dlimited_poa")), "wrong_signature"),
    ("hex", signed(lambda s, t: s.hmac(t).hex()), "wrong_signature"),
    ("consumer swapped", written(lambda h: h.replace(KEY, OTHER_KEY)), "token_of_another_consumer"),
    ("nonce swapped", written(lambda h: h.replace('nonce="', 'nonce="x')), "wrong_signature"),
    ("time swapped", written(lambda h: h.replace(str(STAMP), str(STAMP + 1))), "wrong_signature"),
    ("parameter added", written(lambda h: h + ', x="1"'), "wrong_signature"),
    ("version added", written(lambda h: h + ', oauth_version="1.0"'), "wrong_signature"),
    ("token added", written(lambda h: h + ', oauth_verifier="1"'), "wrong_signature"),
    *(
        (f"text {text[:6]!r}", signed(always(text)), "signature_not_base64")
        for text in ("=", "A", "AA=", "no way", "%2B", "A===", "\u00fc", "A" * 45, "QUJ=", ".")
    ),
    (
        "a bit to spare",
        signed(lambda s, t: b64encode(s.hmac(t)).decode()[:-2] + "_="),
        "signature_not_base64",
    ),
    (
        "mixed alphabets",
        signed(lambda s, t: urlsafe_b64encode(s.hmac(t)).decode()[:-4] + "-/w="),
        "signature_not_base64",
    ),
    (
        "line broken",
        written(lambda h: h.replace('signature="', 'signature="%0A')),
        "signature_not_base64",
    ),
    (
        "encoded thrice",
        written(lambda h: h.replace("%3D", "%252525253D")),
        "signature_not_base64",
    ),
]
SEALS = [
    ("no prepend", sealed(lambda s, t: s.rsa(t[64:])), "wrong_signature"),
    ("upper case", sealed(lambda s, t: s.rsa(SECRET.hex().upper() + t[64:])), "wrong_signature"),
    ("a digit less", sealed(lambda s, t: s.rsa(t[1:])), "wrong_signature"),
    ("a blank between", sealed(lambda s, t: s.rsa(t[:64] + " " + t[64:])), "wrong_signature"),
    ("& between", sealed(lambda s, t: s.rsa(t[:64] + "&" + t[64:])), "wrong_signature"),
    ("raw secret", sealed(lambda s, t: s.rsa(SECRET + t[64:].encode())), "wrong_signature"),
    ("encryption key", sealed(lambda s, t: s.rsa(t, ENCRYPTION_KEY)), "wrong_signature"),
    ("SHA-1", sealed(with_hash(hashes.SHA1())), "wrong_signature"),  # noqa: S303 - refused
    ("SHA-512", sealed(with_hash(hashes.SHA512())), "wrong_signature"),
    (
        "PSS",
        sealed(lambda s, t: s.private_key.sign(t.encode(), PSS, hashes.SHA256())),
        "wrong_signature",
    ),
    ("HMAC", sealed(lambda s, t: s.hmac(t)), "wrong_signature"),
    ("cut off", sealed(lambda s, t: s.rsa(t)[:-1]), "wrong_signature"),
    ("zero in front", sealed(lambda s, t: b"\0" + s.rsa(t)), "wrong_signature"),
    ("all ones", sealed(lambda s, t: b"\xff" * 256), "wrong_signature"),
    ("one", sealed(lambda s, t: b"\0" * 255 + b"\1"), "wrong_signature"),
    ("nothing", sealed(lambda s, t: b""), "missing_parameter"),
    (
        "a character",
        sealed(lambda s, t: swapped(b64encode(s.rsa(t)).decode(), 100)),
        "wrong_signature",
    ),
    ("hash signed", sealed(lambda s, t: s.rsa(s.hmac(t, b""))), "wrong_signature"),
]
NONCES = [
    ("129 characters", hmac(oauth_nonce="n" * 129), "nonce_malformed"),
    ("8,000 characters", lst(oauth_nonce="n" * 7_000), "nonce_malformed"),
]
CHALLENGES = [
    (text[:12], lst(text), cause)
    for text, cause in (
        ("0", "challenge_trivial"),
        ("1", "challenge_trivial"),
        ("0001", "challenge_trivial"),
        (f"{PRIME - 1:x}", "challenge_trivial"),
        (f"{PRIME:x}", "challenge_too_large"),
        (f"{PRIME + 1:x}", "challenge_too_large"),
        ("f" * 512, "challenge_too_large"),
        ("f" * 516, "challenge_too_long"),
        ("0" * 4_000, "challenge_too_long"),
        ("0x2f", "challenge_not_hex"),
        ("-1", "challenge_not_hex"),
        ("2_0", "challenge_not_hex"),
        ("twelve", "challenge_not_hex"),
        ("2f 2f", "challenge_not_hex"),
    )
]
CASES = [
    *(pytest.param(make, "missing_parameter", id=f"missing: {name}") for name, make in MISSING),
    *(
        pytest.param(make, cause, id=f"{group}: {name}")
        for group, rows in (
            ("consumer", CONSUMERS),
            ("token", TOKENS),
            ("method", METHODS),
            ("time", TIMES),
            ("signature", SIGNATURES),
            ("seal", SEALS),
            ("nonce", NONCES),
            ("challenge", CHALLENGES),
        )
        for name, make, cause in rows
    ),
]


@pytest.mark.parametrize(("make", "cause"), CASES)
def test_what_must_not_come_in_is_refused_with_its_cause(make: Make, cause: str) -> None:
    request = make(Signer(live=b64decode(LIVE)))

    outcome = judge().verify(request, NOW, 0)

    assert cause_of(outcome) == cause


@pytest.mark.parametrize(
    "make", [hmac(), lst(), lst("2F"), first(), first("https://vendor.example/cb?x=1")]
)
def test_the_same_requests_come_in_when_nothing_is_wrong(make: Make) -> None:
    assert cause_of(judge().verify(make(Signer(live=b64decode(LIVE))), NOW, 0)) == "accepted"


@pytest.mark.parametrize("off", [-300, -299, 0, 299, 300])
def test_a_clock_may_be_off_by_five_minutes(off: int) -> None:
    make = hmac(oauth_timestamp=str(STAMP + off))

    assert cause_of(judge().verify(make(Signer(live=b64decode(LIVE))), NOW, 0)) == "accepted"


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 150
