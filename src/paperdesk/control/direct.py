"""Direct: an operation of the control API done in this process, without a port between."""

from collections.abc import Generator
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from paperdesk.control.app import decoded
from paperdesk.control.catalogue import found
from paperdesk.control.operations import Asked, Control

_encode = msgspec.json.Encoder(decimal_format="number").encode


def answer(control: Control, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
    """Return what the control API answers, decoded.

    Raises:
        Refusal: what is asked is refused.
    """
    where, _, query = path.partition("?")
    operation, parameters = found(method, where)
    given = decoded(operation, b"" if body is None else msgspec.json.encode(body))
    made = None if operation.make is None else operation.make(given)
    asked = Asked(
        control=control, path=parameters, query=dict(parse_qsl(query)), body=given, made=made
    )
    result = operation.handler(asked)
    if isinstance(result, Generator):
        result = _whole(result)
    return msgspec.json.decode(_encode(result))


def _whole(slices: Generator[Any, None, Any]) -> Any:  # noqa: ANN401 - as the operation has it
    """Go through the slices of long work without letting anybody in between."""
    while True:
        try:
            next(slices)
        except StopIteration as done:
            return done.value
