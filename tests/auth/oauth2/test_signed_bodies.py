import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from tests.oauth2 import (
    CLIENT_ID,
    COMPATIBLE,
    HEADER,
    HEADERS,
    NOW,
    OTHER_ID,
    SECOND,
    SIGNS,
    STRICT,
    VECTORS,
    client,
    hs256,
    rs256,
    text,
    token,
    unsigned,
)

from paperdesk.auth.oauth2 import signed_bodies
from paperdesk.auth.oauth2.rules import BodyMode, Rules
from paperdesk.auth.oauth2.signed_bodies import NotSigned, Signed

AT = NOW // SECOND
CLAIMS: dict[str, object] = {
    "credential": "sample01",
    "iss": CLIENT_ID,
    "iat": AT,
    "exp": AT + 1_000,
}
JWT_TYPE = "application/jwt"
STRICT_BODIES = msgspec.structs.replace(COMPATIBLE, bodies=BodyMode.STRICT)
UNSIGNED = msgspec.structs.replace(COMPATIBLE, bodies=BodyMode.UNSIGNED)


def body(**more: object) -> str:
    claims = {name: value for name, value in (CLAIMS | more).items() if value is not ...}
    return token(text(HEADER), text(claims), rs256())


def judged(
    sent: str | bytes, content_type: str = JWT_TYPE, rules: Rules = COMPATIBLE
) -> dict[str, Any] | str:
    """Return the fields of a body, or why there are none."""
    raw = sent.encode() if isinstance(sent, str) else sent
    verdict = signed_bodies.judge(raw, content_type, client(), rules, NOW)
    return verdict.fields if isinstance(verdict, Signed) else verdict.reason


@pytest.mark.parametrize("vector", VECTORS["signed_bodies"].values(), ids=VECTORS["signed_bodies"])
def test_what_clients_send_is_taken_without_the_tokens_own_claims(vector: dict[str, Any]) -> None:
    fields = judged(vector["body"], vector["content_type"])

    own = {"iss", "iat", "exp"}
    wanted = {name: value for name, value in vector["claims"].items() if name not in own}
    assert json.loads(json.dumps(fields, default=float)) == wanted


@pytest.mark.parametrize(
    "vector",
    [one for one in VECTORS["signed_bodies_rejected"] if one["expect_detail"]],
    ids=lambda one: one["why"],
)
def test_what_is_not_signed_as_it_should_be_is_refused(vector: dict[str, Any]) -> None:
    assert isinstance(judged(vector["body"], vector["content_type"]), str)


def test_money_keeps_its_digits() -> None:
    payload = text(CLAIMS)[:-1] + b',"amount":123.450}'

    fields = judged(token(text(HEADER), payload, rs256()))

    assert isinstance(fields, dict)
    assert fields["amount"] == Decimal("123.450")
    assert str(fields["amount"]) == "123.450"


def test_the_smallest_body_names_its_issuer() -> None:
    smallest = token(text(HEADER), text({"iss": CLIENT_ID}), rs256())

    assert judged(smallest) == {}


def test_every_claim_of_the_token_itself_is_taken_away() -> None:
    assert judged(body(nbf=AT, jti="x", aud="y", sub="z")) == {"credential": "sample01"}


@pytest.mark.parametrize("algorithm", ["PS256", "ES256"])
def test_either_newer_algorithm_signs_a_body(algorithm: str) -> None:
    sent = token(text(HEADERS[algorithm]), text(CLAIMS), SIGNS[algorithm])

    assert judged(sent, rules=STRICT) == {"credential": "sample01"}


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json", JWT_TYPE])
def test_the_compatible_mode_looks_at_the_body_itself(content_type: str) -> None:
    assert judged(f"{body()}\r\n", content_type) == {"credential": "sample01"}


@pytest.mark.parametrize("content_type", [JWT_TYPE, "Application/JWT; charset=utf-8"])
def test_the_strict_mode_wants_the_content_type(content_type: str) -> None:
    assert judged(body(), content_type, STRICT_BODIES) == {"credential": "sample01"}
    assert "text/plain" in judged(body(), "text/plain", STRICT_BODIES)
    assert isinstance(judged(f"{body()}\n", content_type, STRICT_BODIES), str)


def test_plain_json_is_let_through_where_that_was_asked_for() -> None:
    plain = b'{"credential":"sample01","iss":"whoever"}'

    verdict = signed_bodies.judge(plain, "application/json", client(), UNSIGNED, NOW)

    assert verdict == Signed({"credential": "sample01"}, is_unsigned=True)
    assert judged(body(), rules=UNSIGNED) == {"credential": "sample01"}
    assert judged(b"[1]", rules=UNSIGNED) == "the body is no JSON object"
    assert "twice" in judged(b'{"a":1,"a":2}', rules=UNSIGNED)
    assert "iss is not" in judged(body(iss=OTHER_ID), rules=UNSIGNED)


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "nothing": (b"", "segments"),
    "plain JSON": (b'{"credential":"sample01"}', "segments"),
    "a JWS in quotes": (f'"{body()}"', "base64url"),
    "no issuer": (body(iss=...), "iss is not"),
    "another issuer": (body(iss=OTHER_ID), "iss is not"),
    "an issuer of another kind": (body(iss=[CLIENT_ID]), "iss is not"),
    "expired": (body(exp=AT - 5), "exp is over"),
    "issued tomorrow": (body(iat=AT + 11), "in the future"),
    "not before tomorrow": (body(nbf=AT + 11), "in the future"),
    "exp of text": (body(exp="soon"), "exp is not a number"),
    "unsigned": (token(text(HEADER | {"alg": "none"}), text(CLAIMS), unsigned), "alg is 'none'"),
    "by HMAC": (
        token(text(HEADER | {"alg": "HS256"}), text(CLAIMS), hs256(b"x")),
        "alg is 'HS256'",
    ),
    "by another": (token(text(HEADER), text(CLAIMS), rs256("evil")), "not made with"),
    "a foreign key": (
        token(text(HEADER | {"kid": "theirs"}), text(CLAIMS), rs256("theirs")),
        "has no key",
    ),
    "crit": (token(text(HEADER | {"crit": ["x"]}), text(CLAIMS), rs256()), "crit"),
    "an access token": (token(text(HEADER | {"typ": "at+jwt"}), text(CLAIMS), rs256()), "typ"),
    "an assertion by type": (
        token(text(HEADER | {"typ": "client-authentication+jwt"}), text(CLAIMS), rs256()),
        "typ",
    ),
    "not ASCII": (body().encode() + b"\xe4", "ASCII"),
    "claims that are not ASCII": (
        token(text(HEADER), text(CLAIMS)[:-1] + '"x":"ä"}'.encode(), rs256()),
        "claims",
    ),
    "two credentials": (
        token(text(HEADER), text(CLAIMS)[:-1] + b',"credential":"x"}', rs256()),
        "twice",
    ),
    "65 levels": (
        token(text(HEADER), text(CLAIMS)[:-1] + b',"x":' + b"[" * 64 + b"]" * 64 + b"}", rs256()),
        "levels",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_body_is_refused(name: str) -> None:
    sent, reason = REFUSED[name]

    refused = judged(sent)

    assert isinstance(refused, str)
    assert reason in refused


def test_the_strict_profile_takes_no_older_algorithm() -> None:
    assert "strict profile" in judged(body(), rules=STRICT)


def test_a_body_has_an_end() -> None:
    verdict = signed_bodies.judge(b"a" * 20_000_001, JWT_TYPE, client(), COMPATIBLE, NOW)

    assert isinstance(verdict, NotSigned)
    assert "20000000" in verdict.reason
