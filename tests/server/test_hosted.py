import asyncio
import time
from pathlib import Path

import pytest
from tests.outside import Outside, told
from tests.serving import Rig

from paperdesk.auth.sessions import SessionSettings
from paperdesk.base.units import SECOND
from paperdesk.server.faces import Face, hosted


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:5001",
        "127.0.0.1:5001",
        "[::1]:5001",
        "api.ibkr.com",
        "API.IBKR.COM:443",
        "1.api.ibkr.com",
        "42.api.ibkr.com",
        "www.interactivebrokers.com",
    ],
)
def test_the_names_of_the_service_are_its_own(tmp_path: Path, host: str) -> None:
    async def story(rig: Outside) -> int:
        return (await rig.ask("GET", "/tickle", headers={"host": host})).status

    assert told(tmp_path, story) == 401


@pytest.mark.parametrize(
    "host",
    [
        "x.api.ibkr.com",
        "1.api.ibkr.com.evil.example",
        "12345.api.ibkr.com",
        "evil.example",
        "-1.api.ibkr.com",
    ],
)
def test_other_names_are_not(tmp_path: Path, host: str) -> None:
    async def story(rig: Outside) -> int:
        return (await rig.ask("GET", "/tickle", headers={"host": host})).status

    assert told(tmp_path, story) == 403


def test_the_gateway_asks_for_no_agent(tmp_path: Path) -> None:
    async def story() -> int:
        rig = Rig(tmp_path)
        rig.sign_in()
        return (await rig.ask("GET", "/tickle")).status

    assert asyncio.run(story()) == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/sso/validate", 401, b""),
        ("GET", "/portal/sso/validate", 401, b""),
        ("POST", "/iserver/dynaccount", 401, b""),
        (
            "POST",
            "/iserver/reauthenticate",
            404,
            b"<html><body><h1>Resource not found</h1></body></html>",
        ),
        ("GET", "/no/such/path", 404, b"<html><body><h1>Resource not found</h1></body></html>"),
        ("DELETE", "/tickle", 405, b"<html><body><h1>Method Not Allowed</h1></body></html>"),
    ],
)
@pytest.mark.parametrize("base", ["/v1/api", "/alpha/api"])
def test_what_it_has_not_is_answered_as_recorded(
    tmp_path: Path, base: str, method: str, path: str, status: int, body: bytes
) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        authorization = program.by_hmac(method, path, base=base)

        reply = await rig.ask(method, path, headers={"authorization": authorization}, base=base)

        assert (reply.status, reply.body) == (status, body)

    told(tmp_path, story)


@pytest.mark.parametrize("base", ["/v1/portal", ""])
def test_other_base_addresses_have_nothing(tmp_path: Path, base: str) -> None:
    async def story(rig: Outside) -> int:
        program = rig.program()
        await rig.shake_hands(program)
        headers: dict[str, str | None] = {
            "authorization": program.by_hmac("POST", "/tickle", base=base)
        }
        return (await rig.ask("POST", "/tickle", headers=headers, base=base)).status

    assert told(tmp_path, story) == 404


def test_a_brokerage_session_is_told_of_when_it_is_there(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        rig.premises.roster.settings = SessionSettings(warm_up=SECOND // 5)
        program = rig.program()
        await rig.shake_hands(program)
        path = "/iserver/auth/ssodh/init"
        authorization = program.by_hmac("POST", path)
        began = time.perf_counter()

        first, again = (
            asyncio.create_task(rig.signed("POST", path, authorization, b"{}")) for _ in range(2)
        )
        await asyncio.sleep(0.01)
        status = await rig.call(program, "GET", "/iserver/auth/status")
        early = await rig.call(program, "GET", "/iserver/accounts")
        assert not first.done()
        assert not again.done()
        reply = await first
        assert (await again).body == reply.body
        took = time.perf_counter() - began
        rig.wall.pass_(0.2)
        late = await rig.call(program, "GET", "/iserver/auth/status")

        assert took >= 0.2
        assert reply.json["passed"] is True
        assert (status.json["authenticated"], status.json["established"]) == (True, False)
        assert early.body == b'{"error":"Bad Request: no bridge","statusCode":400}'
        assert late.json["established"] is True

    told(tmp_path, story)


def test_the_gateway_answers_at_once(tmp_path: Path) -> None:
    async def story() -> float:
        rig = Rig(tmp_path, SessionSettings(warm_up=30 * SECOND, logout_keeps_sso=True))
        rig.sign_in()
        await rig.ask("POST", "/logout")
        began = time.perf_counter()
        await rig.ask("POST", "/iserver/auth/ssodh/init", b"{}")
        return time.perf_counter() - began

    assert asyncio.run(story()) < 5


@pytest.mark.parametrize(
    ("face", "ending"),
    [(None, "; path=/v1/api; secure; HttpOnly"), (hosted(), "; secure; HttpOnly")],
)
def test_the_cookie_of_the_edge_has_the_path_of_the_gateway_there_alone(
    tmp_path: Path, face: Face | None, ending: str
) -> None:
    async def story() -> str | None:
        return (await Rig(tmp_path, face=face).ask("GET", "/tickle")).header("set-cookie")

    cookie = asyncio.run(story()) or ""
    assert cookie.startswith("x-sess-uuid=0.")
    assert cookie.endswith(ending)
    assert ("path=" in cookie) is (face is None)
