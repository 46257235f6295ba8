from collections.abc import Callable

from paperdesk.auth.endings import Cause
from paperdesk.auth.gateway import Gateway
from paperdesk.auth.roster import Roster
from paperdesk.auth.sessions import BrokerageState, SessionSettings
from paperdesk.base.ids import AccountId, UserName
from paperdesk.kernel.state.accounts import User

SECOND = 1_000_000
START = 1_788_875_891 * SECOND
DEMO = User(
    user_name=UserName("demo"),
    user_id=7,
    account_ids=(AccountId("DU1"), AccountId("DU2")),
    is_paper=True,
)


def draws() -> Callable[[int], str]:
    numbers = iter(range(10, 100))
    return lambda count: f"{next(numbers):0{2 * count}x}"


def roster() -> Roster:
    return Roster(SessionSettings(login_delay=3 * SECOND, warm_up=2 * SECOND), draws())


def gateway() -> Gateway:
    return Gateway(roster())


def test_nobody_is_in_at_first() -> None:
    assert gateway().session.is_ended


def test_a_sign_in_warms_up_by_itself() -> None:
    kept = roster()

    session = Gateway(kept).sign_in(DEMO, START)

    assert session.state is BrokerageState.READ_ONLY
    assert session.selected == "DU1"
    assert session.session_id == "0000000000000000000000000000000a"
    assert session.brokerage_id == "6aa01473.0000000b"
    kept.use(session, START + 5 * SECOND)
    assert session.has_brokerage


def test_a_headless_sign_in_is_established_at_once_and_later_ones_warm_up() -> None:
    session = gateway().sign_in(DEMO, START, is_headless=True)
    at_once = session.has_brokerage

    assert at_once
    assert session.warm_up == 2 * SECOND


def test_a_second_sign_in_ends_the_first() -> None:
    roster = Roster(SessionSettings(), draws())
    door = Gateway(roster)
    first = door.sign_in(DEMO, START)

    second = door.sign_in(DEMO, START + 1)

    assert first.is_ended
    assert roster.find(first.session_id) is None
    assert roster.find(second.session_id) is second
    assert [ending.cause for ending in roster.endings] == [Cause.REPLACED]
