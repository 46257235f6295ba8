import asyncio
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar, Unpack

import pytest
from tests.serving import SECOND, Asked, Reply, Rig
from tests.turns import turns

from paperdesk.api.matching import Matcher
from paperdesk.api.route import BadRequest, Call, Empty, Evidence, Routes, Tier
from paperdesk.auth.sessions import SessionSettings

T = TypeVar("T")

NOT_FOUND = b"<html><body><h1>Resource not found</h1></body></html>"
FIVE_FIELDS = (
    b'{"authenticated":false,"established":false,"competing":false,"connected":false,"MAC":null}'
)


def run(story: Callable[[], Awaitable[T]]) -> T:
    async def told() -> T:
        return await story()

    return asyncio.run(told())


def asked(
    tmp_path: Path, method: str, path: str, *, signed_in: bool = True, **more: Unpack[Asked]
) -> Reply:
    async def story() -> Reply:
        rig = Rig(tmp_path)
        if signed_in:
            rig.sign_in()
        return await rig.ask(method, path, **more)

    return run(story)


def matcher(handler: Callable[[Call[Any]], Any], tier: Tier = Tier.NOTHING) -> Matcher:
    routes = Routes(tier)
    routes.add(("GET", "POST"), "/probe", evidence=Evidence.JUDGED)(handler)
    return Matcher([routes])


def probed(tmp_path: Path, handler: Callable[[Call[Any]], Any], **more: Unpack[Asked]) -> Reply:
    async def story() -> Reply:
        rig = Rig(tmp_path, matcher=matcher(handler))
        return await rig.ask("GET", "/probe", **more)

    return run(story)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("base", ["/v1/api", "/v1/portal", "/alpha/api"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_session_is_told_under_every_base_address(
    tmp_path: Path, method: str, base: str, slash: str
) -> None:
    reply = asked(tmp_path, method, f"/tickle{slash}", base=base)

    assert reply.status == 200
    assert reply.json["session"] == "ab" * 16
    assert reply.json["userId"] == 7


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/tickle", 401, b'{"error":"no session"}'),
        ("POST", "/iserver/auth/status", 401, b'{"error":"not authenticated","statusCode":401}'),
        ("POST", "/logout", 401, b'{"error":"not authenticated","statusCode":401}'),
        ("GET", "/sso/validate", 401, b'{"error":"not authenticated","statusCode":401}'),
        ("GET", "/unknown", 401, b'{"error":"not authenticated","statusCode":401}'),
        ("PUT", "/tickle", 401, b'{"error":"not authenticated","statusCode":401}'),
    ],
)
def test_nobody_is_told_to_sign_in(
    tmp_path: Path, method: str, path: str, status: int, body: bytes
) -> None:
    reply = asked(tmp_path, method, path, signed_in=False)

    assert (reply.status, reply.body) == (status, body)


@pytest.mark.parametrize(
    ("method", "path", "base"),
    [
        ("GET", "/nothing", "/v1/api"),
        ("GET", "", "/v1/api"),
        ("GET", "/", "/v1/api"),
        ("GET", "//tickle", "/v1/api"),
        ("GET", "/tickle//", "/v1/api"),
        ("GET", "/TICKLE", "/v1/api"),
        ("GET", "/tickle", "/v1/apis"),
        ("GET", "/tickle", ""),
        ("GET", "/accounts", "/gw/api/v1"),
        ("POST", "/live_session_token", "/oauth"),
        ("POST", "/api/v1/token", "/oauth2"),
    ],
)
def test_an_unknown_path_is_a_page(tmp_path: Path, method: str, path: str, base: str) -> None:
    reply = asked(tmp_path, method, path, base=base)

    assert (reply.status, reply.body) == (404, NOT_FOUND)
    assert reply.header("content-type") == "text/html; charset=utf-8"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "QUERY"])
def test_a_wrong_method_on_a_known_path_is_405(tmp_path: Path, method: str) -> None:
    assert asked(tmp_path, method, "/tickle", headers={"content-length": "0"}).status == 405


def test_logout_says_so_without_a_content_type_and_ends_everything(tmp_path: Path) -> None:
    async def story() -> list[Reply]:
        rig = Rig(tmp_path)
        rig.sign_in()
        paths = (
            "logout",
            "tickle",
            "iserver/auth/status",
            "sso/validate",
            "iserver/reauthenticate",
        )
        return [await rig.ask("POST" if "s" not in path else "GET", f"/{path}") for path in paths]

    out, tickle, status, validate, again = run(story)

    assert (out.status, out.body) == (200, b'{"status":true}')
    assert out.header("content-type") is None
    assert (tickle.status, tickle.body) == (401, b'{"error":"no session"}')
    assert (status.status, status.body) == (200, FIVE_FIELDS)
    assert (validate.status, again.status) == (401, 401)


