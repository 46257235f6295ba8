"""The catalogue of control operations, and which of them a request means."""

from collections.abc import Mapping
from typing import Final

from paperdesk.control import (
    auth,
    case_keys,
    cases,
    clients,
    clocks,
    consumers,
    desks,
    journals,
    logins,
    pacing,
    routes,
    scripts,
    sessions,
    users,
)
from paperdesk.control.operations import Asked, Operation, Operations
from paperdesk.control.refusals import NoSuchOperation, WrongMethod

operations = Operations()


@operations.put("GET", "/")
def list_operations(asked: Asked) -> list[dict[str, str]]:  # noqa: ARG001 - the same for everybody
    """List the operations of this API."""
    return [{"method": row.method, "path": row.path, "summary": row.summary} for row in OPERATIONS]


OPERATIONS: Final[tuple[Operation, ...]] = (
    *operations.rows,
    *auth.operations.rows,
    *case_keys.operations.rows,
    *cases.operations.rows,
    *clients.operations.rows,
    *clocks.operations.rows,
    *consumers.operations.rows,
    *desks.operations.rows,
    *journals.operations.rows,
    *logins.operations.rows,
    *pacing.operations.rows,
    *routes.operations.rows,
    *scripts.operations.rows,
    *sessions.operations.rows,
    *users.operations.rows,
)


def found(method: str, path: str) -> tuple[Operation, Mapping[str, str]]:
    """Return the operation of a request, and the path's parameters.

    Raises:
        NoSuchOperation: nothing is at the path.
        WrongMethod: something is, by another method; the message names them.
    """
    parts = path.strip("/").split("/")
    methods: list[str] = []
    for operation in OPERATIONS:
        parameters = _matched(operation.path.strip("/").split("/"), parts)
        if parameters is None:
            continue
        if operation.method == method:
            return operation, parameters
        methods.append(operation.method)
    if methods:
        raise WrongMethod(f"{path[:80]} takes {', '.join(sorted(methods))}.")
    raise NoSuchOperation(f"There is nothing at {path[:80]}; GET / lists what there is.")


def _matched(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    if len(pattern) != len(parts):
        return None
    parameters: dict[str, str] = {}
    for expected, given in zip(pattern, parts, strict=True):
        if expected.startswith("{"):
            parameters[expected[1:-1]] = given
        elif expected != given:
            return None
    return parameters
