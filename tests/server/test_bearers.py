import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from tests.firm import SAMPLE, Firm, told
from tests.oauth2 import COMPATIBLE, SECOND, assertion
from tests.serving import Reply, served
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from paperdesk.auth.oauth2.authorization import OAuth2Settings
from paperdesk.auth.pacing.settings import Mode, PacingSettings
from paperdesk.server import bearers
from paperdesk.server.requests import Request, read

ENFORCED = OAuth2Settings(rules=COMPATIBLE, enforces_addresses=True)


def test_a_bearer_token_goes_all_the_way_to_a_brokerage_session(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[Any]:
        bearer = await firm.bearer()
        validated = await firm.trade("GET", "/sso/validate", bearer)
        tickled = await firm.trade("GET", "/tickle", bearer)
        early = await firm.trade("GET", "/iserver/accounts", bearer)
        begun = await firm.trade("POST", "/iserver/auth/ssodh/init", bearer)
        firm.rig.wall.pass_(3)
        status = await firm.trade("POST", "/iserver/auth/status", bearer)
        session = firm.rig.premises.roster.find(tickled.json["session"])
        assert session is not None
        return [
            validated.json["USER_NAME"],
            validated.json["IP"],
            early.status,
            begun.status,
            status.json["established"],
            session.credential,
            session.face,
            session.user_name,
        ]

    assert told(tmp_path, story) == [
        "sample01",
        "127.0.0.1",
        400,
        200,
        True,
        "oauth2 PaperdeskTest-Client",
        "hosted",
        "sample01",
    ]


def test_each_token_is_a_session_of_its_own(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[int]:
        first, second = await firm.bearer(), await firm.bearer()
        assert len(firm.rig.premises.roster.by_id) == 2
        out = await firm.trade("POST", "/logout", first)
        return [
            out.status,
            (await firm.trade("GET", "/tickle", first)).status,
            (await firm.trade("GET", "/tickle", second)).status,
        ]

    assert told(tmp_path, story) == [200, 401, 200]


def test_the_access_token_outlives_a_logout(tmp_path: Path) -> None:
    async def story(firm: Firm) -> int:
        access = await firm.granted()
        await firm.trade("POST", "/logout", await firm.bearer())
        return (await firm.call("/echo/https", access)).status

    assert told(tmp_path, story) == 200


def test_a_session_that_nobody_uses_ends_with_its_token(tmp_path: Path) -> None:
    async def story(firm: Firm) -> Reply:
        bearer = await firm.bearer()
        firm.rig.wall.pass_(361)
        return await firm.trade("GET", "/tickle", bearer)

    reply = told(tmp_path, story)

    assert reply.status == 401
    assert reply.header("www-authenticate") == 'Bearer error="invalid_token"'
    assert reply.json == {"error": "not authenticated", "statusCode": 401}


@pytest.mark.parametrize("path", ["/tickle", "/sso/validate", "/iserver/accounts", "/portfolio/x"])
def test_neither_token_opens_what_the_other_one_does(tmp_path: Path, path: str) -> None:
    async def story(firm: Firm) -> list[int]:
        access, bearer = await firm.granted(), await firm.bearer()
        return [
            (await firm.trade("GET", path, access)).status,
            (await firm.call("/echo/https", bearer)).status,
        ]

    assert told(tmp_path, story) == [401, 401]


@pytest.mark.parametrize("shown", ["", "x", "a.b.c", assertion(), "x" * 9_000])
def test_what_is_no_bearer_token_opens_nothing(tmp_path: Path, shown: str) -> None:
    async def story(firm: Firm) -> int:
        return (await firm.trade("GET", "/tickle", shown)).status

    assert told(tmp_path, story) == 401


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path",
    ["/gw/api/v1/echo/https", "/gw/api/v1/echo/signed-jwt", "/gw/api/v1/sso-sessions",
     "/oauth2/api/v1/token", "/oauth2/api/v1/jwks", "/.well-known/oauth-authorization-server"],
)  # fmt: skip
def test_no_token_of_a_session_opens_what_firms_ask(tmp_path: Path, method: str, path: str) -> None:
    async def story(firm: Firm) -> Reply:
        return await firm.trade(method, path, await firm.bearer())

    assert told(tmp_path, story).status == 404


def test_a_request_too_many_keeps_no_session_alive(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[int]:
        bearer = await firm.bearer()
        firm.rig.premises.pacer.change(PacingSettings(mode=Mode.LENIENT))
        turnstile, found = firm.rig.application.turnstile, []
        for seconds in (300, 61):
            firm.rig.wall.pass_(seconds)
            for _ in range(60):
                # Nothing is left for what comes now.
                turnstile.counted(SAMPLE.user_name, "127.0.0.1", firm.rig.wall.now)
            found.append((await firm.trade("GET", "/tickle", bearer)).status)
        return found

    assert told(tmp_path, story) == [429, 401]


@pytest.mark.parametrize("scheme", ["Bearerx", "Bearer-", "bearer,"])
def test_another_scheme_is_no_bearers(tmp_path: Path, scheme: str) -> None:
    async def story(firm: Firm) -> int:
        headers: dict[str, str | None] = {
            "user-agent": "firm/1.0",
            "authorization": f"{scheme} {await firm.bearer()}",
        }
        return (await firm.rig.ask("GET", "/tickle", headers=headers)).status

    assert told(tmp_path, story) == 401


def test_a_token_that_was_tampered_with_opens_nothing(tmp_path: Path) -> None:
    async def story(firm: Firm) -> set[int]:
        bearer = await firm.bearer()
        head, payload, signature = bearer.split(".")
        forged = [
            f"{head}.{payload}.",
            f"{head}.{payload}",
            f"{head}.{payload}.{signature[:-1]}",
            f"{head}.{payload[:-1]}A.{signature}",
            f"{bearer}.",
            bearer.swapcase(),
        ]
        return {(await firm.trade("GET", "/tickle", one)).status for one in forged}

    assert told(tmp_path, story) == {401}


def test_another_address_is_written_down_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def story(firm: Firm) -> list[int]:
        bearer = await firm.bearer(ip="203.0.113.7")
        return [(await firm.trade("GET", "/tickle", bearer)).status for _ in range(2)]

    assert told(tmp_path, story) == [200, 200]
    assert caplog.text.count("is used from 127.0.0.1; the firm has named 203.0.113.7") == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"ip": "203.0.113.7"}, 401),
        ({"ip": "127.0.0.1"}, 200),
        ({"ip": "203.0.113.7", "alternativeIps": ["127.0.0.1"]}, 200),
        ({"ip": "::ffff:127.0.0.1"}, 200),
    ],
)
def test_another_address_is_refused_where_that_was_asked_for(
    tmp_path: Path, fields: dict[str, object], status: int
) -> None:
    async def story(firm: Firm) -> int:
        return (await firm.trade("GET", "/tickle", await firm.bearer(**fields))).status

    assert told(tmp_path, story, ENFORCED) == status


