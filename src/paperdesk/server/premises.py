"""Premises: what the faces of one desk share."""

import asyncio
from collections.abc import Callable

from paperdesk.auth.gateway import Gateway
from paperdesk.auth.pacing.pacer import Pacer
from paperdesk.auth.pacing.settings import PacingSettings
from paperdesk.auth.roster import Roster
from paperdesk.auth.sessions import SessionSettings
from paperdesk.base.units import Instant
from paperdesk.server.clock import Timekeeper
from paperdesk.server.credentials import Credentials
from paperdesk.server.durability import Durability
from paperdesk.server.registry import Registry
from paperdesk.server.sign_in import Porter
from paperdesk.server.slices import Slicer
from paperdesk.server.sockets import Speaker
from paperdesk.stream.subscriber import Audience, Tables


class Premises:
    """A desk, its clock, who is in, and who listens. Made inside the loop that serves it."""

    def __init__(
        self,
        keeper: Timekeeper,
        topics: Tables,
        people: "People",
        pacing: PacingSettings | None = None,
    ) -> None:
        """Stand behind the faces of the desk that a timekeeper keeps."""
        self.keeper = keeper
        self.desk = keeper.desk
        self.roster = people.roster
        self.gateway = people.gateway
        self.credentials = people.credentials
        self.porter = people.porter
        self.registry = people.registry
        self.pacer = Pacer(pacing)
        self.durability = Durability(self.desk.journal, asyncio.get_running_loop())
        self.audience = Audience(self.desk, topics, self.roster.find)
        self.speaker = Speaker(self.audience, self.durability)
        self.stirred = asyncio.Event()
        self.slicer = Slicer()
        self.roster.changed.append(self._session_changed)

    def wall(self) -> Instant:
        """Return wall time."""
        return self.keeper.now()

    @property
    def is_busy(self) -> bool:
        """Whether somebody listens or an order works."""
        return bool(self.audience.subscribers) or bool(self.desk.world.orders.books)

    def tick(self, now: Instant) -> None:
        """Let the topics say what has changed, at an instant of wall time."""
        self.audience.now = now
        self.audience.tick()
        self.speaker.wake()

    def beat(self) -> None:
        """Send everybody who listens a heartbeat."""
        self.audience.now = self.keeper.now()
        self.audience.heartbeat()
        self.speaker.wake()

    async def settled(self) -> bool:
        """Wait until what has happened is on disk; False where the journal has failed."""
        return await self.durability.reached(self.desk.seq)

    def _session_changed(self, _session: object) -> None:
        """Tell a session's sockets at once what has become of it."""
        self.audience.now = self.keeper.now()
        self.audience.watch()
        self.speaker.wake()


class People:
    """Who may come in, and who has."""

    def __init__(
        self,
        credentials: Credentials,
        registry: Registry,
        draw_hex: Callable[[int], str],
        settings: SessionSettings | None = None,
    ) -> None:
        """Begin with nobody in."""
        self.credentials = credentials
        self.registry = registry
        self.roster = Roster(settings or SessionSettings(), draw_hex)
        self.gateway = Gateway(self.roster)
        self.porter = Porter(credentials)
