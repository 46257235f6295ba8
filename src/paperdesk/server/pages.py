"""Pages: the login of the gateway face."""

from typing import Final, Protocol

from paperdesk.api import login, refusals
from paperdesk.api.route import Answer
from paperdesk.server import pacing, pipeline, sign_in
from paperdesk.server.faces import Face
from paperdesk.server.requests import Request
from paperdesk.server.sign_in import Porter

KNOWN: Final = frozenset(
    {
        "/",
        login.LOGIN_PATH,
        login.AUTHENTICATOR_PATH,
        login.PENDING_PATH,
        login.DISPATCHER_PATH,
    }
)


class Front(pipeline.Front, Protocol):
    """What the login page needs beside what every request needs."""

    porter: Porter


def is_page(face: Face, path: str) -> bool:
    """Say whether a path belongs to the login pages."""
    return face.has_login_page and (path == "/" or path.startswith("/sso/"))


def refused(front: Front, request: Request) -> Answer | None:
    """Go through the steps that hold for pages too."""
    return (
        pipeline.address_allowed(front, request)
        or pipeline.desk_stands(front, request)
        or pipeline.length_given(front, request)
        or pacing.out_of_box(front, request)
    )


async def answer(front: Front, request: Request, body: bytes) -> Answer:
    """Answer a request for a login page that was not refused."""
    asked = (request.method, request.path.removesuffix("/") or "/")
    session = front.gateway.session
    holder = "" if session.is_ended else session.user_name
    match asked:
        case ("GET", "/"):
            return login.welcome(front.face.region)
        case ("GET", login.LOGIN_PATH):
            return sign_in.form(login.GATEWAY, request, login.Typed(signed_in=holder))
        case ("GET", login.PENDING_PATH):
            return sign_in.pending(front, request, login.GATEWAY)
        case ("GET", login.DISPATCHER_PATH):
            return login.succeeded() if holder else login.welcome(front.face.region)
        case ("POST", login.AUTHENTICATOR_PATH):
            return await _sign_in(front, request, body, holder)
    return refusals.METHOD_NOT_ALLOWED if asked[1] in KNOWN else refusals.NOT_FOUND


async def _sign_in(front: Front, request: Request, body: bytes, holder: str) -> Answer:
    taken = await sign_in.taken(front, request, body, login.GATEWAY, holder)
    is_secure = request.scheme == "https"
    is_skipped = login.attempt(body).step == "skip"
    cookies = (login.promotion_cookie(is_secure=is_secure),) if is_skipped else ()
    if isinstance(taken, Answer):
        return sign_in.with_headers(taken, *cookies)
    front.gateway.sign_in(taken, front.wall())
    cookies = (*cookies, sign_in.left(login.GATEWAY, request))
    return login.redirect(f"{login.DISPATCHER_PATH}?forwardTo=22", cookies)
