"""The pipeline: every step of a request, in order, each of which may answer it.

The first steps need no more than the headers, so that a body is read for nobody who is refused
anyway; the last is the handler. Who signed a request can be told with its body alone. Nothing here
waits; a handler whose work is long gives it back in slices, for whoever can do them one by one.
"""

import logging
from collections.abc import Callable
from types import GeneratorType
from typing import Any, Final, Protocol, TypeAlias

from paperdesk.api import leniency, refusals
from paperdesk.api.matching import Matcher
from paperdesk.api.route import Answer, Call, Tier
from paperdesk.auth.gateway import Gateway
from paperdesk.auth.roster import Roster
from paperdesk.base.errors import Refusal
from paperdesk.base.slices import Slices
from paperdesk.base.units import Instant
from paperdesk.desk.desk import Desk
from paperdesk.server import answers, hosted, pacing
from paperdesk.server.callers import Callers
from paperdesk.server.faces import Face, is_loopback
from paperdesk.server.requests import Request, host_of

BODY_SIZE_MAX: Final = 1_000_000
DOCUMENTS: Final = "/gw/api/v1/"
DOCUMENTS_SIZE_MAX: Final = 20_000_000
"""Bodies of the gateway API hold documents, and are read for nobody without an access token."""

LENGTH_DIGITS_MAX: Final = 12
HAVE_BODIES: Final = frozenset({"POST", "PUT", "PATCH"})
SCHEME_LENGTH: Final = 16
PAGES: Final = frozenset({"/", "/sso/Login", "/authorize", "/sso/resolver", "/sso/portal"})

OWN_SITES: Final = frozenset({b"", b"same-origin", b"none"})
"""What a browser says of where a request comes from that no other site's page has made."""

PREFLIGHT: Final = (
    ("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE"),
    ("Access-Control-Allow-Headers", "Content-Type"),
    ("Access-Control-Max-Age", "600"),
)

_log = logging.getLogger("paperdesk.server")


class Front(pacing.Front, Protocol):
    """What a request is answered from: one face of one desk."""

    face: Face
    desk: Desk
    gateway: Gateway
    roster: Roster
    callers: Callers
    matcher: Matcher

    def wall(self) -> Instant:
        """Return wall time."""

    def catch_up(self, now: Instant) -> None:
        """Let desk time come to where it belongs at an instant of wall time."""


Step: TypeAlias = Callable[[Front, Request], Answer | None]


def address_allowed(front: Front, request: Request) -> Answer | None:
    """Refuse other machines, and pages of other sites in a browser on this one.

    A browser says where a request comes from: a name that resolves to this machine, a page
    elsewhere, another program's page on another port. All of them could trade.
    """
    if (
        request.is_doubled
        or not is_loopback(request.remote)
        or (front.face.peers is not None and not front.face.peers.admits(request.remote))
        or not front.face.is_called(host_of(request.host))
        or (request.origin and not _is_own(front, request))
        or (request.fetch_site and _is_from_elsewhere(request))
    ):
        return refusals.EDGE_DENIED if front.face.is_hosted else refusals.ACCESS_DENIED
    return None


def agent_named(front: Front, request: Request) -> Answer | None:
    """Refuse programs that do not say what they are, as the edge of the hosted service does."""
    if front.face.is_hosted and not request.user_agent.strip():
        return refusals.EDGE_DENIED
    return None


def _is_own(front: Front, request: Request) -> bool:
    origin = request.origin.decode("latin-1").lower()
    scheme = "https" if request.scheme in {"https", "wss"} else "http"
    own = f"{scheme}://{request.host.decode('latin-1').lower()}"
    return origin == own or origin in front.face.origins


def _is_from_elsewhere(request: Request) -> bool:
    if request.fetch_site in OWN_SITES or request.origin:
        return False
    return not _is_link_from_elsewhere(request)


def _is_link_from_elsewhere(request: Request) -> bool:
    """Say whether somebody follows a link of another site to a page.

    That is what links are for; it changes nothing.
    """
    return (
        request.fetch_mode == b"navigate"
        and request.method == "GET"
        and request.fetch_site not in OWN_SITES
        and request.path in PAGES
    )


