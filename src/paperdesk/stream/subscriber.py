"""Subscribers: one socket without the socket, and the audience that all of them are.

A topic is data, as a route is: which function hears a wish, and what a session needs for it. A
topic module subscribes lines of subscribers, hears the desk's events and is woken every 500 ms
while there are lines; whatever it says is encoded once and put into outboxes. The server alone
empties those, and an outbox that is not emptied closes its subscriber and nobody else's.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

import msgspec

from paperdesk.auth import statuses
from paperdesk.auth.sessions import Session, nobody
from paperdesk.base.errors import Refusal
from paperdesk.base.slices import Slices
from paperdesk.base.units import MILLISECOND, SECOND, Instant
from paperdesk.desk.desk import Desk
from paperdesk.kernel.messages import Event
from paperdesk.kernel.state.world import World
from paperdesk.stream import frames, grammar
from paperdesk.stream.grammar import Wish

OUTBOX_MESSAGES_MAX: Final = 10_000
OUTBOX_BYTES_MAX: Final = 8_000_000
LINES_MAX: Final = 1_000
"""Lines of one subscriber; market data has a smaller limit of its own."""

WAIT_FOR_SESSION: Final = 30 * SECOND
UNKNOWN_TOPIC: Final = 1
NOT_POSSIBLE: Final = 2

NORMAL: Final = 1000
POLICY: Final = 1008


class Closing(msgspec.Struct, frozen=True):
    """Why a socket is closed: a code of RFC 6455 and a reason for people."""

    code: int
    reason: str


class Line(msgspec.Struct, eq=False):
    """One subscription of one subscriber; `state` is the topic module's own."""

    subscriber: "Subscriber"
    topic: str
    target: str
    state: Any

    @property
    def echo(self) -> str:
        """How answers name it."""
        return f"{self.topic}+{self.target}" if self.target else self.topic


class Topic(msgspec.Struct, frozen=True):
    """What a word of the grammar does, in slices if it takes long.

    `needs_brokerage` says whether a session must have its brokerage tier.
    """

    hear: Callable[["Subscriber", Wish], Slices[None] | None]
    needs_brokerage: bool = True


