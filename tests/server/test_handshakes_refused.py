"""What OAuth 1.0a must not let in, over HTTP: status and body of each, and nothing changed."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.outside import Outside, told
from tests.programs import (
    CALLBACK,
    ENCRYPTION_KEY,
    FIRST_PARTY,
    KEY,
    PRIME,
    TOKEN,
    Program,
    access_token,
    consumer,
    header,
    register,
)
from tests.serving import Reply

from paperdesk.auth.registrations import Standing
from paperdesk.base.ids import AccountId, UserName
from paperdesk.base.units import HOUR
from paperdesk.desk.clock import Clock, ClockMode

OTHER_KEY = "OTHERCONS"
OTHER_TOKEN = "fedcba98765432100123"
LST = "/oauth/live_session_token"

INVALID_SIGNATURE = (401, "invalid signature")
INVALID_CONSUMER = (401, "invalid consumer")
INVALID_REQUEST = (400, "invalid request")
NO_SECRET = (401, "LST failed, error: No access secret key found for ")
NOT_AUTHENTICATED = (401, "")

Expected = tuple[int, str]


class Ask(msgspec.Struct, kw_only=True):
    """A request to send; `more` are headers beside the credential, None takes one away."""

    authorization: str
    method: str = "POST"
    path: str = "/tickle"
    body: bytes = b""
    more: dict[str, str | None] = {}


Asking = Callable[[Program], Ask]


async def sent(rig: Outside, ask: Ask) -> Reply:
    headers: dict[str, str | None] = {"authorization": ask.authorization, **ask.more}
    return await rig.ask(ask.method, ask.path, ask.body, headers=headers)


def matches(reply: Reply, expected: Expected) -> None:
    status, text = expected
    assert reply.status == status, reply.body
    assert reply.header("x-paperdesk-reason") is None
    if not text:
        assert reply.json == {"error": "not authenticated", "statusCode": 401}
        return
    assert set(reply.json) == {"error", "statusCode"}
    assert reply.json["statusCode"] == status
    found = re.fullmatch(r"id: (\d{5}), error: (.*)", reply.json["error"])
    assert found is not None
    assert found[2] == text or (text.endswith(" ") and found[2].startswith(text))


def tickle(**changes: str | None) -> Asking:
    return lambda program: Ask(authorization=program.by_hmac("POST", "/tickle", changes))


def edited(old: str, new: str) -> Asking:
    """Return a request whose good header is changed afterwards."""

    def ask(program: Program) -> Ask:
        good = program.by_hmac("POST", "/tickle")
        changed = re.sub(old, new, good, count=1)
        assert changed != good
        return Ask(authorization=changed)

    return ask


def signature(change: Callable[[str], str]) -> Asking:
    """Return a request whose signature is changed, before it is percent-encoded."""

    def ask(program: Program) -> Ask:
        good = program.by_hmac("POST", "/tickle")
        fields = dict(re.findall(r'(\w+)="([^"]*)"', good))
        text = fields.pop("oauth_signature").replace("%2F", "/").replace("%2B", "+")
        del fields["realm"]
        return Ask(authorization=header(fields, change(text.replace("%3D", "="))))

    return ask


def lst(**changes: str | None) -> Asking:
    return lambda program: Ask(path=LST, authorization=program.for_live_session_token(**changes))


def by_rsa(path: str, given: dict[str, str | None], **how: Any) -> Asking:  # noqa: ANN401
    return lambda program: Ask(path=path, authorization=program.by_rsa(path, given, **how))


def challenged(number: int) -> dict[str, str | None]:
    return {"diffie_hellman_challenge": f"{number:x}"}


HEADERS: dict[str, tuple[Asking, Expected]] = {
    "a quote is missing": (
        edited(r'"2d9018307ff2c61b0f7d"', '"2d9018307ff2c61b0f7d'),
        INVALID_REQUEST,
    ),
    "no quotes": (edited(r'oauth_token="(\w+)"', r"oauth_token=\1"), INVALID_REQUEST),
    "a name twice": (edited(r"$", ', oauth_nonce="x"'), INVALID_REQUEST),
    "the realm twice": (edited(r"$", ', realm="limited_poa"'), INVALID_REQUEST),
    "an unknown name": (edited(r"$", ', oauth_body_hash="x"'), INVALID_REQUEST),
    "a comma at the end": (edited(r"$", ","), INVALID_REQUEST),
    "no parameters": (lambda _: Ask(authorization="OAuth "), INVALID_REQUEST),
    "rubbish": (lambda _: Ask(authorization="OAuth abc"), INVALID_REQUEST),
    "too long": (edited(r"$", f', a="{"x" * 9_000}"'), INVALID_REQUEST),
    "too many": (
        edited(r"$", "".join(f', a{number}="x"' for number in range(40))),
        INVALID_REQUEST,
    ),
    "an escape that is none": (edited(r'_nonce="\w+"', '_nonce="%ff%fe"'), INVALID_REQUEST),
    "letters that are not ASCII": (edited(r'_nonce="\w+"', '_nonce="\xfc"'), INVALID_REQUEST),
    "another version": (tickle(oauth_version="2.0"), INVALID_REQUEST),
    "no consumer key": (tickle(oauth_consumer_key=None), INVALID_REQUEST),
    "an empty consumer key": (tickle(oauth_consumer_key=""), INVALID_REQUEST),
    "no nonce": (tickle(oauth_nonce=None), INVALID_REQUEST),
    "no method": (tickle(oauth_signature_method=None), INVALID_REQUEST),
    "no timestamp": (tickle(oauth_timestamp=None), INVALID_REQUEST),
    "no token": (tickle(oauth_token=None), INVALID_REQUEST),
    "no signature": (edited(r'oauth_signature="[^"]*", ', ""), INVALID_REQUEST),
    "no challenge": (lst(diffie_hellman_challenge=None), INVALID_REQUEST),
    "no callback": (
        by_rsa("/oauth/request_token", {"oauth_token": None}),
        INVALID_REQUEST,
    ),
    "no verifier": (by_rsa("/oauth/access_token", {}), INVALID_REQUEST),
    "parameters in the query": (
        lambda program: Ask(
            path="/tickle?oauth_nonce=x", authorization=program.by_hmac("POST", "/tickle")
        ),
        INVALID_REQUEST,
    ),
    "parameters in a form": (
        lambda program: Ask(
            authorization=program.by_hmac("POST", "/tickle"),
            body=b"oauth_token=x",
            more={"content-type": "application/x-www-form-urlencoded"},
        ),
        INVALID_REQUEST,
    ),
}

PARTIES: dict[str, tuple[Asking, Expected]] = {
    "a consumer nobody knows": (tickle(oauth_consumer_key="NOBODYKEY"), INVALID_CONSUMER),
    "a consumer in lower case": (tickle(oauth_consumer_key="paperdesk"), INVALID_CONSUMER),
    "a consumer with a blank": (tickle(oauth_consumer_key=f"{KEY} "), INVALID_CONSUMER),
    "the realm of the test consumer": (edited("limited_poa", "test_realm"), INVALID_CONSUMER),
    "another realm": (edited("limited_poa", "somewhere"), INVALID_CONSUMER),
    "a token nobody knows": (tickle(oauth_token="0" * 20), INVALID_SIGNATURE),
    "a token of another consumer": (tickle(oauth_token=OTHER_TOKEN), INVALID_SIGNATURE),
    "a token in upper case": (tickle(oauth_token=TOKEN.upper()), INVALID_SIGNATURE),
    "a challenge with a token nobody knows": (lst(oauth_token="0" * 20), NO_SECRET),
    "a challenge with the token of another consumer": (lst(oauth_token=OTHER_TOKEN), NO_SECRET),
    "an access token where a request token belongs": (
        by_rsa("/oauth/access_token", {"oauth_verifier": "0" * 20}),
        INVALID_SIGNATURE,
    ),
    "another callback": (
        lambda program: Ask(
            path="/oauth/request_token",
            authorization=program.for_request_token("https://evil.example/cb"),
        ),
        INVALID_CONSUMER,
    ),
    "a callback with more": (
        lambda program: Ask(
            path="/oauth/request_token",
            authorization=program.for_request_token(f"{CALLBACK}&y=2"),
        ),
        INVALID_CONSUMER,
    ),
    "a callback without TLS": (
        lambda program: Ask(
            path="/oauth/request_token",
            authorization=program.for_request_token(CALLBACK.replace("https", "http")),
        ),
        INVALID_CONSUMER,
    ),
}

SIGNATURES: dict[str, tuple[Asking, Expected]] = {
    "RSA on a resource": (
        lambda program: Ask(authorization=program.by_rsa("/tickle", {})),
        INVALID_SIGNATURE,
    ),
    "HMAC for a live session token": (
        lambda program: Ask(
            path=LST,
            authorization=program.by_hmac("POST", LST, {"diffie_hellman_challenge": "5"}),
        ),
        INVALID_SIGNATURE,
    ),
    "PLAINTEXT": (tickle(oauth_signature_method="PLAINTEXT"), INVALID_SIGNATURE),
    "HMAC-SHA1": (tickle(oauth_signature_method="HMAC-SHA1"), INVALID_SIGNATURE),
    "a method in lower case": (tickle(oauth_signature_method="hmac-sha256"), INVALID_SIGNATURE),
    "none": (tickle(oauth_signature_method="none"), INVALID_SIGNATURE),
    "one bit": (
        signature(lambda text: ("B" if text[0] != "B" else "C") + text[1:]),
        INVALID_SIGNATURE,
    ),
    "cut off": (signature(lambda text: text[:-8]), INVALID_SIGNATURE),
    "in hex": (signature(lambda text: text.encode().hex()), INVALID_SIGNATURE),
    "no base64": (signature(lambda _: "!!!!"), INVALID_SIGNATURE),
    "bits to spare": (signature(lambda text: text[:-2] + "B="), INVALID_SIGNATURE),
    "for GET": (
        lambda program: Ask(authorization=program.by_hmac("GET", "/tickle")),
        INVALID_SIGNATURE,
    ),
    "for another path": (
        lambda program: Ask(authorization=program.by_hmac("POST", "/logout")),
        INVALID_SIGNATURE,
    ),
    "for another base": (
        lambda program: Ask(authorization=program.by_hmac("POST", "/tickle", base="/alpha/api")),
        INVALID_SIGNATURE,
    ),
    "for another host": (
        lambda program: Ask(
            authorization=Program(program.clock, "https://evil.example").by_hmac("POST", "/tickle")
        ),
        INVALID_SIGNATURE,
    ),
    "with no live session token": (
        lambda program: Ask(authorization=Program(program.clock).by_hmac("POST", "/tickle")),
        INVALID_SIGNATURE,
    ),
    "by the encryption key": (
        by_rsa(LST, challenged(5), prepend=Program(lambda: 0).secret.hex(), key=ENCRYPTION_KEY),
        INVALID_SIGNATURE,
    ),
    "without the prepend": (by_rsa(LST, challenged(5)), INVALID_SIGNATURE),
    "a prepend in upper case": (
        by_rsa(LST, challenged(5), prepend=Program(lambda: 0).secret.hex().upper()),
        INVALID_SIGNATURE,
    ),
    "a prepend where none belongs": (
        by_rsa(
            "/oauth/request_token",
            {"oauth_token": None, "oauth_callback": CALLBACK},
            prepend=Program(lambda: 0).secret.hex(),
        ),
        INVALID_SIGNATURE,
    ),
    "milliseconds": (tickle(oauth_timestamp="1788875891000"), INVALID_SIGNATURE),
    "nine digits": (tickle(oauth_timestamp="178887589"), INVALID_SIGNATURE),
    "a sign": (tickle(oauth_timestamp="+788875891"), INVALID_SIGNATURE),
    "a point": (tickle(oauth_timestamp="17888758.1"), INVALID_SIGNATURE),
    "301 seconds ago": (tickle(oauth_timestamp=str(1_788_875_891 - 301)), INVALID_SIGNATURE),
    "in 301 seconds": (tickle(oauth_timestamp=str(1_788_875_891 + 301)), INVALID_SIGNATURE),
    "a long nonce": (tickle(oauth_nonce="n" * 129), INVALID_SIGNATURE),
}

CHALLENGES: dict[str, tuple[Asking, Expected]] = {
    name: (lst(diffie_hellman_challenge=text), INVALID_SIGNATURE)
    for name, text in {
        "0": "0",
        "many zeros": "0" * 512,
        "1": "1",
        "1 with zeros": f"{1:0512x}",
        "p - 1": f"{PRIME - 1:x}",
        "p": f"{PRIME:x}",
        "p + 1": f"{PRIME + 1:x}",
        "2 p": f"{2 * PRIME:x}",
        "longer than the prime": "f" * 600,
        "a sign": "-5",
        "0x": "0x5",
        "no hex": "xyz",
        "blanks": "5 5",
    }.items()
}

ALL = {
    f"{kind}: {name}": row
    for kind, rows in (
        ("header", HEADERS),
        ("party", PARTIES),
        ("signature", SIGNATURES),
        ("challenge", CHALLENGES),
    )
    for name, row in rows.items()
}


@pytest.mark.parametrize(("asking", "expected"), ALL.values(), ids=ALL.keys())
def test_it_is_refused_and_leaves_nothing(
    tmp_path: Path, asking: Asking, expected: Expected
) -> None:
    async def story(rig: Outside) -> None:
        other = consumer(key=OTHER_KEY)
        register(rig.registrations, other, access_token(token=OTHER_TOKEN, consumer_key=OTHER_KEY))
        program = rig.program()
        await rig.shake_hands(program)
        before = (len(list(rig.callers.verifier.live)), len(rig.registrations.tokens))

        reply = await sent(rig, asking(program))

        matches(reply, expected)
        assert rig.sessions == []
        assert (len(list(rig.callers.verifier.live)), len(rig.registrations.tokens)) == before
        assert (await rig.call(program, "POST", "/tickle")).status == 200

    told(tmp_path, story)


def test_there_are_enough_of_them() -> None:
    assert len(ALL) >= 60


@pytest.mark.parametrize("standing", [Standing.DISABLED, Standing.REVOKED])
@pytest.mark.parametrize("of", ["consumer", "token"])
def test_what_is_no_longer_good_is_refused(tmp_path: Path, of: str, standing: Standing) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        row = consumer if of == "consumer" else access_token
        register(rig.registrations, row(standing=standing))

        resource = await rig.call(program, "POST", "/tickle")
        challenge = await sent(rig, lst()(program))

        expected = INVALID_CONSUMER if of == "consumer" else INVALID_SIGNATURE
        matches(resource, expected)
        matches(challenge, INVALID_CONSUMER if of == "consumer" else NO_SECRET)

    told(tmp_path, story)


def test_a_consumer_is_good_from_its_reset_on_by_desk_time(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        rig.desk.clock = Clock(mode=ClockMode.STEPPED)
        program = rig.program()
        register(rig.registrations, consumer(active_from=rig.desk.now + HOUR))

        matches(await sent(rig, lst()(program)), INVALID_CONSUMER)
        rig.wall.pass_(2 * 3_600)
        rig.desk.now += HOUR - 1
        matches(await sent(rig, lst()(program)), INVALID_CONSUMER)
        rig.desk.now += 1
        assert (await sent(rig, lst()(program))).status == 200

    told(tmp_path, story)


@pytest.mark.parametrize("what", ["unapproved", "denied", "wrong verifier", "another's"])
def test_a_request_token_that_is_not_good_is_refused(tmp_path: Path, what: str) -> None:
    async def story(rig: Outside) -> None:
        register(rig.registrations, consumer(key=OTHER_KEY))
        program = rig.program()
        asker = Program(program.clock, key=OTHER_KEY) if what == "another's" else program
        issued = await rig.signed("POST", "/oauth/request_token", asker.for_request_token())
        tokens = rig.callers.verifier.request_tokens
        token = tokens.find(issued.json["oauth_token"])
        assert token is not None
        verifier = "0" * 20
        if what == "denied":
            tokens.deny(token)
        elif what != "unapproved":
            right = tokens.approve(token, UserName("demo"), (AccountId("DU1234567"),))
            verifier = right if what == "another's" else verifier

        authorization = program.for_access_token(token.token, verifier)
        reply = await rig.signed("POST", "/oauth/access_token", authorization)

        matches(reply, INVALID_SIGNATURE)
        assert not token.is_used

    told(tmp_path, story)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"user-agent": None}, 403),
        ({"user-agent": ""}, 403),
        ({"user-agent": "  "}, 403),
        ({"host": "evil.example"}, 403),
        ({"host": "1.api.ibkr.com.evil.example"}, 403),
        ({"host": None}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"content-length": None}, 411),
        ({"transfer-encoding": "chunked"}, 411),
        ({"content-length": "2000000"}, 413),
        ({"content-length": "-1"}, 400),
    ],
)
@pytest.mark.parametrize("path", ["/tickle", LST])
def test_the_edge_refuses_before_anybody_looks_at_a_signature(
    tmp_path: Path, path: str, more: dict[str, str | None], status: int
) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        asking = lst() if path == LST else tickle()
        ask = asking(program)
        ask.more = more

        reply = await sent(rig, ask)

        assert reply.status == status
        assert reply.header("content-type") == "text/html; charset=utf-8"
        assert reply.body.startswith(b"<html>")
        ask.more = {}
        assert (await sent(rig, ask)).status == 200

    told(tmp_path, story)


def test_a_first_party_consumer_signs_resources(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        register(rig.registrations, consumer(FIRST_PARTY))
        program = rig.program()
        await rig.shake_hands(program)
        assert (await rig.call(program, "POST", "/tickle")).status == 200

    told(tmp_path, story)


def test_the_test_consumer_has_a_realm_of_its_own(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        tests = consumer(key="TESTCONS", realm="test_realm")
        register(rig.registrations, tests, access_token(token=OTHER_TOKEN, consumer_key="TESTCONS"))
        program = Program(rig.program().clock, key="TESTCONS", token=OTHER_TOKEN)
        limited = program.for_live_session_token()

        matches(await rig.signed("POST", LST, limited), INVALID_CONSUMER)
        right = limited.replace("limited_poa", "test_realm")
        assert (await rig.signed("POST", LST, right)).status == 200

    told(tmp_path, story)
