import pytest

from paperdesk.server import faces
from paperdesk.server.faces import AddressNotAllowed


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("localhost", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1"),
        ("127.1.2.3", "127.1.2.3"),
        ("::1", "::1"),
        ("[::1]", "::1"),
    ],
)
def test_this_machines_own_addresses_may_be_listened_to(host: str, address: str) -> None:
    assert faces.loopback(host) == address


@pytest.mark.parametrize(
    "host", ["0.0.0.1", "::", "192.168.1.2", "example.org", "", "127.0.0.1:5000"]
)
def test_other_addresses_are_refused_with_what_to_use(host: str) -> None:
    with pytest.raises(AddressNotAllowed, match=r"use 127\.0\.0\.1 or ::1"):
        faces.loopback(host)


@pytest.mark.parametrize(
    ("remote", "is_own"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:10.0.0.1", False),
        ("10.0.0.1", False),
        ("", False),
        ("localhost", False),
    ],
)
def test_peers_of_this_machine_are_told_from_others(remote: str, is_own: bool) -> None:
    assert faces.is_loopback(remote) is is_own


@pytest.mark.parametrize("prefix", ["/v1/api", "/alpha/api"])
@pytest.mark.parametrize(
    "path", ["/gw/api/v1/echo/https", "/oauth2/api/v1/token", "/.well-known/x", "/gw/"]
)
def test_what_firms_ask_is_nothing_below_a_base_address(prefix: str, path: str) -> None:
    hosted = faces.hosted()

    assert hosted.below(prefix + path) is None
    assert hosted.below(f"{prefix}/oauth/live_session_token") == "/oauth/live_session_token"
    assert hosted.below(f"{prefix}/sso/validate") == "/sso/validate"
