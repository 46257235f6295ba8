"""Durability: answers wait here until their events are on disk, many at a time."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from paperdesk.store.journal import Journal

Waiter: TypeAlias = Callable[[bool], None]
"""Called from the loop when everything is on disk, or with False when it never will be."""


class Durability:
    """Whoever waits for a journal; one question to its writer serves all who came meanwhile."""

    def __init__(self, journal: Journal, loop: asyncio.AbstractEventLoop) -> None:
        """Wait on a journal, from a loop."""
        self._journal = journal
        self._loop = loop
        self._waiting: deque[tuple[int, Waiter]] = deque()
        self._is_asked = False

    def is_reached(self, seq: int) -> bool:
        """Say whether everything up to a number is on disk."""
        return self._journal.durable_seq >= seq

    async def reached(self, seq: int) -> bool:
        """Wait until everything up to a number is on disk; False where the journal has failed."""
        if not self.is_reached(seq) and not self._journal.failure:
            future: asyncio.Future[None] = self._loop.create_future()
            self.when(seq, lambda _: None if future.done() else future.set_result(None))
            await future
        return self.is_reached(seq)

    def when(self, seq: int, waiter: Waiter) -> None:
        """Call back from the loop when everything up to a number is on disk, or never will be."""
        self._waiting.append((seq, waiter))
        if not self._is_asked:
            self._ask()

    def _ask(self) -> None:
        self._is_asked = True
        self._journal.notify(self._waiting[-1][0], self._told)

    def _told(self) -> None:
        """Hear from the writer, whose thread this is."""
        self._loop.call_soon_threadsafe(self._release)

    def _release(self) -> None:
        self._is_asked = False
        durable, failed = self._journal.durable_seq, bool(self._journal.failure)
        while self._waiting and (failed or self._waiting[0][0] <= durable):
            seq, waiter = self._waiting.popleft()
            # In a turn of its own: should one fall over, the others hear of it all the same.
            self._loop.call_soon(waiter, seq <= durable)
        if self._waiting:
            self._ask()
