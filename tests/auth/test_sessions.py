from paperdesk.auth.sessions import BrokerageState, Session, SessionSettings, nobody
from paperdesk.base.ids import AccountId, UserName

SECOND = 1_000_000
START = 1_788_875_891 * SECOND


def signed_in(*, warm_up: int = 2 * SECOND, logout_keeps_sso: bool = False) -> Session:
    return Session(
        session_id="0" * 32,
        brokerage_id="68b0aa12.0000001e",
        user_name=UserName("demo"),
        account_ids=(AccountId("DU1234567"),),
        is_paper=True,
        signed_in_at=START,
        last_used_at=START,
        selected=AccountId("DU1234567"),
        settings=SessionSettings(warm_up=warm_up, logout_keeps_sso=logout_keeps_sso),
    )


def test_a_brokerage_session_is_established_after_its_warm_up() -> None:
    session = signed_in(warm_up=2 * SECOND)

    session.initialise(START)
    assert session.state is BrokerageState.INITIALISING
    assert not session.has_brokerage

    session.use(START + 2 * SECOND - 1)
    assert not session.has_brokerage
    session.use(START + 2 * SECOND)
    assert session.has_brokerage


def test_the_gateway_asks_for_the_brokerage_session_by_itself_after_login() -> None:
    session = signed_in(warm_up=2 * SECOND)
    session.initialises_at = START + 3 * SECOND

    states = []
    for at in (2, 3, 60):
        session.use(START + at * SECOND)
        states.append(session.state)

    assert states == [
        BrokerageState.READ_ONLY,
        BrokerageState.INITIALISING,
        BrokerageState.BROKERAGE,
    ]
    assert session.established_at == START + 5 * SECOND


def test_asking_again_for_what_is_there_keeps_it() -> None:
    session = signed_in(warm_up=0)
    session.initialise(START)
    session.accounts_queried = True

    session.initialise(START + SECOND)

    assert session.has_brokerage
    assert session.accounts_queried


def test_a_new_brokerage_session_has_to_ask_for_its_accounts_again() -> None:
    session = signed_in(warm_up=0, logout_keeps_sso=True)
    session.initialise(START)
    session.accounts_queried = True

    session.log_out()
    assert not session.has_brokerage
    assert not session.is_ended
    session.initialise(START + SECOND)

    assert session.has_brokerage
    assert not session.accounts_queried


def test_logging_out_ends_everything() -> None:
    session = signed_in(warm_up=0)
    session.initialise(START)

    session.log_out()
    session.initialise(START)

    assert session.is_ended
    assert not session.has_brokerage


def test_each_request_lifts_the_sso_counter() -> None:
    session = signed_in()

    assert session.expires_in(START + 139 * SECOND) == 461_000
    session.use(START + 139 * SECOND)
    assert session.expires_in(START + 139 * SECOND) == 600_000
    assert session.expires_in(START + 9_000 * SECOND) == 0


def test_nobody_may_do_nothing() -> None:
    assert nobody().is_ended
    assert nobody().account_ids == ()
    assert nobody().session_id == ""
