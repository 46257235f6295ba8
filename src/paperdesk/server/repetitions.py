"""Repetitions: the first answers to signed requests, kept for clients that send them again.

A client whose reading timed out sends the same signed request once more, orders included. It gets
what the first one got, and nothing is done twice. Answers are kept for a short while and so many
bytes of them; that a nonce was used is remembered elsewhere, and longer.
"""

import asyncio
from collections.abc import Generator
from typing import Final, TypeAlias

import msgspec

from paperdesk.api.route import Answer
from paperdesk.base.units import MINUTE, Duration, Instant

KEPT_FOR: Final[Duration] = 2 * MINUTE
"""Longer than clients wait: the slowest known one gives up after half a minute, three times."""

SIZE_MAX: Final = 32 * 1024 * 1024
RECORD_SIZE: Final = 500
"""About what an answer takes beside its body."""

Work: TypeAlias = Generator[None, None, Answer]


class Kept(msgspec.Struct, eq=False):
    """A request under way, or its answer.

    Long work is shared: whoever still waits for it takes its next step. Where a thread does the
    work, `future` is there until it is done.
    """

    at: Instant
    answer: Answer | None = None
    work: Work | None = None
    future: asyncio.Future[None] | None = None

    @property
    def size(self) -> int:
        """Bytes it is counted with."""
        return RECORD_SIZE + (0 if self.answer is None else len(self.answer.body))


class Repetitions:
    """First answers, by what tells one signed request from all others."""

    def __init__(self, size_max: int = SIZE_MAX) -> None:
        """Keep no more than so many bytes."""
        self._size_max = size_max
        self._kept: dict[bytes, Kept] = {}
        self.size = 0

    def __len__(self) -> int:
        """Count what is kept."""
        return len(self._kept)

    def begin(self, key: bytes, now: Instant) -> Kept:
        """Make room for the answer to a new request."""
        self._forget(now)
        kept = self._kept[key] = Kept(now)
        self.size += kept.size
        return kept

    def find(self, key: bytes) -> Kept | None:
        """Return a request that came before, unless it is too long ago."""
        return self._kept.get(key)

    def answered(self, key: bytes, kept: Kept, answer: Answer) -> None:
        """Keep an answer; one that was forgotten meanwhile stays so."""
        is_kept = self._kept.get(key) is kept
        if is_kept:
            self.size -= kept.size
        kept.answer = answer
        kept.work = None
        if is_kept:
            self.size += kept.size

    def _forget(self, now: Instant) -> None:
        while self._kept:
            key = next(iter(self._kept))
            oldest = self._kept[key]
            if oldest.at + KEPT_FOR > now and self.size <= self._size_max:
                return
            del self._kept[key]
            self.size -= oldest.size
