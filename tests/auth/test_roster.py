"""Transitions of a session, one test each: in, up, and taken by others."""

import pytest
from tests.auth.rosters import (
    ANN,
    DEMO,
    GATEWAY,
    HEADLESS,
    HOSTED,
    LATER,
    START,
    endings,
    minutes,
    roster,
    served,
)

from paperdesk.auth.endings import Cause, Tier
from paperdesk.auth.roster import label
from paperdesk.auth.sessions import BrokerageState, Session
from paperdesk.auth.statuses import status
from paperdesk.base.units import HOUR, MINUTE, SECOND

# --- NONE to READ_ONLY ----------------------------------------------------------------------------


def test_a_session_is_found_by_its_id_while_it_lives() -> None:
    kept = roster()
    session = kept.open(DEMO, START, HOSTED)

    found = kept.find(session.session_id)
    kept.log_out(session, START)

    assert found is session
    assert kept.find(session.session_id) is None
    assert kept.find("") is None


def test_a_session_is_made_of_its_user_and_its_credential() -> None:
    session = roster().open(DEMO, START, HOSTED)

    assert session.session_id == "0000000000000000000000000000000a"
    assert session.brokerage_id == "6aa01473.0000000b"
    assert (session.number, session.selected) == (1, "DU1")
    assert label(session) == "session 1 (hosted, oauth1 FIRM token)"
    assert session.state is BrokerageState.READ_ONLY


# --- READ_ONLY to INITIALISING to BROKERAGE -------------------------------------------------------


def test_a_session_waits_to_be_asked_for_its_brokerage_tier() -> None:
    kept = roster()
    session = kept.open(DEMO, START, HOSTED)
    kept.use(session, START + MINUTE)
    before = session.state

    kept.initialise(session, START + MINUTE, compete=True)
    asked = session.state
    kept.use(session, START + MINUTE + 2 * SECOND - 1)
    early = session.state
    kept.use(session, START + MINUTE + 2 * SECOND)

    assert [before, asked, early, session.state] == [
        BrokerageState.READ_ONLY,
        BrokerageState.INITIALISING,
        BrokerageState.INITIALISING,
        BrokerageState.BROKERAGE,
    ]


def test_the_gateway_asks_by_itself_after_its_delay() -> None:
    kept = roster()
    session = kept.open(DEMO, START, GATEWAY)

    states = []
    for seconds in (2, 3, 5):
        kept.sweep(START + seconds * SECOND)
        states.append(session.state)

    assert states == [
        BrokerageState.READ_ONLY,
        BrokerageState.INITIALISING,
        BrokerageState.BROKERAGE,
    ]


def test_a_headless_sign_in_is_served_at_once_and_later_ones_warm_up() -> None:
    kept = roster()
    session = kept.open(DEMO, START, HEADLESS)
    at_once = session.has_brokerage
    other = served(kept)

    kept.initialise(session, LATER, compete=True)

    assert at_once
    assert other.state is BrokerageState.COMPETING
    assert session.state is BrokerageState.INITIALISING


def test_every_entry_into_the_brokerage_tier_asks_for_the_accounts_again() -> None:
    kept = roster()
    session, rival = served(kept), kept.open(DEMO, LATER, HOSTED)
    queried = []
    for turn in range(3):
        session.accounts_queried = True
        at = LATER + turn * 10 * SECOND
        kept.initialise(rival, at, compete=True)
        kept.initialise(session, at + SECOND, compete=True)
        kept.sweep(at + 3 * SECOND)
        assert session.has_brokerage
        queried.append(session.accounts_queried)

    assert queried == [False, False, False]


def test_asking_again_for_what_is_there_changes_nothing() -> None:
    kept = roster()
    session = kept.open(DEMO, START, HOSTED)
    kept.initialise(session, START, compete=True)
    kept.initialise(session, START + SECOND, compete=False)
    kept.sweep(LATER)
    session.accounts_queried = True

    for compete in (True, False):
        kept.initialise(session, LATER + SECOND, compete=compete)

    assert session.has_brokerage
    assert session.accounts_queried
    assert kept.contests.count(DEMO.user_name) == 0


# --- competition ----------------------------------------------------------------------------------


def test_who_competes_takes_the_brokerage_session_at_once() -> None:
    kept = roster()
    first, second = served(kept), kept.open(DEMO, LATER, HOSTED)

    kept.initialise(second, LATER, compete=True)

    assert first.state is BrokerageState.COMPETING
    assert (status(first).is_authenticated, status(first).is_competing) == (False, True)
    assert second.state is BrokerageState.INITIALISING
    assert kept.holders == {"demo": second}
    assert endings(kept) == [(1, Tier.BROKERAGE, Cause.TAKEN, LATER)]


@pytest.mark.parametrize("warm", [True, False])
def test_who_does_not_compete_stays_out_while_the_holder_is_busy(warm: bool) -> None:
    kept = roster()
    first = kept.open(DEMO, START, HOSTED)
    kept.initialise(first, START, compete=True)
    at = LATER if warm else START
    second = kept.open(DEMO, at, HOSTED)

    kept.initialise(second, at, compete=False)

    assert second.state is BrokerageState.COMPETING
    assert first.is_active
    assert kept.holders == {"demo": first}
    assert not kept.endings


