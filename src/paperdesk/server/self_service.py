"""Self-service: a page of the hosted face, and who is on it.

A user signs in as on the gateway's login page, second factor included. A form is good once: with
every answer the page has another token, so that nothing is sent twice and a secret is shown once.
"""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol, TypeAlias

import msgspec

from paperdesk.api import login, refusals
from paperdesk.api import self_service as pages
from paperdesk.api.login import redirect
from paperdesk.api.route import Answer
from paperdesk.api.self_service import Sent, Shown
from paperdesk.auth import consumers, self_tests
from paperdesk.auth.activations import Activation
from paperdesk.auth.consumers import Draw, NewConsumer
from paperdesk.auth.cookies import cookie
from paperdesk.auth.registrations import (
    Consumer,
    ConsumerKeys,
    Registrations,
    Revocation,
    Standing,
)
from paperdesk.auth.self_tests import Trial
from paperdesk.base.errors import Refusal
from paperdesk.base.ids import UserName
from paperdesk.base.units import MINUTE, Instant
from paperdesk.kernel.state.accounts import User
from paperdesk.server import pipeline, sign_in
from paperdesk.server.faces import Face
from paperdesk.server.registry import Registry
from paperdesk.server.requests import Request
from paperdesk.server.sign_in import Porter

TOKEN_BYTES: Final = 16
STAY: Final = 15 * MINUTE
GUESTS_MAX: Final = 1_000
WAITING_MAX: Final = 8
"""Uploads that may wait for their primes to be judged: some seconds' work."""

NEVER: Final[Instant] = 1 << 62
PATHS: Final = frozenset({pages.PATH, pages.PENDING_PATH, login.LOGIN_PATH})

DRAW: Final = Draw(secrets.token_hex)
BUSY: Final = "Too many keys are being looked at. Please try again."
ONE_IS_THERE: Final = "You have a program already."


class Guest(msgspec.Struct, kw_only=True, eq=False):
    """Somebody who has signed in to the page. `until` is wall time."""

    user_name: UserName
    form_token: str
    until: Instant
    trial: Trial | None = None


class Enrolments:
    """Who is on the page, and how programs that are registered there begin."""

    def __init__(self, registry: Registry) -> None:
        """Begin with nobody; programs begin after the next midnight, as with the real service."""
        self.registry = registry
        self.activation = Activation()
        self._guests: dict[str, Guest] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="uploads")
        self._waiting = 0

    def welcome(self, user: User, now: Instant) -> str:
        """Let somebody in, and return what their browser shows from then on."""
        if len(self._guests) >= GUESTS_MAX:
            self._guests.pop(next(iter(self._guests)))
        token = secrets.token_hex(TOKEN_BYTES)
        self._guests[token] = Guest(
            user_name=user.user_name, form_token=secrets.token_hex(TOKEN_BYTES), until=now + STAY
        )
        return token

    def find(self, token: str, now: Instant) -> Guest | None:
        """Return who shows a token, while there is time."""
        guest = self._guests.get(token)
        if guest is None or guest.until <= now:
            self._guests.pop(token, None)
            return None
        return guest

    def leave(self, token: str) -> None:
        """Forget somebody."""
        self._guests.pop(token, None)

    async def keys(self, given: Sent) -> ConsumerKeys:
        """Return the keys of three files, judged off the loop.

        Raises:
            Refusal: one of them is not what it should be, or too many wait.
        """
        if self._waiting >= WAITING_MAX:
            raise Refusal(BUSY)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._thread, consumers.read_keys, given.uploads
            )
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown()


class Front(pipeline.Front, Protocol):
    """What the page needs beside what every request needs."""

    porter: Porter
    enrolments: Enrolments


def is_page(face: Face, path: str) -> bool:
    """Say whether a path is that of the page, or of its login."""
    return face.is_hosted and path.removesuffix("/") in PATHS


def refused(front: Front, request: Request) -> Answer | None:
    """Go through the steps that hold for pages too."""
    return pipeline.at_the_door(front, request)


