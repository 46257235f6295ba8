from random import Random

import pytest
from tests.auth.oauth1.signer import PRIME

from paperdesk.auth.oauth1 import primes
from paperdesk.auth.oauth1.primes import SMALL, has_small_factor, is_safe_prime

LARGEST = 2**2048 - 1_942_289
"""The largest safe prime of 2,048 bits, from the published tables."""

HALF_COMPOSITE = 2**2048 - 33_329
"""A prime; its half has no small factor and is none."""

WHOLE_COMPOSITE = 2**2048 - 1_409
"""No prime, without a small factor; its half is prime."""


def test_the_primes_of_the_sieve_are_prime() -> None:
    assert SMALL[:8] == (3, 5, 7, 11, 13, 17, 19, 23)
    assert len(SMALL) == 302


@pytest.mark.parametrize("number", [PRIME, LARGEST], ids=["vectors", "largest"])
def test_a_safe_prime_is_known(number: int) -> None:
    assert is_safe_prime(number)


@pytest.mark.parametrize(
    "number",
    [0, 1, 2, 3, 5, 7, 23, -PRIME, PRIME - 1, PRIME + 2, PRIME + 4, PRIME * PRIME, PRIME // 2,
     2 * PRIME + 1, 2**2048 - 1, HALF_COMPOSITE, WHOLE_COMPOSITE],
    ids=lambda number: f"{number:x}"[:12],
)  # fmt: skip
def test_other_numbers_are_not(number: int) -> None:
    assert not is_safe_prime(number)


def test_a_safe_prime_of_few_digits_is_found_among_all() -> None:
    def is_prime(number: int) -> bool:
        return all(number % divisor for divisor in range(2, int(number**0.5) + 1))

    began = 4_000_000
    for number in range(began, began + 1_500):
        expected = is_prime(number) and is_prime(number // 2) and number % 2 == 1
        assert is_safe_prime(number) is expected, number


def test_a_small_factor_is_seen() -> None:
    assert has_small_factor(1_999 * PRIME)
    assert not has_small_factor(2_003 * PRIME)


def test_a_new_safe_prime_has_as_many_bits_as_are_asked_for() -> None:
    drawn = primes.safe_prime(96, Random(7).getrandbits)

    assert drawn.bit_length() == 96
    assert primes.is_safe_prime(drawn)


def test_the_public_prime_is_the_one_that_the_standard_describes() -> None:
    """2^2048 - 2^1984 - 1 + 2^64 * (the whole part of 2^1918 pi + 124476)."""
    top, bottom = primes.GROUP_14 >> 1_984, primes.GROUP_14 & (1 << 64) - 1

    assert (top, bottom) == ((1 << 64) - 1, (1 << 64) - 1)
    assert primes.GROUP_14 % 4 == 3
    assert not primes.has_small_factor(primes.GROUP_14)
    assert pow(2, primes.GROUP_14 // 2, primes.GROUP_14) == 1
