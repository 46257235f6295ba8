"""Market data on the stream: smd rows as differences, smh history in one answer.

A row is worked out and encoded once a tick for a contract and its fields (`api/snapshots.py`); all
sockets that stand at the same version are handed the same bytes.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from paperdesk.api import history
from paperdesk.api.marketdata import LINES_MAX, TRAVEL_MS
from paperdesk.api.snapshots import Shown, board, difference
from paperdesk.auth.sessions import Session, Subscription
from paperdesk.base.units import MINUTE, Duration, Instant
from paperdesk.desk.desk import Desk
from paperdesk.stream.frames import message
from paperdesk.stream.grammar import Wish

LINE_LIFE: Final[Duration] = 10 * MINUTE
"""After this a line ends in silence unless it was asked for again (wall time)."""

FIELDS_MAX: Final = 50
TAG_LENGTH_MAX: Final = 5
FIRST: Final = 0
"""The version of a socket that has seen nothing yet."""


class Line(msgspec.Struct, eq=False):
    """A socket's market data of one contract: what it asked for and what it has seen.

    `conidex` is the target as the client spelt it; `ends_at` is wall time.
    """

    conidex: str
    fields: tuple[str, ...]
    ends_at: Instant
    shown: Shown | None = None


def is_conidex(target: str) -> bool:
    """Say whether a target is `265598` or `265598@ARCA`."""
    digits, _, exchange = target.partition("@")
    is_conid = digits.isascii() and digits.isdigit() and len(digits) <= CONID_DIGITS_MAX
    return is_conid and (exchange == "" or exchange.isalnum())


CONID_DIGITS_MAX: Final = 10


def begin(session: Session, wish: Wish, line: Line | None, now: Instant) -> Line | None:
    """Open a contract's line, or add fields to one and renew it.

    Returns:
        The line; None for a target that is no contract id, or when all of the user's lines are
        taken (then nothing comes, as on the real service).
    """
    if not is_conidex(wish.target):
        return None
    if wish.target not in session.subscriptions:
        if len(session.subscriptions) >= LINES_MAX:
            return None
        session.subscriptions[wish.target] = Subscription(opened_at=now, fields={})
    known = session.subscriptions[wish.target].fields
    asked = _fields(wish.arguments)
    for tag in asked:
        known.setdefault(tag, now)
    before = () if line is None else line.fields
    fields = tuple(dict.fromkeys((*before, *asked)))[:FIELDS_MAX]
    return Line(conidex=wish.target, fields=fields, ends_at=now + LINE_LIFE)


def _fields(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    asked = arguments.get("fields")
    if not isinstance(asked, list):
        return ()
    return tuple(str(tag) for tag in asked[:FIELDS_MAX] if len(str(tag)) <= TAG_LENGTH_MAX)


def is_over(session: Session, line: Line, now: Instant) -> bool:
    """Say whether a line has ended: by age, or because an HTTP request closed it."""
    return now >= line.ends_at or line.conidex not in session.subscriptions


def end(session: Session, line: Line) -> None:
    """Give a line back."""
    session.subscriptions.pop(line.conidex, None)


def next_frame(desk: Desk, session: Session, line: Line) -> bytes | None:
    """Return the frame that brings a socket up to the tick, None when nothing has changed.

    The first frame has every field that has a value, later ones what is new since the last.
    """
    shown = board(desk).shown(line.conidex, line.fields, session.selected)
    before = line.shown
    if shown is before:
        return None
    line.shown = shown
    version = FIRST if before is None else before.version
    if version not in shown.deltas:
        row = difference(shown, before)
        shown.deltas[version] = message({**row, "topic": f"smd+{line.conidex}"})
    return shown.deltas[version]


def history_answer(desk: Desk, wish: Wish) -> tuple[str, dict[str, Any]]:
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
    )
    found = history.answer(desk, asked, TRAVEL_MS)
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
    """Return the columns that a format like `%o/%c/%h/%l` names; the time always comes along."""
    named = tuple(name for name in "ochlv" if f"%{name}" in form)
    return (*(named or tuple("ochlv")), "t")
