from tests.serving import PAPER, START

from paperdesk.auth.roster import Cause, Opening, Roster
from paperdesk.auth.sessions import BrokerageState, Session, SessionSettings

SECOND = 1_000_000


def roster(*, logout_keeps_sso: bool = False) -> Roster:
    numbers = iter(range(10, 100))
    settings = SessionSettings(warm_up=2 * SECOND, logout_keeps_sso=logout_keeps_sso)
    return Roster(settings, lambda count: f"{next(numbers):0{2 * count}x}")


def test_a_session_is_found_by_its_id_while_it_lives() -> None:
    kept = roster()
    session = kept.open(PAPER, START, Opening(face="hosted", credential="oauth2 firm"))

    found = kept.find(session.session_id)
    kept.log_out(session, START)

    assert found is session
    assert kept.find(session.session_id) is None
    assert kept.find("") is None


def test_a_session_waits_to_be_asked_for_its_brokerage_tier() -> None:
    kept = roster()
    session = kept.open(PAPER, START, Opening())

    kept.use(session, START + 60 * SECOND)
    before = session.state
    kept.initialise(session, START + 60 * SECOND, compete=True)
    kept.use(session, START + 62 * SECOND)

    assert before is BrokerageState.READ_ONLY
    assert session.has_brokerage


def test_every_ending_has_a_cause() -> None:
    kept = roster()
    first = kept.open(PAPER, START, Opening())
    second = kept.open(PAPER, START, Opening(face="hosted", credential="oauth1 A b"))

    kept.log_out(first, START + 1)
    kept.end(second, START + 2, Cause.REVOKED)
    kept.end(second, START + 3, Cause.REPLACED)

    told = [(end.session_id, end.face, end.cause, end.at) for end in kept.endings]
    assert told == [
        (first.session_id, "gateway", Cause.LOGOUT, START + 1),
        (second.session_id, "hosted", Cause.REVOKED, START + 2),
    ]


def test_a_logout_that_keeps_the_outer_session_ends_nothing() -> None:
    kept = roster(logout_keeps_sso=True)
    session = kept.open(PAPER, START, Opening())

    kept.log_out(session, START)

    assert kept.find(session.session_id) is session
    assert not kept.endings


def test_changes_are_told_at_once() -> None:
    kept = roster()
    told: list[Session] = []
    kept.changed.append(told.append)
    session = kept.open(PAPER, START, Opening())

    kept.initialise(session, START, compete=True)
    kept.log_out(session, START)

    assert told == [session, session]
