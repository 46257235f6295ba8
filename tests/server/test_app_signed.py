"""Signed requests through the application: long work that is asked for twice, and real ports."""

import asyncio
import hashlib
import hmac
from base64 import b64encode
from collections.abc import Generator
from pathlib import Path
from urllib.parse import quote

from tests.outside import Outside, told
from tests.programs import Program, header
from tests.serving import served

from paperdesk.api.matching import Matcher
from paperdesk.api.route import Call, Empty, Evidence, Routes, Tier
from paperdesk.auth.pacing.paces import Pace
from paperdesk.auth.sessions import SessionSettings
from paperdesk.base.units import SECOND

SLICES = 30


class Long:
    """A route that takes long, and how often it was done."""

    def __init__(self, rig: Outside) -> None:
        self.began = 0
        self.has_begun = asyncio.Event()
        self.ended = 0
        routes = Routes(Tier.SESSION)
        pace = Pace(0, seconds=0, concurrent=5)
        routes.get("/long", evidence=Evidence.JUDGED, pace=pace)(self.long)
        rig.application.matcher = Matcher([routes])
        rig.premises.slicer._seconds = 0.0

    def long(self, call: Call[Empty]) -> Generator[None, None, int]:
        """Take so many slices."""
        del call
        self.began += 1
        self.has_begun.set()
        for _ in range(SLICES):
            yield
        self.ended += 1
        return self.ended


def test_long_work_that_is_asked_for_twice_is_done_once(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        long = Long(rig)
        program = rig.program()
        await rig.shake_hands(program)
        authorization = program.by_hmac("GET", "/long")

        first, twin = await asyncio.gather(
            *(rig.signed("GET", "/long", authorization) for _ in range(2))
        )
        again = await rig.signed("GET", "/long", authorization)

        assert (first.body, twin.body, again.body) == (b"1", b"1", b"1")
        assert (long.began, long.ended) == (1, 1)
        assert rig.sessions[0].histories_open == 0

    told(tmp_path, story)


def test_long_work_whose_client_has_gone_goes_on_for_the_repetition(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        long = Long(rig)
        program = rig.program()
        await rig.shake_hands(program)
        authorization = program.by_hmac("GET", "/long")

        async with served(rig) as server:
            request = (
                f"GET /v1/api/long HTTP/1.1\r\nHost: localhost:5001\r\nUser-Agent: x\r\n"
                f"Authorization: {authorization}\r\n\r\n"
            ).encode()
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(request)
            await long.has_begun.wait()
            writer.transport.abort()
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(1)
            writer.close()

        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert body == b"1"
        assert (long.began, long.ended) == (1, 1)
        assert rig.sessions[0].histories_open == 0

    told(tmp_path, story)


def test_a_brokerage_session_is_waited_for_at_a_real_port_too(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        rig.premises.roster.settings = SessionSettings(warm_up=SECOND // 5)
        program = rig.program()
        await rig.shake_hands(program)
        path = "/iserver/auth/ssodh/init"
        authorization = program.by_hmac("POST", path)
        loop = asyncio.get_running_loop()

        async with served(rig) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            began = loop.time()
            writer.write(
                f"POST /v1/api{path} HTTP/1.1\r\nHost: localhost:5001\r\nUser-Agent: x\r\n"
                f"Content-Length: 0\r\nAuthorization: {authorization}\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            took = loop.time() - began
            writer.close()

        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert took >= 0.19

    told(tmp_path, story)


def twice_encoded(program: Program, path: str, nonce: str) -> list[str]:
    """Return a header as the standard has it, and the same with another escape of its nonce."""
    parameters = program.parameters("HMAC-SHA256", oauth_nonce=nonce)
    pairs = sorted((name, quote(value, safe="")) for name, value in parameters.items())
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    url = quote(f"{program.origin}/v1/api{path}", safe="")
    text = f"POST&{url}&{quote(joined, safe='')}"
    signature = b64encode(hmac.digest(program.live, text.encode(), hashlib.sha256)).decode()
    once = quote(nonce, safe="")
    return [
        header(parameters | {"oauth_nonce": shown}, signature)
        for shown in (once, quote(once, safe=""))
    ]


def test_one_signature_is_good_for_one_request_however_its_nonce_is_escaped(
    tmp_path: Path,
) -> None:
    async def story(rig: Outside) -> None:
        done: list[int] = []
        routes = Routes(Tier.SESSION)

        @routes.post("/buy", evidence=Evidence.JUDGED)
        def buy(call: Call[Empty]) -> int:
            del call
            done.append(1)
            return len(done)

        rig.application.matcher = Matcher([routes])
        program = rig.program()
        await rig.shake_hands(program)
        headers = twice_encoded(program, "/buy", "a+b/c==")

        answers = [await rig.signed("POST", "/buy", one) for one in (*headers, *headers)]

        assert [answer.status for answer in answers] == [200] * 4
        assert {answer.body for answer in answers} == {b"1"}
        assert done == [1]

    told(tmp_path, story)
