"""Pacing over the whole application: what is refused, how that looks, and whom it leaves alone."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import TypeVar

import pytest
from tests.serving import LIVE, Reply, Rig, served

from paperdesk.api.matching import Matcher
from paperdesk.api.paces import DOCUMENTED, HISTORY
from paperdesk.api.route import Call, Empty, Evidence, Routes, Tier
from paperdesk.auth.pacing.settings import Mode, PacingSettings
from paperdesk.base.units import MINUTE, SECOND
from paperdesk.server.app import Application
from paperdesk.server.faces import Face, hosted

T = TypeVar("T")

STATUS = "/iserver/auth/status"
STRICT = PacingSettings()
LENIENT = PacingSettings(mode=Mode.LENIENT)


def told(
    tmp_path: Path,
    story: Callable[[Rig], Awaitable[T]],
    pacing: PacingSettings = STRICT,
    *,
    is_in: bool = True,
) -> T:
    async def tell() -> T:
        rig = Rig(tmp_path, pacing=pacing)
        if is_in:
            rig.sign_in()
        return await story(rig)

    return asyncio.run(tell())


async def statuses(rig: Rig, path: str, count: int, method: str = "GET") -> list[int]:
    return [(await rig.ask(method, path)).status for _ in range(count)]


def test_the_eleventh_request_of_a_second_is_refused_with_nothing(tmp_path: Path) -> None:
    async def story(rig: Rig) -> Reply:
        assert await statuses(rig, STATUS, 10) == [200] * 10
        return await rig.ask("GET", STATUS)

    reply = told(tmp_path, story)

    assert (reply.status, reply.body) == (429, b"")
    names = {name for name, _ in reply.headers}
    assert "retry-after" not in names
    assert "content-type" not in names
    assert reply.header("content-length") == "0"
    assert reply.header("connection") != "close"
    assert reply.header("x-paperdesk-hint") == (
        "More than 10 requests a second; this address is in the penalty box now. "
        "See `paperdesk pacing show`."
    )


def test_in_the_box_everything_is_refused_for_ten_minutes(tmp_path: Path) -> None:
    asked = [
        ("GET", STATUS, "/v1/api"),
        ("POST", "/tickle", "/v1/portal"),
        ("GET", "/no/such/thing", "/v1/api"),
        ("POST", "/iserver/account/DU1234567/orders", "/v1/api"),
        ("GET", "/", ""),
        ("GET", "/sso/Login", ""),
    ]

    async def story(rig: Rig) -> tuple[list[Reply], list[int]]:
        await statuses(rig, STATUS, 11)
        rig.wall.pass_(599)
        boxed = [await rig.ask(method, path, base=base) for method, path, base in asked]
        rig.wall.pass_(1)
        return boxed, await statuses(rig, STATUS, 2)

    boxed, after = told(tmp_path, story)

    assert {(reply.status, reply.body) for reply in boxed} == {(429, b"")}
    assert boxed[0].header("x-paperdesk-hint") == (
        "This address is in the penalty box for 1 s more, after more than 10 requests a second. "
        "`paperdesk pacing release` lets it out."
    )
    assert after == [200, 200]


def test_the_box_comes_before_authentication_and_after_the_address(tmp_path: Path) -> None:
    async def story(rig: Rig) -> list[int]:
        await statuses(rig, STATUS, 11)
        rig.premises.roster.log_out(rig.gateway.session, rig.wall())
        return [
            (await rig.ask("GET", STATUS)).status,
            (await rig.ask("GET", STATUS, headers={"host": "evil.example"})).status,
        ]

    assert told(tmp_path, story) == [429, 403]


def test_other_addresses_faces_and_users_go_on(tmp_path: Path) -> None:
    async def story(rig: Rig) -> list[int]:
        await statuses(rig, STATUS, 11)
        rig.wall.pass_(1)
        other = Application(Face(), rig.application.matcher, rig.premises)
        other.turnstile = rig.premises.pacer.turnstile("hosted", 50)
        same_box = rig.application
        rig.application = other
        found = [(await rig.ask("GET", STATUS)).status]
        rig.application = same_box
        found.append((await rig.ask("GET", STATUS, remote="127.0.0.2")).status)
        rig.sign_in(LIVE)
        found += [(await rig.ask("GET", STATUS, remote="::1")).status for _ in range(11)]
        return found

    # The eleventh of the other user is one too many of its own.
    assert told(tmp_path, story) == [200, 200, *[200] * 10, 429]


def test_whoever_is_not_let_in_is_counted_by_address(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[list[int], int]:
        found = await statuses(rig, STATUS, 11)
        return found, (await rig.ask("GET", STATUS, remote="127.0.0.2")).status

    assert told(tmp_path, story, is_in=False) == ([*[401] * 10, 429], 401)


def test_lenient_refuses_the_one_too_many_alone(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[Reply, list[int]]:
        await statuses(rig, STATUS, 10)
        reply = await rig.ask("GET", STATUS)
        rig.wall.pass_(0.1)
        return reply, await statuses(rig, STATUS, 2)

    reply, after = told(tmp_path, story, LENIENT)

    assert (reply.status, reply.body) == (429, b"")
    assert reply.header("x-paperdesk-hint") == (
        "More than 10 requests a second. See `paperdesk pacing show`."
    )
    assert after == [200, 429]


def test_off_refuses_nothing(tmp_path: Path) -> None:
    async def story(rig: Rig) -> list[int]:
        return await statuses(rig, "/tickle", 50, "POST")

    assert set(told(tmp_path, story, PacingSettings(mode=Mode.OFF))) == {200}


def test_a_route_has_a_pace_of_its_own_that_twins_share(tmp_path: Path) -> None:
    async def story(rig: Rig) -> list[int]:
        found = await statuses(rig, "/sso/validate", 1)
        rig.wall.pass_(59.999)
        found += await statuses(rig, "/portal/sso/validate", 1)
        rig.wall.pass_(0.001)
        return found + await statuses(rig, "/portal/sso/validate", 2)

    assert told(tmp_path, story, LENIENT) == [200, 429, 200, 429]


def test_methods_of_a_row_share_one_count(tmp_path: Path) -> None:
    async def story(rig: Rig) -> list[int]:
        found = [(await rig.ask(method, "/tickle")).status for method in ("GET", "POST") * 2]
        rig.wall.pass_(1)
        return found + await statuses(rig, "/tickle", 2, "POST")

    assert told(tmp_path, story, LENIENT) == [200, 200, 200, 429, 200, 429]


def test_what_a_pace_refuses_names_the_documented_limit(tmp_path: Path) -> None:
    async def story(rig: Rig) -> Reply:
        await rig.ask("GET", "/sso/validate")
        return await rig.ask("GET", "/sso/validate")

    reply = told(tmp_path, story)

    assert reply.header("x-paperdesk-hint") == (
        "More than 1 in 60 s of GET /sso/validate; this address is in the penalty box now. "
        "See `paperdesk pacing show`."
    )


def test_a_request_that_its_tier_refuses_takes_nothing_of_the_pace(tmp_path: Path) -> None:
    async def story(rig: Rig) -> list[int]:
        found = await statuses(rig, "/sso/validate", 2)
        rig.sign_in()
        return found + await statuses(rig, "/sso/validate", 1)

    assert told(tmp_path, story, is_in=False) == [401, 401, 200]


def test_the_third_box_of_a_day_is_left_only_by_an_operator(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[Reply, int]:
        for _ in range(3):
            rig.wall.pass_(601)
            await statuses(rig, STATUS, 11)
        rig.wall.pass_(30 * 86_400)
        blocked = await rig.ask("GET", STATUS)
        rig.premises.pacer.let_out("127.0.0.1", rig.wall())
        return blocked, (await rig.ask("GET", STATUS)).status

    blocked, after = told(tmp_path, story)

    assert blocked.status == 429
    assert "in the penalty box until it is let out" in (blocked.header("x-paperdesk-hint") or "")
    assert after == 200


def test_an_operator_can_box_an_address(tmp_path: Path) -> None:
    async def story(rig: Rig) -> Reply:
        box = rig.application.turnstile.box
        box.put_by_hand("127.0.0.1", MINUTE, rig.wall())
        return await rig.ask("GET", STATUS)

    reply = told(tmp_path, story)

    assert reply.status == 429
    assert reply.header("x-paperdesk-hint") == (
        "This address is in the penalty box for 60 s more, where an operator put it. "
        "`paperdesk pacing release` lets it out."
    )


def test_requests_at_once_are_counted_one_by_one(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[list[int], int]:
        replies = await asyncio.gather(*(rig.ask("GET", STATUS) for _ in range(60)))
        (caller,) = rig.application.turnstile.callers()
        return sorted(reply.status for reply in replies), caller.requests

    found, counted = told(tmp_path, story, LENIENT)

    assert found == [200] * 10 + [429] * 50
    assert counted == 60


slow = Routes(Tier.SESSION)
gates: list[int] = []


@slow.add(("POST",), "/slow", evidence=Evidence.JUDGED, pace=DOCUMENTED[HISTORY])
def slow_answer(call: Call[Empty]) -> Generator[None, None, dict[str, int]]:
    """Answer when the gate is open."""
    while not gates:
        yield
    return {"open": call.session.histories_open}


def test_five_histories_at_once_and_the_sixth_is_refused(tmp_path: Path) -> None:
    async def tell() -> tuple[list[int], int, int]:
        gates.clear()
        rig = Rig(tmp_path, matcher=Matcher((slow,)), pacing=LENIENT)
        rig.sign_in()
        asking = [asyncio.create_task(rig.ask("POST", "/slow", b"{}")) for _ in range(7)]
        done, _ = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        while len(done) < 2:
            done, _ = await asyncio.wait(asking, timeout=0)
        refused = sorted(task.result().status for task in done)
        at_once = rig.gateway.session.histories_open
        gates.append(1)
        replies = await asyncio.gather(*asking)
        assert sorted(reply.status for reply in replies) == [200] * 5 + [429] * 2
        again = (await rig.ask("POST", "/slow", b"{}")).status
        assert rig.gateway.session.histories_open == 0
        return refused, at_once, again

    assert asyncio.run(tell()) == ([429, 429], 5, 200)


def test_a_refused_request_leaves_its_connection_open(tmp_path: Path) -> None:
    async def tell() -> list[bytes]:
        rig = Rig(tmp_path, pacing=STRICT)
        rig.sign_in()
        async with served(rig) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            heads = []
            for _ in range(5):
                writer.write(
                    b"POST /v1/api/tickle HTTP/1.1\r\nHost: localhost\r\n"
                    b"Content-Length: 2\r\n\r\n{}"
                )
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
                (length,) = [
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length:")
                ]
                await reader.readexactly(length)
                heads.append(head.split(b"\r\n")[0])
            writer.close()
            return heads

    assert asyncio.run(tell()) == [
        *[b"HTTP/1.1 200 OK"] * 3,
        *[b"HTTP/1.1 429 Too Many Requests"] * 2,
    ]


def test_a_handshake_is_a_request_and_boxed_like_one(tmp_path: Path) -> None:
    handshake = (
        b"GET /v1/api/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )

    async def tell() -> list[bytes]:
        rig = Rig(tmp_path, pacing=STRICT)
        rig.sign_in()
        async with served(rig) as server:
            found = []
            for _ in range(12):
                reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
                writer.write(handshake)
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
                found.append(head.split(b" ")[1])
                writer.close()
            return found

    assert asyncio.run(tell()) == [*[b"101"] * 10, b"429", b"429"]


def test_what_is_said_on_a_socket_is_no_request(tmp_path: Path) -> None:
    async def story(rig: Rig) -> list[int]:
        session = rig.gateway.session
        subscriber = rig.premises.audience.join(session)
        for _ in range(100):
            subscriber.receive("tic")
        return await statuses(rig, STATUS, 10)

    assert told(tmp_path, story) == [200] * 10


def test_a_short_penalty_is_over_soon(tmp_path: Path) -> None:
    async def story(rig: Rig) -> list[int]:
        await statuses(rig, STATUS, 11)
        rig.wall.pass_(0.25)
        return await statuses(rig, STATUS, 1)

    assert told(tmp_path, story, PacingSettings(penalty=SECOND // 4)) == [200]


def test_the_hosted_face_lets_fifty_a_second_pass(tmp_path: Path) -> None:
    async def story() -> list[int]:
        rig = Rig(tmp_path, face=hosted(), pacing=STRICT)
        headers: dict[str, str | None] = {"host": "api.ibkr.com", "user-agent": "test"}
        return [(await rig.ask("GET", STATUS, headers=headers)).status for _ in range(52)]

    assert asyncio.run(story()) == [*[401] * 50, 429, 429]


def test_a_program_that_waits_for_its_answers_is_held_back_as_a_network_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = list[float]()

    async def story(rig: Rig) -> list[int]:
        async def passes(seconds: float) -> None:
            held.append(seconds)
            rig.wall.pass_(seconds)

        monkeypatch.setattr(asyncio, "sleep", passes)
        paths = ["/iserver/auth/status", "/tickle", "/iserver/accounts"]
        return [(await rig.ask("GET", f"{STATUS}?n={number}")).status for number in range(20)] + [
            (await rig.ask("GET", path)).status for path in paths
        ]

    assert told(tmp_path, story) == [200] * 23
    assert [round(seconds, 3) for seconds in held] == [0.1] * 13