def preflight_answered(front: Front, request: Request) -> Answer | None:
    """Tell a browser that a listed page may send what it asks about; it sends nothing else."""
    if request.method != "OPTIONS" or not is_listed(front.face, request):
        return None
    return Answer(status=204, content_type=None, headers=PREFLIGHT)


def is_listed(face: Face, request: Request) -> bool:
    """Say whether a page of another origin asks that was listed."""
    return bool(face.origins) and request.origin.decode("latin-1").lower() in face.origins


def desk_stands(front: Front, request: Request) -> Answer | None:
    """Refuse everything once the desk has stopped: what is in memory may not be true."""
    del request
    return refusals.STOPPED if front.desk.is_stopped else None


def service_open(front: Front, request: Request) -> Answer | None:
    """Bring the desk to the present, and refuse everything while the service is maintained."""
    try:
        front.catch_up(request.now)
    except Refusal as refused:
        return refusals.answer(refused)
    return refusals.MAINTAINED if front.roster.is_closed else None


def length_given(front: Front, request: Request) -> Answer | None:
    """Refuse bodies of unknown or absurd length, as the edge does before the API sees them."""
    if request.transfer_encoding:
        return _closing(refusals.LENGTH_REQUIRED)
    length = request.content_length
    if not length:
        return refusals.LENGTH_REQUIRED if request.method in HAVE_BODIES else None
    if not length.isdigit():
        return _closing(refusals.page(400, "Bad Request"))
    holds_documents = front.face.is_hosted and request.path.startswith(DOCUMENTS)
    size_max = DOCUMENTS_SIZE_MAX if holds_documents else BODY_SIZE_MAX
    if len(length) > LENGTH_DIGITS_MAX or int(length) > size_max:
        return _closing(refusals.TOO_LARGE)
    return None


def _closing(answer: Answer) -> Answer:
    return Answer(
        status=answer.status,
        body=answer.body,
        content_type=answer.content_type,
        headers=(*answer.headers, ("Connection", "close")),
    )


def credential_given(front: Front, request: Request) -> Answer | None:
    """See what a request shows of its caller; the gateway asks for nothing.

    The signature of OAuth 1.0a goes with a nonce, which belongs to one request with its body: who
    calls is found out when that is there.
    """
    if not front.face.is_hosted or request.path.startswith(front.face.roots):
        return None
    scheme = request.authorization[:SCHEME_LENGTH].strip().lower()
    request.is_signed = scheme.startswith(b"oauth")
    if request.is_signed or scheme.startswith(b"bearer"):
        return None
    return pacing.within_limit(front, request) or refusals.NOT_SIGNED


def caller_counted(front: Front, request: Request) -> Answer | None:
    """Find out who calls and count the request; whoever is not let in is counted by address."""
    refused = caller_known(front, request)
    return pacing.within_limit(front, request) or refused


def caller_known(front: Front, request: Request) -> Answer | None:
    """Find out who calls: whoever reaches the gateway is the user who signed in."""
    if front.face.is_hosted:
        if request.path.startswith(front.face.roots):
            return None
        return front.callers.known(request)
    front.roster.sweep(request.now)
    request.session = front.gateway.session
    return None


def route_found(front: Front, request: Request) -> Answer | None:
    """Find the route: 404 for a path that no route has, 405 where only the method is wrong.

    Whoever has not signed in is told so first, whatever the path.
    """
    path = front.face.below(request.path)
    if path is None:
        return refusals.NOT_FOUND
    match = request.match = front.matcher.match(request.method, path)
    if match is not None:
        return None
    if request.session.is_ended:
        return refusals.NOT_AUTHENTICATED
    return refusals.METHOD_NOT_ALLOWED if front.matcher.is_known(path) else refusals.NOT_FOUND


def is_offered(front: Front, request: Request) -> Answer | None:
    """Refuse what the hosted service has not, or not for everybody."""
    return hosted.withheld(request) if front.face.is_hosted else None


def is_socket_path(face: Face, path: str) -> bool:
    """Say whether a path is where sockets are opened."""
    return face.below(path.removesuffix("/")) == "/ws"


