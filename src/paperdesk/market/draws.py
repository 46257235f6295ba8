"""Draws: every chance in the market is a hash of what it is for.

No generator has a state: the words of an interval depend on the seed, the subject, the kind and
the interval alone, so neither the order of questions nor another contract can change them.
"""

from functools import lru_cache
from hashlib import blake2b
from struct import Struct
from typing import Final

from paperdesk.market.arith import read_table

KINDS: Final = ("path", "spine", "book", "tape", "halt", "oi", "news", "bridge")
"""What words may be drawn for. A new use takes a new kind; none is ever used for something else."""

WORDS: Final = 16
"""How many words one hash gives."""

_pack = Struct("<qq").pack
_unpack = Struct("<16H").unpack
_NORMAL: Final = read_table("normal")
_EXPONENTIAL: Final = read_table("exponential")


class Draws:
    """The words of one subject and kind.

    Args:
        generator: number of the law that all bytes of a scenario follow.
        seed: the scenario's seed.
        subject: a conid, or the name of a factor (`factor/market`).
        kind: one of `KINDS`.
    """

    __slots__ = ("_copy", "subject")

    def __init__(self, generator: int, seed: int, subject: str, kind: str) -> None:
        """Hash the key once; each question copies it."""
        assert kind in KINDS, kind
        key = f"{generator}/{seed}/{subject}/{kind}"
        self.subject = subject
        self._copy = blake2b(key.encode("ascii"), digest_size=32).copy

    def words(self, a: int, b: int) -> tuple[int, ...]:
        """Return the 16 unsigned 16-bit words of the pair `(a, b)` of signed 64-bit numbers."""
        state = self._copy()
        state.update(_pack(a, b))
        return _unpack(state.digest())

    def octets(self, a: int, b: int) -> bytes:
        """Return the same 32 bytes as they are."""
        state = self._copy()
        state.update(_pack(a, b))
        return state.digest()


@lru_cache(maxsize=4096)
def draws_of(generator: int, seed: int, subject: str, kind: str) -> Draws:
    """Return the draws of a subject and kind, the same object for each day that asks."""
    return Draws(generator, seed, subject, kind)


def normal(word: int) -> int:
    """Return a normal draw in 1e-6 units: the quantile of a 16-bit word (4,096 of them)."""
    return _NORMAL[word >> 4]


def exponential(word: int) -> int:
    """Return an exponential draw of mean one in 1e-6 units: the quantile of a 16-bit word."""
    return _EXPONENTIAL[word >> 4]
