import pytest

from paperdesk.auth.sessions import BrokerageState, nobody
from paperdesk.auth.statuses import Status, status


@pytest.mark.parametrize(
    ("state", "authenticated", "established", "competing", "connected"),
    [
        (BrokerageState.READ_ONLY, False, False, False, False),
        (BrokerageState.INITIALISING, True, False, False, True),
        (BrokerageState.BROKERAGE, True, True, False, True),
        (BrokerageState.FADING, True, True, False, True),
        (BrokerageState.IDLE_OUT, False, False, False, True),
        (BrokerageState.COMPETING, False, False, True, True),
        (BrokerageState.RESET, False, False, False, False),
    ],
)
def test_status_follows_the_brokerage_tier(
    state: BrokerageState,
    authenticated: bool,
    established: bool,
    competing: bool,
    connected: bool,
) -> None:
    session = nobody()
    session.is_ended = False
    session.state = state

    assert status(session) == Status(
        is_authenticated=authenticated,
        is_established=established,
        is_competing=competing,
        is_connected=connected,
    )


def test_who_is_about_to_ask_for_a_brokerage_session_is_connected() -> None:
    session = nobody()
    session.is_ended = False
    session.initialises_at = 1

    assert status(session).is_connected
    assert not status(session).is_authenticated


def test_nobody_is_neither_authenticated_nor_connected() -> None:
    assert status(nobody()) == Status(
        is_authenticated=False, is_established=False, is_competing=False, is_connected=False
    )
