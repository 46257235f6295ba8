import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdesk.server import peers
from paperdesk.server.peers import Peers, patterns


def made(allow: tuple[str, ...], deny: tuple[str, ...] = ()) -> Peers:
    return Peers(patterns(allow, []), patterns(deny, []))


@pytest.mark.parametrize(
    ("pattern", "remote", "is_in"),
    [
        ("192.*", "192.168.0.1", True),
        ("192.*", "19.2.0.1", False),
        ("172.17.0.*", "172.17.0.200", True),
        ("172.17.0.*", "172.17.1.200", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.10", False),
        ("127.0.0.1", "::ffff:127.0.0.1", True),
        ("127.0.0.1", "::1", True),
        ("::1", "::1", True),
        ("::1", "127.0.0.1", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.5/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("0.0.0.0/0", "8.8.8.8", True),
        ("0.0.0.0/0", "2001:db8::1", False),
        ("*.*.*.*", "8.8.8.8", True),
        ("*", "fe80::1%eth0", True),
        ("fe80:*", "fe80::1", True),
        ("FE80:*", "fe80::1", True),
        ("2001:db8::/32", "2001:db8::7", True),
        (" 127.0.0.1 ", "127.0.0.1", True),
    ],
)
def test_a_pattern_matches_what_it_says(pattern: str, remote: str, is_in: bool) -> None:
    skipped: list[str] = []

    found = Peers(patterns([pattern], skipped), patterns([], []))

    assert found.admits(remote) == is_in
    assert skipped == []


@pytest.mark.parametrize(
    "pattern",
    ["x.x.x.x", "212.90.324.10", "10.0.0.0/99", "localhost", "", "1.2.3", "*.1.2.3", "a*", "::g"],
)
def test_a_pattern_that_is_none_is_skipped_and_said(pattern: str) -> None:
    skipped: list[str] = []

    found = patterns([pattern, "127.0.0.1"], skipped)

    assert skipped == [pattern]
    assert Peers(found, patterns([], [])).admits("127.0.0.1")


def test_an_entry_of_allow_wins_over_one_of_deny() -> None:
    both = made(("192.168.0.7",), ("192.*",))

    assert both.admits("192.168.0.7")
    assert not both.admits("192.168.0.8")


def test_whoever_is_in_neither_list_stays_out() -> None:
    assert not made((), ()).admits("127.0.0.1")
    assert not made(("192.*",)).admits("not an address")


def test_a_refusal_names_the_peer_and_the_line_to_add_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    door = made(("192.*",), ("10.*",))

    for remote in ("172.17.0.1", "172.17.0.1", "10.0.0.1"):
        assert not door.admits(remote)

    first, second = caplog.messages
    assert "172.17.0.1, which is in neither list of ips" in first
    assert first.endswith("below ips, allow:  - 172.17.0.1")
    assert "10.0.0.1, which is in ips, deny" in second


def test_a_flood_of_peers_does_not_fill_log_or_memory(caplog: pytest.LogCaptureFixture) -> None:
    door = made(("192.*",))

    for number in range(1_000):
        door.admits(f"10.0.{number // 250}.{number % 250}")

    assert len(caplog.messages) == peers.TOLD_MAX


@given(st.lists(st.one_of(st.text(max_size=60), st.integers(), st.none(), st.floats()), max_size=9))
def test_no_pattern_keeps_a_desk_from_starting(texts: list[object]) -> None:
    Peers(patterns(texts, []), patterns(texts, [])).admits("127.0.0.1")


def test_too_many_patterns_are_cut_off() -> None:
    skipped: list[str] = []

    found = patterns(["127.0.0.1"] * 5_000, skipped)

    assert len(found.networks) == peers.PATTERNS_MAX
    assert skipped == ["everything after 1000 patterns"]
