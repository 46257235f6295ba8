"""Sign-in: a person says who it is, on any page of the desk that has to know.

Checking a password is slow by design and happens in a thread, one after the other; what is wrong
is answered late and counted, codes and notifications like passwords. Pages that need somebody call
`form` for a first page, `taken` for what was posted, and `pending` for who waits.
"""

import asyncio
import secrets
from collections.abc import Callable
from enum import Enum
from typing import Final, Protocol

from paperdesk.api import login, refusals
from paperdesk.api.login import Attempt, Place, Typed
from paperdesk.api.route import Answer
from paperdesk.auth.cookies import cookie
from paperdesk.auth.lockouts import Lockouts
from paperdesk.auth.second_factors import Method
from paperdesk.auth.sign_ins import Reply, SignIn, SignIns, Stage
from paperdesk.base.ids import UserName
from paperdesk.base.units import SECOND, Instant
from paperdesk.desk.desk import Desk
from paperdesk.kernel.state.accounts import User
from paperdesk.server.credentials import Credentials
from paperdesk.server.requests import Request
from paperdesk.server.second_factors import FactorFile

TOKEN_BYTES: Final = 16
WAITING_MAX: Final = 32
"""How many may wait for their passwords to be checked."""


class Verdict(Enum):
    """What comes of a password or a code."""

    RIGHT = ""
    WRONG = login.WRONG_PAIR
    LOCKED = login.LOCKED
    BUSY = login.BUSY


class Porter:
    """Whom a desk knows, who failed to say so, and who is about to."""

    def __init__(self, credentials: Credentials) -> None:
        """Begin with nobody on the way in."""
        self.credentials = credentials
        self.factors = FactorFile(credentials.data_dir)
        self.lockouts = Lockouts()
        self.sign_ins = SignIns()
        self._waiting = 0

    async def password(self, user_name: str, password: str, wall: Callable[[], Instant]) -> Verdict:
        """Say whether name and password go together; a wrong pair is answered late.

        A right one does not make earlier failures forgotten: a second factor may have to follow.
        Whoever needs no more calls `lockouts.succeeded`.
        """
        return await self._tried(
            user_name, lambda: self.credentials.matches(user_name, password), wall
        )

    async def code(self, sign_in: SignIn, code: str, wall: Callable[[], Instant]) -> Verdict:
        """Say whether a code is right for the method that was chosen."""
        name, is_fixed = sign_in.user_name, sign_in.method is Method.CODE
        return await self._tried(
            name, lambda: self.factors.take(name, code, wall(), is_fixed=is_fixed), wall
        )

    async def denied(self, sign_in: SignIn, wall: Callable[[], Instant]) -> Verdict:
        """Count a notification that its user denied: somebody else knows the password."""
        return await self._tried(sign_in.user_name, lambda: False, wall)

    async def _tried(
        self, user_name: str, check: Callable[[], bool], wall: Callable[[], Instant]
    ) -> Verdict:
        if self._waiting >= WAITING_MAX:
            return Verdict.BUSY
        self._waiting += 1
        try:
            async with self.credentials.turn:
                # Whoever waited for a turn may find the name locked by those before: many at once
                # guess no faster than one after the other.
                if self.lockouts.is_locked(user_name, wall()):
                    return Verdict.LOCKED
                if await self.credentials.off_loop(check):
                    return Verdict.RIGHT
                is_user = self.credentials.has(user_name)
                delay = self.lockouts.failed(user_name, wall(), is_user=is_user)
        finally:
            self._waiting -= 1
        if self.lockouts.is_locked(user_name, wall()):
            self.sign_ins.end_all(UserName(user_name))
        await asyncio.sleep(delay / SECOND)
        return Verdict.WRONG


class Front(Protocol):
    """What signing in needs of a face."""

    desk: Desk
    porter: Porter

    def wall(self) -> Instant:
        """Return wall time."""


def form(
    place: Place, request: Request, typed: Typed = login.BLANK, *, status: int = 200
) -> Answer:
    """Return a first page, with a token that the browser brings back."""
    token = secrets.token_hex(TOKEN_BYTES)
    return with_headers(
        login.form(place, token, typed, status=status), _cookie(place, request, token)
    )


async def taken(
    front: Front, request: Request, body: bytes, place: Place, holder: str = ""
) -> Answer | User:
    """Take what was posted from one of the pages.

    Args:
        front: whose users may come in.
        request: the post.
        body: the form.
        place: where people sign in, and what for.
        holder: who would be signed out by anybody else, "" for nobody.

    Returns:
        The page of the next step, or the user whose every step was right. The answer to the latter
        takes `left` as a header, and the user is nobody's guess from then on.
    """
    tried = login.attempt(body)
    if not login.is_from_our_page(tried, _token(request)):
        return form(place, request, Typed(error=login.NOT_OURS), status=403)
    if tried.step == "password":
        sign_in = await _with_password(front, request, tried, place)
    else:
        sign_in = await _with_more(front, request, tried, place)
    if isinstance(sign_in, Answer):
        return sign_in
    user = front.desk.world.accounts.users.get(sign_in.user_name)
    if user is None:
        front.porter.sign_ins.end(sign_in)
        return form(place, request, Typed(error=login.WRONG_PAIR))
    sign_in.holder = holder if holder != sign_in.user_name else ""
    if sign_in.stage is Stage.DONE:
        front.porter.sign_ins.end(sign_in)
        front.porter.lockouts.succeeded(sign_in.user_name)
        return user
    return with_headers(login.page(place, sign_in), _cookie(place, request, sign_in.token))


