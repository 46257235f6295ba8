"""Every transition of a session, one test each; the times are the wall's."""

import pytest
from tests.auth.rosters import ANN, DEMO, HOSTED, LATER, LOOKER, START, minutes, roster, served

from paperdesk.auth.endings import Cause, Tier
from paperdesk.auth.refusals import BrokerageAway, NoTradingPermission
from paperdesk.auth.roster import Opening, Roster, label
from paperdesk.auth.sessions import BrokerageState, Session
from paperdesk.auth.statuses import status
from paperdesk.base.units import HOUR, MINUTE, SECOND

GATEWAY = Opening(brokerage_after=3 * SECOND, is_pinged=True)
HEADLESS = Opening(brokerage_after=0, warm_up=0, is_pinged=True)


def endings(kept: Roster) -> list[tuple[int, Tier, Cause, int]]:
    return [(row.number, row.tier, row.cause, row.at) for row in kept.endings]


# --- NONE to READ_ONLY -------------------------------------------------------------------------


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


# --- READ_ONLY to INITIALISING to BROKERAGE ----------------------------------------------------


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


# --- competition -------------------------------------------------------------------------------


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


# --- platforms where a person sits -------------------------------------------------------------


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


# --- BROKERAGE to IDLE_OUT to NONE -------------------------------------------------------------


def test_an_idle_session_fades_then_loses_one_tier_then_the_other() -> None:
    kept = roster()
    session = served(kept)
    session.accounts_queried = True
    kept.use(session, minutes(1))

    seen = []
    for at in (minutes(6), minutes(6) + 1, minutes(6) + SECOND + 1, minutes(7), minutes(7) + 1):
        kept.sweep(at)
        seen.append((session.state.value, session.accounts_queried, session.is_ended))

    assert seen == [
        ("brokerage", True, False),
        ("fading", False, False),
        ("idle", False, False),
        ("idle", False, False),
        ("read-only", False, True),
    ]
    assert endings(kept) == [
        (1, Tier.BROKERAGE, Cause.IDLE, minutes(6) + SECOND + 1),
        (1, Tier.OUTER, Cause.IDLE, minutes(7) + 1),
    ]


def test_endings_have_their_own_instants_however_late_anybody_looks() -> None:
    kept = roster()
    session = served(kept)

    kept.use(session, START + 3 * HOUR)

    assert session.is_ended
    assert session.last_used_at == START
    assert [at for *_, at in endings(kept)] == [minutes(5) + SECOND + 1, minutes(6) + 1]


def test_each_request_keeps_both_tiers() -> None:
    kept = roster()
    session = served(kept)

    for minute in range(1, 60, 5):
        kept.use(session, minutes(minute))

    assert session.has_brokerage
    assert not kept.endings


def test_the_gateways_own_ping_keeps_the_outer_tier_alone() -> None:
    kept = roster()
    session = kept.open(DEMO, START, HEADLESS)

    kept.sweep(START + 3 * HOUR)

    assert session.state is BrokerageState.IDLE_OUT
    assert not session.is_ended
    assert status(session).is_connected


def test_an_idle_session_is_opened_again_by_asking() -> None:
    kept = roster()
    session = kept.open(DEMO, START, HEADLESS)
    kept.use(session, minutes(10))

    kept.initialise(session, minutes(10), compete=False)
    kept.sweep(minutes(10) + 2 * SECOND)

    assert session.has_brokerage


def test_nobody_grows_idle_while_time_is_held() -> None:
    kept = roster()
    session = served(kept)
    kept.hold(minutes(2))
    kept.sweep(minutes(60))
    held = session.state, kept.idles_in(session, minutes(60))

    kept.release(minutes(60))
    kept.sweep(minutes(63))
    after = session.state
    kept.sweep(minutes(63) + 1)

    assert held == (BrokerageState.BROKERAGE, None)
    assert after is BrokerageState.BROKERAGE
    assert session.state is BrokerageState.FADING


def test_a_session_says_how_long_it_may_be_idle() -> None:
    kept = roster()
    session = served(kept)

    assert kept.idles_in(session, minutes(1)) == 4 * MINUTE + 1
    kept.use(session, minutes(1))
    assert kept.idles_in(session, minutes(1)) == 5 * MINUTE + 1


def test_each_request_lifts_the_counter_of_the_outer_session() -> None:
    kept = roster()
    session = kept.open(DEMO, START, HOSTED)

    assert kept.expires_in(session, START + 139 * SECOND) == 461_000
    kept.use(session, START + 139 * SECOND)
    assert kept.expires_in(session, START + 139 * SECOND) == 600_000
    assert kept.expires_in(session, START + 9_000 * SECOND) == 0


def test_the_gateways_ping_lifts_the_counter_too() -> None:
    kept = roster()
    session = kept.open(DEMO, START, HEADLESS)

    assert kept.expires_in(session, minutes(4)) == 360_000
    assert kept.expires_in(session, minutes(16)) == 540_000


# --- NONE by age, logout, revocation -----------------------------------------------------------


def test_a_session_lives_for_24_hours_however_busy_it_is() -> None:
    kept = roster()
    session = kept.open(DEMO, START, HEADLESS)

    for minute in range(0, 24 * 60, 4):
        kept.use(session, minutes(minute))
    kept.sweep(START + 24 * HOUR - 1)
    before = session.is_ended
    kept.sweep(START + 24 * HOUR)

    assert (before, session.is_ended) == (False, True)
    assert endings(kept) == [(1, Tier.OUTER, Cause.AGED, START + 24 * HOUR)]


