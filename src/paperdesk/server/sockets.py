"""Sockets: outboxes become frames on a wire.

Frames are built where messages are; here they are only written, all of a subscriber's at once. A
client that does not read has its frames held back in the transport, then in its outbox, and when
that is full it is closed, while everybody else goes on.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeAlias

from paperdesk.api import refusals
from paperdesk.api.route import Answer
from paperdesk.auth.cookies import session_id
from paperdesk.auth.sessions import Session
from paperdesk.base.errors import Refusal
from paperdesk.server import answers, pacing, pipeline, requests
from paperdesk.server.durability import Durability
from paperdesk.server.requests import Request
from paperdesk.server.slices import Slicer
from paperdesk.stream.subscriber import Audience, Subscriber

BUFFERED_MAX: Final = 1_000_000
"""Bytes that may wait in a transport before frames stay in the outbox."""

SOCKETS_MAX: Final = 1_000
SOCKETS_OF_A_USER_MAX: Final = 500
"""So that nobody can take all of them; one is the rule."""

EXTENSION: Final = "paperdesk.socket"
TRY_AGAIN: Final = 1013
FAILED: Final = 1011
STOPPED: Final = "the desk has stopped"

Receive: TypeAlias = Callable[[], Any]
Send: TypeAlias = Callable[[dict[str, Any]], Any]

_log = logging.getLogger("paperdesk.server")


class Socket(Protocol):
    """The wire of one subscriber."""

    def write(self, frames: bytes) -> None:
        """Send frames that are built already."""

    def buffered(self) -> int:
        """Return how many bytes wait to be sent."""

    @property
    def is_gone(self) -> bool:
        """Whether the peer has gone."""

    def shut(self, code: int, reason: str) -> None:
        """Close with a code and a reason, whether the peer reads or not."""


class Front(pipeline.Front, Protocol):
    """What a socket needs beside what every request needs."""

    audience: Audience
    speaker: "Speaker"
    stirred: asyncio.Event
    slicer: Slicer


class Speaker:
    """Empties outboxes, each as soon as the events behind its messages are on disk."""

    def __init__(self, audience: Audience, durability: Durability) -> None:
        """Speak for an audience."""
        self._audience = audience
        self._durability = durability
        self._sockets: dict[int, Socket] = {}
        self._awake = asyncio.Event()

    def add(self, subscriber: Subscriber, socket: Socket) -> None:
        """Give a subscriber its wire."""
        self._sockets[subscriber.number] = socket

    def remove(self, subscriber: Subscriber) -> None:
        """Forget a wire that is gone."""
        self._sockets.pop(subscriber.number, None)

    def wake(self) -> None:
        """Say that an outbox may have been filled."""
        if self._audience.spoken:
            self._awake.set()

    async def speak(self) -> None:
        """Write for as long as the desk is served."""
        while True:
            await self._awake.wait()
            self._awake.clear()
            letters = self._taken()
            seq = self._audience.desk.seq
            if not self._durability.is_reached(seq) and not await self._durability.reached(seq):
                # What was to be said may not be true: the desk has stopped.
                self._audience.close(FAILED, STOPPED)
                letters = [(subscriber, b"") for subscriber, _ in letters]
            self._write(letters)

    def _taken(self) -> list[tuple[Subscriber, bytes]]:
        """Empty the outboxes whose wires have room; the others are looked at again."""
        spoken, self._audience.spoken = self._audience.spoken, {}
        letters = []
        for number, subscriber in spoken.items():
            socket = self._sockets.get(number)
            if socket is None:
                continue
            if socket.buffered() > BUFFERED_MAX and subscriber.closing is None:
                self._audience.spoken[number] = subscriber
            else:
                letters.append((subscriber, subscriber.take()))
        return letters

    def _write(self, letters: list[tuple[Subscriber, bytes]]) -> None:
        for subscriber, frames in letters:
            socket = self._sockets.get(subscriber.number)
            if socket is None:
                continue
            if frames:
                socket.write(frames)
            if subscriber.closing is not None:
                socket.shut(subscriber.closing.code, subscriber.closing.reason)


async def converse(front: Front, scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Let a socket in and hear it until it goes."""
    await receive()
    now = front.wall()
    request = requests.read(scope, now, 0.0)
    refusal = _refused(front, request)
    if refusal is not None:
        await _refuse(front, request, refusal, send)
        return
    await send({"type": "websocket.accept"})
    audience = front.audience
    audience.now = now
    subscriber = audience.join(_session(front, request))
    socket: Socket = scope["extensions"][EXTENSION]
    front.speaker.add(subscriber, socket)
    front.speaker.wake()
    try:
        await _hear(front, subscriber, socket, receive)
    except Refusal:
        # Of wishes none comes this far: the desk itself has stopped, and the log says why.
        subscriber.close(FAILED, STOPPED)
    except Exception:  # noqa: BLE001 - no inside of ours leaves through a socket either
        _log.exception("a socket's message failed")
        subscriber.close(FAILED, "internal error")
    finally:
        if subscriber.closing is not None:
            front.speaker.wake()
            await asyncio.sleep(0)
        audience.leave(subscriber)
        front.speaker.remove(subscriber)


