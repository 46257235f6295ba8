import json
from typing import TYPE_CHECKING, Any, cast

import pytest
from tests.serving import SECOND, START, StandIn

if TYPE_CHECKING:
    from paperdesk.desk.desk import Desk

from paperdesk.auth.sessions import BrokerageState, Session, nobody
from paperdesk.base.errors import Refusal
from paperdesk.base.ids import UserName
from paperdesk.base.slices import Slices, whole
from paperdesk.kernel.messages.clock import ClockAdvanced
from paperdesk.kernel.state.world import World
from paperdesk.stream import frames
from paperdesk.stream import subscriber as module
from paperdesk.stream.grammar import Wish
from paperdesk.stream.subscriber import Audience, Closing, Subscriber, Tables, Topic

SESSION = "ab" * 16


def listen(subscriber: Subscriber, wish: Wish) -> None:
    subscriber.subscribe(wish.topic, wish.target, wish.arguments)
    subscriber.say({"heard": wish.echo})


def refuse(subscriber: Subscriber, wish: Wish) -> None:
    raise Refusal("no such thing")


def ponder(subscriber: Subscriber, wish: Wish) -> Slices[None]:
    if wish.target == "at once":
        return
    yield
    if wish.target == "in vain":
        raise Refusal("no such thing")
    subscriber.say({"thought": wish.echo})


def forget(subscriber: Subscriber, wish: Wish) -> None:
    subscriber.unsubscribe("smd", wish.target)


def told(audience: Audience, world: World, event: ClockAdvanced) -> None:
    for line in audience.listeners("smd"):
        line.subscriber.say({"topic": line.echo, "at": event.at})


def ticked(audience: Audience) -> None:
    for line in audience.listeners("smd"):
        line.subscriber.say({"topic": line.echo})


TABLES = Tables(
    topics={
        "smd": Topic(listen),
        "spl": Topic(listen, needs_brokerage=False),
        "bad": Topic(refuse),
        "long": Topic(ponder),
        "umd": Topic(forget),
    },
    greeting=(lambda s: {"hello": s.session.user_name}, lambda _: None),
    heard={ClockAdvanced: (told,)},
    ticks=(ticked,),
)


def session(state: BrokerageState = BrokerageState.BROKERAGE) -> Session:
    made = nobody()
    made.is_ended = False
    made.session_id = SESSION
    made.user_name = UserName("demo")
    made.state = state
    return made


def audience(known: Session | None = None) -> Audience:
    made = Audience(
        cast("Desk", StandIn()), TABLES, lambda given: known if given == SESSION else None
    )
    made.now = START
    return made


def said(subscriber: Subscriber) -> list[Any]:
    """Return what the outbox holds, decoded, and empty it."""
    taken, messages = subscriber.take(), []
    while taken:
        length, start = taken[1], 2
        if length == 126:
            length, start = int.from_bytes(taken[2:4], "big"), 4
        messages.append(json.loads(taken[start : start + length]))
        taken = taken[start + length :]
    return messages


def test_a_subscriber_with_a_session_is_greeted() -> None:
    assert said(audience().join(session())) == [{"hello": "demo"}]


def test_one_without_a_session_waits_and_loses_what_it_says_too_early() -> None:
    known = session()
    subscriber = audience(known).join(None)

    subscriber.receive("smd+1+{}")
    subscriber.receive('{"session":"wrong"}')
    subscriber.receive(f'{{"session":"{SESSION}"}}')
    subscriber.receive("smd+1+{}")

    waiting = {"message": "waiting for session"}
    assert said(subscriber) == [waiting, waiting, {"hello": "demo"}, {"heard": "smd+1"}]


def test_an_ended_session_is_none() -> None:
    gone = session()
    gone.is_ended = True

    assert said(audience().join(gone)) == [{"message": "waiting for session"}]


def test_a_second_session_message_is_taken_in_silence() -> None:
    subscriber = audience(session()).join(session())
    said(subscriber)

    subscriber.receive(f'{{"session":"{SESSION}"}}')

    assert said(subscriber) == []


@pytest.mark.parametrize(
    ("text", "error", "code"),
    [
        ("nothing", "Topic unknown nothing", 1),
        ("", "Topic unknown ", 1),
        ("smd+1+{", "Topic unknown smd+1+{", 1),
        ("bad+1", "no such thing", 2),
    ],
)
def test_a_wish_that_cannot_be_is_answered_with_an_error(text: str, error: str, code: int) -> None:
    subscriber = audience().join(session())
    said(subscriber)

    subscriber.receive(text)

    assert said(subscriber) == [{"error": error, "code": code}]


def test_what_takes_long_is_left_to_do() -> None:
    subscriber = audience().join(session())
    said(subscriber)

    work = subscriber.receive("long+1")
    early = said(subscriber)

    assert work is not None
    assert whole(work) is None
    assert (early, said(subscriber)) == ([], [{"thought": "long+1"}])
    assert subscriber.receive("long+at once") is None


def test_what_takes_long_may_be_refused_in_the_end() -> None:
    subscriber = audience().join(session())
    said(subscriber)

    work = subscriber.receive("long+in vain")

    assert work is not None
    whole(work)
    assert said(subscriber) == [{"error": "no such thing", "code": 2}]


def test_topics_of_the_brokerage_session_need_one() -> None:
    subscriber = audience().join(session(BrokerageState.READ_ONLY))
    said(subscriber)

    subscriber.receive("smd+1+{}")
    subscriber.receive("spl+{}")

    assert said(subscriber) == [{"error": "no bridge", "code": 2}, {"heard": "spl"}]


