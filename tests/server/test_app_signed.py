"""Signed requests through the application: long work that is asked for twice, and real ports."""

import asyncio
from collections.abc import Generator
from pathlib import Path

from tests.outside import Outside, told
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