async def answer(front: Front, request: Request, body: bytes) -> Answer:
    """Answer a request for the page that was not refused."""
    match request.method, request.path.removesuffix("/"):
        case "GET", login.LOGIN_PATH:
            return sign_in.form(pages.PLACE, request)
        case "POST", login.LOGIN_PATH:
            return await _signed_in(front, request, body)
        case "GET", pages.PENDING_PATH:
            return sign_in.pending(front, request, pages.PLACE)
        case (("GET" | "POST"), pages.PATH):
            return await _page(front, request, body)
    return refusals.METHOD_NOT_ALLOWED


async def _signed_in(front: Front, request: Request, body: bytes) -> Answer:
    taken = await sign_in.taken(front, request, body, pages.PLACE)
    if isinstance(taken, Answer):
        return taken
    token = front.enrolments.welcome(taken, front.wall())
    return redirect(pages.PATH, (sign_in.left(pages.PLACE, request), _cookie(request, token)))


async def _page(front: Front, request: Request, body: bytes) -> Answer:
    enrolments, shown_token = front.enrolments, _shown(request)
    guest = enrolments.find(shown_token, request.now)
    if guest is None or guest.user_name not in front.desk.world.accounts.users:
        return redirect(f"{login.LOGIN_PATH}?action=OAUTH", (_cookie(request, ""),))
    if request.method == "GET":
        return _current(front, guest)
    given = pages.sent(request.content_type, body)
    if not pages.is_from_our_page(given, guest.form_token):
        return refusals.EDGE_DENIED
    guest.form_token = secrets.token_hex(TOKEN_BYTES)
    guest.until = request.now + STAY
    if given.step == "leave":
        enrolments.leave(shown_token)
        return redirect(f"{login.LOGIN_PATH}?action=OAUTH", (_cookie(request, ""),))
    try:
        shown = await _done(front, guest, given)
    except Refusal as refusal:
        shown = Shown(error=refusal.message)
    return _current(front, guest, shown)


async def _done(front: Front, guest: Guest, given: Sent) -> Shown:
    """Do what somebody has asked for, and return what there is to say about it.

    Raises:
        Refusal: it is refused; nothing has changed.
    """
    registrations = front.enrolments.registry.registrations
    if given.step == "agree":
        return _agreed(front, guest, given)
    if guest.user_name not in registrations.agreements:
        raise Refusal("The agreement comes first.")
    if given.step == "register":
        return await _registered(front, guest, given)
    consumer = own(registrations, guest.user_name)
    if consumer is None:
        raise Refusal("There is no program yet.")
    if given.step == "keys":
        return await _replaced(front, consumer, given)
    step = STEPS.get(given.step)
    if step is None:
        raise Refusal("The page does not know what that is.")
    return step(front, guest, consumer, given)


def own(registrations: Registrations, user_name: UserName) -> Consumer | None:
    """Return the program that a user has registered on the page and that was not revoked."""
    for consumer in registrations.consumers.values():
        if consumer.owner == user_name and consumer.standing is not Standing.REVOKED:
            return consumer
    return None


def _agreed(front: Front, guest: Guest, given: Sent) -> Shown:
    if given.text("accepted") != "yes":
        raise Refusal("Tick the box to go on, or sign out.")
    registry = front.enrolments.registry
    registry.registrations.agreements[guest.user_name] = front.wall()
    registry.save()
    return Shown()


async def _registered(front: Front, guest: Guest, given: Sent) -> Shown:
    registry = front.enrolments.registry
    if own(registry.registrations, guest.user_name) is not None:
        raise Refusal(ONE_IS_THERE)
    read = await front.enrolments.keys(given)
    # Others may have been quicker while the keys were looked at.
    if own(registry.registrations, guest.user_name) is not None:
        raise Refusal(ONE_IS_THERE)
    is_enabled = given.text("enabled") == "yes"
    begins = _begins(front) if is_enabled else NEVER
    consumer = consumers.add(
        registry.registrations,
        NewConsumer(
            consumer_key=given.text("consumer_key"),
            keys=msgspec.structs.replace(read, active_from=begins),
            owner=guest.user_name,
            at=front.wall(),
        ),
    )
    if not is_enabled:
        consumer.standing = Standing.DISABLED
    registry.save()
    return Shown(done=f"{consumer.consumer_key} is registered.")


