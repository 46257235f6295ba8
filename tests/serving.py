"""Serving: a desk without a market behind the real application, for tests of the server."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack, cast
from urllib.parse import unquote

import msgspec

from paperdesk.api.catalogue import TABLES
from paperdesk.api.matching import Matcher
from paperdesk.auth import passwords
from paperdesk.auth.pacing.settings import Mode, PacingSettings
from paperdesk.auth.passwords import PasswordHash
from paperdesk.auth.registrations import Registrations
from paperdesk.auth.sessions import SessionSettings
from paperdesk.base.ids import AccountId, UserName
from paperdesk.base.units import Instant
from paperdesk.desk.clock import Clock
from paperdesk.kernel.messages import Command, Event
from paperdesk.kernel.messages.clock import ClockAdvanced
from paperdesk.kernel.state.accounts import User
from paperdesk.server.app import Application
from paperdesk.server.clock import Timekeeper
from paperdesk.server.credentials import Credentials
from paperdesk.server.faces import Face
from paperdesk.server.listeners import Listener, bound
from paperdesk.server.premises import People, Premises, Signing
from paperdesk.server.registry import Registry
from paperdesk.stream import session as session_topics
from paperdesk.stream.subscriber import Tables

if TYPE_CHECKING:
    from paperdesk.desk import desk as desks
    from paperdesk.kernel.state import world

SECOND = 1_000_000
START: Instant = 1_788_875_891 * SECOND
PAPER = User(
    user_name=UserName("demo"), user_id=7, account_ids=(AccountId("DU1234567"),), is_paper=True
)
LIVE = User(
    user_name=UserName("rich"), user_id=8, account_ids=(AccountId("U1234567"),), is_paper=False
)
PASSWORD = "let-me-in"
UNPACED = PacingSettings(mode=Mode.OFF)
BASE = "/v1/api"

TOPICS = Tables(
    topics={**session_topics.TOPICS}, greeting=(session_topics.system, session_topics.sts)
)


@cache
def kept_password() -> PasswordHash:
    """Return the hash of the users' password, which takes its time once."""
    return passwords.hashed(PASSWORD, b"0123456789abcdef")


class Asked(TypedDict, total=False):
    """What a request may have beside method, path and body."""

    headers: dict[str, str | None]
    base: str
    remote: str


class Fittings(TypedDict, total=False):
    """How an application may be fitted out; a test that says nothing has the gateway's face."""

    face: Face | None
    pacing: PacingSettings
    signing: Signing


class Journal:
    """A journal whose disk a test holds back, or breaks."""

    def __init__(self) -> None:
        """Begin empty, with a disk that is quick."""
        self.seq = 0
        self.durable_seq = 0
        self.failure = ""
        self.is_held = False
        self._waiting: list[tuple[int, Callable[[], None]]] = []

    def add(self, events: int = 1) -> None:
        """Append events."""
        self.seq += events
        if not self.is_held:
            self.durable_seq = self.seq

    def notify(self, seq: int, callback: Callable[[], None]) -> None:
        """Call back when a number is durable."""
        self._waiting.append((seq, callback))
        self._call()

    def flush(self) -> None:
        """Let the disk catch up."""
        self.durable_seq = self.seq
        self._call()

    def fail(self) -> None:
        """Break the disk."""
        self.failure = "disk full"
        self._call()

    def _call(self) -> None:
        ready = [w for w in self._waiting if self.failure or w[0] <= self.durable_seq]
        self._waiting = [w for w in self._waiting if w not in ready]
        for _, callback in ready:
            callback()


class Accounts(msgspec.Struct):
    """The user names of the stand-in."""

    users: dict[UserName, User]


class Orders(msgspec.Struct):
    """No orders."""

    books: dict[int, int] = {}


class World(msgspec.Struct):
    """As much of a world as the server itself looks at."""

    accounts: Accounts
    orders: Orders


