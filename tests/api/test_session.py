import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.desks import DU1, Client, Market, open_desk
from tests.serving import PAPER, SECOND, Reply, Rig

from paperdesk.auth.endings import Cause
from paperdesk.auth.roster import Opening
from paperdesk.auth.sessions import Session, SessionSettings
from paperdesk.base.regions import Region
from paperdesk.base.units import DAY

HOSTED = Opening(face="hosted", credential="oauth1 FIRM token")


def asked(tmp_path: Path, *paths: str) -> list[Reply]:
    async def story() -> list[Reply]:
        rig = Rig(tmp_path)
        rig.sign_in()
        replies = []
        for path in paths:
            method, _, rest = path.partition(" ")
            replies.append(await rig.ask(method, rest))
            rig.wall.pass_(1)
        return replies

    return asyncio.run(story())


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_status_of_a_brokerage_session_is_whole(tmp_path: Path, method: str) -> None:
    (status,) = asked(tmp_path, f"{method} /iserver/auth/status")

    assert status.body == (
        b'{"authenticated":true,"established":true,"competing":false,"connected":true,'
        b'"message":"","MAC":"0A:1B:2C:3D:4E:5F","serverInfo":{"serverName":"PdkZ10001",'
        b'"serverVersion":"Build 10.45.1a, Apr 22, 2026 1:39:05 PM"},'
        b'"hardware_info":"1ab7d23|0A:1B:2C:3D:4E:5F","fail":""}'
    )


def test_before_the_brokerage_login_no_server_is_named(tmp_path: Path) -> None:
    async def story() -> tuple[Reply, Reply]:
        rig = Rig(tmp_path)
        rig.gateway.sign_in(PAPER, rig.wall())
        return await rig.ask("GET", "/iserver/auth/status"), await rig.ask("POST", "/tickle")

    status, tickle = asyncio.run(story())

    assert status.json["authenticated"] is False
    assert status.json["connected"] is True
    assert status.json["serverInfo"] == {"serverName": None, "serverVersion": None}
    assert tickle.json["iserver"]["authStatus"]["serverInfo"]["serverName"] is None


def test_tickle_has_the_gateways_form(tmp_path: Path) -> None:
    (tickle,) = asked(tmp_path, "POST /tickle")

    told = tickle.json
    status = told["iserver"].pop("authStatus")
    assert told == {
        "session": "ab" * 16,
        "ssoExpires": 600_000,
        "collission": False,
        "userId": 7,
        "hmds": {"error": "no bridge"},
        "iserver": {},
    }
    assert status["authenticated"] is True
    assert "fail" not in status


def test_tickle_tells_when_the_history_service_has_its_bridge(tmp_path: Path) -> None:
    init, tickle = asked(tmp_path, "POST /hmds/auth/init", "GET /tickle")

    assert init.json == {"authenticated": True, "connected": True}
    assert tickle.json["hmds"] == {"authStatus": {"authenticated": True, "connected": True}}


@pytest.mark.parametrize("path", ["/sso/validate", "/portal/sso/validate"])
def test_validation_says_whose_session_it_is(tmp_path: Path, path: str) -> None:
    (validate,) = asked(tmp_path, f"GET {path}")

    told = validate.json
    assert told["USER_ID"] == 7
    assert told["USER_NAME"] == "demo"
    assert told["RESULT"] is True
    assert told["AUTH_TIME"] == 1_788_875_891_000
    assert told["LOGIN_TYPE"] == 2
    assert told["EXPIRES"] == 600_000
    assert told["IP"] == "127.0.0.1"
    assert told["features"]["env"] == "PROD"
    assert told["region"] == "NJ"


def test_asking_for_a_brokerage_session_that_is_there_tells_its_status(tmp_path: Path) -> None:
    for path in ("/iserver/auth/ssodh/init", "/iserver/auth/ssodh/response"):
        (init,) = asked(tmp_path, f"POST {path}")
        assert init.json["established"] is True
        assert init.json["message"] == ""


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"compete":"perhaps"}', b'{"publish":{}}'])
def test_a_wish_for_a_session_that_has_no_sense_is_400(tmp_path: Path, body: bytes) -> None:
    async def story() -> Reply:
        rig = Rig(tmp_path)
        rig.sign_in()
        return await rig.ask("POST", "/iserver/auth/ssodh/init", body)

    reply = asyncio.run(story())

    assert reply.status == 400
    assert reply.json["statusCode"] == 400


@pytest.mark.parametrize("path", ["GET /logout", "POST /logout"])
def test_logout_is_told_byte_for_byte(tmp_path: Path, path: str) -> None:
    (out,) = asked(tmp_path, path)

    assert out.body == b'{"status":true}'


def test_reauthentication_is_triggered(tmp_path: Path) -> None:
    for path in ("GET /iserver/reauthenticate", "POST /iserver/reauthenticate?force=true"):
        (reply,) = asked(tmp_path, path)
        assert reply.body == b'{"message":"triggered"}'


