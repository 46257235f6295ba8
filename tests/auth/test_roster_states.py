"""The roster against a model of its own that was written from the tables, not from the code.

The model looks at one thing at a time and asks no heap: after each step it walks through every
instant of interest in between and applies the rules to each session in turn.
"""

from dataclasses import dataclass
from typing import Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.auth.rosters import ANN, DEMO, START, roster

from paperdesk.auth.endings import Cause
from paperdesk.auth.refusals import BrokerageAway
from paperdesk.auth.roster import Opening
from paperdesk.auth.sessions import Session
from paperdesk.auth.statuses import status
from paperdesk.base.units import HOUR, MINUTE, SECOND
from paperdesk.kernel.state.accounts import User

WARM_UP: Final = 2 * SECOND
IDLE: Final = 5 * MINUTE
OUTER_IDLE: Final = 6 * MINUTE
FADING: Final = SECOND
LIFE: Final = 24 * HOUR
DELAY: Final = 3 * SECOND
NEVER: Final = 1 << 62

USERS: Final = st.sampled_from([DEMO, DEMO, ANN])
WHICH: Final = st.integers(0, 7)
SHORT: Final = st.sampled_from([0, 1, SECOND - 1, SECOND, 2 * SECOND, 7 * SECOND])
LONG: Final = st.sampled_from(
    [
        MINUTE * minutes + extra
        for minutes in (1, 2, 4, 5, 6)
        for extra in (-SECOND, -1, 0, 1, SECOND, SECOND + 1)
    ]
)


@dataclass
class Believed:
    """What the model believes of a session."""

    user: str
    born: int
    asked: int
    is_pinged: bool = False
    is_person: bool = False
    retakes: int = 0
    state: str = "read-only"
    changes_at: int = NEVER
    asks_at: int = NEVER
    delay: int = WARM_UP
    is_alive: bool = True
    knows_accounts: bool = False

    @property
    def is_busy(self) -> bool:
        return self.is_alive and self.state in {"initialising", "brokerage"}

    @property
    def holds(self) -> bool:
        return self.is_alive and self.state in {"initialising", "brokerage", "fading"}


