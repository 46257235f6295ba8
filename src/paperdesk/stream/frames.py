"""Frames: messages as they leave on a socket, encoded once however many are sent them."""

from typing import Final

import msgspec

TEXT: Final = 0x81
"""A whole text message in one frame, as RFC 6455 numbers it; a server does not mask."""

SHORT_END: Final = 126
MEDIUM_END: Final = 65_536

_encode = msgspec.json.Encoder(decimal_format="number").encode


def frame(payload: bytes) -> bytes:
    """Return a text frame that holds UTF-8 text."""
    length = len(payload)
    if length < SHORT_END:
        return bytes((TEXT, length)) + payload
    if length < MEDIUM_END:
        return bytes((TEXT, SHORT_END)) + length.to_bytes(2, "big") + payload
    return bytes((TEXT, SHORT_END + 1)) + length.to_bytes(8, "big") + payload


def message(content: object) -> bytes:
    """Return the frame of a message: a wire record or a dict; Decimals leave as JSON numbers."""
    return frame(_encode(content))
