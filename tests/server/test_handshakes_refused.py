"""What OAuth 1.0a must not let in, over HTTP: status and body of each, and nothing changed."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.outside import Outside, told
from tests.programs import (
    CALLBACK,
    ENCRYPTION_KEY,
    KEY,
    PRIME,
    TOKEN,
    Program,
    access_token,
    consumer,
    header,
    register,
)
from tests.refusing import (
    INVALID_CONSUMER,
    INVALID_REQUEST,
    INVALID_SIGNATURE,
    LST,
    NO_SECRET,
    OTHER_KEY,
    OTHER_TOKEN,
    Ask,
    Expected,
    matches,
    sent,
)

Asking = Callable[[Program], Ask]


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