class StandIn:
    """As much of a desk as the server itself looks at."""

    def __init__(self) -> None:
        """Know two users."""
        users = {PAPER.user_name: PAPER, LIVE.user_name: LIVE}
        self.world = World(Accounts(users), Orders())
        self.journal = Journal()
        self.now = START
        self.clock = Clock().anchored(START, START)
        self.executed: list[Command] = []
        self._listeners: list[desks.Listener] = []

    @property
    def seq(self) -> int:
        """The number of the last event."""
        return self.journal.seq

    @property
    def is_stopped(self) -> bool:
        """Whether the disk is broken."""
        return bool(self.journal.failure)

    def advance(self, to: Instant) -> None:
        """Go on, and tell it."""
        if to > self.now:
            self.now = to
            self.tell(ClockAdvanced(at=to))

    def listen(self, listener: "desks.Listener") -> Callable[[], None]:
        """Tell events."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, event: Event) -> None:
        """Let an event happen."""
        for listener in self._listeners:
            listener(cast("world.World", self.world), event)


def wall_now() -> Instant:
    """Return real wall time, for what real certificates are good for."""
    return time.time_ns() // 1_000


class Wall:
    """A wall clock that a test turns."""

    def __init__(self) -> None:
        """Begin in September 2026."""
        self.now = START

    def __call__(self) -> Instant:
        """Return the time."""
        return self.now

    def pass_(self, seconds: float) -> None:
        """Let time pass."""
        self.now += int(seconds * SECOND)


def _drawn(number: int, size: int) -> str:
    """Return ids that tests know by heart for the first session, and others for later ones."""
    return "ab" * size if number < DRAWS_A_SESSION else f"{number:0{2 * size}x}"


DRAWS_A_SESSION = 2


class Rig:
    """An application in front of a stand-in; made inside a loop."""

    def __init__(
        self,
        data_dir: Path,
        settings: SessionSettings | None = None,
        matcher: Matcher | None = None,
        topics: Tables = TOPICS,
        **fitted: Unpack[Fittings],
    ) -> None:
        """Begin with nobody signed in; requests are counted where a test asks for it."""
        self.wall = Wall()
        self.desk = StandIn()
        self.credentials = Credentials(data_dir)
        self.credentials._hashes = dict.fromkeys(("demo", "rich"), kept_password())
        numbers = count()
        self.people = People(
            self.credentials,
            Registry(None),
            lambda size: _drawn(next(numbers), size),
            settings,
        )
        self.gateway = self.people.gateway
        self.porter = self.people.porter
        keeper = Timekeeper(cast("desks.Desk", self.desk), self.wall)
        self.premises = Premises(
            keeper, topics, self.people, fitted.get("pacing", UNPACED), fitted.get("signing")
        )
        self.application = Application(
            fitted.get("face") or Face(), matcher or Matcher(TABLES), self.premises
        )

    @property
    def registrations(self) -> Registrations:
        """The programs that may ask for users."""
        return self.people.registry.registrations

    def sign_in(self, user: User = PAPER) -> None:
        """Sign in as a headless start does."""
        self.gateway.sign_in(user, self.wall(), is_headless=True)

    async def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        **more: Unpack[Asked],
    ) -> "Reply":
        """Send one request through the application; a header of None is left out."""
        path, _, query = path.partition("?")
        is_hosted = self.application.face.is_hosted
        port = 5001 if is_hosted else 5000
        given: dict[str, str | None] = {"host": f"localhost:{port}"}
        if is_hosted:
            given["user-agent"] = "tests"
        given |= more.get("headers", {})
        path = more.get("base", BASE) + path
        if (body or method in {"POST", "PUT"}) and "content-length" not in given:
            given["content-length"] = str(len(body))
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [
                (name.encode(), value.encode("latin-1"))
                for name, value in given.items()
                if value is not None
            ],
            "client": (more.get("remote", "127.0.0.1"), 50_000),
            "server": ("127.0.0.1", port),
            "scheme": "https",
        }
        received: list[dict[str, Any]] = [{"type": "http.request", "body": body}]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return received.pop(0) if received else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.application(scope, receive, send)
        return Reply(
            sent[0]["status"],
            [(name.decode().lower(), value.decode()) for name, value in sent[0]["headers"]],
            sent[1]["body"],
        )


class Reply(msgspec.Struct):
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever was answered
        """The body decoded."""
        return msgspec.json.decode(self.body)

    def header(self, name: str) -> str | None:
        """A header's value."""
        return dict(self.headers).get(name)


class Served(msgspec.Struct):
    """A rig behind a real port."""

    rig: Rig
    port: int


@asynccontextmanager
async def served(rig: Rig, tls: ssl.SSLContext | None = None) -> AsyncIterator[Served]:
    """Serve a rig at a free port."""
    listener = Listener(rig.application)
    sockets = bound("127.0.0.1", 0, "--port")
    port = sockets[0].getsockname()[1]
    await listener.open(sockets, tls)
    speaking = asyncio.create_task(rig.application.speaker.speak())
    try:
        yield Served(rig, port)
    finally:
        speaking.cancel()
        await listener.close()
