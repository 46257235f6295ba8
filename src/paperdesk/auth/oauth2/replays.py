"""Replays: the assertions that were used, remembered until they have expired by themselves.

Check and entry are one step, so that of any number of copies one is taken. The memory has an end:
a client that fills its share is refused new ones, and nothing is forgotten early.
"""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from heapq import heappop, heappush
from typing import Final

import msgspec

from paperdesk.base.units import Instant

ENTRIES_MAX: Final = 200_000
ENTRIES_PER_CLIENT_MAX: Final = 20_000


class Used(msgspec.Struct, frozen=True, order=True, gc=False):
    """An assertion that was used: until when it is remembered, what it was, whose.

    `mark` is a digest, so that a long `jti` takes no more room than a short one. Instants are
    wall time.
    """

    until: Instant
    mark: str
    client_id: str


class ReplaysFull(ValueError):
    """No more assertions can be remembered, so none can be taken."""


class Replays:
    """Which assertions were used. What is in it can be exported, and read back after a restart."""

    def __init__(
        self, entries_max: int = ENTRIES_MAX, per_client_max: int = ENTRIES_PER_CLIENT_MAX
    ) -> None:
        """Begin with none."""
        self._entries_max = entries_max
        self._per_client_max = per_client_max
        self._marks: set[str] = set()
        self._by_time: list[Used] = []
        self._counts: Counter[str] = Counter()

    def use(self, used: Used, now: Instant) -> bool:
        """Remember an assertion and say True; False where it was used before.

        Raises:
            ReplaysFull: there is no room to remember it.
        """
        self.forget(now)
        if used.mark in self._marks:
            return False
        is_full = len(self._marks) >= self._entries_max
        if is_full or self._counts[used.client_id] >= self._per_client_max:
            raise ReplaysFull(f"{used.client_id} has too many assertions that live on")
        self._keep(used)
        return True

    def forget(self, now: Instant) -> None:
        """Forget what has expired by now."""
        while self._by_time and self._by_time[0].until <= now:
            old = heappop(self._by_time)
            self._marks.discard(old.mark)
            self._counts[old.client_id] -= 1
            if not self._counts[old.client_id]:
                del self._counts[old.client_id]

    def restore(self, entries: Iterable[Used], now: Instant) -> None:
        """Remember again what was remembered before a restart."""
        for used in entries:
            if used.until > now and used.mark not in self._marks:
                self._keep(used)

    def entries(self) -> list[Used]:
        """Return all that is remembered, the first to be forgotten first."""
        return sorted(self._by_time)

    def __len__(self) -> int:
        """Return how many assertions are remembered."""
        return len(self._marks)

    def _keep(self, used: Used) -> None:
        self._marks.add(used.mark)
        self._counts[used.client_id] += 1
        heappush(self._by_time, used)


def mark_of_id(client_id: str, token_id: str) -> str:
    """Return what stands for an assertion with a `jti`; ids of two clients never meet."""
    return sha256(f"jti\0{len(client_id)}\0{client_id}\0{token_id}".encode()).hexdigest()


def mark_of_bytes(signed: bytes) -> str:
    """Return what stands for an assertion without a `jti`: the bytes that were signed.

    The signature is left out, because some kinds of it can be written in two ways.
    """
    return sha256(b"bytes\0" + signed).hexdigest()
