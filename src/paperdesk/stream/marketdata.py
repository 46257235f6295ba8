"""Market data on the stream: smd rows as differences, smh history in one answer.

A row is worked out and encoded once a tick for a contract and its fields (`api/snapshots.py`); all
sockets that stand at the same version are handed the same bytes.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from paperdesk.api import history
from paperdesk.api.marketdata import (
    FIELDS_MAX,
    LINE_LIFE,
    TAG_LENGTH_MAX,
    TRAVEL_MS,
    is_conidex,
    line_of,
)
from paperdesk.api.snapshots import Shown, board_of, conid_of, delay_of, difference
from paperdesk.auth.sessions import Session
from paperdesk.base.slices import Slices
from paperdesk.base.units import Instant
from paperdesk.desk.desk import Desk
from paperdesk.stream.frames import message
from paperdesk.stream.grammar import Wish
from paperdesk.stream.subscriber import Audience, Subscriber, Topic

FIRST: Final = 0
"""The version of a socket that has seen nothing yet."""


class Feed(msgspec.Struct, eq=False):
    """What a socket asked of one contract and what it has seen; `ends_at` is wall time."""

    conidex: str
    fields: tuple[str, ...]
    ends_at: Instant
    shown: Shown | None = None


def smd(subscriber: Subscriber, wish: Wish) -> None:
    """Open a contract's line, or add fields to one and renew it; the first row follows at once.

    Nothing comes for what is no contract, nor when all of the user's lines are taken.
    """
    audience = subscriber.audience
    if not is_conidex(wish.target) or audience.desk.catalogue.find(conid_of(wish.target)) is None:
        return
    line = subscriber.line("smd", wish.target)
    feed = begin(subscriber.session, wish, None if line is None else line.state, audience.now)
    if feed is None:
        return
    subscriber.subscribe("smd", wish.target, feed)
    frame = next_frame(audience.desk, subscriber.session, feed)
    if frame is not None:
        subscriber.send(frame)


def umd(subscriber: Subscriber, wish: Wish) -> None:
    """Close a contract's line; nothing is answered."""
    if subscriber.unsubscribe("smd", wish.target) is not None:
        _release(subscriber, wish.target)


def _release(subscriber: Subscriber, target: str) -> None:
    """Give a line back to the user unless another of his sockets listens to it."""
    session = subscriber.session
    others = subscriber.audience.listeners("smd")
    if not any(row.target == target and row.subscriber.session is session for row in others):
        session.subscriptions.pop(target, None)


def tick(audience: Audience) -> None:
    """Bring every socket up to the tick."""
    for line in list(audience.listeners("smd")):
        subscriber = line.subscriber
        if is_over(subscriber.session, line.state, audience.now):
            subscriber.unsubscribe("smd", line.target)
            _release(subscriber, line.target)
            continue
        frame = next_frame(audience.desk, subscriber.session, line.state)
        if frame is not None:
            subscriber.send(frame)


def begin(session: Session, wish: Wish, feed: Feed | None, now: Instant) -> Feed | None:
    """Return the feed of a wish, with the fields of the one before it; None without a line."""
    asked = _fields(wish.arguments)
    if line_of(session, wish.target, asked, now) is None:
        return None
    before = () if feed is None else feed.fields
    fields = tuple(dict.fromkeys((*before, *asked)))[:FIELDS_MAX]
    return Feed(conidex=wish.target, fields=fields, ends_at=now + LINE_LIFE)


def _fields(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    asked = arguments.get("fields")
    if not isinstance(asked, list):
        return ()
    return tuple(str(tag) for tag in asked[:FIELDS_MAX] if len(str(tag)) <= TAG_LENGTH_MAX)


def is_over(session: Session, feed: Feed, now: Instant) -> bool:
    """Say whether a line has ended: by age, or because an HTTP request closed it."""
    return now >= feed.ends_at or feed.conidex not in session.subscriptions


def next_frame(desk: Desk, session: Session, feed: Feed) -> bytes | None:
    """Return the frame that brings a socket up to the tick, None when nothing has changed.

    The first frame has every field that has a value, later ones what is new since the last.
    """
    shown = board_of(desk, session, conid_of(feed.conidex)).shown(
        feed.conidex, feed.fields, session.selected
    )
    before = feed.shown
    if shown is before:
        return None
    feed.shown = shown
    version = FIRST if before is None else before.version
    found = shown.deltas.get(version)
    if found is None:
        row = difference(shown, before)
        found = shown.deltas[version] = message({**row, "topic": f"smd+{feed.conidex}"})
    return found


def smh(subscriber: Subscriber, wish: Wish) -> Slices[None]:
    """Answer bars, once; the answer holds one of five slots until umh gives it back."""
    held = [line for line in subscriber.lines.values() if line.topic == "smh"]
    if len(held) >= HISTORIES_MAX and subscriber.line("smh", wish.target) is None:
        subscriber.refuse("Too Many Requests")
        return
    server_id, content = yield from history_answer(
        subscriber.audience.desk, subscriber.session, wish
    )
    subscriber.subscribe("smh", wish.target, server_id)
    subscriber.say(content)


def umh(subscriber: Subscriber, wish: Wish) -> None:
    """Give the slot of a history answer back; the target is its server id."""
    for line in list(subscriber.lines.values()):
        if line.topic == "smh" and line.state == wish.target:
            subscriber.unsubscribe("smh", line.target)
    subscriber.say({"message": f"Unsubscribed {wish.target}"})


HISTORIES_MAX: Final = 5


def history_answer(desk: Desk, session: Session, wish: Wish) -> Slices[tuple[str, dict[str, Any]]]:
    """Return the one answer of an smh wish and the server id that umh names it by.

    Parameters that are not understood are ignored.

    Raises:
        Refusal: there is no such contract, or no data.
    """
    arguments = wish.arguments
    contract = history.contract_of(desk, wish.target)
    period = history.period_of(_text(arguments, "period", history.DEFAULT_PERIOD))
    asked = history.HistoryAsked(
        contract=contract,
        period=period,
        size=history.BAR_NAMES.get(_text(arguments, "bar"), history.default_bar(period)),
        end=desk.now,
        reading=history.reading_of(_text(arguments, "source"), contract),
        outside_regular=arguments.get("outsideRth") in TRUE,
        delay=delay_of(desk, session, contract.conid),
    )
    found = yield from history.answer(desk, asked, TRAVEL_MS)
    content: dict[str, Any] = msgspec.to_builtins(found)
    kept = _columns(_text(arguments, "format"))
    content["data"] = [{name: bar[name] for name in kept if name in bar} for bar in content["data"]]
    content["topic"] = wish.echo
    return found.server_id, content


TRUE: Final = (True, "true", "True", 1, "1")


def _text(arguments: Mapping[str, Any], name: str, default: str = "") -> str:
    told = arguments.get(name)
    return told if isinstance(told, str) and told else default


def _columns(form: str) -> tuple[str, ...]:
    """Return the columns that a format like `%o/%c/%h/%l` names.

    Volume and time always come along, as in a recorded answer to that format.
    """
    named = tuple(name for name in "ochl" if f"%{name}" in form)
    return (*(named or tuple("ochl")), "v", "t")


TOPICS: Final = {
    "smd": Topic(smd),
    "smh": Topic(smh),
    "umd": Topic(umd),
    "umh": Topic(umh),
}
