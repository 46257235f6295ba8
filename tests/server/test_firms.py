from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.firm import Firm, form, told
from tests.oauth2 import (
    CLIENT_ID,
    COMPATIBLE,
    ISSUER,
    NOW,
    OTHER_ID,
    SECOND,
    STRICT,
    VECTORS,
    assertion,
    rs256,
    said,
)
from tests.serving import Reply

from paperdesk.auth.oauth2.authorization import OAuth2Settings
from paperdesk.auth.oauth2.rules import BodyMode, Rules
from paperdesk.auth.registrations import Standing

STRICTLY = OAuth2Settings(rules=STRICT)
EXPLAINED = OAuth2Settings(rules=COMPATIBLE, is_explained=True)
GATEWAY = "/gw/api/v1"


def error(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json["error"]


def test_echo_tells_what_was_asked(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[Any]:
        access = await firm.granted()
        got = await firm.call("/echo/https?Name=a%20b&name=&Name=c", access)
        posted = await firm.call("/echo/signed-jwt", access, {"secret": "x"})
        return [got.json, posted.json]

    assert told(tmp_path, story) == [
        {
            "requestMethod": "GET",
            "securityPolicy": "HTTPS",
            "queryParameters": {"Name": "c", "name": ""},
        },
        {"requestMethod": "POST", "securityPolicy": "SIGNED_JWT", "queryParameters": {}},
    ]


BY_A_CLIENT = assertion(header={"alg": "RS256", "typ": "at+jwt", "kid": "main"})
AUTHORIZATIONS: dict[str, tuple[str | None, str]] = {
    "nothing": (None, "Bearer"),
    "Basic": ("Basic eDp5", "Bearer"),
    "no token": ("Bearer", 'Bearer error="invalid_token"'),
    "a word": ("Bearer x", 'Bearer error="invalid_token"'),
    "an assertion": (f"Bearer {assertion()}", 'Bearer error="invalid_token"'),
    "by a client": (f"Bearer {BY_A_CLIENT}", 'Bearer error="invalid_token"'),
    "long": (f"Bearer {'x' * 9_000}", 'Bearer error="invalid_token"'),
}


@pytest.mark.parametrize("name", AUTHORIZATIONS)
def test_what_is_no_access_token_opens_nothing(tmp_path: Path, name: str) -> None:
    shown, challenge = AUTHORIZATIONS[name]

    async def story(firm: Firm) -> Reply:
        return await firm.ask("GET", f"{GATEWAY}/echo/https", authorization=shown)

    reply = told(tmp_path, story)

    assert reply.status == 401
    assert reply.header("www-authenticate") == challenge
    assert reply.header("content-type") == "application/problem+json"
    assert reply.json == {
        "type": "/simple",
        "title": "Unauthorized",
        "status": 401,
        "detail": "The access token request is invalid",
    }


def test_a_token_in_the_query_is_not_looked_at(tmp_path: Path) -> None:
    async def story(firm: Firm) -> int:
        access = await firm.granted()
        return (await firm.ask("GET", f"{GATEWAY}/echo/https?access_token={access}")).status

    assert told(tmp_path, story) == 401


def test_the_scheme_is_read_in_any_case(tmp_path: Path) -> None:
    async def story(firm: Firm) -> int:
        shown = f"bEARER {await firm.granted()}"
        return (await firm.ask("GET", f"{GATEWAY}/echo/https", authorization=shown)).status

    assert told(tmp_path, story) == 200


def test_an_expired_token_is_told_apart(tmp_path: Path) -> None:
    async def story(firm: Firm) -> Reply:
        access = await firm.granted()
        firm.rig.wall.pass_(86_400)
        return await firm.call("/echo/https", access)

    reply = told(tmp_path, story)

    assert (reply.status, reply.json["detail"]) == (401, "Access token expired")
    assert "error_description" in str(reply.header("www-authenticate"))


def test_a_token_without_the_scope_is_told_which(tmp_path: Path) -> None:
    async def story(firm: Firm) -> Reply:
        return await firm.call("/sso-sessions", await firm.granted("echo.read"), {})

    reply = told(tmp_path, story)

    assert (reply.status, reply.json["title"]) == (403, "Forbidden")
    challenge = 'Bearer error="insufficient_scope", scope="sso-sessions.write"'
    assert reply.header("www-authenticate") == challenge


@pytest.mark.parametrize("standing", [Standing.DISABLED, Standing.REVOKED, None])
def test_tokens_of_a_client_that_is_no_more_open_nothing(
    tmp_path: Path, standing: Standing | None
) -> None:
    async def story(firm: Firm) -> int:
        access = await firm.granted()
        if standing is None:
            del firm.registrations.clients[CLIENT_ID]
        else:
            firm.client.standing = standing
        return (await firm.call("/echo/https", access)).status

    assert told(tmp_path, story) == 401


@pytest.mark.parametrize(("later", "status"), [(0, 200), (1, 401)])
def test_who_gets_the_id_of_a_client_that_was_deleted_does_not_get_its_tokens(
    tmp_path: Path, later: int, status: int
) -> None:
    async def story(firm: Firm) -> int:
        access = await firm.granted()
        firm.client.registered_at = firm.rig.wall.now + later * SECOND
        return (await firm.call("/echo/https", access)).status

    assert told(tmp_path, story) == status


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/gw/api/v1/nowhere", 404),
        ("GET", "/gw/api/v2/echo/https", 404),
        ("POST", "/gw/api/v1/echo/https", 405),
        ("GET", "/gw/api/v1/echo/signed-jwt", 405),
        ("GET", "/gw/api/v1/sso-sessions", 405),
        ("GET", "/oauth2/api/v1/nowhere", 404),
        ("GET", "/.well-known/openid-configuration", 404),
    ],
)
def test_what_is_not_there_is_said_as_a_problem(
    tmp_path: Path, method: str, path: str, status: int
) -> None:
    async def story(firm: Firm) -> Reply:
        return await firm.ask(method, path, content_length="0")

    reply = told(tmp_path, story)

    assert reply.status == status
    assert reply.json["status"] == status


