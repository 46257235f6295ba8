"""Running: a desk that is served while commands at a shell are tried on it."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from click.testing import CliRunner, Result

from paperdesk.cli.commands import paperdesk
from paperdesk.desk.scenario import DeskOptions
from paperdesk.server import serve
from paperdesk.server.clock import wall
from paperdesk.server.serve import Opened, ServeOptions

T = TypeVar("T")


def run(data_dir: Path, *words: str) -> Result:
    """Type a command about a desk of a data directory."""
    environment = {"PAPERDESK_CONTROL_URL": ""}
    return CliRunner(env=environment).invoke(paperdesk, [*words, "--data-dir", str(data_dir)])


def while_served(data_dir: Path, story: Callable[[Opened], T], **more: Any) -> T:  # noqa: ANN401
    """Tell a story, which may take its time, while a desk is served."""
    desk = DeskOptions(wall=wall(), data_dir=data_dir, name="default", clock="stepped")
    given: dict[str, Any] = {
        "port": 0,
        "hosted_port": 0,
        "control_port": 0,
        "host": "127.0.0.1",
    } | more
    options = ServeOptions(desk=desk, data_dir=data_dir, **given)

    async def told() -> T:
        stop = asyncio.Event()
        opened: asyncio.Future[Opened] = asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(serve.serve(options, opened.set_result, stop))
        awaited: set[asyncio.Future[Any]] = {opened, serving}
        await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()
        try:
            return await asyncio.to_thread(story, opened.result())
        finally:
            stop.set()
            await serving

    return asyncio.run(told())