def test_a_logout_may_keep_the_outer_session(tmp_path: Path) -> None:
    async def story() -> list[Reply]:
        rig = Rig(tmp_path, SessionSettings(warm_up=SECOND, logout_keeps_sso=True))
        rig.sign_in()
        await rig.ask("POST", "/logout")
        replies = [await rig.ask("GET", "/sso/validate")]
        replies.append(await rig.ask("POST", "/iserver/reauthenticate?force=true"))
        rig.wall.pass_(1)
        replies.append(await rig.ask("POST", "/iserver/auth/status"))
        return replies

    validate, again, status = run(story)

    assert validate.status == 200
    assert again.body == b'{"message":"triggered"}'
    assert status.json["established"] is True


@pytest.mark.parametrize(
    ("path", "body", "content_type"),
    [
        ("", b'{"publish":true,"compete":true}', "application/json"),
        ("", b"publish=true&compete=true", "application/x-www-form-urlencoded"),
        ("?publish=true&compete=true", b"", None),
        ("", b"", None),
        ("", b"{}", None),
        ("", b'{"publish":"True","compete":1}', None),
    ],
)
def test_a_brokerage_session_is_asked_for_in_many_ways_and_warms_up(
    tmp_path: Path, path: str, body: bytes, content_type: str | None
) -> None:
    async def story() -> tuple[Reply, Reply, Reply]:
        rig = Rig(tmp_path, SessionSettings(warm_up=2 * SECOND, logout_keeps_sso=True))
        rig.sign_in()
        await rig.ask("POST", "/logout")
        headers: dict[str, str | None] = {"content-type": content_type}
        first = await rig.ask("POST", f"/iserver/auth/ssodh/init{path}", body, headers=headers)
        early = await rig.ask("POST", "/iserver/auth/status")
        rig.wall.pass_(2)
        return first, early, await rig.ask("POST", "/iserver/auth/ssodh/init")

    first, early, late = run(story)

    assert first.json == {
        "passed": True,
        "authenticated": True,
        "established": False,
        "competing": False,
        "connected": True,
        "hardware_info": "1ab7d23|0A:1B:2C:3D:4E:5F",
    }
    assert early.json["established"] is False
    assert early.json["fail"] == ""
    assert late.json["established"] is True
    assert late.json["serverInfo"]["serverName"] == "PdkZ10001"
    assert "fail" not in late.json


def test_the_headers_are_those_of_recordings(tmp_path: Path) -> None:
    reply = asked(tmp_path, "GET", "/tickle")

    headers = dict(reply.headers)
    assert headers.pop("x-response-time").removesuffix("ms").isdigit()
    assert headers.pop("set-cookie").startswith("x-sess-uuid=0.")
    assert headers == {
        "referrer-policy": "Origin-when-cross-origin",
        "x-content-type-options": "nosniff",
        "cache-control": "max-age=0, no-cache, no-store",
        "pragma": "no-cache",
        "strict-transport-security": "max-age=600 ; includeSubDomains",
        "date": "Tue, 08 Sep 2026 13:58:11 GMT",
        "expires": "Tue, 08 Sep 2026 13:58:11 GMT",
        "content-type": "application/json;charset=utf-8",
        "vary": "Origin",
        "content-length": str(len(reply.body)),
    }


def test_the_cookie_is_set_on_the_first_call_alone(tmp_path: Path) -> None:
    cookie: dict[str, str | None] = {"cookie": "a=b; x-sess-uuid=0.1.2.3"}
    reply = asked(tmp_path, "GET", "/iserver/auth/status", headers=cookie)

    assert reply.header("set-cookie") is None


def test_a_tickle_refreshes_the_cookie(tmp_path: Path) -> None:
    reply = asked(tmp_path, "GET", "/tickle", headers={"cookie": "a=b; x-sess-uuid=0.1.2.3"})

    assert (reply.header("set-cookie") or "").startswith("x-sess-uuid=0.")


def test_a_large_answer_is_compressed_for_whoever_takes_it(tmp_path: Path) -> None:
    def large(_: Call[Empty]) -> list[str]:
        return ["x" * 2_000]

    plain = probed(tmp_path, large)
    zipped = probed(tmp_path, large, headers={"accept-encoding": "gzip, deflate"})

    assert plain.header("content-encoding") is None
    assert zipped.header("content-encoding") == "gzip"
    assert zipped.header("vary") == "Accept-Encoding,Origin"
    assert zlib.decompress(zipped.body, 31) == plain.body
    assert len(zipped.body) < 100


