"""Passwords: made, hashed and checked with scrypt.

A check takes some tens of milliseconds and 16 MB by design; whoever calls from a loop does it in
a thread.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import scrypt
from typing import Final

import msgspec

LENGTH_MAX: Final = 1_000
COST: Final = 2**14
BLOCK: Final = 8
LANES: Final = 1
HASH_SIZE: Final = 32
SALT_SIZE: Final = 16
MEMORY_MAX: Final = 64 * 1024 * 1024

ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody mistakes for each other."""

GROUPS: Final = 4
GROUP_LENGTH: Final = 4


class PasswordHash(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a password; salt and digest are base64 text."""

    salt: str
    digest: str
    cost: int = COST
    block: int = BLOCK
    lanes: int = LANES


def hashed(password: str, salt: bytes) -> PasswordHash:
    """Return what to keep of a password; `salt` is 16 bytes that nobody can foresee."""
    assert len(salt) == SALT_SIZE
    digest = _digest(password, salt, COST, BLOCK, LANES)
    return PasswordHash(salt=b64encode(salt).decode(), digest=b64encode(digest).decode())


def matches(password: str, kept: PasswordHash) -> bool:
    """Say whether a password is the one that was kept, in a time that does not tell how nearly."""
    if len(password) > LENGTH_MAX:
        return False
    digest = _digest(password, b64decode(kept.salt), kept.cost, kept.block, kept.lanes)
    return hmac.compare_digest(digest, b64decode(kept.digest))


def generated(draw: Callable[[int], int]) -> str:
    """Return a new password of four groups, `k7mp-x2qa-wt9d-h4ne`: 79 bits.

    Args:
        draw: returns a number below its argument that nobody can foresee.
    """
    groups = [
        "".join(ALPHABET[draw(len(ALPHABET))] for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)
    ]
    return "-".join(groups)


def _digest(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=salt,
        n=cost,
        r=block,
        p=lanes,
        maxmem=MEMORY_MAX,
        dklen=HASH_SIZE,
    )
