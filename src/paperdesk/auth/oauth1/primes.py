"""Primes: whether a number of some thousand bits is a safe prime.

Takes a good part of a second for 2,048 bits and some for 4,096: once at an upload, never in a loop
that serves.
"""

from collections.abc import Iterator
from hashlib import sha256
from math import gcd, prod
from typing import Final

ROUNDS: Final = 24
"""Of Miller and Rabin's test: a composite passes fewer than one in 4^24 sets of bases."""

_SIEVE: Final = 2_000


def _small_primes() -> tuple[int, ...]:
    return tuple(n for n in range(3, _SIEVE) if all(n % d for d in range(2, int(n**0.5) + 1)))


SMALL: Final = _small_primes()
_PRODUCT: Final = prod(SMALL)


def has_small_factor(number: int) -> bool:
    """Say whether an odd prime below 2,000 divides a number."""
    return gcd(number, _PRODUCT) != 1


def is_safe_prime(number: int) -> bool:
    """Say whether a large odd number p and (p - 1) / 2 are both prime, as good as surely.

    The half is tested; if it is prime, two powers prove that p is (Pocklington's criterion).
    """
    if number < _SIEVE**2 or number % 4 != 3:  # noqa: PLR2004 - twice an odd number and one
        return False
    half = number // 2
    if has_small_factor(number) or has_small_factor(half):
        return False
    if pow(2, number - 1, number) != 1 or not _passes(half, 2):
        return False
    return all(_passes(half, base) for base in _bases(half))


def _passes(number: int, base: int) -> bool:
    """Say whether Miller and Rabin's test finds nothing against an odd number."""
    odd = number - 1
    twos = (odd & -odd).bit_length() - 1
    power = pow(base, odd >> twos, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False


def _bases(number: int) -> Iterator[int]:
    """Yield bases that follow from the number, so that none can be composed to pass known ones."""
    seed = number.to_bytes((number.bit_length() + 7) // 8, "big")
    for round_ in range(ROUNDS):
        drawn = int.from_bytes(sha256(round_.to_bytes(2, "big") + seed).digest(), "big")
        yield 2 + drawn % (number - 3)
