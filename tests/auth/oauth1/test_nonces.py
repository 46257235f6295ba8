import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json

from paperdesk.auth.oauth1.nonces import (
    REMEMBERED,
    WINDOW,
    Freshness,
    NonceEntry,
    Nonces,
    entry_of,
)
from paperdesk.auth.oauth1.requests import RequestLine
from paperdesk.base.units import SECOND, Instant

NOW = 1_700_000_000
LINE = RequestLine(method="POST", raw_path="/v1/api/iserver/account/DU1/orders", raw_query="a=1")


def entry(nonce: str = "n", at: Instant = NOW * SECOND, stamp: int = NOW) -> NonceEntry:
    return entry_of(LINE, nonce, b"signature", stamp, at, b"{}")


def test_the_same_request_again_is_a_repetition() -> None:
    nonces = Nonces()

    assert nonces.remember(entry()) is Freshness.NEW
    assert nonces.remember(entry()) is Freshness.REPEATED
    assert nonces.remember(entry(at=(NOW + 9) * SECOND)) is Freshness.REPEATED
    assert nonces.remember(entry("other")) is Freshness.NEW
    assert len(nonces) == 2


@pytest.mark.parametrize(
    "other",
    [
        entry_of(RequestLine(method="GET", raw_path=LINE.raw_path, raw_query="a=1"), "n",
                 b"signature", NOW, NOW * SECOND, b"{}"),
        entry_of(RequestLine(method="POST", raw_path="/v1/api/x", raw_query="a=1"), "n",
                 b"signature", NOW, NOW * SECOND, b"{}"),
        entry_of(RequestLine(method="POST", raw_path=LINE.raw_path, raw_query="a=2"), "n",
                 b"signature", NOW, NOW * SECOND, b"{}"),
        entry_of(LINE, "n", b"signaturf", NOW, NOW * SECOND, b"{}"),
        entry_of(LINE, "n", b"signature", NOW, NOW * SECOND, b"{ }"),
        entry_of(LINE, "n", b"signature", NOW + 1, NOW * SECOND, b"{}"),
        entry_of(RequestLine(method="POST", raw_path=LINE.raw_path + "\0a=1"), "n", b"signature",
                 NOW, NOW * SECOND, b"{}"),
    ],
)  # fmt: skip
def test_a_nonce_with_anything_else_is_used_already(other: NonceEntry) -> None:
    nonces = Nonces()
    nonces.remember(entry())

    assert nonces.remember(other) is Freshness.REUSED
    assert nonces.remember(entry()) is Freshness.REPEATED


def test_looking_remembers_nothing() -> None:
    nonces = Nonces()

    assert nonces.look(entry()) is Freshness.NEW
    assert len(nonces) == 0


def test_what_cannot_be_accepted_any_more_is_forgotten() -> None:
    nonces = Nonces()
    nonces.remember(entry())

    nonces.remember(entry("b", at=NOW * SECOND + REMEMBERED, stamp=NOW + 600))
    assert len(nonces) == 2
    nonces.remember(entry("c", at=NOW * SECOND + REMEMBERED + 1, stamp=NOW + 600))

    assert len(nonces) == 2
    assert nonces.floor == NOW


def test_a_timestamp_ahead_by_a_window_is_remembered_as_long_as_it_can_come_again() -> None:
    nonces = Nonces()
    ahead = NOW + WINDOW // SECOND
    nonces.remember(entry(stamp=ahead))
    last = ahead * SECOND + WINDOW

    assert nonces.remember(entry("b", at=last, stamp=ahead)) is Freshness.NEW
    assert nonces.remember(entry(at=last, stamp=ahead)) is Freshness.REPEATED


def test_a_clock_set_back_lets_no_forgotten_request_in_again() -> None:
    nonces = Nonces()
    nonces.remember(entry())
    nonces.remember(entry("b", at=NOW * SECOND + 2 * REMEMBERED, stamp=NOW + 1_200))

    assert nonces.remember(entry()) is Freshness.BEYOND_MEMORY


def test_what_a_full_memory_pushed_out_is_refused_rather_than_executed_twice() -> None:
    nonces = Nonces(capacity=3)
    for number in range(5):
        nonces.remember(entry(f"n{number}", at=(NOW + number) * SECOND, stamp=NOW + number))

    assert len(nonces) == 3
    assert nonces.floor == NOW + 1
    assert nonces.look(entry("n0", stamp=NOW)) is Freshness.BEYOND_MEMORY
    assert nonces.look(entry("n1", stamp=NOW + 1)) is Freshness.BEYOND_MEMORY
    assert nonces.look(entry("n2", stamp=NOW + 2)) is Freshness.REPEATED
    assert nonces.look(entry("new", stamp=NOW + 5)) is Freshness.NEW


def test_what_was_kept_in_a_file_is_known_again() -> None:
    nonces = Nonces()
    nonces.remember(entry())
    nonces.remember(entry("b"))
    kept = json.encode(nonces.entries(NOW * SECOND))

    again = Nonces()
    again.restore(json.decode(kept, type=list[NonceEntry]), floor=NOW - 5)

    assert again.remember(entry()) is Freshness.REPEATED
    assert again.remember(entry("c", stamp=NOW - 5)) is Freshness.BEYOND_MEMORY
    assert again.entries(NOW * SECOND + REMEMBERED + 1) == []


def test_what_is_kept_tells_neither_nonce_nor_request() -> None:
    told = json.encode(entry("a-nonce-of-a-client"))

    assert b"nonce" not in told
    assert b"orders" not in told
    assert len(told) < 120


STEPS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.integers(0, 900), st.integers(-300, 300)), max_size=60
)


@settings(max_examples=150)
@given(STEPS, st.integers(1, 8))
def test_no_request_is_ever_new_twice(steps: list[tuple[str, int, int]], capacity: int) -> None:
    nonces = Nonces(capacity)
    at = NOW
    accepted: set[tuple[str, int]] = set()
    for nonce, later, off in steps:
        at += later
        request = entry(nonce, at=at * SECOND, stamp=at + off)
        if nonces.remember(request) is Freshness.NEW:
            assert (nonce, at + off) not in accepted
            accepted.add((nonce, at + off))
            assert nonces.look(request) in (Freshness.REPEATED, Freshness.BEYOND_MEMORY)
        assert len(nonces) <= capacity


@pytest.mark.parametrize("nonce", ["a+/", "a%2B%2F", "a%252B%252F", "a%25252B/"])
def test_a_nonce_is_the_same_however_often_it_is_escaped(nonce: str) -> None:
    # One text to sign under two conventions: it must not be good for two requests.
    nonces = Nonces()
    nonces.remember(entry("a+/"))

    assert nonces.look(entry(nonce)) is Freshness.REPEATED
    assert nonces.look(entry("a-/")) is Freshness.NEW


@pytest.mark.parametrize("nonce", ["%", "%%%", "100%", "%zz", "%ff", "%25" * 42])
def test_a_nonce_may_hold_percent_signs_of_any_kind(nonce: str) -> None:
    nonces = Nonces()

    assert nonces.remember(entry(nonce)) is Freshness.NEW
    assert nonces.remember(entry(nonce)) is Freshness.REPEATED