def test_the_old_portals_questions_are_answered(tmp_path: Path) -> None:
    user, entity = asked(tmp_path, "GET /one/user", "GET /ibcust/entity/info")

    assert user.json["username"] == "demo"
    assert user.json["schema"]["user"]["hasBrokerageAccessInd"] is True
    assert entity.json["entityType"] == "INDIVIDUAL"


def test_each_request_lifts_the_counter_of_the_outer_session(tmp_path: Path) -> None:
    first, second = asked(tmp_path, "GET /tickle", "GET /tickle")

    assert (first.json["ssoExpires"], second.json["ssoExpires"]) == (600_000, 600_000)
    assert SECOND == 1_000_000


def told(
    tmp_path: Path,
    story: Callable[[Rig, Session], Awaitable[Any]],
    opening: Opening = HOSTED,
    settings: SessionSettings | None = None,
) -> Any:  # noqa: ANN401 - whatever a story tells
    async def whole() -> Any:  # noqa: ANN401 - see above
        rig = Rig(tmp_path, settings)
        rig.gateway.session = rig.people.roster.open(PAPER, rig.wall(), opening)
        return await story(rig, rig.gateway.session)

    return asyncio.run(whole())


INIT = "/iserver/auth/ssodh/init"


def test_an_outer_session_alone_has_four_fields(tmp_path: Path) -> None:
    async def story(rig: Rig, _: Session) -> tuple[Reply, Reply]:
        return await rig.ask("GET", "/iserver/auth/status"), await rig.ask("POST", "/tickle")

    status, tickle = told(tmp_path, story)

    four = b'{"authenticated":false,"competing":false,"connected":false,"MAC":"0A:1B:2C:3D:4E:5F"}'
    assert status.body == four
    assert four in tickle.body


@pytest.mark.parametrize(
    ("query", "body", "competes"),
    [
        ("", b"", True),
        ("", b"{}", True),
        ("", b'{"publish":true,"compete":true}', True),
        ("", b'{"publish":true,"compete":false}', False),
        ("?publish=true&compete=false", b"", False),
        ("?compete=true", b'{"compete":false}', True),
    ],
)
def test_who_does_not_compete_stays_out(
    tmp_path: Path, query: str, body: bytes, competes: bool
) -> None:
    async def story(rig: Rig, session: Session) -> tuple[Reply, Reply, Reply]:
        other = rig.people.roster.open(PAPER, rig.wall(), HOSTED)
        rig.people.roster.initialise(other, rig.wall(), compete=True)
        rig.wall.pass_(2)
        init = await rig.ask("POST", f"{INIT}{query}", body)
        assert (rig.people.roster.holders["demo"] is session) is competes
        return init, await rig.ask("GET", "/iserver/auth/status"), await rig.ask("GET", "/tickle")

    init, status, tickle = told(tmp_path, story)

    assert init.status == 200
    assert init.json == {
        "passed": competes,
        "authenticated": competes,
        "established": False,
        "competing": not competes,
        "connected": True,
        "hardware_info": "1ab7d23|0A:1B:2C:3D:4E:5F",
    }
    assert status.json["competing"] is not competes
    assert tickle.json["iserver"]["authStatus"]["competing"] is not competes


def test_tickle_tells_a_gateway_that_another_took_the_brokerage_session(tmp_path: Path) -> None:
    async def story(rig: Rig, _: Session) -> Reply:
        rig.sign_in()
        rig.people.roster.open_platform(PAPER, rig.wall(), name="TWS")
        return await rig.ask("GET", "/tickle")

    assert told(tmp_path, story).json["collission"] is True


def test_tickle_says_less_to_the_hosted_face(tmp_path: Path) -> None:
    async def story(rig: Rig, _: Session) -> Reply:
        return await rig.ask("GET", "/tickle")

    signed = told(tmp_path, story).json
    bearer = told(tmp_path, story, Opening(face="hosted", credential="oauth2 firm")).json

    assert set(signed) == {"session", "hmds", "iserver"}
    assert set(bearer) == {"session", "ssoExpires", "hmds", "iserver"}


@pytest.mark.parametrize("path", ["/iserver/auth/status", "/tickle"])
def test_the_hosted_face_does_not_know_who_has_logged_out(tmp_path: Path, path: str) -> None:
    async def story(rig: Rig, session: Session) -> Reply:
        rig.people.roster.log_out(session, rig.wall())
        return await rig.ask("GET", path)

    reply = told(tmp_path, story)

    assert (reply.status, reply.body) == (
        401,
        b'{"error":"not authenticated","statusCode":401}',
    )


