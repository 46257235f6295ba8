"""Firms: requests of other programs' back ends, to the token endpoint and to the gateway API.

They carry an assertion or an access token rather than a session. A body is read for nobody whose
token does not open the endpoint; what is to be signed or written down is done off the loop.
"""

import logging
from typing import Any, Final, Protocol

import msgspec

from paperdesk.api import leniency, oauth2, problems
from paperdesk.api.management.requests import Asked
from paperdesk.api.oauth2 import Issue, Revocation
from paperdesk.api.route import Answer, Call, Route
from paperdesk.auth.oauth2 import clients, endpoints, scopes, signed_bodies
from paperdesk.auth.oauth2 import problems as refused_by
from paperdesk.auth.oauth2.access_tokens import Flaw
from paperdesk.auth.oauth2.endpoints import Policy
from paperdesk.auth.oauth2.grants import Request as TokenRequest
from paperdesk.auth.oauth2.problems import Problem
from paperdesk.auth.oauth2.signed_bodies import NotSigned, Signed
from paperdesk.auth.oauth2.token_requests import Header
from paperdesk.auth.registrations import OAuthClient, Standing
from paperdesk.base.units import SECOND
from paperdesk.server import answers, pacing, pipeline
from paperdesk.server.faces import FIRMS, Face
from paperdesk.server.requests import Request
from paperdesk.server.tokens import Tokens

GATEWAY: Final = f"{endpoints.PREFIX}/"
LARGE: Final = 65_536
"""Bytes of a body above which it is not looked at in the loop."""

UNSIGNED: Final = ("X-Paperdesk-Hint", "The body was not signed; the real service refuses that.")

_log = logging.getLogger("paperdesk.server")


class Front(pipeline.Front, Protocol):
    """What firms' requests need beside what every request needs."""

    tokens: Tokens


def is_page(face: Face, path: str) -> bool:
    """Say whether a path is answered here."""
    return face.is_hosted and path.startswith(FIRMS)


def refused(front: Front, request: Request) -> Answer | None:
    """Go through the steps that need no body."""
    answer = pipeline.at_the_door(front, request)
    if answer is not None:
        return answer
    problem = _route_found(front, request) or _token_good(front, request)
    if problem is not None:
        return _told(front, request, problem)
    return pacing.within_pace(front, request)


async def answer(front: Front, request: Request, body: bytes) -> Answer:
    """Answer a request that was not refused."""
    try:
        asked = await _asked(front, request, body)
        if isinstance(asked, Problem):
            return _told(front, request, asked)
        return await _done(front, request, asked)
    except Exception:  # noqa: BLE001 - the one place: no inside of ours ever leaves
        _log.exception("%s %s failed", request.method, request.path)
        return problems.answer(problems.FAILED)


def _told(front: Front, request: Request, problem: Problem) -> Answer:
    if problem.reason:
        # The path is that of a route, and holds nothing of the caller's.
        _log.info("%s %s refused: %s", request.method, request.path, problems.shown(problem.reason))
    return problems.answer(problem, is_explained=front.tokens.settings.is_explained)


def _route_found(front: Front, request: Request) -> Problem | None:
    path = request.path
    request.match = front.matcher.match(request.method, path)
    if request.match is not None:
        if front.tokens.is_busy:
            return problems.BUSY
        return None
    if not front.matcher.is_known(path):
        return problems.NOT_FOUND
    is_token = path.startswith("/oauth2/") and request.method != "POST"
    return problems.ONLY_POST if is_token else problems.METHOD_NOT_ALLOWED


def _token_good(front: Front, request: Request) -> Problem | None:
    """Refuse a request to the gateway API whose access token does not open it."""
    assert request.match is not None
    route = request.match.route
    if not route.path.startswith(GATEWAY):
        return None
    scheme, _, token = request.authorization.decode("latin-1").partition(" ")
    if scheme.lower() != "bearer":
        return refused_by.no_credentials()
    office = front.tokens.authorization
    said = office.access.verified(token.strip(), request.now)
    if isinstance(said, Flaw):
        return _flawed(said)
    client = office.registered.get(said.sub)
    if client is None or client.standing is not Standing.ACTIVE:
        return refused_by.invalid_token(f"the client {said.sub!r} is not active")
    if said.iat < client.registered_at // SECOND:
        return refused_by.invalid_token(f"{said.sub!r} was another client when it got the token")
    request.client = client
    return _not_permitted(request, route, client, said.scopes)


def _flawed(flaw: Flaw) -> Problem:
    if flaw is Flaw.EXPIRED:
        return refused_by.expired_token()
    return refused_by.invalid_token(flaw.value)


def _not_permitted(
    request: Request, route: Route, client: OAuthClient, given: tuple[str, ...]
) -> Problem | None:
    if not clients.may_come_from(client, request.remote):
        return problems.ADDRESS
    wanted = endpoints.endpoint(route.method, route.path.removeprefix(endpoints.PREFIX)).scopes
    return None if scopes.opens(given, wanted) else refused_by.insufficient_scope(wanted)


async def _asked(front: Front, request: Request, body: bytes) -> object:
    """Return what a route's handler is given as body, or why it is given nothing."""
    assert request.match is not None
    route = request.match.route
    content_type = request.content_type.decode("latin-1")
    if route.body is TokenRequest:
        header = Header(content_type, request.authorization.decode("latin-1"))
        return TokenRequest(body=body, header=header, remote=request.remote, now=request.now)
    if route.body is not Asked:
        return None
    query = request.query.decode("latin-1")
    if _policy(route) is Policy.HTTPS:
        return Asked(query=query)
    assert request.client is not None
    verdict = await _signed(front, request, body, content_type, request.client)
    if isinstance(verdict, NotSigned):
        return refused_by.invalid_payload(verdict.reason)
    return Asked(query=query, fields=verdict.fields, is_unsigned=verdict.is_unsigned)


async def _signed(
    front: Front, request: Request, body: bytes, content_type: str, client: OAuthClient
) -> Signed | NotSigned:
    rules, now = front.tokens.settings.rules, request.now
    if len(body) <= LARGE:
        return signed_bodies.judge(body, content_type, client, rules, now)
    return await front.tokens.in_thread(
        lambda: signed_bodies.judge(body, content_type, client, rules, now)
    )


async def _done(front: Front, request: Request, asked: object) -> Answer:
    """Let the handler decide, and do what it has decided on."""
    assert request.match is not None
    front.catch_up(request.now)
    call: Call[Any] = Call(
        desk=front.desk,
        roster=front.roster,
        session=request.session,
        path=request.match.parameters,
        query=leniency.query(request.query),
        body=asked,
        now=request.now,
        remote=request.remote,
        authorization=front.tokens.authorization,
        client=request.client,
    )
    result = request.match.route.handler(call)
    match result:
        case Problem():
            return _told(front, request, result)
        case Issue():
            token = await front.tokens.issued(result.said, result.used)
            return oauth2.issued(token, result.said)
        case Revocation():
            await front.tokens.kept(result.used, result.revoked)
            return oauth2.EMPTY_ANSWER
    answer = answers.of(result)
    if isinstance(asked, Asked) and asked.is_unsigned:
        return msgspec.structs.replace(answer, headers=(*answer.headers, UNSIGNED))
    return answer


def _policy(route: Route) -> Policy:
    return endpoints.endpoint(route.method, route.path.removeprefix(endpoints.PREFIX)).policy