def pending(front: Front, request: Request, place: Place) -> Answer:
    """Say whether a notification waits for its answer."""
    now = front.wall()
    sign_in = front.porter.sign_ins.find(_token(request), place.purpose, now)
    if sign_in is None:
        return refusals.ACCESS_DENIED
    is_waiting = sign_in.stage is Stage.NOTIFICATION and sign_in.heard(now) is Reply.WAITING
    return Answer(body=b"waiting" if is_waiting else b"answered", content_type=refusals.PLAIN)


def left(place: Place, request: Request) -> tuple[str, str]:
    """Return the header that takes the token of the pages away again."""
    return _cookie(place, request, "")


async def _with_password(
    front: Front, request: Request, tried: Attempt, place: Place
) -> Answer | SignIn:
    porter = front.porter
    verdict = await porter.password(tried.user_name, tried.password, front.wall)
    user = front.desk.world.accounts.users.get(UserName(tried.user_name))
    if verdict is not Verdict.RIGHT or user is None:
        return _again(tried, place, verdict.value or login.WRONG_PAIR)
    if place.has_modes and user.is_paper and not tried.is_paper:
        # Whoever sees this turns the switch and sends the same fields again.
        return _again(tried, place, login.WRONG_MODE, tried.password)
    if place.has_modes and tried.is_paper and not user.is_paper:
        return _again(tried, place, login.WRONG_PAIR)
    sign_in = porter.sign_ins.begin(
        user.user_name,
        porter.factors.of(user.user_name),
        front.wall(),
        token=secrets.token_hex(TOKEN_BYTES),
        purpose=place.purpose,
    )
    sign_in.is_promoted = sign_in.factors.is_promoted and not cookie(
        request.cookie.decode("latin-1"), login.PROMOTION_COOKIE
    )
    return sign_in


def _again(tried: Attempt, place: Place, error: str, password: str = "") -> Answer:
    """Return the first page once more, with the token that it has."""
    typed = Typed(error=error, user_name=tried.user_name, password=password)
    return login.form(place, tried.token, typed)


async def _with_more(
    front: Front, request: Request, tried: Attempt, place: Place
) -> Answer | SignIn:
    now = front.wall()
    sign_in = front.porter.sign_ins.find(tried.token, place.purpose, now)
    if sign_in is None:
        return form(place, request, Typed(error=login.TOO_LATE))
    match sign_in.stage, tried.step:
        case Stage.METHOD | Stage.CODE | Stage.NOTIFICATION, "method":
            _choose(sign_in, tried.method, now)
        case Stage.CODE, "code":
            return await _coded(front, request, tried, place, sign_in)
        case Stage.NOTIFICATION, "resend":
            sign_in.notify(now)
        case Stage.NOTIFICATION, "answered":
            return await _answered(front, request, place, sign_in)
        case Stage.PROMOTION, "skip":
            sign_in.is_promoted = False
        case Stage.REPLACEMENT, "replace":
            sign_in.is_confirmed = True
    return sign_in


def _choose(sign_in: SignIn, wanted: str, now: Instant) -> None:
    sign_in.method = None
    for method in sign_in.factors.methods:
        if method.value == wanted:
            sign_in.choose(method, now)


async def _coded(
    front: Front, request: Request, tried: Attempt, place: Place, sign_in: SignIn
) -> Answer | SignIn:
    verdict = await front.porter.code(sign_in, tried.code, front.wall)
    if verdict is Verdict.RIGHT:
        sign_in.is_proven = True
        return sign_in
    if verdict is Verdict.LOCKED:
        return form(place, request, Typed(error=login.LOCKED, user_name=sign_in.user_name))
    error = login.WRONG_CODE if verdict is Verdict.WRONG else verdict.value
    return login.page(place, sign_in, error)


async def _answered(
    front: Front, request: Request, place: Place, sign_in: SignIn
) -> Answer | SignIn:
    match sign_in.heard(front.wall()):
        case Reply.WAITING:
            return sign_in
        case Reply.APPROVED:
            sign_in.is_proven = True
            return sign_in
        case reply:
            front.porter.sign_ins.end(sign_in)
            error = login.TIMED_OUT
            if reply is Reply.DENIED:
                await front.porter.denied(sign_in, front.wall)
                error = login.DENIED
            return form(place, request, Typed(error=error, user_name=sign_in.user_name))


def _token(request: Request) -> str:
    return cookie(request.cookie.decode("latin-1"), login.LOGIN_COOKIE)


def _cookie(place: Place, request: Request, token: str) -> tuple[str, str]:
    return login.cookie(place, token, is_secure=request.scheme == "https")


def with_headers(answer: Answer, *headers: tuple[str, str]) -> Answer:
    """Return an answer with more headers."""
    return Answer(
        status=answer.status,
        body=answer.body,
        content_type=answer.content_type,
        headers=(*answer.headers, *headers),
    )