def handshake(query: str, cookie: str = "") -> Request:
    scope = {
        "type": "websocket",
        "path": "/v1/api/ws",
        "query_string": query.encode(),
        "headers": [(b"cookie", cookie.encode())],
        "client": ("127.0.0.1", 1),
    }
    return read(scope, 0, 0.0)


def test_a_socket_is_opened_with_the_token_and_the_sessions_cookie(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[bool]:
        bearer, other = await firm.bearer(), await firm.bearer()
        session = (await firm.trade("GET", "/tickle", bearer)).json["session"]
        theirs = (await firm.trade("GET", "/tickle", other)).json["session"]
        asked = [
            handshake(f"bearer_token={bearer}", f"api={session}"),
            handshake(f"bearer_token={bearer}"),
            handshake(f"bearer_token={bearer}", f"api={theirs}"),
            handshake(f"bearer_token={bearer}", "api=nobody"),
            handshake(f"bearer_token={bearer}&bearer_token={other}"),
            handshake("bearer_token="),
            handshake("bearer_token=x", f"api={session}"),
        ]
        found = [bearers.of_socket(firm.tokens, request) for request in asked]
        await firm.trade("POST", "/logout", bearer)
        found.append(bearers.of_socket(firm.tokens, asked[0]))
        return [one is not None and one.session_id == session for one in found]

    assert told(tmp_path, story) == [True, True, False, False, False, False, False, False]


def test_a_socket_speaks_to_whoever_shows_a_token(tmp_path: Path) -> None:
    async def story(firm: Firm) -> tuple[Any, int]:
        bearer = await firm.bearer()
        session = (await firm.trade("GET", "/tickle", bearer)).json["session"]
        async with served(firm.rig) as server:
            url = f"ws://127.0.0.1:{server.port}/v1/api/ws?bearer_token="
            cookie = {"Cookie": f"api={session}"}
            async with connect(url + bearer, additional_headers=cookie) as socket:
                greeting = json.loads(await asyncio.wait_for(socket.recv(), 5))
            with pytest.raises(InvalidStatus) as refused:
                await connect(f"{url}x", additional_headers=cookie)
        return greeting, refused.value.response.status_code

    greeting, refused = told(tmp_path, story)

    assert greeting["topic"] == "system"
    assert greeting["success"] == "sample01"
    assert refused == 401


def test_a_day_is_the_longest_life(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[int]:
        bearer = await firm.bearer()
        statuses = []
        for _ in range(289):
            firm.rig.wall.now += 300 * SECOND
            statuses.append((await firm.trade("GET", "/tickle", bearer)).status)
        return statuses

    statuses = told(tmp_path, story)

    assert statuses[:287] == [200] * 287
    assert statuses[288] == 401
