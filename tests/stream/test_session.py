from typing import TYPE_CHECKING, cast

import pytest
from tests.serving import START, StandIn

if TYPE_CHECKING:
    from paperdesk.desk.desk import Desk

from paperdesk.auth.sessions import BrokerageState, Session, nobody
from paperdesk.base.ids import UserName
from paperdesk.stream import frames
from paperdesk.stream import session as topics
from paperdesk.stream.grammar import Wish
from paperdesk.stream.subscriber import Audience, Subscriber, Tables


def subscriber(session: Session) -> Subscriber:
    def used(one: Session, at: int) -> None:
        one.last_used_at = at

    audience = Audience(cast("Desk", StandIn()), Tables(topics={}), lambda _: None, used)
    audience.now = START
    return audience.join(session)


def signed_in(state: BrokerageState) -> Session:
    session = nobody()
    session.is_ended = False
    session.session_id = "ab" * 16
    session.user_name = UserName("demo")
    session.state = state
    return session


def test_system_says_who_has_signed_in() -> None:
    told = topics.system(subscriber(signed_in(BrokerageState.BROKERAGE)))

    assert told == {"topic": "system", "success": "demo", "isFT": False, "isPaper": True}


def test_sts_says_all_there_is_to_say_of_a_brokerage_session() -> None:
    told = topics.sts(subscriber(signed_in(BrokerageState.BROKERAGE)))

    assert told == {
        "topic": "sts",
        "args": {
            "connected": True,
            "authenticated": True,
            "established": True,
            "competing": False,
            "message": "",
            "fail": "",
            "serverName": "PdkZ10001",
            "serverVersion": "Build 10.45.1a, Apr 22, 2026 1:39:05 PM",
            "username": "demo",
        },
    }


@pytest.mark.parametrize("state", [BrokerageState.READ_ONLY, BrokerageState.IDLE_OUT])
def test_sts_says_nothing_where_nobody_asked_for_a_brokerage_session(
    state: BrokerageState,
) -> None:
    assert topics.sts(subscriber(signed_in(state))) is None


@pytest.mark.parametrize(
    ("state", "competing", "connected"),
    [(BrokerageState.COMPETING, True, True), (BrokerageState.RESET, False, False)],
)
def test_sts_says_to_whom_a_brokerage_session_was_lost(
    state: BrokerageState, competing: bool, connected: bool
) -> None:
    told = topics.sts(subscriber(signed_in(state)))

    assert told is not None
    args = told["args"]
    assert isinstance(args, dict)
    assert (args["authenticated"], args["competing"], args["connected"]) == (
        False,
        competing,
        connected,
    )


def test_tic_counts_as_a_request() -> None:
    listener = subscriber(signed_in(BrokerageState.BROKERAGE))
    listener.take()

    topics.tic(listener, Wish("tic"))

    assert listener.session.last_used_at == START
    assert b'"topic":"tic","alive":true,"id":"abab' in listener.take()


def test_ech_gives_its_word_back() -> None:
    listener = subscriber(signed_in(BrokerageState.BROKERAGE))
    listener.take()

    topics.ech(listener, Wish("ech", "hb"))

    assert listener.take() == frames.frame(b'{"topic":"ech+hb","hb":1788875891000}')