def test_who_stayed_out_gets_in_when_the_other_has_logged_out() -> None:
    kept = roster()
    first, second = served(kept), kept.open(DEMO, LATER, HOSTED)
    kept.initialise(second, LATER, compete=False)
    kept.log_out(first, LATER)
    still = second.state

    kept.initialise(second, LATER, compete=False)

    assert still is BrokerageState.COMPETING
    assert second.state is BrokerageState.INITIALISING


def test_who_lost_takes_it_back_with_compete() -> None:
    kept = roster()
    first, second = served(kept), kept.open(DEMO, LATER, HOSTED)
    kept.initialise(second, LATER, compete=True)

    kept.initialise(first, LATER + SECOND, compete=True)

    assert first.state is BrokerageState.INITIALISING
    assert second.state is BrokerageState.COMPETING
    assert kept.contests.count(DEMO.user_name) == 2


def test_an_idle_holder_loses_without_competition() -> None:
    kept = roster()
    first = served(kept)
    at = minutes(5) + SECOND // 2
    second = kept.open(DEMO, at, HOSTED)
    fading = first.state

    kept.initialise(second, at, compete=False)

    assert fading is BrokerageState.FADING
    assert first.state is BrokerageState.COMPETING
    assert second.state is BrokerageState.INITIALISING


def test_another_user_name_is_no_competition() -> None:
    kept = roster()
    first, second = served(kept), served(kept, ANN)

    assert first.has_brokerage
    assert kept.holders == {"demo": first, "ann": second}


def test_sixty_who_compete_at_once_leave_one_winner() -> None:
    kept = roster()
    sessions = [kept.open(DEMO, START, HOSTED) for _ in range(60)]

    for turn in range(3):
        for session in sessions:
            kept.initialise(session, START + turn * SECOND, compete=True)
        assert [one for one in sessions if one.is_active] == [sessions[-1]]
    kept.sweep(START + 10 * SECOND)

    assert [one for one in sessions if one.has_brokerage] == [sessions[-1]]
    assert kept.holders == {"demo": sessions[-1]}
    assert kept.contests.count(DEMO.user_name) == 179


def test_changes_are_told_at_once_and_the_loser_first() -> None:
    kept = roster()
    first, second = served(kept), kept.open(DEMO, LATER, HOSTED)
    told: list[tuple[Session, BrokerageState]] = []
    kept.changed.append(lambda session: told.append((session, session.state)))

    kept.initialise(second, LATER, compete=True)
    kept.sweep(LATER + 2 * SECOND)

    assert told == [
        (first, BrokerageState.COMPETING),
        (second, BrokerageState.INITIALISING),
        (second, BrokerageState.BROKERAGE),
    ]


# --- platforms where a person sits ----------------------------------------------------------------


def test_a_person_at_a_platform_takes_the_brokerage_session() -> None:
    kept = roster()
    program = served(kept)

    person = kept.open_platform(DEMO, LATER, name="TWS")

    assert program.state is BrokerageState.COMPETING
    assert person.has_brokerage
    assert label(person) == "session 2 (platform, TWS)"


def test_a_person_who_loses_is_out() -> None:
    kept = roster()
    program = served(kept)
    person = kept.open_platform(DEMO, LATER, name="mobile")

    kept.initialise(program, LATER + SECOND, compete=True)

    assert person.is_ended
    assert endings(kept)[-1] == (2, Tier.OUTER, Cause.TAKEN, LATER + SECOND)
    assert program.is_active


def test_a_stubborn_platform_takes_it_back_again_and_again() -> None:
    kept = roster()
    program = served(kept)
    person = kept.open_platform(DEMO, LATER, name="TWS", retakes_after=5 * SECOND)
    holders = []
    for second in (1, 5, 6, 7, 12):
        if not program.is_active and second in {1, 7}:
            kept.initialise(program, LATER + second * SECOND, compete=True)
        kept.sweep(LATER + second * SECOND)
        holders.append(kept.holders["demo"])

    assert holders == [program, program, person, program, person]
    fighters = kept.contests.fighters(DEMO.user_name, LATER + 12 * SECOND)
    assert set(fighters) == {label(program), label(person)}


def test_a_person_is_never_idle() -> None:
    kept = roster()
    person = kept.open_platform(DEMO, START, name="TWS")

    kept.sweep(START + 30 * HOUR)

    assert person.has_brokerage
    assert kept.idles_in(person, START) is None


# --- many -----------------------------------------------------------------------------------------


def test_sessions_that_are_gone_leave_nothing_behind() -> None:
    kept = roster()

    for number in range(5_000):
        session = kept.open(DEMO, START + number, HOSTED)
        kept.end(session, START + number, Cause.REVOKED)

    assert not kept.by_id
    assert len(kept._deadlines) < 2_000
    assert len(kept.endings) == 1_000


def test_a_busy_session_is_looked_at_seldom() -> None:
    kept = roster()
    session = served(kept)
    looked = 0
    due = kept._due

    def counted(one: Session) -> object:
        nonlocal looked
        looked += 1
        return due(one)

    kept._due = counted  # type: ignore[assignment, method-assign]
    for second in range(3_600):
        kept.use(session, LATER + second * SECOND)

    assert session.has_brokerage
    assert looked < 60
