import pytest

from paperdesk.auth import cookies

SECOND = 1_000_000


@pytest.mark.parametrize(
    ("header", "session_id"),
    [
        ("api=abc", "abc"),
        ('api={"session":"abc"}', "abc"),
        ("api=%7B%22session%22%3A%22abc%22%7D", "abc"),
        ('x-sess-uuid=0.1; api={"session": "abc"}; other=1', "abc"),
        ('api="abc"', "abc"),
        ("", ""),
        ("api", ""),
        ("api=", ""),
        ("capi=abc", ""),
        ("api={}", ""),
        ("api={", ""),
        ("api={" + "[" * 100_000, ""),
        ("; ; ;api=abc", "abc"),
    ],
)
def test_a_socket_may_name_its_session_in_a_cookie(header: str, session_id: str) -> None:
    assert cookies.session_id(header) == session_id


def test_a_flood_of_cookies_is_read_to_a_limit() -> None:
    assert cookies.cookie("a=1;" * 10_000 + "api=abc", "api") == ""


def test_the_sticky_cookie_has_its_recorded_shape() -> None:
    cookie = cookies.stickiness("somebody", 1_788_875_891 * SECOND, "/v1/api")

    value, path, secure, http_only = cookie.split("; ")
    assert value == "x-sess-uuid=0.729d7d63.1788875891.8cef1b47"
    assert (path, secure, http_only) == ("path=/v1/api", "secure", "HttpOnly")
