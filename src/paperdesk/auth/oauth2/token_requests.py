"""Token requests: the form that is posted to the token endpoint, read strictly."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote_to_bytes

import msgspec

from paperdesk.auth.oauth2 import problems
from paperdesk.auth.oauth2.problems import Problem

FORM: Final = "application/x-www-form-urlencoded"
LENGTH_MAX: Final = 65_536
PARAMETERS_MAX: Final = 100

GRANT: Final = "client_credentials"
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SECRET: Final = "client_secret"  # noqa: S105 - the name of a parameter

CAMEL_CASE: Final = {
    "clientAssertion": "client_assertion",
    "clientAssertionType": "client_assertion_type",
    "clientId": "client_id",
    "grantType": "grant_type",
}
"""Names in the printed schema of the real service, which its server does not take."""


class Header(msgspec.Struct, frozen=True):
    """What the headers of a token request say: its content type, and a credential, "" for none."""

    content_type: str = ""
    authorization: str = ""

    @property
    def is_basic(self) -> bool:
        """Whether a password came in the header, the other way to say who one is.

        A bearer token there is left over from elsewhere, and is no second way.
        """
        return self.authorization[:6].lower() == "basic "


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A well-formed request that brings an assertion."""

    assertion: str
    client_id: str
    scope: str
    token: str

    def __repr__(self) -> str:
        """Leave the assertion and the token out."""
        return f"Form(client_id={self.client_id!r}, scope={self.scope!r})"


def read(body: bytes, header: Header, *, needs_grant: bool = True) -> Form | Problem:
    """Return the assertion of a request with what it is for, or how the request is refused.

    Args:
        body: the form.
        header: what the request's headers say.
        needs_grant: whether it asks for a token; a request to revoke one has no grant type.
    """
    if header.content_type.partition(";")[0].strip().lower() != FORM:
        return problems.token_error(
            "invalid_request", f"the content type must be {FORM}", status=415
        )
    parameters = _parameters(body)
    if isinstance(parameters, str):
        return problems.token_error("invalid_request", parameters)
    refused = _grant_refused(parameters) if needs_grant else None
    refused = refused or _authentication_refused(parameters, header)
    return refused or Form(
        assertion=parameters["client_assertion"],
        client_id=parameters.get("client_id", ""),
        scope=parameters.get("scope", ""),
        token=parameters.get("token", ""),
    )


def _parameters(body: bytes) -> dict[str, str] | str:
    """Return the parameters that have a value, or a sentence that says what is wrong."""
    if len(body) > LENGTH_MAX or body.count(b"&") >= PARAMETERS_MAX:
        return "the form is too large"
    seen: set[str] = set()
    parameters: dict[str, str] = {}
    for pair in body.split(b"&"):
        name, _, value = pair.partition(b"=")
        try:
            read_name, read_value = _text(name), _text(value)
        except UnicodeDecodeError:
            return "the form is not UTF-8"
        if read_name in seen:
            return "a parameter is repeated"
        if read_name:
            seen.add(read_name)
        if read_value:
            parameters[read_name] = read_value
    return parameters


def _text(part: bytes) -> str:
    return unquote_to_bytes(part.replace(b"+", b" ")).decode()


def _grant_refused(parameters: Mapping[str, str]) -> Problem | None:
    for camel, name in CAMEL_CASE.items():
        if camel in parameters and name not in parameters:
            description = f"{camel} is not a parameter: the names have underscores, as {name}"
            return problems.token_error("invalid_request", description)
    grant = parameters.get("grant_type")
    if grant is None:
        return problems.token_error("invalid_request", "grant_type is missing")
    if grant != GRANT:
        return problems.token_error("unsupported_grant_type", f"grant_type must be {GRANT}")
    return None


def _authentication_refused(parameters: Mapping[str, str], header: Header) -> Problem | None:
    has_assertion = "client_assertion" in parameters or "client_assertion_type" in parameters
    ways = (has_assertion, SECRET in parameters, header.is_basic)
    if sum(ways) > 1:
        return problems.token_error(
            "invalid_request", "a request proves in one way who its client is"
        )
    if header.is_basic:
        return problems.token_error(
            "invalid_client",
            "clients are known by a signed assertion alone",
            status=401,
            headers=(("WWW-Authenticate", 'Basic realm="token"'),),
        )
    if "client_assertion" not in parameters:
        return problems.token_error("invalid_client", "client_assertion is missing")
    if parameters.get("client_assertion_type") != ASSERTION_TYPE:
        return problems.token_error(
            "invalid_client", f"client_assertion_type must be {ASSERTION_TYPE}"
        )
    return None
