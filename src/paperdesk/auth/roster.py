"""The roster: every outer session of a desk, over all its faces, and who has which brokerage tier.

A user name has any number of outer sessions and one brokerage session over all of them. Nothing
here waits or reads a clock: whoever asks brings the instant, by the wall, and what was due before
it happens first, at its own instant, whether anybody asked then or not.
"""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

import msgspec

from paperdesk.auth.contests import Contests, Takeover
from paperdesk.auth.deadlines import Deadlines
from paperdesk.auth.endings import Cause, Ending, Tier
from paperdesk.auth.idleness import IdleClock
from paperdesk.auth.refusals import BrokerageAway, NoTradingPermission
from paperdesk.auth.sessions import SSO_LIFETIME, BrokerageState, Session, SessionSettings
from paperdesk.base.units import MILLISECOND, SECOND, Duration, Instant
from paperdesk.kernel.state.accounts import User

SESSION_BYTES: Final = 16
BROKERAGE_BYTES: Final = 4
ENDINGS_MAX: Final = 1_000


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What an outer session is made from.

    `face` is "gateway" or "hosted"; `credential` is the public name of what the caller showed and
    never a secret, which is good until `expires_at`. The brokerage tier follows by itself after
    `brokerage_after`, which takes `warm_up`; None waits to be asked. An outer session that
    `is_pinged` is kept alive by the gateway itself.
    """

    face: str = "gateway"
    credential: str = "login"
    brokerage_after: Duration | None = None
    warm_up: Duration | None = None
    is_pinged: bool = False
    expires_at: Instant | None = None


Due: TypeAlias = tuple[Instant, Callable[[Session, Instant], None]]
"""When something happens to a session if nobody does anything, and what."""


class Roster:
    """Sessions by id, holders of brokerage sessions by user name, and the last endings."""

    def __init__(self, settings: SessionSettings, draw_hex: Callable[[int], str]) -> None:
        """Begin with nobody.

        Args:
            settings: of the sessions to come.
            draw_hex: returns so many bytes, which nobody can foresee, as hex digits.
        """
        self.settings = settings
        self._draw_hex = draw_hex
        self.by_id: dict[str, Session] = {}
        self.by_number: dict[int, Session] = {}
        self.holders: dict[str, Session] = {}
        """Who has the brokerage session of a user name, or is on the way to it."""

        self.contests = Contests()
        self.endings: deque[Ending] = deque(maxlen=ENDINGS_MAX)
        self.is_away = self.is_closed = False
        """Whether the service behind brokerage sessions is away; whether nothing is answered."""

        self.changed: list[Callable[[Session], None]] = []
        """Told of every session whose status has changed, at once."""

        self.ended: list[Callable[[Ending], None]] = []
        """Told of every ending, at once."""

        self.cut: list[Callable[[Instant], None]] = []
        """Told that a midnight reset ends credentials, live session tokens above all (wall)."""

        self._clock = IdleClock()
        self._deadlines = Deadlines()
        self._opened = 0

    def open(self, user: User, at: Instant, opening: Opening) -> Session:
        """Return a new outer session of a user."""
        self.sweep(at)
        settings = self.settings
        self._opened += 1
        aged_at = at + settings.life
        after, expires_at = opening.brokerage_after, opening.expires_at
        session = Session(
            session_id=self._draw_hex(SESSION_BYTES),
            brokerage_id=f"{at // SECOND:08x}.{self._draw_hex(BROKERAGE_BYTES)}",
            number=self._opened,
            user_name=user.user_name,
            account_ids=user.account_ids,
            is_paper=user.is_paper,
            may_trade=user.may_trade,
            market_data=user.subscriptions,
            face=opening.face,
            credential=opening.credential,
            signed_in_at=at,
            last_used_at=at,
            state_since=at,
            idle_from=self._clock.reading(at),
            warm_up=settings.warm_up if opening.warm_up is None else opening.warm_up,
            initialises_at=0 if after is None or not user.may_trade else at + after,
            ends_at=aged_at if expires_at is None else min(aged_at, expires_at),
            is_pinged=opening.is_pinged,
            selected=user.account_ids[0],
        )
        self._keep(session, at)
        return session

    def open_platform(
        self, user: User, at: Instant, *, name: str, retakes_after: Duration = 0
    ) -> Session:
        """Let a person sign in to a trading platform, as `TWS`: it takes the brokerage session.

        Such a session is never idle. One that loses is over, or takes back what it lost after
        `retakes_after`.

        Raises:
            BrokerageAway: the service is away.
            NoTradingPermission: the user name has no brokerage session.
        """
        self._refuse_unless_possible(user)
        session = self.open(user, at, Opening(face="platform", credential=name, warm_up=0))
        session.is_platform = True
        session.retakes_after = retakes_after
        self._claim(session, at, compete=True)
        self.sweep(at)
        return session

    def find(self, session_id: str) -> Session | None:
        """Return the session of an id that a client names, while it lives."""
        session = self.by_id.get(session_id)
        return None if session is None or session.is_ended else session

    def use(self, session: Session, at: Instant) -> None:
        """Count a request of a session, after everything that was due before it."""
        self.sweep(at)
        if session.is_ended:
            return
        session.last_used_at = at
        session.idle_from = self._clock.reading(at)

    def initialise(self, session: Session, at: Instant, *, compete: bool) -> None:
        """Ask for the brokerage tier of a session: `compete` takes it from whoever has it.

        Without it, a session whose user name is busy elsewhere stays out, and competes. Asking
        again for what is there changes nothing.

        Raises:
            BrokerageAway: the service is away.
            NoTradingPermission: the user name has no brokerage session.
        """
        self.sweep(at)
        if not session.is_ended:
            self._refuse_unless_possible(session)
            self._claim(session, at, compete=compete)
            self.sweep(at)

    def log_out(self, session: Session, at: Instant) -> None:
        """End both tiers, or the brokerage tier alone where the settings say so."""
        self.sweep(at)
        if session.is_ended:
            return
        if not self.settings.logout_keeps_sso:
            self.end(session, at, Cause.LOGOUT)
            return
        session.initialises_at = 0
        self._lose(session, at, Cause.LOGOUT, BrokerageState.READ_ONLY)

    def end(self, session: Session, at: Instant, cause: Cause) -> None:
        """End both tiers of a session; one that has ended stays as it is."""
        if session.is_ended:
            return
        self._let_go(session)
        session.is_ended = True
        session.state = BrokerageState.READ_ONLY
        session.initialises_at = 0
        self.by_id.pop(session.session_id, None)
        self.by_number.pop(session.number, None)
        self._deadlines.forget(session.number)
        self._say_ended(session, Tier.OUTER, cause, at)
        self._tell(session)

    def sweep(self, at: Instant) -> None:
        """Let everything happen that was due up to an instant, each at its own."""
        while (found := self._deadlines.due(at)) is not None:
            noted_for, number = found
            session = self.by_number[number]
            due = self._due(session)
            if due is not None and due[0] <= noted_for:
                due[1](session, due[0])
            self._note(session)

    def hold(self, at: Instant) -> None:
        """Let nobody grow idle from an instant on: desk time stands."""
        if not self._clock.is_held:
            self.sweep(at)
            self._clock.hold(at)

    def release(self, at: Instant) -> None:
        """Let idleness go on from an instant on."""
        if self._clock.is_held:
            self._clock.release(at)
            for session in self.by_number.values():
                self._note(session)

    def go_away(self, at: Instant, cause: Cause) -> None:
        """Take the service behind brokerage sessions away: everybody loses theirs."""
        self.sweep(at)
        self.is_away = True
        for session in list(self.by_number.values()):
            if session.state is not BrokerageState.READ_ONLY:
                self._lose(session, at, cause, BrokerageState.RESET)

    def come_back(self, at: Instant) -> None:
        """Bring the service back; who is about to ask for a brokerage session may do so now."""
        self.is_away = False
        for session in self.by_number.values():
            if session.initialises_at:
                session.initialises_at = max(session.initialises_at, at)
            self._note(session)
        self.sweep(at)

    def end_all(self, at: Instant, cause: Cause) -> None:
        """End every session, and the credentials that `cut` knows."""
        self.sweep(at)
        for session in list(self.by_number.values()):
            self.end(session, at, cause)
        for cut in self.cut:
            cut(at)

    def expires_in(self, session: Session, at: Instant) -> int:
        """Return in how many milliseconds the outer session would end without a request.

        The gateway's own ping counts for its session as a request does. Real ones end before the
        counter does.
        """
        passed = max(0, self._clock.reading(at) - session.idle_from)
        if session.is_pinged:
            passed %= self.settings.ping
        return max(0, SSO_LIFETIME - passed) // MILLISECOND

    def idles_in(self, session: Session, at: Instant) -> Duration | None:
        """Return how long until the next tier of a session is idle; None where none will be."""
        due = [row[0] for row in self._idle_dues(session)]
        return max(0, min(due) - at) if due else None

    # --- what happens by itself ------------------------------------------------------------------

    def _due(self, session: Session) -> Due | None:
        """Return what happens to a session next; of several at once the first that is named."""
        return min(self._dues(session), key=_instant, default=None)

    def _dues(self, session: Session) -> Iterator[Due]:
        if not session.is_platform:
            yield session.ends_at, self._age
        yield from self._idle_dues(session)
        if session.initialises_at and not self.is_away and not session.is_active:
            yield session.initialises_at, self._ask_by_itself
        if session.state is BrokerageState.INITIALISING:
            yield session.established_at, self._establish
        if session.state is BrokerageState.FADING:
            yield session.fades_at, self._fade_out

    def _idle_dues(self, session: Session) -> Iterator[Due]:
        """Yield when tiers are idle: after more than their time, so one microsecond later."""
        if session.is_platform or self._clock.is_held:
            return
        settings = self.settings
        if not session.is_pinged:
            at = self._clock.wall_at(session.idle_from + settings.outer_idle + 1)
            assert at is not None
            yield at, self._idle
        if session.state is BrokerageState.BROKERAGE:
            at = self._clock.wall_at(session.idle_from + settings.brokerage_idle + 1)
            assert at is not None
            yield at, self._fade

    def _age(self, session: Session, at: Instant) -> None:
        self.end(session, at, Cause.AGED)

    def _idle(self, session: Session, at: Instant) -> None:
        self.end(session, at, Cause.IDLE)

    def _ask_by_itself(self, session: Session, at: Instant) -> None:
        session.idle_from = self._clock.reading(at)
        self._claim(session, at, compete=True)

    def _establish(self, session: Session, at: Instant) -> None:
        session.begin_brokerage()
        self._come_to(session, BrokerageState.BROKERAGE, at)

    def _fade(self, session: Session, at: Instant) -> None:
        """Ask for the accounts first: what clients notice before a brokerage session is gone."""
        session.accounts_queried = False
        session.fades_at = at + self.settings.fading
        session.state = BrokerageState.FADING

    def _fade_out(self, session: Session, at: Instant) -> None:
        self._lose(session, at, Cause.IDLE, BrokerageState.IDLE_OUT)

    # --- who has what ----------------------------------------------------------------------------

    def _claim(self, session: Session, at: Instant, *, compete: bool) -> None:
        session.initialises_at = 0
        if session.is_active:
            return
        holder = self.holders.get(session.user_name)
        if holder is not None and holder is not session:
            if holder.is_active and not compete:
                self._come_to(session, BrokerageState.COMPETING, at)
                self._note(session)
                return
            self.contests.taken(session.user_name, Takeover(at, label(session), label(holder)))
            self._lose(holder, at, Cause.TAKEN, BrokerageState.COMPETING)
        self.holders[session.user_name] = session
        session.established_at = at + session.warm_up
        session.warm_up = 0 if session.is_platform else self.settings.warm_up
        self._come_to(session, BrokerageState.INITIALISING, at)
        if session.established_at <= at:
            self._establish(session, at)
        self._note(session)

    def _lose(self, session: Session, at: Instant, cause: Cause, state: BrokerageState) -> None:
        """Take the brokerage tier from a session that has it or hopes for it."""
        had_it = self._let_go(session)
        if session.is_platform and had_it:
            if not session.retakes_after:
                self.end(session, at, cause)
                return
            session.initialises_at = at + session.retakes_after
        if had_it:
            self._say_ended(session, Tier.BROKERAGE, cause, at)
        self._come_to(session, state, at)
        self._note(session)

    def _let_go(self, session: Session) -> bool:
        """Take a session out of the holders, and say whether it was one."""
        if self.holders.get(session.user_name) is not session:
            return False
        del self.holders[session.user_name]
        return True

    def _refuse_unless_possible(self, who: Session | User) -> None:
        if not who.may_trade:
            raise NoTradingPermission("failed to generate sso dh token")
        if self.is_away:
            raise BrokerageAway("Service Unavailable")

    def _keep(self, session: Session, at: Instant) -> None:
        self.by_id[session.session_id] = session
        self.by_number[session.number] = session
        self._note(session)
        self.sweep(at)

    def _note(self, session: Session) -> None:
        if not session.is_ended:
            due = self._due(session)
            if due is not None:
                self._deadlines.note(session.number, due[0])

    def _come_to(self, session: Session, state: BrokerageState, at: Instant) -> None:
        session.state = state
        session.state_since = at
        self._tell(session)

    def _say_ended(self, session: Session, tier: Tier, cause: Cause, at: Instant) -> None:
        ending = Ending(
            session_id=session.session_id,
            number=session.number,
            user_name=session.user_name,
            face=session.face,
            credential=session.credential,
            tier=tier,
            cause=cause,
            at=at,
        )
        self.endings.append(ending)
        for tell in self.ended:
            tell(ending)

    def _tell(self, session: Session) -> None:
        for tell in self.changed:
            tell(session)


def label(session: Session) -> str:
    """Return how people are told of a session: `session 3 (hosted, oauth1 PAPERDESK)`."""
    return f"session {session.number} ({session.face}, {session.credential})"


def _instant(due: Due) -> Instant:
    return due[0]