class Tables(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the stream can say.

    `greeting` are the first messages of a subscriber with a session, each None where there is
    nothing to say; `heard` says which events a topic module hears; `ticks` are called every
    500 ms while there is a line.
    """

    topics: Mapping[str, Topic]
    greeting: tuple[Callable[["Subscriber"], object], ...] = ()
    heard: Mapping[type[Event], tuple[Callable[["Audience", World, Any], None], ...]] = {}
    ticks: tuple[Callable[["Audience"], None], ...] = ()


class Subscriber:
    """One socket without the socket."""

    def __init__(self, audience: "Audience", number: int) -> None:
        """Begin without a session; `number` tells subscribers of an audience apart."""
        self.audience = audience
        self.number = number
        self.session: Session = nobody()
        self.closing: Closing | None = None
        self.joined_at = audience.now
        self.told: statuses.Status | None = None
        self._outbox: list[bytes] = []
        self._outbox_bytes = 0
        self.lines: dict[tuple[str, str], Line] = {}

    @property
    def is_greeted(self) -> bool:
        """Whether it has a session, and so may subscribe."""
        return bool(self.session.session_id)

    def receive(self, text: str) -> Slices[None] | None:
        """Hear one message of the client; what has no sense is answered with an error.

        Returns:
            What is left to do of an answer that takes long; the next message is heard after it.
        """
        if self.closing is not None:
            return None
        session_id = grammar.session_of(text)
        if not self.is_greeted:
            # What comes before the greeting is lost without a trace, as at the real service.
            if session_id is not None:
                self.greet(self.audience.find_session(session_id))
            return None
        return self._hear(text) if session_id is None else None

    def greet(self, session: Session | None) -> None:
        """Take a session and say who it is; without one, say that it is waited for."""
        if session is None or session.is_ended:
            self.say({"message": "waiting for session"})
            return
        self.session = session
        self.told = statuses.status(session)
        for greeting in self.audience.tables.greeting:
            content = greeting(self)
            if content is not None:
                self.say(content)

    def _hear(self, text: str) -> Slices[None] | None:
        try:
            wish = grammar.wish(text)
        except grammar.NotUnderstood:
            self.refuse(f"Topic unknown {text[:SHOWN_MAX]}", UNKNOWN_TOPIC)
            return None
        topic = self.audience.tables.topics.get(wish.topic)
        if topic is None:
            self.refuse(f"Topic unknown {wish.topic}", UNKNOWN_TOPIC)
        elif topic.needs_brokerage and not self.session.has_brokerage:
            self.refuse("no bridge", NOT_POSSIBLE)
        else:
            work = self._fulfilled(topic, wish)
            return None if next(work, DONE) is DONE else work
        return None

    def _fulfilled(self, topic: Topic, wish: Wish) -> Slices[None]:
        try:
            work = topic.hear(self, wish)
            if work is not None:
                yield from work
        except Refusal as refused:
            self.refuse(refused.message, NOT_POSSIBLE)

    def refuse(self, reason: str, code: int = NOT_POSSIBLE) -> None:
        """Say that a wish is not fulfilled."""
        self.say({"error": reason, "code": code})

    def say(self, content: object) -> None:
        """Put a message into the outbox: a wire record or a dict."""
        self.send(frames.message(content))

    def send(self, frame: bytes) -> None:
        """Put a frame, which others may get too, into the outbox."""
        if self.closing is not None:
            return
        self._outbox.append(frame)
        self._outbox_bytes += len(frame)
        if len(self._outbox) > OUTBOX_MESSAGES_MAX or self._outbox_bytes > OUTBOX_BYTES_MAX:
            self._outbox.clear()
            self._outbox_bytes = 0
            self.close(POLICY, "messages are not read")
        else:
            self.audience.spoken[self.number] = self

    def take(self) -> bytes:
        """Empty the outbox and return its frames, to be written at once."""
        taken = b"".join(self._outbox)
        self._outbox.clear()
        self._outbox_bytes = 0
        return taken

    def close(self, code: int, reason: str) -> None:
        """Ask for the socket to be closed when the outbox is empty; nothing more is heard."""
        if self.closing is None:
            self.closing = Closing(code, reason)
            self.audience.spoken[self.number] = self
            self.drop_lines()

    def subscribe(self, topic: str, target: str, state: object) -> Line:
        """Open a line, or give the one of this topic and target a new state.

        Raises:
            Refusal: there are 1,000 lines already.
        """
        line = self.lines.get((topic, target))
        if line is not None:
            line.state = state
            return line
        if len(self.lines) >= LINES_MAX:
            raise Refusal("too many subscriptions")
        line = self.lines[topic, target] = Line(self, topic, target, state)
        self.audience.lines.setdefault(topic, {})[self.number, target] = line
        return line

    def line(self, topic: str, target: str = "") -> Line | None:
        """Return an open line, or None."""
        return self.lines.get((topic, target))

    def unsubscribe(self, topic: str, target: str = "") -> Line | None:
        """Close a line and return it; None where there was none."""
        line = self.lines.pop((topic, target), None)
        if line is not None:
            self.audience.lines[topic].pop((self.number, target))
        return line

    def drop_lines(self) -> None:
        """Close every line."""
        for topic, target in list(self.lines):
            self.unsubscribe(topic, target)

    def drop_brokerage_lines(self) -> None:
        """Close every line that needs a brokerage session."""
        topics = self.audience.tables.topics
        for topic, target in list(self.lines):
            if topics[topic].needs_brokerage:
                self.unsubscribe(topic, target)

    def watch(self) -> None:
        """Say what has become of the session; close when it has ended or never came."""
        if not self.is_greeted:
            if self.audience.now > self.joined_at + WAIT_FOR_SESSION:
                self.close(POLICY, "no session")
            return
        status = statuses.status(self.session)
        if status == self.told and not self.session.is_ended:
            return
        self.told = status
        self.say({"topic": "sts", "args": status_args(status)})
        if self.session.is_ended:
            self.close(NORMAL, "the session is over")
        elif not status.is_established:
            self.drop_brokerage_lines()


def status_args(status: statuses.Status) -> dict[str, object]:
    """Return the part of an `sts` message that says what a session may do."""
    return {
        "connected": status.is_connected,
        "authenticated": status.is_authenticated,
        "established": status.is_established,
        "competing": status.is_competing,
    }


SHOWN_MAX: Final = 60
DONE: Final = object()


def _no_more() -> None:
    """Listen to nothing any more."""


def _unused(_session: Session, _at: Instant) -> None:
    """Count nothing."""


class Audience:
    """Every subscriber of a desk, and who listens to what.

    `now` is wall time; whoever calls from outside sets it first. `memo` is where topic modules
    keep what they share among subscribers, each under its own name.
    """

    def __init__(
        self,
        desk: Desk,
        tables: Tables,
        find_session: Callable[[str], Session | None],
        use_session: Callable[[Session, Instant], None] = _unused,
    ) -> None:
        """Listen to a desk.

        `find_session` returns the session of an id that a client sends; `use_session` counts a
        message that is as good as a request.
        """
        self.desk = desk
        self.tables = tables
        self.find_session = find_session
        self.use_session = use_session
        self.now: Instant = 0
        self.subscribers: dict[int, Subscriber] = {}
        self.lines: dict[str, dict[tuple[int, str], Line]] = {}
        self.spoken: dict[int, Subscriber] = {}
        self.memo: dict[str, Any] = {}
        self._number = 0
        self._unlisten = desk.listen(self.heard)

    def join(self, session: Session | None) -> Subscriber:
        """Let a socket in and greet it."""
        self._number += 1
        subscriber = self.subscribers[self._number] = Subscriber(self, self._number)
        subscriber.greet(session)
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        """Forget a socket that is gone."""
        subscriber.drop_lines()
        self.subscribers.pop(subscriber.number, None)
        self.spoken.pop(subscriber.number, None)

    def listeners(self, topic: str) -> Collection[Line]:
        """Return the lines of a topic, in the order they were opened."""
        lines = self.lines.get(topic)
        return lines.values() if lines else ()

    @property
    def is_listening(self) -> bool:
        """Whether anybody has a line."""
        return any(self.lines.values())

    def heard(self, world: World, event: Event) -> None:
        """Tell an event to the topics that hear it."""
        if not self.subscribers:
            return
        for tell in self.tables.heard.get(type(event), ()):
            tell(self, world, event)

    def watch(self) -> None:
        """Tell every subscriber what has become of its session."""
        for subscriber in list(self.subscribers.values()):
            subscriber.watch()

    def watch_session(self, session: Session) -> None:
        """Tell the subscribers of a session what has become of it."""
        for subscriber in list(self.subscribers.values()):
            if subscriber.session is session:
                subscriber.watch()

    def tick(self) -> None:
        """Look after every session and let the topics say what has changed."""
        self.watch()
        if self.is_listening:
            for tick in self.tables.ticks:
                tick(self)

    def heartbeat(self) -> None:
        """Say that the service is alive to everybody who was greeted."""
        beat = frames.message({"topic": "system", "hb": self.now // MILLISECOND})
        for subscriber in list(self.subscribers.values()):
            if subscriber.is_greeted:
                subscriber.send(beat)

    def close(self, code: int, reason: str) -> None:
        """Ask for every socket to be closed, and stop listening to the desk; twice is once."""
        for subscriber in list(self.subscribers.values()):
            subscriber.close(code, reason)
        self._unlisten()
        self._unlisten = _no_more
