from tests.auth.rosters import ANN, DEMO, HOSTED, START, minutes, roster

from paperdesk.auth.attendance import Attendance
from paperdesk.auth.endings import Cause
from paperdesk.auth.gateway import Gateway
from paperdesk.auth.roster import Roster
from paperdesk.auth.sessions import BrokerageState
from paperdesk.base.units import DAY, HOUR, SECOND


def attended(**settings: object) -> tuple[Roster, Gateway, Attendance]:
    kept = roster(**settings)
    gateway = Gateway(kept)
    users = {user.user_name: user for user in (DEMO, ANN)}
    return kept, gateway, Attendance(gateway, kept, users)


def midnight(kept: Roster, attendance: Attendance, at: int = START) -> None:
    attendance.through(at, lambda when: kept.end_all(when, Cause.MIDNIGHT))


def test_the_first_sign_in_has_its_brokerage_session_at_once() -> None:
    _, gateway, attendance = attended()

    session = attendance.sign_in(DEMO.user_name, START)

    assert session is gateway.session
    assert session.has_brokerage


def test_after_midnight_it_signs_in_again_as_a_person_would() -> None:
    kept, gateway, attendance = attended()
    first = attendance.sign_in(DEMO.user_name, START)
    first.accounts_queried = True

    midnight(kept, attendance)
    second = gateway.session
    at_first = second.state
    kept.sweep(START + 5 * SECOND)

    assert first.is_ended
    assert second is not first
    assert at_first is BrokerageState.READ_ONLY
    assert second.has_brokerage
    assert not second.accounts_queried


def test_it_signs_in_whoever_the_desk_knows_by_that_name_then() -> None:
    kept = roster()
    gateway, users = Gateway(kept), {DEMO.user_name: DEMO}
    attendance = Attendance(gateway, kept, users)
    attendance.sign_in(DEMO.user_name, START)
    users[DEMO.user_name] = ANN

    midnight(kept, attendance)

    assert gateway.session.account_ids == ANN.account_ids


def test_after_an_outage_it_asks_for_the_brokerage_session() -> None:
    kept, gateway, attendance = attended()
    session = attendance.sign_in(DEMO.user_name, START)
    kept.go_away(START, Cause.NIGHTLY_RESET)
    reset = session.state

    kept.come_back(minutes(1))
    attendance.restore(minutes(1))
    kept.sweep(minutes(1) + 2 * SECOND)

    assert reset is BrokerageState.RESET
    assert gateway.session is session
    assert session.has_brokerage
    assert not session.accounts_queried


def test_midnight_within_an_outage_is_made_up_for_afterwards() -> None:
    kept, gateway, attendance = attended()
    attendance.sign_in(DEMO.user_name, START)
    kept.go_away(START, Cause.NIGHTLY_RESET)

    midnight(kept, attendance)
    kept.sweep(minutes(1))
    during = gateway.session.has_brokerage
    kept.come_back(minutes(1))
    attendance.restore(minutes(1))
    kept.sweep(minutes(2))

    assert not during
    assert gateway.session.has_brokerage


def test_it_does_not_keep_a_brokerage_session_that_nobody_uses() -> None:
    kept, gateway, attendance = attended()
    attendance.sign_in(DEMO.user_name, START)

    kept.sweep(START + HOUR)
    attendance.restore(START + HOUR)

    assert gateway.session.state is BrokerageState.IDLE_OUT


def test_a_session_that_grows_too_old_is_followed_by_another() -> None:
    kept, gateway, attendance = attended()
    first = attendance.sign_in(DEMO.user_name, START)

    kept.sweep(START + 3 * DAY)

    assert first.is_ended
    assert not gateway.session.is_ended
    assert [row.cause for row in kept.endings if row.cause is not Cause.IDLE] == [Cause.AGED] * 3


def test_who_has_logged_out_stays_out() -> None:
    kept, gateway, attendance = attended()
    session = attendance.sign_in(DEMO.user_name, START)
    kept.log_out(session, START)

    midnight(kept, attendance)
    attendance.restore(START)

    assert gateway.session.is_ended


def test_a_person_who_signs_in_on_the_page_is_nobodys_to_look_after() -> None:
    kept, gateway, attendance = attended()
    attendance.sign_in(DEMO.user_name, START)
    gateway.sign_in(ANN, START)

    midnight(kept, attendance)
    attendance.restore(START)

    assert gateway.session.is_ended


def test_nobody_is_signed_in_who_never_was() -> None:
    kept, gateway, attendance = attended()
    kept.open(DEMO, START, HOSTED)

    midnight(kept, attendance)
    attendance.restore(START)

    assert gateway.session.is_ended