def test_events_and_ticks_reach_those_who_listen() -> None:
    room = audience()
    listener, other = room.join(session()), room.join(session())
    listener.receive("smd+1+{}")
    said(listener)
    said(other)

    cast("StandIn", room.desk).tell(ClockAdvanced(at=7))
    room.tick()

    assert said(listener) == [{"topic": "smd+1", "at": 7}, {"topic": "smd+1"}]
    assert said(other) == []


def test_a_line_is_one_however_often_it_is_asked_for() -> None:
    room = audience()
    subscriber = room.join(session())

    first = subscriber.subscribe("smd", "1", "old")
    second = subscriber.subscribe("smd", "1", "new")

    assert first is second
    assert second.state == "new"
    assert list(room.listeners("smd")) == [first]


def test_a_closed_line_is_told_nothing_more() -> None:
    room = audience()
    subscriber = room.join(session())
    subscriber.receive("smd+1+{}")
    subscriber.receive("umd+1+{}")
    subscriber.receive("umd+1+{}")
    said(subscriber)

    room.tick()

    assert said(subscriber) == []
    assert not room.is_listening


def test_there_is_an_end_to_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LINES_MAX", 2)
    subscriber = audience().join(session())
    said(subscriber)

    for target in ("1", "2", "2", "3"):
        subscriber.receive(f"smd+{target}+{{}}")

    heard = [{"heard": "smd+1"}, {"heard": "smd+2"}, {"heard": "smd+2"}]
    assert said(subscriber) == [*heard, {"error": "too many subscriptions", "code": 2}]


def test_who_leaves_listens_no_more() -> None:
    room = audience()
    subscriber = room.join(session())
    subscriber.receive("smd+1+{}")

    room.leave(subscriber)

    assert not room.is_listening
    assert not room.subscribers
    assert not room.spoken


@pytest.mark.parametrize(("messages", "size"), [(10, 1_000_000), (1_000_000, 1_000)])
def test_an_outbox_that_nobody_empties_closes_its_subscriber_alone(
    monkeypatch: pytest.MonkeyPatch, messages: int, size: int
) -> None:
    monkeypatch.setattr(module, "OUTBOX_MESSAGES_MAX", messages)
    monkeypatch.setattr(module, "OUTBOX_BYTES_MAX", size)
    room = audience()
    slow, quick = room.join(session()), room.join(session())
    slow.receive("smd+1+{}")
    quick.receive("smd+1+{}")
    frame = frames.message({"x": "x" * 90})

    for _ in range(20):
        slow.send(frame)
        quick.send(frame)
        quick.take()

    assert slow.closing == Closing(1008, "messages are not read")
    assert slow.take() == b""
    assert quick.closing is None
    assert [line.subscriber for line in room.listeners("smd")] == [quick]


def test_a_closed_subscriber_says_and_hears_nothing() -> None:
    subscriber = audience().join(session())
    said(subscriber)

    subscriber.close(1001, "going away")
    subscriber.close(1000, "again")
    subscriber.receive("smd+1+{}")
    subscriber.say({"late": True})

    assert subscriber.closing == Closing(1001, "going away")
    assert said(subscriber) == []


def test_a_change_of_the_session_is_told_once() -> None:
    room = audience()
    known = session(BrokerageState.READ_ONLY)
    subscriber = room.join(known)
    said(subscriber)
    for state in (BrokerageState.INITIALISING, BrokerageState.BROKERAGE):
        known.state = state
        room.tick()
        room.tick()

    first, second = said(subscriber)
    assert first["args"]["established"] is False
    assert second["args"]["established"] is True


def test_a_lost_brokerage_session_takes_the_lines_with_it() -> None:
    room = audience()
    known = session()
    subscriber = room.join(known)
    subscriber.receive("smd+1+{}")
    subscriber.receive("spl+{}")
    said(subscriber)

    known.state = BrokerageState.IDLE_OUT
    room.tick()

    assert said(subscriber)[0]["args"]["authenticated"] is False
    assert subscriber.closing is None
    assert list(subscriber.lines) == [("spl", "")]


def test_a_logout_closes() -> None:
    room = audience()
    known = session()
    subscriber = room.join(known)
    said(subscriber)

    known.is_ended = True
    room.tick()

    assert said(subscriber)[0]["topic"] == "sts"
    assert subscriber.closing == Closing(1000, "the session is over")


def test_who_never_names_a_session_is_closed_after_half_a_minute() -> None:
    room = audience()
    subscriber = room.join(None)

    room.now = START + 30 * SECOND
    room.tick()
    waits = subscriber.closing
    room.now += 1
    room.tick()

    assert waits is None
    assert subscriber.closing == Closing(1008, "no session")


def test_heartbeats_go_to_those_who_were_greeted() -> None:
    room = audience()
    greeted, waiting = room.join(session()), room.join(None)
    said(greeted)
    said(waiting)

    room.heartbeat()

    assert said(greeted) == [{"topic": "system", "hb": START // 1_000}]
    assert said(waiting) == []


def test_a_closing_audience_closes_everybody_and_hears_no_more() -> None:
    room = audience()
    subscriber = room.join(session())
    subscriber.receive("smd+1+{}")
    said(subscriber)

    room.close(1001, "the desk is closing")
    room.close(1001, "once more")
    cast("StandIn", room.desk).tell(ClockAdvanced(at=7))

    assert subscriber.closing == Closing(1001, "the desk is closing")
    assert said(subscriber) == []
