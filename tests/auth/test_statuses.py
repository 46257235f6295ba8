import pytest

from paperdesk.auth.sessions import BrokerageState, nobody
from paperdesk.auth.statuses import Status, status


@pytest.mark.parametrize(
    ("state", "authenticated", "established"),
    [
        (BrokerageState.READ_ONLY, False, False),
        (BrokerageState.INITIALISING, True, False),
        (BrokerageState.BROKERAGE, True, True),
    ],
)
def test_status_follows_the_brokerage_tier(
    state: BrokerageState, authenticated: bool, established: bool
) -> None:
    session = nobody()
    session.is_ended = False
    session.state = state

    assert status(session) == Status(
        is_authenticated=authenticated,
        is_established=established,
        is_competing=False,
        is_connected=True,
    )


def test_nobody_is_neither_authenticated_nor_connected() -> None:
    assert status(nobody()) == Status(
        is_authenticated=False, is_established=False, is_competing=False, is_connected=False
    )
