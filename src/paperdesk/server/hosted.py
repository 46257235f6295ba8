"""The hosted face: where the hosted service answers otherwise than the gateway.

The routes are those of the gateway; a few of them have no sense where every request brings its
credential, and answer what was recorded. A request for the brokerage session takes as long as that
takes to come.
"""

from typing import Final

from paperdesk.api import refusals
from paperdesk.api.route import Answer
from paperdesk.auth.sessions import BrokerageState
from paperdesk.base.units import Instant
from paperdesk.server.requests import Request

GATEWAYS_OWN: Final[dict[str, Answer]] = {
    "/iserver/reauthenticate": refusals.NOT_FOUND,
    "/iserver/dynaccount": refusals.NOT_OFFERED,
}
"""Not on the hosted face at all. Source: recorded."""

NOT_FOR_SIGNED: Final[dict[str, Answer]] = {
    "/sso/validate": refusals.NOT_OFFERED,
    "/portal/sso/validate": refusals.NOT_OFFERED,
}
"""Not for OAuth 1.0a: there is no single sign-on to validate. Source: recorded."""

INITIALISING: Final = ("/iserver/auth/ssodh/init", "/iserver/auth/ssodh/response")


def held_until(request: Request) -> Instant:
    """Return when the answer to a request may leave, by the wall; 0 for at once.

    Clients of the hosted service go on with the accounts the moment that they are told of their
    brokerage session, so they are told when it is there. Source: judged, from what clients do.
    """
    session = request.session
    if session.state is not BrokerageState.INITIALISING:
        return 0
    is_about_it = request.path.removesuffix("/").endswith(INITIALISING)
    return session.established_at if is_about_it else 0


def withheld(request: Request) -> Answer | None:
    """Return what is answered in place of something that the hosted service has not."""
    assert request.match is not None
    path = request.match.route.path
    found = GATEWAYS_OWN.get(path)
    if found is None and request.is_signed:
        found = NOT_FOR_SIGNED.get(path)
    return found
