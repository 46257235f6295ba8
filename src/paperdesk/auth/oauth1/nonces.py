"""Nonces: which signed requests were seen, so that none is executed twice.

A client that timed out sends the same signed request again, orders included. That is told apart
from a forged one by everything that was signed and sent: the same request is a repetition, whose
first answer the caller still has; the same nonce with anything else is refused.

Nothing is forgotten silently. An entry goes when its timestamp cannot be accepted any more, or
when there are too many; the newest timestamp that was ever forgotten is a floor, and a request
that is not above it and not remembered cannot be told from a replay, so it is refused.
"""

from enum import Enum
from hashlib import blake2b
from typing import Final
from urllib.parse import unquote_to_bytes

import msgspec

from paperdesk.auth.oauth1.requests import RequestLine
from paperdesk.base.units import MINUTE, Duration, Instant

WINDOW: Final[Duration] = 5 * MINUTE
"""How far a timestamp may be from wall time, either way."""

REMEMBERED: Final[Duration] = 2 * WINDOW
"""From arrival on: a timestamp that was ahead by a window stays acceptable for two."""

CAPACITY: Final = 60_000
"""Two windows of a hundred requests a second: twice the pace that IBKR allows a session."""

DIGEST_SIZE: Final = 16


class Freshness(Enum):
    """What a nonce says of its request."""

    NEW = "new"
    REPEATED = "repeated"
    REUSED = "reused"
    BEYOND_MEMORY = "beyond memory"


class NonceEntry(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One request that was accepted: what a file keeps of it.

    `nonce` and `request` are digests; `timestamp` is the request's own, in seconds; `at` is the
    wall instant of its arrival.
    """

    nonce: bytes
    request: bytes
    timestamp: int
    at: Instant


class Nonces:
    """The requests of one signer within two windows."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        """Remember nothing yet, and never more than so many requests."""
        self._capacity = capacity
        self._seen: dict[bytes, NonceEntry] = {}
        self.floor = 0
        """The newest timestamp among those forgotten, in seconds."""

    def __len__(self) -> int:
        """Count what is remembered."""
        return len(self._seen)

    def look(self, entry: NonceEntry) -> Freshness:
        """Say how fresh a request is, and change nothing."""
        known = self._seen.get(entry.nonce)
        if known is not None:
            same = known.request == entry.request and known.timestamp == entry.timestamp
            return Freshness.REPEATED if same else Freshness.REUSED
        return Freshness.NEW if entry.timestamp > self.floor else Freshness.BEYOND_MEMORY

    def remember(self, entry: NonceEntry) -> Freshness:
        """Say how fresh a request is, and remember one that is new. Called after its signature."""
        self._forget_before(entry.at - REMEMBERED)
        found = self.look(entry)
        if found is Freshness.NEW:
            self._seen[entry.nonce] = entry
            if len(self._seen) > self._capacity:
                self._forget_oldest()
        return found

    def entries(self, at: Instant) -> list[NonceEntry]:
        """Return what has to be remembered at an instant, oldest first, to be kept in a file."""
        self._forget_before(at - REMEMBERED)
        return list(self._seen.values())

    def restore(self, entries: list[NonceEntry], floor: int = 0) -> None:
        """Remember what a file kept, oldest first."""
        self.floor = max(self.floor, floor)
        for entry in entries:
            self.remember(entry)

    def _forget_before(self, instant: Instant) -> None:
        """Forget what came before an instant: each entry once, so it costs nothing on average."""
        while self._seen:
            oldest = next(iter(self._seen.values()))
            if oldest.at >= instant:
                return
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        entry = self._seen.pop(next(iter(self._seen)))
        self.floor = max(self.floor, entry.timestamp)


def entry_of(
    line: RequestLine, nonce: str, signature: bytes, timestamp: int, at: Instant, body: bytes = b""
) -> NonceEntry:
    """Return what to remember of a request whose signature was verified.

    The signature covers neither query nor body under the commonest convention, so both are part
    of what has to be the same in a repetition.
    """
    told = b"\0".join(
        (
            line.method.encode(),
            line.raw_path.encode("utf-8", "surrogatepass"),
            line.raw_query.encode("utf-8", "surrogatepass"),
            signature,
            body,
        )
    )
    return NonceEntry(
        blake2b(_bare(nonce), digest_size=DIGEST_SIZE).digest(),
        blake2b(told, digest_size=DIGEST_SIZE).digest(),
        timestamp,
        at,
    )


def _bare(nonce: str) -> bytes:
    """Return a nonce without escapes, in whatever way it was written down.

    `a+` under the convention that encodes twice and `a%2B` under one that encodes once are the same
    text to sign, so one signature would be good for two requests if those were two nonces.
    """
    bare = nonce.encode()
    while b"%" in bare:
        decoded = unquote_to_bytes(bare)
        if decoded == bare:
            break
        bare = decoded
    return bare
