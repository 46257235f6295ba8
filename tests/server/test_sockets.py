import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from tests.serving import LIVE, Rig, served
from tests.turns import turns
from websockets.asyncio.client import connect

from paperdesk.auth.roster import Opening
from paperdesk.server import sockets
from paperdesk.server.sockets import Speaker
from paperdesk.stream.subscriber import Audience, Subscriber


class Wire:
    """A wire that remembers, and may be full."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self.waiting = 0

    def write(self, frames: bytes) -> None:
        self.written.append(frames)

    def buffered(self) -> int:
        return self.waiting

    @property
    def is_gone(self) -> bool:
        return False

    def shut(self, code: int, reason: str) -> None:
        self.closed = (code, reason)


async def spoken(rig: Rig) -> tuple[Audience, Speaker, Subscriber, Wire]:
    application = rig.application
    rig.sign_in()
    subscriber = application.audience.join(rig.gateway.session)
    wire = Wire()
    application.speaker.add(subscriber, wire)
    return application.audience, application.speaker, subscriber, wire


async def let_it_speak(speaker: Speaker) -> None:
    speaker.wake()
    task = asyncio.create_task(speaker.speak())
    await turns()
    task.cancel()


def test_everything_of_a_subscriber_is_written_at_once(tmp_path: Path) -> None:
    async def story() -> list[bytes]:
        _, speaker, subscriber, wire = await spoken(Rig(tmp_path))
        subscriber.send(b"one")
        subscriber.send(b"two")
        await let_it_speak(speaker)
        return wire.written

    (written,) = asyncio.run(story())

    assert written.endswith(b"onetwo")


def test_a_full_wire_is_left_alone_until_it_has_room(tmp_path: Path) -> None:
    async def story() -> tuple[int, int]:
        _, speaker, subscriber, wire = await spoken(Rig(tmp_path))
        wire.waiting = sockets.BUFFERED_MAX + 1
        subscriber.send(b"one")
        await let_it_speak(speaker)
        held = len(wire.written)
        wire.waiting = 0
        await let_it_speak(speaker)
        return held, len(wire.written)

    assert asyncio.run(story()) == (0, 1)


def test_a_full_wire_is_closed_all_the_same(tmp_path: Path) -> None:
    async def story() -> tuple[int, str] | None:
        _, speaker, subscriber, wire = await spoken(Rig(tmp_path))
        wire.waiting = sockets.BUFFERED_MAX + 1
        subscriber.close(1008, "messages are not read")
        await let_it_speak(speaker)
        return wire.closed

    assert asyncio.run(story()) == (1008, "messages are not read")


def test_what_is_said_waits_for_the_disk(tmp_path: Path) -> None:
    async def story() -> tuple[int, int]:
        rig = Rig(tmp_path)
        _, speaker, subscriber, wire = await spoken(rig)
        rig.desk.journal.is_held = True
        rig.desk.journal.add()
        subscriber.send(b"one")
        speaker.wake()
        task = asyncio.create_task(speaker.speak())
        await turns()
        early = len(wire.written)
        rig.desk.journal.flush()
        await turns()
        task.cancel()
        return early, len(wire.written)

    assert asyncio.run(story()) == (0, 1)


def test_what_never_reaches_the_disk_is_never_said(tmp_path: Path) -> None:
    async def story() -> tuple[list[bytes], tuple[int, str] | None]:
        rig = Rig(tmp_path)
        _, speaker, subscriber, wire = await spoken(rig)
        rig.desk.journal.is_held = True
        rig.desk.journal.add()
        subscriber.send(b"one")
        speaker.wake()
        task = asyncio.create_task(speaker.speak())
        await turns()
        rig.desk.journal.fail()
        await turns()
        task.cancel()
        return wire.written, wire.closed

    assert asyncio.run(story()) == ([], (1011, "the desk has stopped"))


def test_a_wire_that_is_gone_is_not_written_to(tmp_path: Path) -> None:
    async def story() -> list[bytes]:
        _, speaker, subscriber, wire = await spoken(Rig(tmp_path))
        speaker.remove(subscriber)
        await let_it_speak(speaker)
        return wire.written

    assert asyncio.run(story()) == []


WAITING = {"message": "waiting for session"}


def test_a_socket_of_the_gateway_is_nobody_elses(tmp_path: Path) -> None:
    async def told() -> tuple[list[Any], Any]:
        rig = Rig(tmp_path)
        rig.sign_in()
        opening = Opening(face="hosted", credential="oauth2 firm")
        theirs = rig.premises.roster.open(LIVE, rig.wall(), opening).session_id
        async with served(rig) as server:
            headers = {"Cookie": f"api={theirs}"}
            url = f"ws://127.0.0.1:{server.port}/v1/api/ws"
            async with connect(url, additional_headers=headers) as client:
                said = [json.loads(await client.recv())]
                await client.send(json.dumps({"session": theirs}))
                said.append(json.loads(await client.recv()))
                await client.send(json.dumps({"session": rig.gateway.session.session_id}))
                return said, json.loads(await client.recv())["success"]

    assert asyncio.run(told()) == ([WAITING, WAITING], "demo")


@pytest.mark.parametrize(("of_all", "for_others"), [(4, 1), (3, 0), (9, 3)])
def test_no_user_takes_all_the_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of_all: int, for_others: int
) -> None:
    monkeypatch.setattr(sockets, "SOCKETS_MAX", of_all)
    monkeypatch.setattr(sockets, "SOCKETS_OF_A_USER_MAX", 3)

    async def story() -> list[int]:
        rig = Rig(tmp_path)
        rig.sign_in()
        counts = []
        for session in (rig.gateway.session, rig.people.roster.open(LIVE, 0, Opening())):
            joined = 0
            while sockets._has_room(rig.premises.audience, session):
                rig.premises.audience.join(session)
                joined += 1
            counts.append(joined)
        return counts

    assert asyncio.run(story()) == [3, for_others]