def test_a_session_ends_with_its_credential() -> None:
    kept = roster()
    opening = Opening(face="hosted", credential="oauth1 A b", expires_at=minutes(3))
    session = kept.open(DEMO, START, opening)

    kept.sweep(minutes(3))

    assert session.is_ended


def test_every_ending_has_a_cause_and_is_told() -> None:
    kept = roster()
    told: list[Cause] = []
    kept.ended.append(lambda ending: told.append(ending.cause))
    first = kept.open(DEMO, START, GATEWAY)
    second = kept.open(ANN, START, HOSTED)

    kept.log_out(first, START + 1)
    kept.end(second, START + 2, Cause.REVOKED)
    kept.end(second, START + 3, Cause.REPLACED)
    kept.log_out(second, START + 4)

    assert endings(kept) == [
        (1, Tier.OUTER, Cause.LOGOUT, START + 1),
        (2, Tier.OUTER, Cause.REVOKED, START + 2),
    ]
    assert told == [Cause.LOGOUT, Cause.REVOKED]
    assert kept.endings[1].credential == "oauth1 FIRM token"
    assert not kept.by_id
    assert not kept.by_number


def test_a_logout_gives_the_brokerage_session_away() -> None:
    kept = roster()
    session = served(kept)

    kept.log_out(session, LATER)
    kept.initialise(session, LATER, compete=True)

    assert session.is_ended
    assert not kept.holders


def test_a_logout_that_keeps_the_outer_session_ends_the_brokerage_tier() -> None:
    kept = roster(logout_keeps_sso=True)
    session = served(kept)

    kept.log_out(session, LATER)
    out = session.state
    kept.initialise(session, LATER, compete=True)

    assert out is BrokerageState.READ_ONLY
    assert session.is_active
    assert kept.find(session.session_id) is session
    assert endings(kept) == [(1, Tier.BROKERAGE, Cause.LOGOUT, LATER)]


# --- RESET -------------------------------------------------------------------------------------


def test_while_the_service_is_away_nobody_has_a_brokerage_session() -> None:
    kept = roster()
    busy, waiting, looking = served(kept), served(kept, ANN), kept.open(LOOKER, LATER, HOSTED)
    beaten = kept.open(ANN, LATER, HOSTED)
    kept.initialise(beaten, LATER, compete=False)

    kept.go_away(LATER, Cause.NIGHTLY_RESET)

    states = [one.state for one in (busy, waiting, beaten, looking)]
    assert states == [BrokerageState.RESET] * 3 + [BrokerageState.READ_ONLY]
    assert not status(busy).is_connected
    assert not kept.holders
    with pytest.raises(BrokerageAway):
        kept.initialise(busy, LATER, compete=True)
    assert not busy.is_ended


def test_after_the_outage_it_has_to_be_asked_for() -> None:
    kept = roster()
    session = served(kept)
    kept.go_away(LATER, Cause.NIGHTLY_RESET)

    kept.come_back(minutes(2))
    still = session.state
    kept.initialise(session, minutes(2), compete=False)
    kept.sweep(minutes(2) + 2 * SECOND)

    assert still is BrokerageState.RESET
    assert session.has_brokerage


def test_the_gateway_waits_with_its_own_request_until_the_service_is_back() -> None:
    kept = roster()
    session = kept.open(DEMO, START, GATEWAY)
    kept.go_away(START + SECOND, Cause.NIGHTLY_RESET)
    kept.sweep(minutes(1))
    during = session.state

    kept.come_back(minutes(2))

    assert during is BrokerageState.READ_ONLY
    assert session.state is BrokerageState.INITIALISING
    assert session.established_at == minutes(2) + 2 * SECOND


def test_people_at_platforms_are_thrown_out_and_the_stubborn_come_back() -> None:
    kept = roster()
    calm = kept.open_platform(DEMO, START, name="mobile")
    stubborn = kept.open_platform(ANN, START, name="TWS", retakes_after=5 * SECOND)

    kept.go_away(START + SECOND, Cause.NIGHTLY_RESET)
    with pytest.raises(BrokerageAway):
        kept.open_platform(DEMO, START + SECOND, name="TWS")
    kept.come_back(minutes(2))

    assert calm.is_ended
    assert stubborn.has_brokerage


def test_midnight_ends_every_session_and_cuts_credentials() -> None:
    kept = roster()
    sessions = [served(kept), kept.open(ANN, LATER, GATEWAY)]
    cut: list[int] = []
    kept.cut.append(cut.append)

    kept.end_all(LATER, Cause.MIDNIGHT)

    assert all(one.is_ended for one in sessions)
    assert cut == [LATER]
    assert {row.cause for row in kept.endings} == {Cause.MIDNIGHT}
    assert not kept.by_id
    assert not kept.holders


# --- permissions -------------------------------------------------------------------------------


def test_who_may_not_trade_never_has_a_brokerage_session() -> None:
    kept = roster()
    session = kept.open(LOOKER, START, GATEWAY)

    with pytest.raises(NoTradingPermission):
        kept.initialise(session, START, compete=True)
    with pytest.raises(NoTradingPermission):
        kept.open_platform(LOOKER, START, name="TWS")
    kept.sweep(minutes(1))

    assert session.state is BrokerageState.READ_ONLY
    assert not session.is_ended
    assert len(kept.by_id) == 1


# --- many --------------------------------------------------------------------------------------


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
