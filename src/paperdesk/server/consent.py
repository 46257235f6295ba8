"""Consent: the page of the hosted face that a third party's user decides on, and what waits there.

Users sign in as on the gateway's login page, second factor included, and both pages count what is
wrong together.
"""

import secrets
from typing import Final, Protocol

import msgspec

from paperdesk.api import consent, refusals
from paperdesk.api.consent import Decision
from paperdesk.api.route import Answer
from paperdesk.auth.cookies import cookie
from paperdesk.auth.oauth1.request_tokens import RequestToken
from paperdesk.auth.registrations import Consumer, Standing
from paperdesk.base.ids import UserName
from paperdesk.base.units import MINUTE, Instant
from paperdesk.server import pipeline, sign_in
from paperdesk.server.faces import Face
from paperdesk.server.requests import Request
from paperdesk.server.sign_in import Porter

TOKEN_BYTES: Final = 16
SITTINGS_MAX: Final = 1_000
SITTING_LIFE: Final = 10 * MINUTE


class Sitting(msgspec.Struct, frozen=True):
    """Somebody who has signed in to decide about a request token. `until` is wall time."""

    request_token: str
    user_name: UserName
    until: Instant


class Sittings:
    """Who decides now, by the token of the page's form and cookie."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._by_token: dict[str, Sitting] = {}

    def begin(self, form_token: str, sitting: Sitting) -> None:
        """Let somebody decide; of too many the oldest goes."""
        if len(self._by_token) >= SITTINGS_MAX:
            self._by_token.pop(next(iter(self._by_token)))
        self._by_token[form_token] = sitting

    def find(self, form_token: str, request_token: str, now: Instant) -> Sitting | None:
        """Return who decides about a request token, while there is time."""
        sitting = self._by_token.get(form_token)
        if sitting is None or sitting.request_token != request_token or sitting.until <= now:
            return None
        return sitting

    def end(self, form_token: str) -> None:
        """Forget a sitting."""
        self._by_token.pop(form_token, None)


class Front(pipeline.Front, Protocol):
    """What the page needs beside what every request needs."""

    porter: Porter
    sittings: Sittings


class Asked(msgspec.Struct, frozen=True):
    """What is to be decided about, and for whom."""

    token: RequestToken
    consumer: Consumer


def is_page(face: Face, path: str) -> bool:
    """Say whether a path is that of the page."""
    return face.is_hosted and path.removesuffix("/") in {consent.PATH, consent.PENDING_PATH}


def refused(front: Front, request: Request) -> Answer | None:
    """Go through the steps that hold for pages too."""
    return pipeline.at_the_door(front, request)


async def answer(front: Front, request: Request, body: bytes) -> Answer:
    """Answer a request for the page that was not refused."""
    sent = consent.decision(body if request.method == "POST" else request.query)
    asked = _asked(front, sent.request_token, request.now)
    is_pending = request.path == consent.PENDING_PATH
    match request.method, asked:
        case (("GET" | "POST"), Answer()):
            return asked
        case "GET", Asked():
            place = consent.place_of(asked.token, asked.consumer)
            if is_pending:
                return sign_in.pending(front, request, place)
            return sign_in.form(place, request)
        case "POST", Asked() if not is_pending:
            if sent.decision:
                return _decided(front, request, asked, sent)
            return await _signed_in(front, request, asked, body)
    return refusals.METHOD_NOT_ALLOWED


def _asked(front: Front, request_token: str, now: Instant) -> Asked | Answer:
    """Return what a request token is about, or the page that says why nobody can decide."""
    token = front.callers.verifier.request_tokens.find(request_token)
    unanswerable = consent.unanswerable(token, now)
    if unanswerable is not None:
        return unanswerable
    assert token is not None
    consumer = front.callers.verifier.registrations.consumers.get(token.consumer_key)
    if consumer is None or consumer.standing is not Standing.ACTIVE:
        answer = consent.unanswerable(None, now)
        assert answer is not None
        return answer
    if consumer.regions and front.roster.settings.region.value not in consumer.regions:
        return consent.not_served(consumer)
    return Asked(token, consumer)


async def _signed_in(front: Front, request: Request, asked: Asked, body: bytes) -> Answer:
    """Go through the steps of a sign-in, and let the user decide at their end."""
    place = consent.place_of(asked.token, asked.consumer)
    taken = await sign_in.taken(front, request, body, place)
    if isinstance(taken, Answer):
        return taken
    # A token that nobody can have seen before the user signed in.
    form_token = secrets.token_hex(TOKEN_BYTES)
    until = front.wall() + SITTING_LIFE
    front.sittings.begin(form_token, Sitting(asked.token.token, taken.user_name, until))
    page = consent.decision_page(asked.token, asked.consumer, taken, form_token)
    return sign_in.with_headers(page, sign_in.left(place, request), _cookie(request, form_token))


def _decided(front: Front, request: Request, asked: Asked, sent: Decision) -> Answer:
    """Take what a user who has signed in decided."""
    given = cookie(request.cookie.decode("latin-1"), consent.COOKIE)
    sitting = None
    if consent.is_from_our_page(sent, given):
        sitting = front.sittings.find(sent.form_token, sent.request_token, request.now)
    user = None if sitting is None else front.desk.world.accounts.users.get(sitting.user_name)
    if user is None:
        return refusals.EDGE_DENIED
    account_ids = consent.chosen(sent, user)
    tokens = front.callers.verifier.request_tokens
    if sent.decision != consent.CONSENT:
        tokens.deny(asked.token)
    elif account_ids:
        tokens.approve(asked.token, user.user_name, account_ids)
    else:
        return consent.decision_page(
            asked.token, asked.consumer, user, sent.form_token, consent.NO_ACCOUNT
        )
    front.sittings.end(sent.form_token)
    return sign_in.with_headers(consent.decided(asked.token, asked.consumer), _cookie(request, ""))


def _cookie(request: Request, form_token: str) -> tuple[str, str]:
    """Return the header that gives a browser the token of its page; "" takes it away."""
    ending = "; Secure" if request.scheme == "https" else ""
    if not form_token:
        ending = f"; Max-Age=0{ending}"
    return (
        "Set-Cookie",
        f"{consent.COOKIE}={form_token}; Path={consent.PATH}; HttpOnly; SameSite=Strict{ending}",
    )
