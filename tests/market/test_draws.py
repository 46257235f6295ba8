from hashlib import blake2b
from struct import pack, unpack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdesk.market.draws import KINDS, Draws, exponential, normal

numbers = st.integers(-(2**63), 2**63 - 1)


@given(numbers, numbers)
def test_words_are_the_hash_of_what_they_are_for(a: int, b: int) -> None:
    draws = Draws(1, 7, "265598", "path")
    wanted = blake2b(b"1/7/265598/path" + pack("<qq", a, b), digest_size=32).digest()

    assert draws.words(a, b) == unpack("<16H", wanted)
    assert draws.octets(a, b) == wanted


def test_words_of_generator_one_never_change() -> None:
    assert Draws(1, 7, "265598", "path").words(0, 86_400)[:4] == (3_327, 29_442, 4_970, 53_932)


def test_order_of_questions_changes_no_word() -> None:
    draws, again = Draws(1, 7, "1", "book"), Draws(1, 7, "1", "book")
    first = draws.words(1, 2)
    draws.words(3, 4)

    assert draws.words(1, 2) == first == again.words(1, 2)


@pytest.mark.parametrize(
    "other",
    [
        Draws(2, 7, "1", "path"),
        Draws(1, 8, "1", "path"),
        Draws(1, 7, "2", "path"),
        Draws(1, 7, "1", "tape"),
    ],
)
def test_generator_seed_subject_and_kind_each_change_all_words(other: Draws) -> None:
    assert other.words(0, 1) != Draws(1, 7, "1", "path").words(0, 1)


def test_kinds_are_these() -> None:
    assert KINDS == ("path", "spine", "book", "tape", "halt", "oi", "news", "bridge")


def test_unknown_kind_is_our_own_mistake() -> None:
    with pytest.raises(AssertionError, match="weather"):
        Draws(1, 7, "1", "weather")


def test_quantiles_ascend_from_the_least_word_to_the_greatest() -> None:
    assert (normal(0), normal(0x7FFF), normal(0x8000), normal(0xFFFF)) == (
        -3_668_329,
        -306,
        306,
        3_668_329,
    )
    assert (exponential(0), exponential(0x8000), exponential(0xFFFF)) == (122, 693_391, 9_010_913)
