"""Pages: the login of the gateway face, with the two things about it that wait.

Checking a password is slow by design and happens in a thread; a wrong one is answered late.
"""

import asyncio
import secrets
from typing import Final, Protocol

from paperdesk.api import login, refusals
from paperdesk.api.route import Answer
from paperdesk.auth.cookies import cookie
from paperdesk.auth.gateway import Gateway
from paperdesk.base.ids import UserName
from paperdesk.base.units import SECOND
from paperdesk.server import pacing, pipeline
from paperdesk.server.credentials import Credentials
from paperdesk.server.faces import Face
from paperdesk.server.requests import Request

TOKEN_BYTES: Final = 16


class Front(pipeline.Front, Protocol):
    """What the login page needs beside what every request needs."""

    credentials: Credentials


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
    match asked:
        case ("GET", "/"):
            return login.welcome(front.face.region)
        case ("GET", login.LOGIN_PATH):
            return _form(front.gateway, request)
        case ("GET", login.DISPATCHER_PATH):
            session = front.gateway.session
            return login.welcome(front.face.region) if session.is_ended else login.succeeded()
        case ("POST", login.AUTHENTICATOR_PATH):
            return await _sign_in(front, request, body)
    known = {"/", login.LOGIN_PATH, login.DISPATCHER_PATH, login.AUTHENTICATOR_PATH}
    return refusals.METHOD_NOT_ALLOWED if asked[1] in known else refusals.NOT_FOUND


def _form(gateway: Gateway, request: Request) -> Answer:
    token = secrets.token_hex(TOKEN_BYTES)
    session = gateway.session
    page = login.form(token, signed_in="" if session.is_ended else session.user_name)
    secure = "; Secure" if request.scheme == "https" else ""
    set_cookie = f"{login.LOGIN_COOKIE}={token}; Path=/sso; HttpOnly; SameSite=Strict{secure}"
    return Answer(
        body=page.body,
        content_type=page.content_type,
        headers=(*page.headers, ("Set-Cookie", set_cookie)),
    )


async def _sign_in(front: Front, request: Request, body: bytes) -> Answer:
    tried = login.attempt(body)
    if not login.is_from_our_page(
        tried, cookie(request.cookie.decode("latin-1"), login.LOGIN_COOKIE)
    ):
        return refusals.ACCESS_DENIED
    async with front.credentials.turn:
        # Whoever waited for a turn may find the name locked by those before: many at once guess
        # no faster than one after the other.
        if front.gateway.is_locked(tried.user_name, front.wall()):
            return login.form(tried.token, login.LOCKED, tried.user_name)
        is_right = await front.credentials.check(tried.user_name, tried.password)
        verdict = _verdict(front, tried, is_right=is_right)
    if verdict.delay:
        await asyncio.sleep(verdict.delay / SECOND)
    return verdict.answer


def _verdict(front: Front, tried: login.Attempt, *, is_right: bool) -> login.Verdict:
    user = front.desk.world.accounts.users.get(UserName(tried.user_name))
    return login.judge(front.gateway, user, tried, front.wall(), is_right=is_right)
