import hashlib
import hmac
from base64 import b64encode
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.auth.oauth1.signer import CONSUMER, KEY, PRIME, SECRET, VECTORS, java_bytes

from paperdesk.auth.oauth1.causes import Cause, SignedRequestRefused
from paperdesk.auth.oauth1.challenges import (
    Encoding,
    agree,
    challenge_of,
    encoded,
    live_session_token,
    token_signature,
)

VECTOR = VECTORS["live_session_token"]
MINE = int(VECTOR["dh_random_hex"], 16)


def answer(case: dict[str, Any]) -> Any:  # noqa: ANN401 - the record of the module
    challenge = challenge_of(VECTOR["oauth_params"]["diffie_hellman_challenge"], PRIME)
    draw = int(case["server_dh_random_hex"], 16)
    return agree(challenge, prime=PRIME, generator=2, draw=draw, secret=SECRET)


def test_the_vectors_challenge_is_that_of_its_draw() -> None:
    text = VECTOR["oauth_params"]["diffie_hellman_challenge"]

    assert challenge_of(text, PRIME) == pow(2, MINE, PRIME)


@pytest.mark.parametrize("case", VECTOR["server_cases"], ids=lambda case: str(case["why"]))
def test_the_exchange_gives_what_the_vectors_say(case: dict[str, Any]) -> None:
    agreement = answer(case)
    shared = int(case["shared_secret_K_hex"], 16)
    token = agreement.keys[Encoding.JAVA]

    assert agreement.response == case["diffie_hellman_response"]
    assert len(agreement.response) == case["response_hex_length"]
    assert shared.bit_length() == case["K_bit_length"]
    assert encoded(shared, PRIME)[:4].hex() == case["K_first_bytes_hex"]
    assert len(encoded(shared, PRIME)) == case["K_bytes_len"]
    assert b64encode(token).decode() == case["live_session_token_base64"]
    assert token_signature(token, KEY) == case["live_session_token_signature"]
    assert (Encoding.UNSIGNED in agreement.keys) is case["sign_byte_matters"]
    unsigned = agreement.keys.get(Encoding.UNSIGNED, token)
    assert b64encode(unsigned).decode() == case["lst_if_sign_byte_is_forgotten"]


@pytest.mark.slow
def test_a_thousand_handshakes_end_with_one_token_on_both_sides() -> None:
    draw = Random("a thousand handshakes")
    differing = padded = odd = 0
    for _ in range(1_000):
        mine, theirs = draw.getrandbits(256), draw.getrandbits(256) | 1 << 255
        text = f"{pow(2, mine, PRIME):x}"
        agreement = agree(
            challenge_of(text, PRIME), prime=PRIME, generator=2, draw=theirs, secret=SECRET
        )
        shared = pow(int(agreement.response, 16), mine, PRIME)
        token = hmac.new(java_bytes(shared), SECRET, hashlib.sha1).digest()
        assert agreement.keys[Encoding.JAVA] == token
        differing += Encoding.UNSIGNED in agreement.keys
        padded += Encoding.PADDED in agreement.keys
        odd += len(text) % 2

    assert 330 < differing < 420, "about 37 % with this prime"
    assert 0 <= padded < 20, "a padded secret of its own: one in some hundred"
    assert 30 < odd < 100, "one in sixteen"


