"""Multipart: forms with files, as browsers send them (RFC 7578), and nothing more of it."""

import re
from collections.abc import Mapping
from typing import Final

BOUNDARY: Final = re.compile(
    rb'multipart/form-data *;.*?boundary="?([0-9A-Za-z\'()+_,./:=?-]{1,70})"?'
)
NAME: Final = re.compile(rb'(?:^|;) *name="([^"]{1,64})"')
PARTS_MAX: Final = 20
HEADER_MAX: Final = 1_000


def is_multipart(content_type: bytes) -> bool:
    """Say whether a form comes in parts."""
    return content_type.lower().startswith(b"multipart/form-data")


def fields(content_type: bytes, body: bytes) -> Mapping[str, bytes] | None:
    """Return what each field of a form holds, a file's content for a file; None for nonsense.

    Of several with one name the last counts; there are at most 20.
    """
    found = BOUNDARY.match(content_type)
    if found is None:
        return None
    mark = b"\r\n--" + found[1]
    first, *parts = (b"\r\n" + body).split(mark, PARTS_MAX + 1)
    if first or not parts or not parts[-1].startswith(b"--"):
        return None
    read: dict[str, bytes] = {}
    for part in parts[:-1]:
        name, content = _part(part)
        if name is None:
            return None
        read[name] = content
    return read


def _part(part: bytes) -> tuple[str | None, bytes]:
    """Return the name and the content of one part; None where it has no name."""
    header, divided, content = part.partition(b"\r\n\r\n")
    if not divided or len(header) > HEADER_MAX:
        return None, b""
    for line in header.split(b"\r\n"):
        kind, _, rest = line.partition(b":")
        if kind.strip().lower() == b"content-disposition":
            named = NAME.search(rest)
            return (named[1].decode("utf-8", "replace") if named else None), content
    return None, b""
