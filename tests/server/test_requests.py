import pytest

from paperdesk.server import requests


def read(*headers: tuple[bytes, bytes]) -> requests.Request:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/v1/api/tickle",
        "query_string": b"a=1",
        "headers": list(headers),
        "client": ("127.0.0.1", 1),
        "scheme": "https",
    }
    return requests.read(scope, 7, 1.5)


def test_what_is_looked_at_is_read_and_the_rest_is_not() -> None:
    request = read((b"host", b"localhost"), (b"x-other", b"1"), (b"accept-encoding", b"gzip"))

    assert (request.host, request.accept_encoding) == (b"localhost", b"gzip")
    assert (request.path, request.query, request.now) == ("/v1/api/tickle", b"a=1", 7)
    assert request.session.is_ended


@pytest.mark.parametrize(
    "name", [b"authorization", b"host", b"content-length", b"origin", b"sec-fetch-site"]
)
def test_a_header_that_may_come_once_is_noted_when_it_comes_twice(name: bytes) -> None:
    assert read((name, b"1"), (name, b"2")).is_doubled
    assert not read((name, b"1")).is_doubled


def test_cookies_of_several_headers_are_one() -> None:
    assert read((b"cookie", b"a=1"), (b"cookie", b"b=2")).cookie == b"a=1; b=2"


@pytest.mark.parametrize(
    ("authority", "host"),
    [
        (b"localhost:5000", "localhost"),
        (b"LocalHost", "localhost"),
        (b"[::1]:5000", "::1"),
        (b"[::1]", "::1"),
        (b"localhost:", "localhost"),
        (b"[::1", ""),
        (b"[::1].example.org", ""),
        (b"localhost:example.org", ""),
        (b"localhost:5000:1", ""),
        (b"localhost:123456", ""),
        (b"", ""),
        (b"\xff", "\xff"),
    ],
)
def test_a_host_is_a_name_without_its_port(authority: bytes, host: str) -> None:
    assert requests.host_of(authority) == host
