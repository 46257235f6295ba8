from decimal import Decimal

import pytest

from paperdesk.auth.oauth2 import strict_json
from paperdesk.auth.oauth2.strict_json import NotStrict


def test_numbers_keep_their_digits() -> None:
    assert strict_json.decoded(b' {"a": 1, "b": 1700000020.5, "c": 1e3} ') == {
        "a": 1,
        "b": Decimal("1700000020.5"),
        "c": Decimal(1_000),
    }


def test_sixty_four_levels_are_read() -> None:
    assert strict_json.decoded(b"[" * 64 + b"1" + b"]" * 64)


def test_a_whole_surrogate_pair_is_a_character() -> None:
    assert strict_json.decoded(b'"\\ud83d\\ude00"') == "\U0001f600"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'{"a":1,"a":1}', "'a' stands there twice"),
        (b'{"a":1,"\\u0061":2}', "'a' stands there twice"),
        (b'[{"a":{"b":1,"b":2}}]', "'b' stands there twice"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'"\xe4"', "not UTF-8"),
        (b"NaN", "NaN"),
        (b"-Infinity", "-Infinity"),
        (b"1" * 41, "digits"),
        (b"1." + b"1" * 41, "digits"),
        (b"1e31", "too large"),
        (b"1e-31", "too small"),
        (b'"\\udc00"', "surrogate"),
        (b'["\\ud800x"]', "surrogate"),
        (b'{"\\ud800":1}', "surrogate"),
        (b"[" * 65 + b"]" * 65, "64 levels"),
        (b"[" * 100_000, "64 levels"),
        (b'{"a":' * 100_000, "64 levels"),
        (b"", "not JSON"),
        (b"{} {}", "not JSON"),
        (b"'a'", "not JSON"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(text: bytes, reason: str) -> None:
    with pytest.raises(NotStrict, match=reason):
        strict_json.decoded(text)
