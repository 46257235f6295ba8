"""Problems: how the token endpoint and the gateway API say no.

A refused token request has one body for two readers: the error object of RFC 6749 §5.2, and the
members of a problem that the real service documents. Everything under the gateway API is a
problem (RFC 9457) with the headers of RFC 6750 §3.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

import msgspec

PROBLEM: Final = "application/problem+json"
JSON: Final = "application/json"
SIMPLE: Final = "/simple"
INVALID_ARGUMENT: Final = "/invalid-argument"
INVALID_PAYLOAD: Final = "Invalid payload for security policy: SIGNED_JWT"

Headers = tuple[tuple[str, str], ...]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal as it leaves. `reason` is for the log, and for a developer who may see it."""

    status: int
    body: bytes
    content_type: str = PROBLEM
    headers: Headers = ()
    reason: str = ""


class _TokenError(msgspec.Struct):
    error: str
    error_description: str
    type: str
    title: str
    status: int


class _Simple(msgspec.Struct, omit_defaults=True):
    type: str
    title: str
    status: int
    detail: str = ""


class InvalidArgument(msgspec.Struct, frozen=True):
    """A field that is missing or has no sense."""

    field: str
    description: str


class _Arguments(msgspec.Struct, rename="camel"):
    type: str
    title: str
    status: int
    invalid_arguments: Sequence[InvalidArgument]


def token_error(
    error: str, description: str, *, status: int = 400, reason: str = "", headers: Headers = ()
) -> Problem:
    """Return a refused token request.

    Args:
        error: the code of RFC 6749 §5.2.
        description: ASCII without quotes and backslashes.
        status: 400; 401 where the client tried the header Authorization, 415, 405.
        reason: what a stranger is not told.
        headers: of its own; every answer of the server says that it is not to be stored.
    """
    body = _TokenError(error, description, SIMPLE, HTTPStatus(status).phrase, status)
    return Problem(
        status=status,
        body=msgspec.json.encode(body),
        content_type=JSON,
        headers=headers,
        reason=reason,
    )


def simple(status: int, detail: str = "", *, reason: str = "", headers: Headers = ()) -> Problem:
    """Return a refusal of the gateway API."""
    body = _Simple(SIMPLE, HTTPStatus(status).phrase, status, detail)
    return Problem(
        status=status,
        body=msgspec.json.encode(body),
        headers=headers,
        reason=reason,
    )


def invalid_arguments(arguments: Sequence[InvalidArgument]) -> Problem:
    """Return a refusal of fields."""
    body = _Arguments(INVALID_ARGUMENT, HTTPStatus.BAD_REQUEST.phrase, 400, arguments)
    return Problem(status=400, body=msgspec.json.encode(body))


def invalid_payload(reason: str) -> Problem:
    """Return the refusal of a body that is not signed as the policy asks."""
    return simple(400, INVALID_PAYLOAD, reason=reason)


def no_credentials() -> Problem:
    """Return what a request without a bearer token gets: no error code, as nothing was tried."""
    return simple(401, UNAUTHORIZED, headers=(("WWW-Authenticate", "Bearer"),))


def invalid_token(reason: str) -> Problem:
    """Return what a token gets that is not ours, revoked, or of a client that is no more."""
    challenge = 'Bearer error="invalid_token"'
    return simple(401, UNAUTHORIZED, reason=reason, headers=(("WWW-Authenticate", challenge),))


def expired_token() -> Problem:
    """Return what a token gets whose time is over."""
    challenge = 'Bearer error="invalid_token", error_description="Access token expired"'
    return simple(401, "Access token expired", headers=(("WWW-Authenticate", challenge),))


def insufficient_scope(any_of: Sequence[str]) -> Problem:
    """Return what a token gets that has none of the scopes an endpoint takes."""
    challenge = f'Bearer error="insufficient_scope", scope="{" ".join(any_of)}"'
    return simple(
        403,
        "The access token fails to have sufficient scope",
        headers=(("WWW-Authenticate", challenge),),
    )


UNAUTHORIZED: Final = "The access token request is invalid"
