"""Takeovers with real clients on real sockets. Nothing ticks here: whoever hears, heard at once."""

import asyncio
import json
from pathlib import Path
from typing import Any

from tests.programs import KEY, TOKEN, access_token, consumer, register
from tests.serving import PAPER, Rig, served
from websockets.asyncio.client import ClientConnection, connect

from paperdesk.auth.roster import Opening
from paperdesk.auth.sessions import Session
from paperdesk.server import callers, faces

CLIENTS = 60
HOSTED = Opening(face="hosted", credential=callers.credential(KEY, TOKEN))


async def statuses(client: ClientConnection, count: int) -> list[dict[str, Any]]:
    """Return what the next `sts` messages say."""
    said: list[dict[str, Any]] = []
    while len(said) < count:
        message = json.loads(await client.recv())
        if message["topic"] == "sts":
            said.append(message["args"])
    return said


def test_sixty_clients_take_it_from_each_other_and_one_is_left(tmp_path: Path) -> None:
    async def opened(port: int, session: Session) -> ClientConnection:
        address = f"ws://127.0.0.1:{port}/v1/api/ws?oauth_token={TOKEN}"
        headers = {"Cookie": f"api={session.session_id}"}
        client = await connect(address, additional_headers=headers)
        await client.recv()
        return client

    async def story() -> tuple[list[list[dict[str, Any]]], list[bool]]:
        rig = Rig(tmp_path, face=faces.hosted())
        register(rig.registrations, consumer(), access_token())
        roster = rig.people.roster
        sessions = [roster.open(PAPER, rig.wall(), HOSTED) for _ in range(CLIENTS)]
        async with served(rig) as server:
            clients = [await opened(server.port, session) for session in sessions]
            for session in sessions:
                roster.initialise(session, rig.wall(), compete=True)
            rig.wall.pass_(2)
            roster.sweep(rig.wall())
            heard = await asyncio.gather(*(statuses(client, 2) for client in clients))
            served_now = [session.has_brokerage for session in sessions]
            for client in clients:
                await client.close()
            return heard, served_now

    heard, served_now = asyncio.run(asyncio.wait_for(story(), 30))

    assert served_now == [False] * (CLIENTS - 1) + [True]
    for begun, lost in heard[:-1]:
        assert (begun["authenticated"], begun["established"]) == (True, False)
        assert (lost["authenticated"], lost["competing"], lost["connected"]) == (False, True, True)
    assert heard[-1][1]["established"] is True