def test_a_small_answer_is_not_compressed(tmp_path: Path) -> None:
    reply = asked(tmp_path, "GET", "/tickle", headers={"accept-encoding": "gzip"})

    assert reply.header("content-encoding") is None


def test_a_failure_of_ours_tells_nothing_of_its_inside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Call[Empty]) -> None:
        raise ZeroDivisionError("the secret inside")

    reply = probed(tmp_path, broken)

    assert reply.status == 500
    assert reply.json == {"error": "There was an error processing the request. Please try again."}
    assert reply.header("x-cnection") == "close"
    assert "the secret inside" in caplog.text


def test_a_refusal_has_its_look(tmp_path: Path) -> None:
    def refused(_: Call[Empty]) -> None:
        raise BadRequest("Bad Request: period is not valid")

    assert probed(tmp_path, refused).json == {
        "error": "Bad Request: period is not valid",
        "statusCode": 400,
    }


def test_a_stopped_desk_answers_nothing_but_503(tmp_path: Path) -> None:
    async def story() -> Reply:
        rig = Rig(tmp_path)
        rig.sign_in()
        rig.desk.journal.fail()
        return await rig.ask("GET", "/tickle")

    reply = run(story)

    assert (reply.status, reply.body) == (503, b"Service Unavailable")


def test_an_answer_leaves_when_its_events_are_on_disk(tmp_path: Path) -> None:
    async def story() -> tuple[bool, Reply]:
        rig = Rig(tmp_path, matcher=matcher(lambda _: rig.desk.journal.add()))
        rig.desk.journal.is_held = True
        waiting = asyncio.create_task(rig.ask("GET", "/probe"))
        await turns()
        is_early = waiting.done()
        rig.desk.journal.flush()
        return is_early, await waiting

    is_early, reply = run(story)

    assert not is_early
    assert reply.status == 200


def test_an_answer_whose_events_never_reach_the_disk_is_503(tmp_path: Path) -> None:
    async def story() -> Reply:
        rig = Rig(tmp_path, matcher=matcher(lambda _: rig.desk.journal.add()))
        rig.desk.journal.is_held = True
        waiting = asyncio.create_task(rig.ask("GET", "/probe"))
        await turns()
        rig.desk.journal.fail()
        return await waiting

    assert run(story).status == 503


def test_a_request_brings_desk_time_forward(tmp_path: Path) -> None:
    async def story() -> int:
        rig = Rig(tmp_path)
        before = rig.desk.now
        rig.wall.pass_(3)
        await rig.ask("GET", "/tickle")
        return rig.desk.now - before

    assert run(story) == 3 * SECOND


@pytest.mark.parametrize(
    ("tier", "state", "status", "body"),
    [
        (Tier.SESSION, "brokerage", 200, b"null"),
        (Tier.BROKERAGE, "brokerage", 200, b"null"),
        (
            Tier.ACCOUNTS,
            "brokerage",
            400,
            b'{"error":"Bad Request: Please query /accounts first","statusCode":400}',
        ),
        (Tier.SESSION, "outer", 200, b"null"),
        (Tier.BROKERAGE, "outer", 400, b'{"error":"Bad Request: no bridge","statusCode":400}'),
        (Tier.ACCOUNTS, "outer", 400, b'{"error":"Bad Request: no bridge","statusCode":400}'),
        (Tier.BROKERAGE, "none", 401, b'{"error":"not authenticated","statusCode":401}'),
    ],
)
def test_each_tier_opens_its_routes(
    tmp_path: Path, tier: Tier, state: str, status: int, body: bytes
) -> None:
    async def story() -> Reply:
        rig = Rig(
            tmp_path,
            SessionSettings(logout_keeps_sso=True),
            matcher=matcher(lambda _: None, tier),
        )
        if state != "none":
            rig.sign_in()
        if state == "outer":
            rig.people.roster.log_out(rig.gateway.session, rig.wall())
        return await rig.ask("GET", "/probe")

    reply = run(story)

    assert (reply.status, reply.body) == (status, body)


def test_accounts_open_what_needs_them(tmp_path: Path) -> None:
    async def story() -> Reply:
        rig = Rig(tmp_path, matcher=matcher(lambda _: None, Tier.ACCOUNTS))
        rig.sign_in()
        rig.gateway.session.accounts_queried = True
        return await rig.ask("GET", "/probe")

    assert run(story).status == 200
