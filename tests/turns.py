"""Turns of the loop: how tests let others go on without waiting for a clock."""

import asyncio
from collections.abc import Callable

TURNS = 20
SECONDS_MAX = 10.0


async def turns(count: int = TURNS) -> None:
    """Let everything that is ready go on, and what that makes ready, and so forth."""
    for _ in range(count):
        await asyncio.sleep(0)


async def until(condition: Callable[[], bool]) -> None:
    """Let others go on until something is so; a test that waits for ever fails."""
    async with asyncio.timeout(SECONDS_MAX):
        while not condition():  # noqa: ASYNC110 - whatever it may be, it sets no event
            await asyncio.sleep(0)