async def _hear(front: Front, subscriber: Subscriber, socket: Socket, receive: Receive) -> None:
    while True:
        message = await receive()
        if message["type"] != "websocket.receive":
            return
        text = message.get("text")
        if text is None:
            text = message["bytes"].decode("utf-8", "replace")
        now = front.wall()
        front.catch_up(now)
        front.audience.now = now
        work = subscriber.receive(text)
        if work is not None:
            await front.slicer.done(work, lambda: subscriber.closing is None and not socket.is_gone)
        front.speaker.wake()
        front.stirred.set()


def _refused(front: Front, request: Request) -> Answer | None:
    answer = (
        pipeline.address_allowed(front, request)
        or pipeline.desk_stands(front, request)
        or pipeline.service_open(front, request)
        or pacing.out_of_box(front, request)
        or pipeline.agent_named(front, request)
        or _caller_counted(front, request)
    )
    if answer is not None:
        return answer
    if not pipeline.is_socket_path(front.face, request.path):
        return refusals.NOT_FOUND
    if request.session.is_ended:
        return refusals.NOT_SIGNED if front.face.is_hosted else refusals.NOT_AUTHENTICATED
    if not _has_room(front.audience, request.session):
        return refusals.STOPPED
    front.roster.use(request.session, request.now)
    return None


def _has_room(audience: Audience, session: Session) -> bool:
    """Say whether a session may have one more socket, and anybody at all."""
    subscribers = audience.subscribers
    if len(subscribers) < SOCKETS_OF_A_USER_MAX:
        return True
    names = [subscriber.session.user_name for subscriber in subscribers.values()]
    return len(names) < SOCKETS_MAX and names.count(session.user_name) < SOCKETS_OF_A_USER_MAX


def _caller_counted(front: Front, request: Request) -> Answer | None:
    """Find out who calls; on the hosted face the cookie says, together with the query."""
    if not front.face.is_hosted:
        return pipeline.caller_counted(front, request)
    session = front.callers.of_socket(request)
    if session is not None:
        request.session = session
    return pacing.within_limit(front, request)


def _session(front: Front, request: Request) -> Session | None:
    """Return the session that a socket has from the start.

    Whoever reaches the gateway is its user, so no cookie is needed; one that names another
    session leaves the socket waiting for a better word. On the hosted face it has been looked at.
    """
    named = "" if front.face.is_hosted else session_id(request.cookie.decode("latin-1"))
    return front.gateway.find(named) if named else request.session


async def _refuse(front: Front, request: Request, answer: Answer, send: Send) -> None:
    sent = answers.sent(request, answer, cookie_path=front.face.cookie_path)
    headers = [(name.lower(), value) for name, value in sent.headers]
    await send({"type": "websocket.http.response.start", "status": sent.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": sent.body})
