"""A real port and a disk that is held back: what has moved the desk is answered in time."""

import asyncio
from pathlib import Path

import pytest
from tests.serving import Rig, served
from tests.turns import turns, until

from paperdesk.api.matching import Matcher
from paperdesk.api.route import Evidence, Routes, Tier

HOST = b"Host: localhost:5000\r\n"


async def status_of(reader: asyncio.StreamReader) -> int:
    """Return the status of the next answer, which has a body of a length that it tells."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length))
    return int(head[9:12])


def moving(tmp_path: Path) -> Rig:
    """Return a rig whose disk is held, and whose one route adds an event to the journal."""
    routes = Routes(Tier.NOTHING)
    rig = Rig(tmp_path, matcher=Matcher([routes]))
    for add in (routes.get, routes.post):
        add("/probe", evidence=Evidence.JUDGED)(lambda _: rig.desk.journal.add())
    rig.application.matcher = Matcher([routes])
    rig.desk.journal.is_held = True
    return rig


async def moved(rig: Rig, seq: int) -> None:
    """Wait until the journal has so many events, on disk or not."""
    await until(lambda: rig.desk.journal.seq == seq)


PROBES = [
    b"GET /v1/api/probe HTTP/1.1\r\n" + HOST + b"\r\n",
    b"POST /v1/api/probe HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\n{}",
]


@pytest.mark.parametrize("probe", PROBES)
def test_what_has_moved_the_desk_is_answered_when_it_is_on_disk(
    tmp_path: Path, probe: bytes
) -> None:
    async def story() -> tuple[bool, int, int]:
        rig = moving(tmp_path)
        async with served(rig) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(probe)
            waiting = asyncio.create_task(status_of(reader))
            await moved(rig, 1)
            await turns()
            early = waiting.done()
            rig.desk.journal.flush()
            good = await waiting
            writer.write(probe)
            waiting = asyncio.create_task(status_of(reader))
            await moved(rig, 2)
            rig.desk.journal.fail()
            bad = await waiting
            writer.close()
            return early, good, bad

    assert asyncio.run(story()) == (False, 200, 503)


def test_orders_in_one_piece_wait_for_the_disk_one_after_the_other(tmp_path: Path) -> None:
    async def story() -> tuple[int, list[int]]:
        rig = moving(tmp_path)
        async with served(rig) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(PROBES[1] * 3)
            await moved(rig, 1)
            await turns()
            begun = rig.desk.journal.seq
            statuses = []
            for number in range(1, 4):
                await moved(rig, number)
                rig.desk.journal.flush()
                statuses.append(await status_of(reader))
            writer.close()
            return begun, statuses

    assert asyncio.run(story()) == (1, [200, 200, 200])


@pytest.mark.parametrize("probe", PROBES)
def test_a_client_that_leaves_before_the_disk_is_done_hurts_nobody(
    tmp_path: Path, probe: bytes
) -> None:
    async def story() -> int:
        rig = moving(tmp_path)
        async with served(rig) as server:
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(probe)
            await moved(rig, 1)
            writer.transport.abort()
            reader, other = await asyncio.open_connection("127.0.0.1", server.port)
            other.write(probe)
            await moved(rig, 2)
            rig.desk.journal.flush()
            status = await status_of(reader)
            other.close()
            return status

    assert asyncio.run(story()) == 200
