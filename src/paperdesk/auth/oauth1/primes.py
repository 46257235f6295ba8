"""Primes: whether a number of some thousand bits is a safe prime.

Takes a good part of a second for 2,048 bits and some for 4,096: once at an upload, never in a loop
that serves.
"""

from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from math import gcd, prod
from typing import Final

ROUNDS: Final = 24
"""Of Miller and Rabin's test: a composite passes fewer than one in 4^24 sets of bases."""

_SIEVE: Final = 2_000
WIDE_SIEVE: Final = 200_000
WINDOW: Final = 1 << 16
STEP: Final = 12

GROUP_14: Final = int(
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74"
    "020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437"
    "4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"
    "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05"
    "98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb"
    "9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b"
    "e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf695581718"
    "3995497cea956ae515d2261898fa051015728e5a8aacaa68ffffffffffffffff",
    16,
)
"""The safe prime of 2,048 bits of RFC 3526, which everybody may use; its generator is 2."""


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
    if number == GROUP_14:
        return True
    if number < _SIEVE**2 or number % 4 != 3:  # noqa: PLR2004 - twice an odd number and one
        return False
    half = number // 2
    if has_small_factor(number) or has_small_factor(half):
        return False
    if pow(2, number - 1, number) != 1 or not _passes(half, 2):
        return False
    return all(_passes(half, base) for base in _bases(half))


def safe_prime(bits: int, draw_bits: Callable[[int], int]) -> int:
    """Return a new safe prime; one of 2,048 bits takes a minute, or some.

    Args:
        bits: how many it has, at least 40.
        draw_bits: returns a number of so many bits that nobody can foresee.
    """
    while True:
        start = draw_bits(bits) | 1 << (bits - 1)
        # 11 modulo 12: neither it nor its half is a multiple of 2 or 3.
        start += (STEP - 1 - start) % STEP
        for number in _promising(start):
            half = number // 2
            is_likely = number.bit_length() == bits and pow(2, half - 1, half) == 1
            if is_likely and is_safe_prime(number):
                return number


def _promising(start: int) -> Iterator[int]:
    """Yield numbers from a start on that no small prime divides, nor their halves."""
    is_out = bytearray(WINDOW)
    for prime in _primes_below(WIDE_SIEVE):
        inverse = pow(STEP, -1, prime)
        for rest in (0, 1):
            first = (rest - start) * inverse % prime
            is_out[first::prime] = b"\x01" * len(range(first, WINDOW, prime))
    return (start + STEP * at for at in range(WINDOW) if not is_out[at])


@cache
def _primes_below(limit: int) -> tuple[int, ...]:
    """Return the primes from 5 on below a limit."""
    is_prime = bytearray(b"\x01") * limit
    for number in range(2, int(limit**0.5) + 1):
        if is_prime[number]:
            is_prime[number * number :: number] = bytes(len(range(number * number, limit, number)))
    return tuple(number for number in range(5, limit) if is_prime[number])


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