@pytest.mark.parametrize(
    ("required", "body", "status"),
    [
        (True, b'{"publish":false,"compete":true}', 500),
        (True, b'{"publish":true,"compete":true}', 200),
        (False, b'{"publish":false,"compete":true}', 200),
    ],
)
def test_the_token_may_have_to_be_published(
    tmp_path: Path, required: bool, body: bytes, status: int
) -> None:
    async def story(rig: Rig, _: Session) -> Reply:
        return await rig.ask("POST", INIT, body)

    reply = told(tmp_path, story, settings=SessionSettings(publish_required=required))

    assert reply.status == status
    assert (b"publish must be true" in reply.body) is (status == 500)


def test_a_new_paper_user_may_have_to_wait(market: Market) -> None:
    client = Client(open_desk(market))
    client.roster.settings = SessionSettings(fresh_paper=DAY)
    opened = client.desk.world.accounts.by_id[DU1].opened_at

    early = client.post("iserver/auth/ssodh/init")
    client.desk.advance(opened + DAY - 1)
    late = client.post("iserver/auth/ssodh/init")
    client.desk.advance(opened + DAY)
    good = client.post("iserver/auth/ssodh/init")

    assert [early.status, late.status, good.status] == [500, 500, 200]
    assert early.body == b'{"error":"failed to generate sso dh token"}'


def test_while_the_service_is_away_there_is_no_brokerage_session(tmp_path: Path) -> None:
    async def story(rig: Rig, session: Session) -> list[Reply]:
        rig.people.roster.initialise(session, rig.wall(), compete=True)
        rig.wall.pass_(2)
        rig.people.roster.sweep(rig.wall())
        rig.people.roster.go_away(rig.wall(), Cause.NIGHTLY_RESET)
        paths = ("/iserver/auth/status", "/iserver/accounts", "/portfolio/accounts")
        return [
            await rig.ask("POST", INIT),
            await rig.ask("POST", "/iserver/reauthenticate"),
            *[await rig.ask("GET", path) for path in paths[:2]],
        ]

    init, again, status, accounts = told(tmp_path, story)

    assert (init.status, init.body) == (503, b'{"error":"Service Unavailable","statusCode":503}')
    assert (again.status, again.body) == (200, b'{"message":"triggered"}')
    assert (status.json["authenticated"], status.json["connected"]) == (False, False)
    assert accounts.body == b'{"error":"Bad Request: no bridge","statusCode":400}'


def test_who_may_not_trade_has_no_brokerage_session(tmp_path: Path) -> None:
    async def story(rig: Rig, session: Session) -> tuple[Reply, Reply]:
        session.may_trade = False
        return await rig.ask("POST", INIT), await rig.ask("GET", "/tickle")

    init, tickle = told(tmp_path, story)

    assert (init.status, init.body) == (500, b'{"error":"failed to generate sso dh token"}')
    assert tickle.status == 200


def test_validation_has_every_key_that_clients_insist_on(tmp_path: Path) -> None:
    async def story(rig: Rig, _: Session) -> Reply:
        return await rig.ask("GET", "/sso/validate")

    reply = told(
        tmp_path,
        story,
        Opening(face="hosted", credential="oauth2 firm"),
        SessionSettings(region=Region.EUROPE),
    )

    wanted = (
        "USER_NAME USER_ID RESULT AUTH_TIME SF_ENABLED SF_CONFIG IS_FREE_TRIAL "
        "IS_PENDING_APPLICANT CREDENTIAL CREDENTIAL_TYPE LOGIN_TYPE PAPER_USER_NAME IP EXPIRES "
        "TOKEN HARDWARE_INFO UNIQUE_LOGIN_ID COUNTERPARTY LANDING_APP IS_MASTER took features "
        "region"
    )
    assert set(wanted.split()) <= set(reply.json)
    assert reply.json["region"] == "EU"
    assert reply.json["isGw"] is False
    assert set(reply.json["features"]) == {
        "env",
        "wlms",
        "realtime",
        "bond",
        "optionChains",
        "calendar",
        "newMf",
    }


def test_a_brokerage_session_that_is_idle_goes_in_the_order_that_clients_rely_on(
    tmp_path: Path,
) -> None:
    """First the accounts are asked for again, then it is not authenticated, then nobody is in."""

    async def story(rig: Rig, session: Session) -> list[Reply]:
        rig.people.roster.initialise(session, rig.wall(), compete=True)
        rig.wall.pass_(2)
        replies = [await rig.ask("GET", "/iserver/accounts")]
        for seconds, path in ((300.5, "/iserver/account/trades"), (361, "/tickle")):
            rig.wall.pass_(seconds)
            replies.append(await rig.ask("GET", path))
        return replies

    accounts, trades, tickle = told(tmp_path, story)
    late = told(tmp_path, story, Opening(face="gateway", is_pinged=True))[2]

    assert accounts.status == 200
    assert trades.body == b'{"error":"Bad Request: Please query /accounts first","statusCode":400}'
    assert late.json["iserver"]["authStatus"]["authenticated"] is False
    assert late.json["iserver"]["authStatus"]["connected"] is True
    assert tickle.status == 401
