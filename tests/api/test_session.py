import asyncio
from pathlib import Path

import pytest
from tests.serving import PAPER, SECOND, Reply, Rig


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