def tier_reached(front: Front, request: Request) -> Answer | None:
    """Refuse what the caller's session does not open yet."""
    del front
    assert request.match is not None
    tier = request.match.tier
    session = request.session
    if tier is Tier.NOTHING:
        return None
    if session.is_ended:
        return refusals.NOT_AUTHENTICATED
    if tier is Tier.SESSION:
        return None
    if not session.has_brokerage:
        return refusals.NO_BRIDGE
    if tier is Tier.ACCOUNTS and not session.accounts_queried:
        return refusals.ACCOUNTS_FIRST
    return None


AT_THE_DOOR: Final[tuple[Step, ...]] = (
    address_allowed,
    agent_named,
    preflight_answered,
    desk_stands,
    service_open,
    length_given,
    pacing.out_of_box,
)
FOR_THE_CALLER: Final[tuple[Step, ...]] = (
    route_found,
    is_offered,
    tier_reached,
    pacing.within_pace,
    # A fault that is switched on has its place here.
)


def begun(front: Front, request: Request) -> Answer | None:
    """Go through the steps that need no body; None lets the request go on."""
    answer = _through(AT_THE_DOOR, front, request) or credential_given(front, request)
    if answer is not None or request.is_signed:
        return answer
    return caller_counted(front, request) or _let_in(front, request)


def at_the_door(front: Front, request: Request) -> Answer | None:
    """Go through the steps that hold for whoever calls, and count the request by address.

    Links of other sites are not counted: a page elsewhere would put its visitor into the box.
    """
    answer = _through(AT_THE_DOOR, front, request)
    if answer is not None or _is_link_from_elsewhere(request):
        return answer
    return pacing.within_limit(front, request)


def _let_in(front: Front, request: Request) -> Answer | None:
    """Go through the steps for a caller who is known, and count the request for his session.

    One that is refused as too many, or as nobody's, keeps no session alive.
    """
    answer = _through(FOR_THE_CALLER, front, request)
    if answer is None or answer.status not in UNCOUNTED:
        front.roster.use(request.session, request.now)
    return answer


UNCOUNTED: Final = frozenset({401, 429})


def _through(steps: tuple[Step, ...], front: Front, request: Request) -> Answer | None:
    for step in steps:
        answer = step(front, request)
        if answer is not None:
            return answer
    return None


Work: TypeAlias = Slices[Answer]
"""An answer that takes long: every step lets others in between, and what it returns is sent."""


def finished(front: Front, request: Request, body: bytes) -> Answer | Work:
    """Do what needs the body; a signed request goes through its other steps first, and once."""
    if not request.is_signed:
        return _handled(front, request, body)
    request.body = body
    refused = caller_known(front, request)
    excess = pacing.within_limit(front, request)
    if refused is not None:
        return excess or refused
    return front.callers.once(
        request,
        lambda: excess or _let_in(front, request) or _handled(front, request, body),
    )


def _handled(front: Front, request: Request, body: bytes) -> Answer | Work:
    """Decode the body and let the handler answer; whatever goes wrong has IBKR's shape.

    Work that is long comes back begun; what is finished with its first step is an answer at once.
    """
    match = request.match
    assert match is not None
    route = match.route
    try:
        front.catch_up(request.now)
        call: Call[Any] = Call(
            desk=front.desk,
            roster=front.roster,
            session=request.session,
            path=match.parameters,
            query=leniency.query(request.query),
            body=leniency.body(route.body, body, request.content_type.decode("latin-1")),
            body_given=bool(body),
            now=request.now,
            remote=request.remote,
        )
        result = route.handler(call)
        if not isinstance(result, GeneratorType):
            return answers.of(result)
    except Exception as error:  # noqa: BLE001 - see `_failed`
        return _failed(request, error)
    work = _worked(request, result)
    try:
        next(work)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    return work


def _worked(request: Request, slices: Slices[Any]) -> Work:
    try:
        return answers.of((yield from slices))
    except Exception as error:  # noqa: BLE001 - see `_failed`
        return _failed(request, error)


def _failed(request: Request, error: Exception) -> Answer:
    """Return what is answered in place of what went wrong: no inside of ours ever leaves."""
    if isinstance(error, Refusal):
        return refusals.answer(error)
    assert request.match is not None
    _log.error("%s %s failed", request.method, request.match.route.path, exc_info=error)
    return refusals.FAILED


def left(request: Request) -> None:
    """Take notice that a request has its answer, or that nobody waits for it any more."""
    if request.is_counted:
        request.is_counted = False
        request.session.histories_open -= 1
