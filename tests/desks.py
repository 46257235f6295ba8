"""Desks for tests: a whole brokerage in memory, and a client who goes in through the front door.

The client's requests walk through the server's pipeline and his socket is a real subscriber; only
the network is left out. Wall time and desk time stand still until `wait` moves both.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Final
from urllib.parse import quote as escaped

import msgspec

from paperdesk.api import catalogue as api
from paperdesk.api.matching import Matcher
from paperdesk.api.route import Answer
from paperdesk.auth.gateway import Gateway
from paperdesk.auth.pacing.settings import Mode, PacingSettings
from paperdesk.auth.pacing.turnstiles import Turnstile
from paperdesk.auth.roster import Roster
from paperdesk.auth.sessions import Session, SessionSettings
from paperdesk.base.ids import AccountId, Conid, UserName
from paperdesk.base.slices import Slices, whole
from paperdesk.base.units import DAY, SECOND, ZERO, Day, Duration, Instant, Price
from paperdesk.desk.desk import Desk
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.messages import Command
from paperdesk.kernel.messages.accounts import AccountKind, AddUser, DepositCash, OpenAccount
from paperdesk.kernel.messages.actions import Action
from paperdesk.kernel.messages.presets import Presets, SetPresets
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.kernel.state.world import Contracts, Models, world_at
from paperdesk.market.catalogue import Catalogue, load_catalogue
from paperdesk.market.source import (
    Bar,
    BarsAsked,
    DaySoFar,
    Facts,
    Level,
    Reading,
    Source,
    Touch,
)
from paperdesk.market.synthetic import GENERATOR, SyntheticSource
from paperdesk.server import pipeline
from paperdesk.server.callers import Callers
from paperdesk.server.faces import Face
from paperdesk.server.registry import Registry
from paperdesk.server.requests import Request
from paperdesk.store.memory import MemoryJournal
from paperdesk.stream import topics
from paperdesk.stream.subscriber import Audience, Subscriber

MONDAY_TEN: Final[Instant] = 1_772_463_600 * SECOND
"""2026-03-02 15:00 UTC, ten in the morning in New York."""

USER: Final = UserName("demo")
DU1: Final = AccountId("DU1234567")
DU2: Final = AccountId("DU1234568")
FOREIGN: Final = AccountId("DU7654321")

AAPL: Final = Conid(265598)
MSFT: Final = Conid(272093)
SPX: Final = Conid(416904)
EURUSD: Final = Conid(12087792)

UNASKED: Final = Presets(
    percentage=ZERO, size=ZERO, value=ZERO, market_orders=False, stops=False, own_crosses=False
)
"""The presets of somebody who wants no questions."""


@cache
def catalogue() -> Catalogue:
    """Return the shipped catalogue, read once."""
    return load_catalogue()


@cache
def synthetic(seed: int = 7) -> SyntheticSource:
    """Return the drawn market of a seed, made once."""
    return SyntheticSource(GENERATOR, seed, catalogue())


class Market:
    """A market that stands as a test writes it down: quotes, days and facts by contract.

    A contract that nothing was written of has no data. Bars are what the test puts there.
    """

    def __init__(self) -> None:
        """Show AAPL and the euro, both open and two-sided."""
        self._quotes: dict[Conid, list[tuple[Instant, Quote]]] = {}
        self.days: dict[Conid, DaySoFar] = {}
        self.facts_of: dict[Conid, Facts] = {}
        self.bars_of: dict[Conid, list[Bar]] = {}
        self.actions_of: dict[tuple[Conid, Day], list[Action]] = {}
        self.show(AAPL, "190.20", "190.25", last="190.22")
        self.show(EURUSD, "1.08500", "1.08510", size=1_000_000)

    def show(
        self,
        conid: Conid,
        bid: str | None,
        ask: str | None,
        *,
        last: str | None = None,
        size: int = 1_000,
        at: Instant = 0,
        **other: object,
    ) -> None:
        """Let a contract show a quote from an instant on; `is_halted` and the like go along."""
        quote = Quote(
            conid=conid,
            at=at,
            bid=None if bid is None else Decimal(bid),
            bid_size=ZERO if bid is None else Decimal(size),
            ask=None if ask is None else Decimal(ask),
            ask_size=ZERO if ask is None else Decimal(size),
            last=None if last is None else Decimal(last),
            last_size=Decimal(100),
            last_at=at,
            volume=Decimal(24_200_000),
            is_open=True,
            is_regular=True,
        )
        changed = msgspec.structs.replace(quote, **other)
        self._quotes.setdefault(conid, []).append((at, changed))

    def quote(self, conid: Conid, at: Instant) -> Quote | None:
        """Return what stands at an instant."""
        shown = [quote for since, quote in self._quotes.get(conid, ()) if since <= at]
        return msgspec.structs.replace(shown[-1], at=at) if shown else None

    def day(self, conid: Conid, at: Instant) -> DaySoFar | None:
        """Return the day that was written down."""
        return self.days.get(conid)

    def bars(self, conid: Conid, asked: BarsAsked, now: Instant) -> list[Bar]:
        """Return the bars that were written down, as far as they are asked for."""
        found = [b for b in self.bars_of.get(conid, ()) if asked.start <= b.at < asked.until]
        return found[-asked.count_max :]

    def bars_in_slices(self, conid: Conid, asked: BarsAsked, now: Instant) -> Slices[list[Bar]]:
        """Return the same after a turn for others."""
        yield
        return self.bars(conid, asked, now)

    def next_touch(
        self, conid: Conid, levels: Sequence[Level], after: Instant, before: Instant
    ) -> Touch | None:
        """Return the first change of the quote that reaches a level, or None."""
        standing = self.quote(conid, after)
        changes = [(after + 1, standing)] if standing is not None else []
        changes += [row for row in self._quotes.get(conid, ()) if after < row[0] <= before]
        for at, quote in changes:
            for index, level in enumerate(levels):
                value = read(quote, level.reading)
                if value is not None and reaches(level, value):
                    return Touch(at, index)
        return None

    def extremes(
        self, conid: Conid, reading: Reading, after: Instant, to: Instant, *, regular_only: bool
    ) -> tuple[Price, Price] | None:
        """Return the highest and lowest value of what was shown."""
        shown = [quote for at, quote in self._quotes.get(conid, ()) if after < at <= to]
        values = [value for quote in shown if (value := read(quote, reading)) is not None]
        return (max(values), min(values)) if values else None

    def facts(self, conid: Conid, at: Instant) -> Facts:
        """Return the facts that were written down, or that nothing is known."""
        return self.facts_of.get(conid, NO_FACTS)

    def actions(self, conid: Conid, day: Day) -> list[Action]:
        """Return the corporate actions that were written down for a day."""
        return self.actions_of.get((conid, day), [])

    def origin(self, conid: Conid, day: Day) -> str:
        """Say that a test wrote it."""
        return "scripted"

    def next_tick(self, conid: Conid, after: Instant, size: Duration) -> Instant:
        """Return the next multiple of a size."""
        return (after // size + 1) * size


def read(quote: Quote, reading: Reading) -> Price | None:
    """Return what a reading shows of a quote."""
    if reading is Reading.TRADES:
        return quote.last
    return quote.bid if reading is Reading.BID else quote.ask


def reaches(level: Level, value: Price) -> bool:
    """Say whether a value touches a level that stands still."""
    return value >= level.price if level.rising else value <= level.price


NO_FACTS: Final = Facts(
    high_52_weeks=None,
    low_52_weeks=None,
    high_26_weeks=None,
    low_26_weeks=None,
    high_13_weeks=None,
    low_13_weeks=None,
    average_volume_90_days=ZERO,
    ema_20=None,
    ema_50=None,
    ema_100=None,
    ema_200=None,
    volatility_30_days=None,
    beta=None,
    dividend_trailing=None,
    dividend_next=None,
)


def open_desk(
    source: Source | None = None,
    *,
    at: Instant = MONDAY_TEN,
    cash: str = "1000000",
    kind: AccountKind = AccountKind.MARGIN,
    asks: bool = True,
    seed: int = 7,
) -> Desk:
    """Return a desk in memory with the user `demo` and two accounts, the first with dollars.

    `asks` is whether the user has the presets of a new one, or none at all.
    """
    kernel = Kernel(
        world_at(at, seed), Contracts(catalogue().by_conid, catalogue().calendars), Models()
    )
    desk = Desk(kernel, source or synthetic(seed), catalogue(), MemoryJournal())
    desk.execute_together(opening(cash, kind, asks=asks))
    return desk


def opening(cash: str, kind: AccountKind, *, asks: bool) -> Iterator[Command]:
    """Yield the commands that such a desk begins with."""
    for account_id in (DU1, DU2, FOREIGN):
        yield OpenAccount(account_id=account_id, kind=kind, base_currency="USD", title="Pat")
    if Decimal(cash) > ZERO:
        yield DepositCash(account_id=DU1, currency="USD", amount=Decimal(cash))
    yield AddUser(user_name=USER, account_ids=(DU1, DU2))
    yield AddUser(user_name=UserName("other"), account_ids=(FOREIGN,))
    if not asks:
        yield SetPresets(user_name=USER, presets=UNASKED)


class Reply(msgspec.Struct, frozen=True):
    """What came back: the status and the decoded body (None where it is no JSON)."""

    status: int
    json: Any
    body: bytes


KEPT_ALIVE: Final = SessionSettings(brokerage_idle=DAY * 366, life=DAY * 366)
"""Sessions of somebody who asks often enough, and signs in again each day."""


class Client:
    """Somebody who has signed in and asks as a program does."""

    face = Face()
    turnstile = Turnstile("gateway", 10, PacingSettings(mode=Mode.OFF))

    def __init__(self, desk: Desk, *, user_name: UserName = USER, warm: bool = True) -> None:
        """Sign in; with `warm`, ask for the accounts, which must come before the rest."""
        self.desk = desk
        self.now: Instant = MONDAY_TEN
        self.roster = Roster(KEPT_ALIVE, lambda size: "0" * (2 * size))
        self.gateway = Gateway(self.roster)
        self.callers = Callers(desk, Registry(None), self.roster, lambda digits: "0" * digits)
        self.gateway.sign_in(desk.world.accounts.users[user_name], self.now, is_headless=True)
        self.matcher = matcher()
        self.audience = Audience(desk, topics.TABLES, self.roster.find, self.roster.use)
        self.audience.now = self.now
        self.session.accounts_queried = warm

    @property
    def session(self) -> Session:
        """The session of whoever has signed in."""
        return self.gateway.session

    def wall(self) -> Instant:
        """Return wall time."""
        return self.now

    def catch_up(self, now: Instant) -> None:
        """Leave desk time where it is: `wait` moves it."""

    def get(self, path: str, **query: object) -> Reply:
        """Ask for a path below the base address."""
        return self.ask("GET", path, query=query)

    def post(self, path: str, content: object = b"", **query: object) -> Reply:
        """Send JSON, or bytes as they are, to a path below the base address."""
        return self.ask("POST", path, content, query=query)

    def delete(self, path: str, **query: object) -> Reply:
        """Delete what a path below the base address names."""
        return self.ask("DELETE", path, query=query)

    def ask(
        self, method: str, path: str, content: object = b"", *, query: Mapping[str, object]
    ) -> Reply:
        """Walk a request through the pipeline, as the server does."""
        body = content if isinstance(content, bytes) else msgspec.json.encode(content)
        path, _, parameters = path.partition("?")
        pairs = [f"{name}={escaped(str(value), safe=',')}" for name, value in query.items()]
        request = Request(
            method=method,
            path=f"/v1/api/{path}",
            query="&".join([*filter(None, [parameters]), *pairs]).encode(),
            remote="127.0.0.1",
            scheme="https",
            now=self.now,
            began=0.0,
            host=b"localhost:5000",
            content_type=b"application/json",
            content_length=str(len(body)).encode(),
        )
        answer = pipeline.begun(self, request) or pipeline.finished(self, request, body)
        if not isinstance(answer, Answer):
            answer = whole(answer)
        pipeline.left(request)
        try:
            decoded = msgspec.json.decode(answer.body)
        except msgspec.DecodeError:
            decoded = None
        return Reply(answer.status, decoded, answer.body)

    def socket(self) -> "Socket":
        """Open a socket; its greeting has been read."""
        self.audience.now = self.now
        opened = Socket(self, self.audience.join(self.session))
        opened.receive()
        return opened

    def wait(self, seconds: float) -> None:
        """Let wall and desk time pass, and the stream say what has changed."""
        passed = int(seconds * SECOND)
        self.now += passed
        self.desk.advance(self.desk.now + passed)
        self.roster.use(self.session, self.now)
        self.audience.now = self.now
        self.audience.tick()


class Socket:
    """The client's end of a WebSocket."""

    def __init__(self, client: Client, subscriber: Subscriber) -> None:
        """Talk to a subscriber."""
        self._client = client
        self.subscriber = subscriber

    def send(self, text: str) -> None:
        """Send one message."""
        self._client.audience.now = self._client.now
        work = self.subscriber.receive(text)
        if work is not None:
            whole(work)

    def receive(self, topic: str = "") -> list[Any]:
        """Return the messages that have come since, or those of a topic alone."""
        found = [msgspec.json.decode(payload) for payload in payloads(self.subscriber.take())]
        return [row for row in found if row.get("topic") == topic] if topic else found

    def ask(self, text: str) -> list[Any]:
        """Send one message and return what is answered at once."""
        self.send(text)
        return self.receive()


def payloads(frames: bytes) -> Iterator[bytes]:
    """Yield the payloads of a server's frames, which are not masked."""
    at = 0
    while at < len(frames):
        length = frames[at + 1]
        at += 2
        if length == 126:
            length = int.from_bytes(frames[at : at + 2], "big")
            at += 2
        elif length == 127:
            length = int.from_bytes(frames[at : at + 8], "big")
            at += 8
        yield frames[at : at + length]
        at += length


@cache
def matcher() -> Matcher:
    """Return the routes of the API, compiled once."""
    return Matcher(api.TABLES)
