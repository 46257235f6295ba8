"""Deadlines: when each of many sessions is to be looked at next, the earliest first.

Most deadlines move later with every request, so a session is noted for an early instant and, when
that comes, noted again for the one that it has by then. Nobody looks through all sessions.
"""

from heapq import heapify, heappop, heappush
from typing import Final

from paperdesk.base.units import Instant

STALE_MAX: Final = 1_000
"""Notes of sessions that are gone, beyond as many as there are sessions."""


class Deadlines:
    """Which session, by its number, is to be looked at when."""

    def __init__(self) -> None:
        """Begin without any."""
        self._noted: dict[int, Instant] = {}
        self._heap: list[tuple[Instant, int]] = []

    def note(self, number: int, at: Instant) -> None:
        """Have a session looked at by an instant; one that is looked at earlier stays noted."""
        noted = self._noted.get(number)
        if noted is not None and noted <= at:
            return
        self._noted[number] = at
        heappush(self._heap, (at, number))
        if len(self._heap) > 2 * len(self._noted) + STALE_MAX:
            self._heap = [(noted_for, known) for known, noted_for in self._noted.items()]
            heapify(self._heap)

    def forget(self, number: int) -> None:
        """Look at a session no more."""
        self._noted.pop(number, None)

    def due(self, at: Instant) -> tuple[Instant, int] | None:
        """Return the earliest note up to an instant and drop it; None where there is none.

        Of notes of one instant the session with the lower number comes first.
        """
        while self._heap and self._heap[0][0] <= at:
            noted_for, number = heappop(self._heap)
            if self._noted.get(number) == noted_for:
                del self._noted[number]
                return noted_for, number
        return None

    def __len__(self) -> int:
        """Return how many notes are kept, stale ones included."""
        return len(self._heap)
