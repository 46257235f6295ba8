"""Premises: what the faces of one desk share."""

import asyncio
import secrets
from collections.abc import Callable

import msgspec

from paperdesk.auth.endings import Cause
from paperdesk.auth.exercises import Exercises
from paperdesk.auth.gateway import Gateway
from paperdesk.auth.oauth1.verification import Settings
from paperdesk.auth.pacing.pacer import Pacer
from paperdesk.auth.pacing.settings import PacingSettings
from paperdesk.auth.registrations import Revocation
from paperdesk.auth.roster import Roster
from paperdesk.auth.sessions import Session, SessionSettings
from paperdesk.base.units import Instant
from paperdesk.server.callers import Callers
from paperdesk.server.clock import Timekeeper
from paperdesk.server.consent import Sittings
from paperdesk.server.credentials import Credentials
from paperdesk.server.durability import Durability
from paperdesk.server.explaining import Explainer
from paperdesk.server.handshakes import Handshakes
from paperdesk.server.nonces import NonceFile
from paperdesk.server.registry import Registry
from paperdesk.server.self_service import Enrolments
from paperdesk.server.sign_in import Porter
from paperdesk.server.slices import Slicer
from paperdesk.server.sockets import Speaker
from paperdesk.server.tokens import Tokens
from paperdesk.server.watch import Watch
from paperdesk.stream.subscriber import Audience, Tables


class Premises:
    """A desk, its clock, who is in, and who listens. Made inside the loop that serves it."""

    def __init__(
        self,
        keeper: Timekeeper,
        topics: Tables,
        people: "People",
        pacing: PacingSettings | None = None,
        signing: "Signing | None" = None,
        tokens: Tokens | None = None,
    ) -> None:
        """Stand behind the faces of the desk that a timekeeper keeps."""
        signing = signing or Signing()
        self.keeper = keeper
        self.desk = keeper.desk
        self.roster = people.roster
        self.gateway = people.gateway
        self.credentials = people.credentials
        self.porter = people.porter
        self.registry = people.registry
        self.callers = Callers(self.desk, self.registry, self.roster, _hex_digits, signing.settings)
        self.tokens = tokens or Tokens(None, self.registry, secrets.token_hex, keeper.now)
        self.callers.tokens = self.tokens
        self.handshakes = Handshakes(
            self.callers, self.registry, keeper.now(), signing.nonces, signing.draw_bits
        )
        self.sittings = Sittings()
        self.enrolments = Enrolments(self.registry)
        self.exercises = Exercises()
        self.explainer = Explainer(self.callers.verifier) if signing.is_explained else None
        if self.explainer is not None:
            self.callers.explain(self.explainer.tell)
        self.pacer = Pacer(pacing)
        self.durability = Durability(self.desk.journal, asyncio.get_running_loop())
        self.audience = Audience(self.desk, topics, self.gateway.find, self.roster.use)
        self.speaker = Speaker(self.audience, self.durability)
        self.stirred = asyncio.Event()
        self.slicer = Slicer()
        self.watch = Watch(keeper, self.roster, self.gateway, self.audience)
        self.roster.changed.append(self._session_changed)
        self.registry.revoked.append(self._revoked)

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
        self.watch.tick(now)
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

    def close(self) -> None:
        """Let threads end, and close files."""
        self.handshakes.close()
        self.tokens.close()
        self.enrolments.close()
        if self.explainer is not None:
            self.explainer.close()

    def _revoked(self, revocation: Revocation) -> None:
        """End what was opened with a registration that opens nothing any more."""
        now = self.keeper.now()
        if revocation.consumer_key:
            self.callers.revoked(revocation.consumer_key, revocation.access_token, now)
        credentials = {f"oauth2 {revocation.client_id}", f"sso {revocation.client_id}"}
        for session in list(self.roster.by_number.values()):
            if session.credential in credentials:
                self.roster.end(session, now, Cause.REVOKED)

    def _session_changed(self, _session: Session) -> None:
        """Send at once what the watch has told a session's sockets."""
        self.speaker.wake()


class Signing(msgspec.Struct, frozen=True, kw_only=True):
    """How requests signed by OAuth 1.0a are taken.

    `nonces` is where those signed by a consumer's key are remembered, None for a desk in memory;
    `draw_bits` returns a number of so many bits that nobody can foresee. With `is_explained` a
    refusal is told to developers.
    """

    settings: Settings = Settings()
    nonces: NonceFile | None = None
    draw_bits: Callable[[int], int] = secrets.randbits
    is_explained: bool = False


def _hex_digits(digits: int) -> str:
    return secrets.token_hex(digits // 2)


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
