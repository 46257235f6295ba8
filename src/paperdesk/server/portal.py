"""Portal: a firm's user comes with an address that is good once, and goes on with a cookie."""

import logging
from typing import Final, Protocol

from paperdesk.api import portal, refusals
from paperdesk.api.login import redirect
from paperdesk.api.portal import Landing
from paperdesk.api.route import Answer
from paperdesk.auth.cookies import cookie
from paperdesk.auth.oauth2.bearers import plain
from paperdesk.auth.oauth2.visits import COOKIE_BYTES, Visit, Why
from paperdesk.auth.registrations import OAuthClient, Standing
from paperdesk.auth.roster import Opening
from paperdesk.kernel.state.accounts import User
from paperdesk.server import pipeline
from paperdesk.server.faces import Face
from paperdesk.server.requests import Request
from paperdesk.server.sign_in import Porter, Verdict
from paperdesk.server.tokens import Tokens

PATHS: Final = frozenset({portal.RESOLVER, portal.PATH})

_log = logging.getLogger("paperdesk.server")


class Front(pipeline.Front, Protocol):
    """What the pages need beside what every request needs."""

    tokens: Tokens
    porter: Porter


def is_page(face: Face, path: str) -> bool:
    """Say whether a path is one of the pages."""
    return face.is_hosted and path.removesuffix("/") in PATHS


def refused(front: Front, request: Request) -> Answer | None:
    """Go through the steps that hold for pages too."""
    return pipeline.at_the_door(front, request)


async def answer(front: Front, request: Request, body: bytes) -> Answer:
    """Answer a request for a page that was not refused."""
    match request.method, request.path.removesuffix("/"):
        case "GET", portal.RESOLVER:
            return _resolved(front, request)
        case (("GET" | "POST"), portal.PATH):
            return await _page(front, request, body)
    return refusals.METHOD_NOT_ALLOWED


def _resolved(front: Front, request: Request) -> Answer:
    """Begin a visit, or go on with it where the same browser shows its id again."""
    office = front.tokens.authorization
    shown = portal.visit_id(request.query)
    where = portal.landing(request.query)
    if office.visits.is_of(_cookie(request), shown):
        return redirect(where.location, (portal.NO_REFERRER,))
    begun = office.visits.begin(shown, request.remote, request.now)
    if isinstance(begun, Visit):
        known = _known(front, begun)
        if known is not None:
            return _welcomed(front, request, begun, known[1], where)
        begun = Why.UNKNOWN
    return portal.refused(begun, is_told=not office.rules.is_strict)


def _welcomed(front: Front, request: Request, visit: Visit, user: User, where: Landing) -> Answer:
    """Open the visit's session; in a frame the brokerage session follows by itself."""
    if plain(request.remote) != visit.address:
        _log.warning(
            "a browser of %s comes from %s; %r has named %s",
            visit.user_name,
            request.remote,
            visit.client_id,
            visit.address,
        )
    office, roster = front.tokens.authorization, front.roster
    opening = Opening(
        face="hosted",
        credential=f"sso {visit.client_id}",
        brokerage_after=roster.settings.login_delay if where.is_framed else None,
    )
    given = office.draw_hex(COOKIE_BYTES)
    visit.form_token = office.draw_hex(COOKIE_BYTES)
    office.visits.welcome(visit, roster.open(user, request.now, opening), given)
    return redirect(where.location, (portal.NO_REFERRER, _set_cookie(request, given, where)))


def _set_cookie(request: Request, given: str, where: Landing) -> tuple[str, str]:
    is_secure = request.scheme == "https"
    # A frame on the firm's site is another site's to the browser, and sends no other kind.
    site = "None" if where.is_framed and is_secure else "Lax"
    secure = "; Secure" if is_secure else ""
    return "Set-Cookie", f"{portal.COOKIE}={given}; Path=/sso; HttpOnly; SameSite={site}{secure}"


async def _page(front: Front, request: Request, body: bytes) -> Answer:
    visit = front.tokens.authorization.visits.of(_cookie(request))
    known = None if visit is None else _known(front, visit)
    if visit is None or visit.session is None or known is None:
        return portal.refused(None, is_told=True)
    front.roster.use(visit.session, request.now)
    if visit.session.is_ended:
        return portal.refused(None, is_told=True)
    client, user = known
    where = portal.landing(request.query)
    if where.needs_password and not portal.is_confirmed(visit, request.now):
        if request.method == "POST":
            return await _confirmed(front, visit, client, where, body)
        return portal.password_page(where, visit, client.origins)
    if request.method != "GET":
        return refusals.METHOD_NOT_ALLOWED
    return portal.page(where, visit, user.account_ids, client.origins)


async def _confirmed(
    front: Front, visit: Visit, client: OAuthClient, where: Landing, body: bytes
) -> Answer:
    """Take a password that was given again."""
    sent = portal.confirmation(body)
    if not portal.is_from_our_page(sent, visit):
        return refusals.EDGE_DENIED
    verdict = await front.porter.password(visit.user_name, sent.password, front.wall)
    if verdict is not Verdict.RIGHT:
        return portal.password_page(where, visit, client.origins, verdict.value)
    front.porter.lockouts.succeeded(visit.user_name)
    visit.confirmed_at = front.wall()
    return redirect(where.location)


def _known(front: Front, visit: Visit) -> tuple[OAuthClient, User] | None:
    """Return the firm and the user of a visit while there are both."""
    client = front.tokens.authorization.registered.get(visit.client_id)
    user = front.desk.world.accounts.users.get(visit.user_name)
    if client is None or client.standing is not Standing.ACTIVE or user is None:
        return None
    return client, user


def _cookie(request: Request) -> str:
    return cookie(request.cookie.decode("latin-1"), portal.COOKIE)