REFUSED = [
    ("", Cause.CHALLENGE_NOT_HEX),
    ("0", Cause.CHALLENGE_TRIVIAL),
    ("00", Cause.CHALLENGE_TRIVIAL),
    ("0" * 512, Cause.CHALLENGE_TRIVIAL),
    ("1", Cause.CHALLENGE_TRIVIAL),
    ("01", Cause.CHALLENGE_TRIVIAL),
    ("0" * 511 + "1", Cause.CHALLENGE_TRIVIAL),
    (f"{PRIME - 1:x}", Cause.CHALLENGE_TRIVIAL),
    (f"00{PRIME - 1:x}", Cause.CHALLENGE_TRIVIAL),
    (f"{PRIME - 1:X}", Cause.CHALLENGE_TRIVIAL),
    (f"{PRIME:x}", Cause.CHALLENGE_TOO_LARGE),
    (f"{PRIME + 1:x}", Cause.CHALLENGE_TOO_LARGE),
    (f"{PRIME + 2:x}", Cause.CHALLENGE_TOO_LARGE),
    ("f" * 512, Cause.CHALLENGE_TOO_LARGE),
    ("f" * 514, Cause.CHALLENGE_TOO_LARGE),
    (f"{2 * PRIME:x}", Cause.CHALLENGE_TOO_LARGE),
    ("f" * 515, Cause.CHALLENGE_TOO_LONG),
    ("0" * 515, Cause.CHALLENGE_TOO_LONG),
    ("a" * 7_000, Cause.CHALLENGE_TOO_LONG),
    ("0x2f", Cause.CHALLENGE_NOT_HEX),
    ("-2f", Cause.CHALLENGE_NOT_HEX),
    ("+2f", Cause.CHALLENGE_NOT_HEX),
    (" 2f", Cause.CHALLENGE_NOT_HEX),
    ("2f ", Cause.CHALLENGE_NOT_HEX),
    ("2f\n", Cause.CHALLENGE_NOT_HEX),
    ("2_f", Cause.CHALLENGE_NOT_HEX),
    ("2g", Cause.CHALLENGE_NOT_HEX),
    ("2.0", Cause.CHALLENGE_NOT_HEX),
    ("\u0662\u0663", Cause.CHALLENGE_NOT_HEX),
    ("2f&x=1", Cause.CHALLENGE_NOT_HEX),
]


@pytest.mark.parametrize(("text", "cause"), REFUSED, ids=lambda value: str(value)[:24])
def test_a_challenge_that_hides_nothing_is_refused(text: str, cause: Cause) -> None:
    with pytest.raises(SignedRequestRefused) as caught:
        challenge_of(text, PRIME)

    assert caught.value.cause is cause
    assert f"{PRIME:x}"[:16] not in caught.value.message


@pytest.mark.parametrize("text", ["2", "02", "abc", "ABC", "0" * 510 + "2f", f"{PRIME - 2:x}"])
def test_every_other_number_below_the_prime_is_taken(text: str) -> None:
    assert challenge_of(text, PRIME) == int(text, 16)


def test_the_subgroups_of_a_safe_prime_hold_nothing_small_but_what_is_refused() -> None:
    half = (PRIME - 1) // 2
    small = [number for number in (1, PRIME - 1) if pow(number, 2, PRIME) == 1]

    assert small == [1, PRIME - 1]
    assert pow(2, half, PRIME) in (1, PRIME - 1)
    for number in small:
        with pytest.raises(SignedRequestRefused):
            challenge_of(f"{number:x}", PRIME)


@given(st.integers(1, 2**2100))
def test_a_shared_secret_is_encoded_as_java_does(number: int) -> None:
    made = encoded(number, PRIME)

    assert made == java_bytes(number)
    assert int.from_bytes(made, "big", signed=True) == number
    unsigned = encoded(number, PRIME, Encoding.UNSIGNED)
    assert unsigned.lstrip(b"\0") == unsigned == made.lstrip(b"\0")


def test_a_padded_secret_is_as_long_as_the_prime() -> None:
    assert encoded(5, PRIME, Encoding.PADDED) == b"\0" * 255 + b"\5"


def test_an_agreement_shows_no_key() -> None:
    agreement = answer(VECTOR["server_cases"][0])

    for key in agreement.keys.values():
        assert key.hex() not in repr(agreement)
        assert repr(key) not in repr(agreement)


def test_a_token_is_an_hmac_of_the_secret_under_the_shared_key() -> None:
    assert live_session_token(b"k", SECRET) == hmac.new(b"k", SECRET, hashlib.sha1).digest()
    assert len(token_signature(b"k" * 20, CONSUMER["consumer_key"])) == 40
