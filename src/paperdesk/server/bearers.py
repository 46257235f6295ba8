"""Bearers: callers of the trading API that show a bearer token, on a request or on a socket."""

import logging
from typing import Final

import msgspec

from paperdesk.api import refusals
from paperdesk.api.leniency import parameters
from paperdesk.api.route import Answer
from paperdesk.auth.cookies import session_id
from paperdesk.auth.oauth2.bearers import Bearer
from paperdesk.auth.sessions import Session
from paperdesk.server.requests import Request
from paperdesk.server.tokens import Tokens

SCHEME: Final = "bearer"
PARAMETER: Final = "bearer_token"
INVALID: Final = (("WWW-Authenticate", 'Bearer error="invalid_token"'),)
NOT_GOOD: Final = msgspec.structs.replace(
    refusals.body_of(refusals.LOOKS["not_authenticated"], "not authenticated"), headers=INVALID
)
"""The token was never issued, or its session is over, or it is used from elsewhere."""

_log = logging.getLogger("paperdesk.server")


def known(tokens: Tokens, request: Request) -> Answer | None:
    """Find out whose bearer token a request shows; an answer refuses it.

    What time has ended by then has to be swept away before; counted is the request later, unless
    it is one too many.
    """
    scheme, _, token = request.authorization.decode("latin-1").partition(" ")
    session = _session(tokens, token.strip(), request) if scheme.lower() == SCHEME else None
    if session is None:
        return NOT_GOOD
    request.session = session
    return None


def of_socket(tokens: Tokens, request: Request) -> Session | None:
    """Return the session of a socket whose query has a bearer token.

    A cookie may name the session as well, and has to name this one then.
    """
    shown = parameters(request.query).get(PARAMETER, [])
    if len(shown) != 1:
        return None
    session = _session(tokens, shown[0], request)
    named = session_id(request.cookie.decode("latin-1"))
    if session is None or (named and named != session.session_id):
        return None
    return session


def _session(tokens: Tokens, token: str, request: Request) -> Session | None:
    office = tokens.authorization
    bearer = office.bearers.find(token)
    if bearer is None:
        return None
    if not bearer.may_come_from(request.remote):
        if office.settings.enforces_addresses:
            return None
        _tell(bearer, request.remote)
    return bearer.session


def _tell(bearer: Bearer, remote: str) -> None:
    """Say once that a token is used from elsewhere, as it would be refused for really."""
    if not bearer.was_elsewhere:
        bearer.was_elsewhere = True
        _log.warning(
            "a bearer token of %r for %s is used from %s; the firm has named %s",
            bearer.client_id,
            bearer.session.user_name,
            remote,
            ", ".join(bearer.addresses),
        )
