"""Answers that take long: everybody else is answered in between."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from tests.serving import Rig, served

from paperdesk.api.matching import Matcher
from paperdesk.api.route import BadRequest, Call, Empty, Evidence, Routes, Tier
from paperdesk.auth.pacing.paces import Pace

T = TypeVar("T")
GET = b"GET /v1/api/%b HTTP/1.1\r\nHost: localhost\r\n\r\n"
SLICES = 40


class Shop:
    """Routes that take long, and what has happened in them."""

    def __init__(self, tmp_path: Path) -> None:
        """Make a rig of them; inside a loop."""
        self.log: list[str] = []
        self.gate = asyncio.Event()
        routes = Routes(Tier.NOTHING)
        for path, handler in (
            ("/long", self.long),
            ("/endless", self.endless),
            ("/refused", self.refused),
            ("/broken", self.broken),
            ("/short", self.short),
            ("/quick", self.quick),
        ):
            pace = Pace(0, seconds=0, concurrent=5)
            routes.get(path, evidence=Evidence.JUDGED, pace=pace)(handler)
        self.rig = Rig(tmp_path, matcher=Matcher([routes]))
        self.rig.sign_in()
        self.rig.premises.slicer._seconds = 0.0

    def long(self, call: Call[Empty]) -> Generator[None, None, str]:
        """Take so many slices."""
        del call
        for _ in range(SLICES):
            yield
        self.log.append("long")
        return "long"

    def endless(self, call: Call[Empty]) -> Generator[None, None, str]:
        """Go on until nobody wants it."""
        del call
        try:
            while True:
                yield
        finally:
            self.log.append("given up")
            self.gate.set()

    def refused(self, call: Call[Empty]) -> Generator[None, None, str]:
        """Be refused in the middle."""
        del call
        yield
        raise BadRequest("not so")

    def broken(self, call: Call[Empty]) -> Generator[None, None, str]:
        """Break in the middle."""
        del call
        yield
        raise ZeroDivisionError("an inside of ours")

    def short(self, call: Call[Empty]) -> Generator[None, None, int]:
        """Be done with the first step."""
        if call.desk is None:
            yield
        return call.session.histories_open

    def quick(self, call: Call[Empty]) -> int:
        """Take no slice at all."""
        self.log.append("quick")
        return call.session.histories_open

    @property
    def open(self) -> int:
        """Histories that the session has open."""
        return self.rig.gateway.session.histories_open


def told(story: Callable[[Shop], Awaitable[T]], tmp_path: Path) -> T:
    async def run() -> T:
        return await story(Shop(tmp_path))

    return asyncio.run(run())


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - nothing tells when a count has changed
            await asyncio.sleep(0)


async def answered(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    length = next(line for line in lines if line.lower().startswith(b"content-length"))
    return int(head.split()[1]), await reader.readexactly(int(length.split()[1]))


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/long", 200, b'"long"'),
        ("/short", 200, b"1"),
        ("/refused", 400, b'{"error":"not so","statusCode":400}'),
    ],
)
def test_slices_are_answered_as_anything_else(
    tmp_path: Path, path: str, status: int, body: bytes
) -> None:
    async def story(shop: Shop) -> tuple[int, bytes, tuple[int, bytes], int]:
        direct = await shop.rig.ask("GET", path)
        async with served(shop.rig) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(GET % path[1:].encode())
            over_the_wire = await answered(reader)
            writer.close()
        return direct.status, direct.body, over_the_wire, shop.open

    assert told(story, tmp_path) == (status, body, (status, body), 0)


def test_no_inside_of_a_slice_is_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def story(shop: Shop) -> tuple[int, bytes]:
        reply = await shop.rig.ask("GET", "/broken")
        return reply.status, reply.body

    status, body = told(story, tmp_path)

    assert status == 500
    assert b"inside" not in body
    assert "GET /broken failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_others_are_answered_before_an_answer_that_takes_long(tmp_path: Path) -> None:
    async def story(shop: Shop) -> list[str]:
        async with served(shop.rig) as server:
            first = await asyncio.open_connection("127.0.0.1", server.port)
            other = await asyncio.open_connection("127.0.0.1", server.port)
            first[1].write(GET % b"long")
            other[1].write(GET % b"quick")
            assert await answered(other[0]) in {(200, b"1"), (200, b"2")}
            assert await answered(first[0]) == (200, b'"long"')
            for _, writer in (first, other):
                writer.close()
        return shop.log

    assert told(story, tmp_path) == ["quick", "long"]


def test_requests_of_one_connection_are_answered_in_their_order(tmp_path: Path) -> None:
    async def story(shop: Shop) -> list[tuple[int, bytes]]:
        async with served(shop.rig) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(GET % b"long" + GET % b"quick" + GET % b"long")
            found = [await answered(reader) for _ in range(3)]
            writer.close()
        assert shop.open == 0
        return found

    assert told(story, tmp_path) == [(200, b'"long"'), (200, b"1"), (200, b'"long"')]


def test_work_of_a_client_that_has_gone_is_given_up(tmp_path: Path) -> None:
    async def story(shop: Shop) -> tuple[list[str], int, int]:
        async with served(shop.rig) as server:
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(GET % b"endless")
            other, asking = await asyncio.open_connection("127.0.0.1", server.port)
            while not shop.open:
                asking.write(GET % b"quick")
                await answered(other)
                await asyncio.sleep(0)
            before = shop.open
            writer.close()
            asking.close()
            await asyncio.wait_for(shop.gate.wait(), 10)
            await asyncio.sleep(0)
        return [line for line in shop.log if line != "quick"], before, shop.open

    assert told(story, tmp_path) == (["given up"], 1, 0)


def test_answers_that_the_disk_holds_back_are_open(tmp_path: Path) -> None:
    async def story(shop: Shop) -> tuple[int, int]:
        async with served(shop.rig) as server:
            shop.rig.desk.journal.is_held = True
            shop.rig.desk.journal.add()
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(GET % b"quick")
            await until(lambda: "quick" in shop.log)
            held = shop.open
            shop.rig.desk.journal.flush()
            assert await answered(reader) == (200, b"1")
            writer.close()
        return held, shop.open

    assert told(story, tmp_path) == (1, 0)


def test_every_open_history_of_a_session_counts(tmp_path: Path) -> None:
    async def story(shop: Shop) -> Any:  # noqa: ANN401 - whatever was answered
        async with served(shop.rig) as server:
            writers = []
            for _ in range(4):
                _, writer = await asyncio.open_connection("127.0.0.1", server.port)
                writer.write(GET % b"endless")
                writers.append(writer)
            await until(lambda: shop.open == len(writers))
            reply = await shop.rig.ask("GET", "/quick")
            for writer in writers:
                writer.close()
            await until(lambda: not shop.open)
        return reply.json

    assert told(story, tmp_path) == 5
