"""Transitions of a session, one test each: idleness, age, logout; the times are the wall's."""

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
from paperdesk.auth.roster import Opening
from paperdesk.auth.sessions import BrokerageState
from paperdesk.auth.statuses import status
from paperdesk.base.units import HOUR, MINUTE, SECOND

# --- BROKERAGE to IDLE_OUT to NONE ----------------------------------------------------------------


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


# --- NONE by age, logout, revocation --------------------------------------------------------------


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
