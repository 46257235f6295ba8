import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from tests.firm import TOKEN, Firm, form, told
from tests.forgeries import FORGERIES
from tests.oauth2 import (
    COMPATIBLE,
    NOW,
    OTHER_ID,
    SECOND,
    STRICT,
    VECTORS,
    assertion,
    rs256,
    rsa_key,
    said,
    strict_assertion,
    token,
)
from tests.serving import Reply

from paperdesk.auth.oauth2 import keys, signatures
from paperdesk.auth.oauth2.authorization import OAuth2Settings
from paperdesk.auth.oauth2.rules import Rules
from paperdesk.server.token_store import public

STRICTLY = OAuth2Settings(rules=STRICT)
EXPLAINED = OAuth2Settings(rules=COMPATIBLE, is_explained=True)
GATEWAY = "/gw/api/v1"


def error(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json["error"]


def test_the_request_of_the_vectors_is_answered_as_documented(tmp_path: Path) -> None:
    request = VECTORS["token_request"]

    async def story(firm: Firm) -> Reply:
        return await firm.ask(
            "POST", request["path"], request["body"].encode(), content_type=request["content_type"]
        )

    reply = told(tmp_path, story)

    assert reply.status == 200
    assert reply.header("content-type") == "application/json"
    assert "no-store" in str(reply.header("cache-control"))
    assert reply.header("pragma") == "no-cache"
    assert set(reply.json) == {"access_token", "token_type", "scope", "expires_in"}
    assert reply.json["token_type"] == "Bearer"
    assert reply.json["expires_in"] == 86_399
    assert reply.json["scope"] == "sso-sessions.write echo.read echo.write"


def test_every_accepted_assertion_of_the_vectors_is_accepted(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[int]:
        statuses = []
        for vector in VECTORS["assertions_accepted"]:
            firm.rig.wall.now = vector["verify_at"] * SECOND
            statuses.append((await firm.post(form(vector["client_assertion"]))).status)
        return statuses

    assert told(tmp_path, story) == [200] * len(VECTORS["assertions_accepted"])


@pytest.mark.parametrize("settings", [None, STRICTLY], ids=["compatible", "strict"])
def test_every_rejected_assertion_of_the_vectors_is_rejected(
    tmp_path: Path, settings: OAuth2Settings | None
) -> None:
    async def story(firm: Firm) -> list[tuple[str, int, str]]:
        wrong = []
        for vector in VECTORS["assertions_rejected"]:
            firm.rig.wall.now = vector["verify_at"] * SECOND
            reply = await firm.post(form(vector["client_assertion"]))
            wanted = (vector["expect_status"], vector["expect_error"])
            if vector["only_in_strict_mode"] and settings is None:
                wanted = (200, "")
            if (reply.status, reply.json.get("error", "")) != wanted:
                wrong.append((vector["why"], reply.status, str(reply.json)))
        return wrong

    assert told(tmp_path, story, settings) == []


def test_every_form_of_the_vectors_has_its_answer(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[tuple[int, str | None]]:
        replies = [await firm.post(one["body"].encode()) for one in VECTORS["token_request_forms"]]
        return [(reply.status, reply.json.get("error")) for reply in replies]

    assert told(tmp_path, story) == [
        (one["expect_status"], one["expect_error"]) for one in VECTORS["token_request_forms"]
    ]


@pytest.mark.parametrize("is_strict", [False, True], ids=["compatible", "strict"])
def test_no_forgery_gets_a_token(tmp_path: Path, is_strict: bool) -> None:
    forgeries = [one for one in FORGERIES if one.is_strict == is_strict]

    async def story(firm: Firm) -> list[str]:
        wrong = []
        for forgery in forgeries:
            reply = await firm.post(form(forgery.assertion))
            # A form of 64 KiB and more is refused before the assertion in it is looked at.
            if reply.status != 400 or reply.json["error"] not in {
                "invalid_client",
                "invalid_request",
            }:
                wrong.append(f"{forgery.name}: {reply.status} {reply.body!r}")
        return wrong

    assert len(forgeries) >= (9 if is_strict else 250)
    assert told(tmp_path, story, STRICTLY if is_strict else None) == []


METHODS = {"GET": 405, "PUT": 405, "DELETE": 405, "PATCH": 405, "HEAD": 405}


@pytest.mark.parametrize("method", METHODS)
def test_only_post_asks_for_a_token(tmp_path: Path, method: str) -> None:
    async def story(firm: Firm) -> Reply:
        return await firm.ask(method, TOKEN, content_length="0")

    reply = told(tmp_path, story)

    assert error(reply) == (METHODS[method], "invalid_request")
    assert reply.header("allow") == "POST"


HEADERS: dict[str, tuple[dict[str, str | None], tuple[int, str]]] = {
    "JSON": ({"content_type": "application/json"}, (415, "invalid_request")),
    "no content type": ({"content_type": None}, (415, "invalid_request")),
    "multipart": ({"content_type": "multipart/form-data; boundary=x"}, (415, "invalid_request")),
    "Basic beside": ({"authorization": "Basic eDp5"}, (400, "invalid_request")),
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_that_are_refused(tmp_path: Path, name: str) -> None:
    headers, wanted = HEADERS[name]

    async def story(firm: Firm) -> Reply:
        return await firm.post(form(assertion()), **headers)

    assert error(told(tmp_path, story)) == wanted


def test_a_password_alone_is_challenged(tmp_path: Path) -> None:
    async def story(firm: Firm) -> Reply:
        body = urlencode({"grant_type": "client_credentials"}).encode()
        return await firm.post(body, authorization="Basic eDp5")

    reply = told(tmp_path, story)

    assert error(reply) == (401, "invalid_client")
    assert str(reply.header("www-authenticate")).startswith("Basic ")


def test_a_bearer_token_left_over_does_no_harm(tmp_path: Path) -> None:
    async def story(firm: Firm) -> Reply:
        return await firm.post(form(assertion()), authorization="Bearer x")

    assert told(tmp_path, story).status == 200


def test_bodies_are_limited(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[int]:
        large = form(assertion()) + b"&x=" + b"y" * 70_000
        absurd = await firm.post(b"x", content_length="30000000")
        return [(await firm.post(large)).status, absurd.status]

    assert told(tmp_path, story) == [400, 413]


def test_a_program_without_a_name_is_turned_away_at_the_edge(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[int]:
        nameless = await firm.post(form(assertion()), user_agent=None)
        renamed = await firm.post(form(assertion()), host="evil.example")
        return [nameless.status, renamed.status]

    assert told(tmp_path, story) == [403, 403]


@pytest.mark.parametrize("settings", [None, STRICTLY], ids=["compatible", "strict"])
def test_of_sixteen_that_race_one_wins(tmp_path: Path, settings: OAuth2Settings | None) -> None:
    body = form(assertion(said(jti="once")) if settings is None else strict_assertion())

    async def story(firm: Firm) -> list[tuple[int, str]]:
        replies = await asyncio.gather(*(firm.post(body) for _ in range(16)))
        return [(reply.status, reply.json.get("error_description", "")) for reply in replies]

    answers = told(tmp_path, story, settings)

    assert sorted(answers) == [(200, "")] + [(400, "assertion was used before")] * 15


def test_assertions_without_an_id_may_race(tmp_path: Path) -> None:
    async def story(firm: Firm) -> set[str]:
        replies = await asyncio.gather(*(firm.post(form(assertion())) for _ in range(16)))
        return {reply.json["access_token"] for reply in replies}

    assert len(told(tmp_path, story)) == 16


def test_bytes_race_too_where_they_are_taken_once(tmp_path: Path) -> None:
    settings = OAuth2Settings(rules=Rules(issuers=COMPATIBLE.issuers, bytes_once=True))

    async def story(firm: Firm) -> list[int]:
        replies = await asyncio.gather(*(firm.post(form(assertion())) for _ in range(16)))
        return sorted(reply.status for reply in replies)

    assert told(tmp_path, story, settings) == [200] + [400] * 15


def test_a_retired_key_gets_no_token_and_the_tokens_it_got_stay_good(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[int]:
        good = await firm.granted("echo.read")
        (first, *others) = firm.client.keys
        firm.client.keys = (msgspec.structs.replace(first, retire_at=NOW), *others)
        return [
            (await firm.post(form(assertion()))).status,
            (await firm.call("/echo/https", good)).status,
        ]

    assert told(tmp_path, story) == [400, 200]


@pytest.mark.parametrize("is_explained", [False, True])
def test_the_reason_is_told_where_it_was_asked_for(tmp_path: Path, is_explained: bool) -> None:
    forged = form(assertion(said(iss="no\nbody\u00e4", sub="no\nbody\u00e4")))

    async def story(firm: Firm) -> Reply:
        return await firm.post(forged)

    reply = told(tmp_path, story, EXPLAINED if is_explained else None)
    reason = reply.header("x-paperdesk-reason")

    assert reply.json["error_description"] == "client authentication failed"
    if is_explained:
        assert reason == "client-unknown: there is no client 'no\\nbody\\xe4'"
    else:
        assert reason is None


def test_a_client_from_elsewhere_gets_403(tmp_path: Path) -> None:
    async def story(firm: Firm) -> tuple[Reply, Reply]:
        good = await firm.granted()
        firm.client.networks = ("203.0.113.0/24",)
        return await firm.post(form(assertion())), await firm.call("/echo/https", good)

    asked, called = told(tmp_path, story)

    assert error(asked) == (403, "invalid_client")
    assert called.status == 403
    assert called.json["title"] == "Forbidden"


def test_the_keys_that_are_shown_check_the_tokens_that_are_given(tmp_path: Path) -> None:
    async def story(firm: Firm) -> tuple[str, Reply]:
        return await firm.granted(), await firm.ask("GET", "/oauth2/api/v1/jwks")

    given, shown = told(tmp_path, story)
    (jwk,) = shown.json["keys"]
    (key,) = keys.read(json.dumps(jwk))
    part, _, signature = given.rpartition(".")

    assert set(jwk) == {"kty", "n", "e", "use", "kid", "alg"}
    assert len(jwk["kid"]) == 40
    assert key.kid == public(rsa_key("server")).kid
    raw = rs256("server")(part.encode())
    assert signatures.is_good(part.encode(), raw, "RS256", key.pem)
    assert token(b"", b"", lambda _: raw).rpartition(".")[2] == signature


@pytest.mark.parametrize("settings", [None, STRICTLY], ids=["compatible", "strict"])
def test_metadata_says_where_everything_is(tmp_path: Path, settings: OAuth2Settings | None) -> None:
    async def story(firm: Firm) -> Any:  # noqa: ANN401 - JSON
        reply = await firm.ask("GET", "/.well-known/oauth-authorization-server")
        document = reply.json
        paths = [document[one] for one in ("token_endpoint", "jwks_uri", "revocation_endpoint")]
        asked = [await firm.ask("GET", path.removeprefix(document["issuer"])) for path in paths]
        return document, [reply.status for reply in asked]

    document, statuses = told(tmp_path, story, settings)

    assert statuses == [405, 200, 405]
    assert document["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert document["response_types_supported"] == []
    assert ("RS256" in document["token_endpoint_auth_signing_alg_values_supported"]) == (
        settings is None
    )
    assert "echo.read" in document["scopes_supported"]


def test_a_client_revokes_its_own_tokens(tmp_path: Path) -> None:
    path = f"{TOKEN}/revoke"

    async def story(firm: Firm) -> list[int]:
        access, bearer = await firm.granted(), await firm.bearer()
        before = await firm.call("/echo/https", access), await firm.trade("GET", "/tickle", bearer)
        shown = [access, bearer, "unknown", "", access]
        headers = {"content_type": "application/x-www-form-urlencoded"}
        gone = [
            await firm.ask("POST", path, form(assertion(), token=one), **headers) for one in shown
        ]
        after = await firm.call("/echo/https", access), await firm.trade("GET", "/tickle", bearer)
        return [reply.status for reply in (*before, *gone, *after)]

    assert told(tmp_path, story) == [200, 200, 200, 200, 200, 200, 200, 401, 401]


def test_nobody_revokes_the_tokens_of_others(tmp_path: Path) -> None:
    theirs = said(iss=OTHER_ID, sub=OTHER_ID)
    header = {"alg": "RS256", "kid": "theirs"}

    async def story(firm: Firm) -> list[int]:
        access, bearer = await firm.granted(), await firm.bearer()
        shown = assertion(theirs, header, rs256("theirs"))
        headers = {"content_type": "application/x-www-form-urlencoded"}
        tried = [
            await firm.ask("POST", f"{TOKEN}/revoke", form(shown, token=one), **headers)
            for one in (access, bearer)
        ]
        unknown = await firm.ask("POST", f"{TOKEN}/revoke", b"token=" + access.encode(), **headers)
        still = await firm.call("/echo/https", access), await firm.trade("GET", "/tickle", bearer)
        return [reply.status for reply in (*tried, unknown, *still)]

    assert told(tmp_path, story) == [200, 200, 400, 200, 200]
