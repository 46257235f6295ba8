"""Echo: a firm finds out whether its token and its signature are good."""

from typing import Any, Final

from paperdesk.api.management.requests import Asked
from paperdesk.api.route import Call, Evidence, Routes, Tier, Wire
from paperdesk.auth.oauth2 import endpoints
from paperdesk.auth.oauth2.endpoints import Policy
from paperdesk.auth.pacing.paces import Pace

routes = Routes(Tier.NOTHING)

PACE: Final = Pace(10)


class Echo(Wire):
    """What was asked, as the service has understood it; claims of a body are not told."""

    request_method: str
    security_policy: str
    query_parameters: dict[str, str]


@routes.add(
    ("GET",),
    f"{endpoints.PREFIX}/echo/https",
    body=Asked,
    evidence=Evidence.DOCUMENTED,
    pace=PACE,
)
def https(call: Call[Asked]) -> Echo:
    """Tell a firm that its access token is good."""
    return _echo(call, "GET", Policy.HTTPS)


@routes.post(
    f"{endpoints.PREFIX}/echo/signed-jwt", evidence=Evidence.DOCUMENTED, pace=PACE, body=Asked
)
def signed_jwt(call: Call[Asked]) -> Echo:
    """Tell a firm that its access token and its signature are good."""
    return _echo(call, "POST", Policy.SIGNED_JWT)


def _echo(call: Call[Any], method: str, policy: Policy) -> Echo:
    return Echo(
        request_method=method,
        security_policy=policy.value,
        query_parameters=call.body.parameters(),
    )