class Rosters(RuleBasedStateMachine):
    """Several users, sessions of both faces, people at platforms, time, resets."""

    @initialize()
    def begin(self) -> None:
        self.kept = roster()
        self.now = START
        self.held = False
        self.away = False
        self.model: dict[int, Believed] = {}
        self.real: dict[int, Session] = {}
        self.idle_shift = 0
        for user in (DEMO, DEMO, ANN):
            self.sign_in(user, pinged=False)
        self.sign_in(DEMO, pinged=True)

    # --- what happens ----------------------------------------------------------------------------

    @rule(user=USERS, pinged=st.booleans())
    def sign_in(self, user: User, *, pinged: bool) -> None:
        opening = Opening(
            face="gateway" if pinged else "hosted",
            brokerage_after=DELAY if pinged else None,
            is_pinged=pinged,
        )
        session = self.kept.open(user, self.now, opening)
        believed = Believed(user.user_name, self.now, self.idle_now, is_pinged=pinged)
        believed.asks_at = self.now + DELAY if pinged else NEVER
        self._add(session, believed)

    @rule(user=USERS, retakes=st.sampled_from([0, 0, 7 * SECOND]))
    def sit_down(self, user: User, retakes: int) -> None:
        try:
            session = self.kept.open_platform(user, self.now, name="TWS", retakes_after=retakes)
        except BrokerageAway:
            assert self.away
            return
        assert not self.away
        believed = Believed(
            user.user_name, self.now, self.idle_now, is_person=True, retakes=retakes, delay=0
        )
        self._add(session, believed)
        self._take(believed, self.now)
        self._let_pass(self.now)

    @rule(which=WHICH, compete=st.booleans(), after=SHORT)
    def ask(self, which: int, *, compete: bool, after: int) -> None:
        self._pass(after)
        number = self._lively(which)
        believed = self.model[number]
        try:
            self.kept.initialise(self.real[number], self.now, compete=compete)
        except BrokerageAway:
            assert self.away
            return
        assert not self.away or not believed.is_alive
        if believed.is_alive and not self.away:
            self._claim(believed, self.now, compete=compete)
            self._let_pass(self.now)

    @rule(which=WHICH, after=st.one_of(SHORT, LONG))
    def request(self, which: int, after: int) -> None:
        self._pass(after)
        number = self._lively(which)
        believed, session = self.model[number], self.real[number]
        self.kept.use(session, self.now)
        if believed.is_alive:
            believed.asked = self.idle_now
            if session.has_brokerage:
                session.accounts_queried = believed.knows_accounts = True

    @rule(after=LONG)
    def time_passes(self, after: int) -> None:
        self._pass(after)

    @rule(what=st.sampled_from(["logout", "day", "clock", "clock", "service", "midnight"]))
    def something_rare(self, what: str) -> None:
        match what:
            case "logout":
                number = self._lively(0)
                self.kept.log_out(self.real[number], self.now)
                self.model[number].is_alive = False
            case "day":
                self._pass(25 * HOUR)
            case "clock":
                self.held = not self.held
                (self.kept.hold if self.held else self.kept.release)(self.now)
            case "service":
                self._service_goes_or_comes()
            case "midnight":
                self.kept.end_all(self.now, Cause.MIDNIGHT)
                for believed in self.model.values():
                    believed.is_alive = False

    def _service_goes_or_comes(self) -> None:
        self.away = not self.away
        if not self.away:
            self.kept.come_back(self.now)
            for believed in self.model.values():
                if believed.asks_at != NEVER:
                    believed.asks_at = max(believed.asks_at, self.now)
            self._let_pass(self.now)
            return
        self.kept.go_away(self.now, Cause.NIGHTLY_RESET)
        for believed in self.model.values():
            if believed.is_alive and believed.state != "read-only":
                self._lose(believed, self.now, "reset")

    def _pass(self, by: int) -> None:
        self.now += by
        if self.held:
            self.idle_shift += by
        self.kept.sweep(self.now)
        self._let_pass(self.now)

    def _lively(self, which: int) -> int:
        """Return the number of a session, of one that lives where there is any."""
        living = [number for number, believed in self.model.items() if believed.is_alive]
        numbers = living or list(self.model)
        return numbers[which % len(numbers)]

    # --- what must hold --------------------------------------------------------------------------

    @invariant()
    def both_agree(self) -> None:
        for number, believed in self.model.items():
            session = self.real[number]
            assert session.is_ended is not believed.is_alive, number
            if believed.is_alive:
                assert session.state.value == believed.state, number
                assert session.accounts_queried is believed.knows_accounts, number

    @invariant()
    def one_brokerage_session_a_user_name(self) -> None:
        for user in (DEMO, ANN):
            holding = [
                number
                for number, believed in self.model.items()
                if believed.user == user.user_name and believed.holds
            ]
            holder = self.kept.holders.get(user.user_name)
            assert holding == ([] if holder is None else [holder.number])

    @invariant()
    def what_is_told_is_healthy_for_the_holder_alone(self) -> None:
        for number, session in self.real.items():
            told = status(session)
            healthy = told.is_authenticated and told.is_connected and not told.is_competing
            assert healthy is self.model[number].holds

    # --- the model's own rules -------------------------------------------------------------------

    @property
    def idle_now(self) -> int:
        return self.now - self.idle_shift

    def _add(self, session: Session, believed: Believed) -> None:
        self.model[session.number] = believed
        self.real[session.number] = session

    def _let_pass(self, to: int) -> None:
        """Walk from event to event up to an instant; of one instant the older session first."""
        while True:
            found = [
                (self._next(believed), number)
                for number, believed in self.model.items()
                if believed.is_alive and self._next(believed) <= to
            ]
            if not found:
                return
            at, number = min(found)
            self._happen(self.model[number], at)

    def _next(self, believed: Believed) -> int:
        instants = [believed.changes_at]
        if not self.away and not believed.is_busy:
            instants.append(believed.asks_at)
        if not believed.is_person:
            instants.append(believed.born + LIFE)
            if not self.held:
                idle_from = believed.asked + self.idle_shift
                if not believed.is_pinged:
                    instants.append(idle_from + OUTER_IDLE + 1)
                if believed.state == "brokerage":
                    instants.append(idle_from + IDLE + 1)
        return min(instants)

    def _happen(self, believed: Believed, at: int) -> None:
        idle_for = 0 if self.held else at - self.idle_shift - believed.asked
        is_aged = at >= believed.born + LIFE
        is_idle = idle_for > OUTER_IDLE and not believed.is_pinged
        if (is_aged or is_idle) and not believed.is_person:
            believed.is_alive = False
        elif at == believed.asks_at and not self.away and not believed.is_busy:
            believed.asked = at - self.idle_shift
            self._claim(believed, at, compete=True)
        elif believed.state == "initialising":
            believed.state, believed.changes_at = "brokerage", NEVER
            believed.knows_accounts = False
        elif believed.state == "fading":
            self._lose(believed, at, "idle")
        else:
            assert believed.state == "brokerage"
            believed.state, believed.changes_at = "fading", at + FADING
            believed.knows_accounts = False

    def _claim(self, believed: Believed, at: int, *, compete: bool) -> None:
        believed.asks_at = NEVER
        if believed.is_busy:
            return
        others = [
            one for one in self.model.values() if one.user == believed.user and one is not believed
        ]
        if not compete and any(one.is_busy for one in others):
            believed.state = "competing"
            return
        self._take(believed, at)

    def _take(self, believed: Believed, at: int) -> None:
        for one in self.model.values():
            if one.user == believed.user and one is not believed and one.holds:
                self._lose(one, at, "competing")
        believed.asks_at = NEVER
        believed.state, believed.changes_at = "initialising", at + believed.delay

    def _lose(self, believed: Believed, at: int, state: str) -> None:
        had = believed.holds
        believed.changes_at = NEVER
        if believed.is_person and had:
            if not believed.retakes:
                believed.is_alive = False
                return
            believed.asks_at = at + believed.retakes
        believed.state = state


Rosters.TestCase.settings = settings(stateful_step_count=60)
TestRosters = Rosters.TestCase
