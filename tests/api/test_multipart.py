import pytest

from paperdesk.api import multipart

TYPE = b"multipart/form-data; boundary=----X1"


def form(*parts: tuple[str, bytes], end: bytes = b"--\r\n") -> bytes:
    said = b"".join(
        b'------X1\r\nContent-Disposition: form-data; name="' + name.encode() + b'"' + content
        for name, content in parts
    )
    return said + b"------X1" + end


def test_fields_and_files_are_read_as_they_were_sent() -> None:
    body = form(
        ("step", b"\r\n\r\nregister\r\n"),
        ("file", b'; filename="a.pem"\r\nContent-Type: text/plain\r\n\r\nA\r\nB\r\n\r\n'),
        ("empty", b"\r\n\r\n\r\n"),
    )

    assert multipart.fields(TYPE, body) == {
        "step": b"register",
        "file": b"A\r\nB\r\n",
        "empty": b"",
    }
    assert multipart.is_multipart(TYPE.upper())


def test_a_boundary_may_be_quoted() -> None:
    body = form(("a", b"\r\n\r\n1\r\n"))

    assert multipart.fields(b'multipart/form-data; boundary="----X1"', body) == {"a": b"1"}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (b"application/x-www-form-urlencoded", b"a=1"),
        (b"multipart/form-data", b""),
        (TYPE, b""),
        (TYPE, b"preface" + form(("a", b"\r\n\r\n1\r\n"))),
        (TYPE, form(("a", b"\r\n\r\n1\r\n"), end=b"")),
        (TYPE, form(("a", b""))),
        (TYPE, b"------X1\r\nContent-Type: text/plain\r\n\r\nA\r\n------X1--"),
        (TYPE, b"------X1\r\nContent-Disposition: form-data\r\n\r\nA\r\n------X1--"),
        (TYPE, form(*[("a", b"\r\n\r\n1\r\n")] * 30)),
        (TYPE, form(("x" * 65, b"\r\n\r\n1\r\n"))),
    ],
)
def test_nonsense_is_no_form(content_type: bytes, body: bytes) -> None:
    assert multipart.fields(content_type, body) is None
