"""The hosted face: what the hosted service does not offer, or not to everybody.

The routes are those of the gateway; a few of them have no sense where every request brings its
credential, and answer what was recorded.
"""

from typing import Final

from paperdesk.api import refusals
from paperdesk.api.route import Answer
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


def withheld(request: Request) -> Answer | None:
    """Return what is answered in place of something that the hosted service has not."""
    assert request.match is not None
    path = request.match.route.path
    found = GATEWAYS_OWN.get(path)
    if found is None and request.is_signed:
        found = NOT_FOR_SIGNED.get(path)
    return found
