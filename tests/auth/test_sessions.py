import pytest

from paperdesk.auth.sessions import BrokerageState, nobody


def test_nobody_may_do_nothing() -> None:
    assert nobody().is_ended
    assert nobody().account_ids == ()
    assert nobody().session_id == ""
    assert not nobody().has_brokerage


@pytest.mark.parametrize(
    ("state", "is_served", "is_active"),
    [
        (BrokerageState.READ_ONLY, False, False),
        (BrokerageState.INITIALISING, False, True),
        (BrokerageState.BROKERAGE, True, True),
        (BrokerageState.FADING, True, False),
        (BrokerageState.IDLE_OUT, False, False),
        (BrokerageState.COMPETING, False, False),
        (BrokerageState.RESET, False, False),
    ],
)
def test_state_says_what_is_open(state: BrokerageState, is_served: bool, is_active: bool) -> None:
    session = nobody()
    session.state = state

    ended = session.has_brokerage, session.is_active
    session.is_ended = False

    assert ended == (False, False)
    assert (session.has_brokerage, session.is_active) == (is_served, is_active)


def test_a_new_brokerage_session_has_made_no_pre_flight() -> None:
    session = nobody()
    session.accounts_queried = session.orders_queried = session.pnl_queried = True
    session.portfolio_queried = True

    session.begin_brokerage()

    assert not session.accounts_queried
    assert not session.orders_queried
    assert not session.pnl_queried
    assert session.portfolio_queried


def test_a_session_knows_what_it_was_made_from() -> None:
    session = nobody()
    session.face, session.credential = "hosted", "oauth1 FIRM token"

    assert session.is_hosted
    assert session.is_signed
    assert not nobody().is_hosted
    assert not nobody().is_signed
