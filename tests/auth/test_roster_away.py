"""Transitions of a session, one test each: resets, and what is not permitted."""

import pytest
from tests.auth.rosters import (
    ANN,
    DEMO,
    GATEWAY,
    HOSTED,
    LATER,
    LOOKER,
    START,
    minutes,
    roster,
    served,
)

from paperdesk.auth.endings import Cause
from paperdesk.auth.refusals import BrokerageAway, NoTradingPermission
from paperdesk.auth.sessions import BrokerageState
from paperdesk.auth.statuses import status
from paperdesk.base.units import SECOND

# --- RESET ----------------------------------------------------------------------------------------


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


# --- permissions ----------------------------------------------------------------------------------


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
