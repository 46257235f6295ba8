"""Wishes over a WebSocket whose answers take long: everybody else is heard meanwhile."""

import asyncio
import json
from pathlib import Path
from typing import Any

from tests.serving import Rig, served
from tests.turns import until
from websockets.asyncio.client import ClientConnection, connect

from paperdesk.base.slices import Slices
from paperdesk.stream.grammar import Wish
from paperdesk.stream.subscriber import Subscriber, Tables, Topic


async def heard(client: ClientConnection) -> Any:  # noqa: ANN401 - whatever was said
    return json.loads(await client.recv())


def test_others_are_heard_while_a_wish_takes_long(tmp_path: Path) -> None:
    log: list[str] = []

    def ponder(asking: Subscriber, wish: Wish) -> Slices[None]:
        try:
            while "quick" not in log:
                yield
            asking.say({"thought": wish.target})
        finally:
            log.append("end")

    def quick(asking: Subscriber, wish: Wish) -> None:
        log.append("quick")
        asking.say({"quick": wish.target})

    topics = Tables(
        topics={
            "long": Topic(ponder, needs_brokerage=False),
            "quick": Topic(quick, needs_brokerage=False),
        }
    )

    async def story() -> tuple[Any, list[Any], list[str]]:
        rig = Rig(tmp_path, topics=topics)
        rig.sign_in()
        async with served(rig) as server, asyncio.timeout(20):
            address = f"ws://127.0.0.1:{server.port}/v1/api/ws"
            async with connect(address) as one, connect(address) as other:
                await one.send("long+1")
                await one.send("quick+1")
                await other.send("quick+2")
                first = await heard(other)
                later = [await heard(one), await heard(one)]
            log.clear()
            async with connect(address) as leaving:
                await leaving.send("long+3")
                leaving.transport.abort()
            await until(lambda: bool(log))
            return first, later, log

    first, later, given_up = asyncio.run(story())

    assert first == {"quick": "2"}
    assert later == [{"thought": "1"}, {"quick": "1"}]
    assert given_up == ["end"]
