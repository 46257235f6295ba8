"""Slices: long work done a little at a time, so that everybody else is answered in between."""

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import Final, TypeVar

from paperdesk.base.slices import Slices

SLICE_SECONDS: Final = 0.004
"""How long the loop works on one thing before it turns."""

T = TypeVar("T")


class Slicer:
    """Does long work: of all that there is, one slice each turn of the loop."""

    def __init__(self, slice_seconds: float = SLICE_SECONDS) -> None:
        """Know how long a slice is; a step of the work that takes longer is still done whole."""
        self._seconds = slice_seconds
        self._turn = asyncio.Lock()

    async def done(self, work: Slices[T], is_wanted: Callable[[], bool]) -> T | None:
        """Do a piece of work and return what it comes to.

        None when nobody wants it any more; then it is given up where it stands.
        """
        try:
            while is_wanted():
                # Who waits for the lock is served in order, so that no work waits for all others.
                async with self._turn:
                    try:
                        self._advance(work)
                    except StopIteration as end:
                        return end.value  # type: ignore[no-any-return]
                    await asyncio.sleep(0)
            return None
        finally:
            work.close()

    def _advance(self, work: Slices[T]) -> None:
        """Work for a slice.

        Raises:
            StopIteration: the work is done.
        """
        until = perf_counter() + self._seconds
        while True:
            next(work)
            if perf_counter() >= until:
                return
