import zlib

import pytest
from tests.serving import START

from paperdesk.api.route import Answer
from paperdesk.server import answers
from paperdesk.server.requests import Request


def request(**headers: bytes) -> Request:
    made = Request(
        method="GET",
        path="/",
        query=b"",
        remote="127.0.0.1",
        scheme="https",
        now=START,
        began=0.0,
        cookie=b"x-sess-uuid=1",
    )
    for name, value in headers.items():
        setattr(made, name, value)
    return made


def test_what_a_handler_returns_is_json_unless_it_is_an_answer() -> None:
    answer = Answer(status=204)

    assert answers.of({"a": [1, None, True]}).body == b'{"a":[1,null,true]}'
    assert answers.of(answer) is answer


def test_a_head_is_lines() -> None:
    sent = answers.sent(request(), Answer(body=b"{}"))

    assert sent.head.startswith(b"HTTP/1.1 200 OK\r\nReferrer-Policy: ")
    assert sent.head.endswith(b"Content-Length: 2\r\n")
    assert dict(sent.headers)[b"Content-Type"] == b"application/json;charset=utf-8"


def test_an_answer_without_a_type_has_no_such_header() -> None:
    sent = answers.sent(request(), Answer(content_type=None))

    assert b"Content-Type" not in dict(sent.headers)


@pytest.mark.parametrize(
    ("size", "accept", "zipped"),
    [
        (1_025, b"gzip", True),
        (1_024, b"gzip", False),
        (5_000, b"", False),
        (5_000, b"br", False),
        (5_000, b"deflate, gzip;q=0.5", True),
    ],
)
def test_compression_is_for_large_bodies_and_those_who_take_it(
    size: int, accept: bytes, zipped: bool
) -> None:
    sent = answers.sent(request(accept_encoding=accept), Answer(body=b"x" * size))

    assert (dict(sent.headers).get(b"Content-Encoding") == b"gzip") is zipped
    assert dict(sent.headers)[b"Content-Length"] == b"%d" % len(sent.body)
    assert (zlib.decompress(sent.body, 31) if zipped else sent.body) == b"x" * size


def test_failures_carry_the_balancers_misspelling() -> None:
    assert (b"x-cnection", b"close") in answers.sent(request(), Answer(status=503)).headers
    assert b"x-cnection" not in dict(answers.sent(request(), Answer(status=400)).headers)


def test_a_header_is_one_line() -> None:
    bad = Answer(headers=(("X", "a\r\nSet-Cookie: b"),))

    with pytest.raises(AssertionError):
        answers.sent(request(), bad)
