"""Grants: the authorization server's answer to a token request, without issuing anything yet."""

from collections.abc import Mapping
from typing import Final

import msgspec

from paperdesk.auth.oauth2 import assertions, clients, problems, scopes, token_requests
from paperdesk.auth.oauth2.assertions import Rejected
from paperdesk.auth.oauth2.problems import Problem
from paperdesk.auth.oauth2.replays import Replays, Used
from paperdesk.auth.oauth2.rules import Rules
from paperdesk.auth.oauth2.scopes import InvalidScope
from paperdesk.auth.oauth2.token_requests import Form, Header
from paperdesk.auth.registrations import OAuthClient
from paperdesk.base.units import Instant


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request to the token endpoint or its neighbour; `now` is wall time."""

    body: bytes
    header: Header
    remote: str
    now: Instant


class Known(msgspec.Struct, frozen=True):
    """A client that has proved who it is. `used` must be on disk before it is answered."""

    client: OAuthClient
    form: Form
    used: Used | None


class Granted(msgspec.Struct, frozen=True):
    """What a client is given."""

    known: Known
    scopes: tuple[str, ...]


class Authority:
    """Who may have tokens: the registered clients, the rules, and the assertions of before."""

    def __init__(
        self, registered: Mapping[str, OAuthClient], rules: Rules, replays: Replays
    ) -> None:
        """Judge by the clients of a mapping, which may change."""
        self.registered = registered
        self.rules = rules
        self.replays = replays

    def known(self, request: Request, *, needs_grant: bool = True) -> Known | Problem:
        """Return who asks, or how the request is refused."""
        form = token_requests.read(request.body, request.header, needs_grant=needs_grant)
        if isinstance(form, Problem):
            return form
        case = assertions.judge(
            form.assertion, self.registered, self.rules, request.now, form.client_id
        )
        if isinstance(case, Rejected):
            return _refused(case)
        if not clients.may_come_from(case.client, request.remote):
            # Told to the holder of the key alone, and before its assertion is used up.
            return problems.token_error(
                "invalid_client",
                "this address is not registered for the client",
                status=403,
                reason=f"{request.remote} is in none of {', '.join(case.client.networks)}",
            )
        verdict = assertions.once(case, self.replays)
        if isinstance(verdict, Rejected):
            return _refused(verdict)
        return Known(case.client, form, verdict.used)

    def granted(self, request: Request) -> Granted | Problem:
        """Return what the client of a token request is given, or how the request is refused."""
        known = self.known(request)
        if isinstance(known, Problem):
            return known
        if token_requests.GRANT not in known.client.grants:
            return problems.token_error("unauthorized_client", "the client may not use this grant")
        try:
            given = scopes.granted(
                known.form.scope, known.client.scopes, is_strict=self.rules.is_strict
            )
        except InvalidScope as error:
            return problems.token_error("invalid_scope", str(error))
        return Granted(known, given)


def _refused(rejected: Rejected) -> Problem:
    return problems.token_error(
        INVALID_CLIENT, rejected.description, reason=f"{rejected.cause.value}: {rejected.reason}"
    )


INVALID_CLIENT: Final = "invalid_client"