def _issued(front: Front, guest: Guest, consumer: Consumer, _given: Sent) -> Shown:
    registry = front.enrolments.registry
    issued = consumers.issue_token(
        registry.registrations, consumer.consumer_key, guest.user_name, DRAW, front.wall()
    )
    registry.save()
    return Shown(issued=issued)


async def _replaced(front: Front, consumer: Consumer, given: Sent) -> Shown:
    registry = front.enrolments.registry
    read = await front.enrolments.keys(given)
    new = msgspec.structs.replace(read, active_from=_begins(front))
    consumers.replace_keys(registry.registrations, consumer.consumer_key, new)
    registry.save()
    return Shown(done="The keys are replaced. Generate a token for the new encryption key.")


def _enabled(front: Front, _guest: Guest, consumer: Consumer, _given: Sent) -> Shown:
    registry = front.enrolments.registry
    is_new = consumer.active_from == NEVER
    consumers.enable(registry.registrations, consumer.consumer_key)
    if is_new:
        consumer.active_from = _begins(front)
    registry.save()
    return Shown(done=f"{consumer.consumer_key} is enabled.")


def _disabled(front: Front, _guest: Guest, consumer: Consumer, _given: Sent) -> Shown:
    registry = front.enrolments.registry
    consumers.disable(registry.registrations, consumer.consumer_key)
    registry.save()
    registry.revoke(Revocation(consumer_key=consumer.consumer_key))
    return Shown(done=f"{consumer.consumer_key} is disabled; its sessions have ended.")


def _tried(_front: Front, guest: Guest, consumer: Consumer, _given: Sent) -> Shown:
    guest.trial = self_tests.trial(newest_keys(consumer), DRAW, consumer.padding)
    return Shown(trial=guest.trial)


def _judged(_front: Front, guest: Guest, consumer: Consumer, given: Sent) -> Shown:
    trial, guest.trial = guest.trial, None
    if trial is None:
        raise Refusal("The test is over. Begin another one.")
    return Shown(
        finding=self_tests.judged(
            newest_keys(consumer), trial, given.text("signed"), given.text("decrypted")
        )
    )


Step: TypeAlias = Callable[[Front, Guest, Consumer, Sent], Shown]

STEPS: Final[dict[str, Step]] = {
    "token": _issued,
    "enable": _enabled,
    "disable": _disabled,
    "trial": _tried,
    "answer": _judged,
}


def newest_keys(consumer: Consumer) -> ConsumerKeys:
    """Return the keys of a consumer that were uploaded last, whether they are good yet or not."""
    return consumer.next_keys or ConsumerKeys(
        signature_key=consumer.signature_key,
        encryption_key=consumer.encryption_key,
        dh_prime=consumer.dh_prime,
        dh_generator=consumer.dh_generator,
    )


def _begins(front: Front) -> Instant:
    region = front.roster.settings.region
    return front.enrolments.activation.begins(region, front.desk.now)


def _current(front: Front, guest: Guest, shown: Shown = pages.NOTHING) -> Answer:
    registrations = front.enrolments.registry.registrations
    if guest.user_name not in registrations.agreements:
        return pages.agreement(guest.user_name, guest.form_token, shown.error)
    consumer = own(registrations, guest.user_name)
    stage = None if consumer is None else consumers.stage(consumer, front.desk.now)
    return pages.page(guest.user_name, guest.form_token, consumer, stage, shown)


def _shown(request: Request) -> str:
    return cookie(request.cookie.decode("latin-1"), pages.COOKIE)


def _cookie(request: Request, token: str) -> tuple[str, str]:
    return pages.cookie(token, is_secure=request.scheme == "https")