@pytest.mark.parametrize("name", VECTORS["signed_bodies"])
def test_signed_bodies_of_the_vectors(tmp_path: Path, name: str) -> None:
    vector = VECTORS["signed_bodies"][name]

    async def story(firm: Firm) -> int:
        authorization = f"Bearer {await firm.granted()}"
        reply = await firm.ask(
            "POST",
            vector["path"],
            vector["body"].encode(),
            content_type=vector["content_type"],
            authorization=authorization,
        )
        return reply.status

    # Money is moved elsewhere; what there is not cannot be signed for.
    assert told(tmp_path, story) == (404 if "transfer" in name else 200)


@pytest.mark.parametrize("vector", VECTORS["signed_bodies_rejected"], ids=lambda one: one["why"])
def test_rejected_bodies_of_the_vectors(tmp_path: Path, vector: dict[str, Any]) -> None:
    async def story(firm: Firm) -> Reply:
        return await firm.ask(
            "POST",
            f"{GATEWAY}/sso-sessions",
            vector["body"].encode(),
            content_type=vector["content_type"],
            authorization=f"Bearer {await firm.granted()}",
        )

    reply = told(tmp_path, story)

    assert reply.status == vector["expect_status"]
    if vector["expect_detail"] is not None:
        assert reply.json["detail"] == vector["expect_detail"]


def test_a_body_signed_by_one_client_is_refused_with_the_token_of_another(tmp_path: Path) -> None:
    theirs = assertion(
        said(iss=OTHER_ID, sub=OTHER_ID), {"alg": "RS256", "kid": "theirs"}, rs256("theirs")
    )

    async def story(firm: Firm) -> int:
        access = (await firm.post(form(theirs))).json["access_token"]
        return (await firm.call("/echo/signed-jwt", access, {})).status

    assert told(tmp_path, story) == 400


def test_plain_json_is_let_through_with_a_word_where_that_was_asked_for(tmp_path: Path) -> None:
    rules = msgspec.structs.replace(COMPATIBLE, bodies=BodyMode.UNSIGNED)

    async def story(firm: Firm) -> Reply:
        return await firm.ask(
            "POST",
            f"{GATEWAY}/echo/signed-jwt",
            b"{}",
            content_type="application/json",
            authorization=f"Bearer {await firm.granted()}",
        )

    plain = told(tmp_path, story, OAuth2Settings(rules=rules))

    assert plain.status == 200
    assert "not signed" in str(plain.header("x-paperdesk-hint"))


def test_a_large_body_is_read_as_well(tmp_path: Path) -> None:
    async def story(firm: Firm) -> int:
        access = await firm.granted()
        return (await firm.call("/echo/signed-jwt", access, {"document": "A" * 500_000})).status

    assert told(tmp_path, story) == 200


def test_a_body_has_an_end_and_is_refused_before_it_is_read(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[int]:
        headers = {"authorization": f"Bearer {await firm.granted()}", "content_type": "text/plain"}
        path = f"{GATEWAY}/echo/signed-jwt"
        return [
            (await firm.ask("POST", path, b"x", content_length="20000001", **headers)).status,
            (await firm.ask("POST", path, b"x", content_length="20000000", **headers)).status,
            (await firm.ask("POST", path, b"x", content_length="20000000")).status,
        ]

    assert told(tmp_path, story) == [413, 400, 401]


def test_none_of_it_is_on_the_gateways_face(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[int]:
        firm.rig.application.face = msgspec.structs.replace(
            firm.rig.application.face, is_hosted=False, roots=()
        )
        return [
            (await firm.post(form(assertion()))).status,
            (await firm.ask("GET", f"{GATEWAY}/echo/https")).status,
        ]

    assert told(tmp_path, story) == [404, 404]


def test_a_failure_of_ours_shows_nothing_of_its_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(firm: Firm) -> Reply:
        firm.tokens.authorization.access.verified("", NOW)
        monkeypatch.setattr(firm.tokens, "issued", None)
        return await firm.post(form(assertion()))

    reply = told(tmp_path, story)

    assert reply.json == {"type": "/simple", "title": "Internal Server Error", "status": 500}
    assert "failed" in caplog.text


def test_where_too_many_wait_the_next_is_sent_away_with_its_assertion_unused(
    tmp_path: Path,
) -> None:
    body = form(assertion(said(jti="one")))

    async def story(firm: Firm) -> list[int]:
        firm.tokens._waiting = 256
        busy = await firm.post(body)
        firm.tokens._waiting = 0
        return [busy.status, (await firm.post(body)).status]

    assert told(tmp_path, story) == [503, 200]


def test_the_audience_may_be_this_very_server(tmp_path: Path) -> None:
    settings = OAuth2Settings(rules=Rules(issuers=("https://desk.example:5001", ISSUER)))

    async def story(firm: Firm) -> int:
        shown = assertion(said(aud="https://desk.example:5001/oauth2/api/v1/token"))
        return (await firm.post(form(shown))).status

    assert told(tmp_path, story, settings) == 200
