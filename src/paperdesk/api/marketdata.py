"""Market data: snapshots with their pre-flight, unsubscribing, history.

The first request for a contract, or for a field of it, opens the line and answers identity alone;
values come from the next request on. Each open line takes one of the user's market data lines.
"""

from functools import lru_cache
from typing import Final

import msgspec

from paperdesk.api import history
from paperdesk.api.formats import dashed_time
from paperdesk.api.leniency import LenientInt
from paperdesk.api.paces import DOCUMENTED, HISTORY
from paperdesk.api.route import (
    CONID_DIGITS_MAX,
    Answer,
    BackendRefused,
    BadRequest,
    Call,
    Empty,
    Evidence,
    NoSuchPage,
    Query,
    Routes,
    SoftError,
    Tier,
    Wire,
)
from paperdesk.api.snapshots import board_of, conid_of, delay_of, encode, identity
from paperdesk.auth.sessions import Session, Subscription
from paperdesk.base.slices import Slices
from paperdesk.base.units import MILLISECOND, MINUTE, Duration, Instant
from paperdesk.market.source import Reading

routes = Routes(Tier.ACCOUNTS)
outer = Routes(Tier.SESSION)

CONIDS_MAX: Final = 100
FIELDS_MAX: Final = 50
LINES_MAX: Final = 100
LINE_LIFE: Final[Duration] = 10 * MINUTE
"""After this a line ends in silence unless it was asked for again (wall time)."""

LINE_FIELDS_MAX: Final = 500
TAG_LENGTH_MAX: Final = 5
EXCHANGE_LENGTH_MAX: Final = 12


class Unsubscribing(Wire):
    """The body of an unsubscribe request."""

    conid: LenientInt | None = None


class Confirmed(Wire):
    """The line is closed."""

    success: bool


class AllConfirmed(Wire):
    """All lines are closed."""

    unsubscribed: bool


class SnapshotAsked(msgspec.Struct, frozen=True):
    """A question for snapshots, understood: contracts as they were spelt, fields in their order."""

    conidexes: tuple[str, ...]
    tags: tuple[str, ...]
    tag_set: frozenset[str]
    since: int | None


@lru_cache(maxsize=2_000)
def snapshot_asked(query: Query) -> SnapshotAsked:
    """Return what a query asks for; the same query is remembered, and read once.

    Raises:
        BadRequest: no contract is named, one is none, or there are too many.
    """
    tags = _tags(query.items("fields"))
    return SnapshotAsked(
        conidexes=_conidexes(query.items("conids")),
        tags=tags,
        tag_set=frozenset(tags),
        since=query.integer("since"),
    )


@routes.get(
    "/iserver/marketdata/snapshot",
    evidence=Evidence.RECORDED,
    pace=DOCUMENTED["GET /iserver/marketdata/snapshot"],
)
def snapshot(call: Call[Empty]) -> Answer:
    """Show what the market shows of contracts; open their lines at the first request."""
    asked = snapshot_asked(call.query)
    rows = []
    for key in asked.conidexes:
        ready = open_line(call.session, key, asked, call.now)
        if ready is None:
            rows.append(encode(identity(key, conid_of(key))))
            continue
        shown = board_of(call.desk, call.session, conid_of(key))
        row = shown.shown(key, ready, call.session.selected)
        old = asked.since is not None and int(row.row["_updated"]) <= asked.since
        rows.append(encode(identity(key, conid_of(key))) if old else row.body)
    return Answer(body=b"[" + b",".join(rows) + b"]")


def open_line(
    session: Session, key: str, asked: SnapshotAsked, now: Instant
) -> tuple[str, ...] | None:
    """Open a contract's line, or ask more fields of an open one.

    Returns:
        The fields that were asked for before and so have values now, in the order of the request;
        None when the line has only just been opened, or when the user has no line left.
    """
    before = session.subscriptions.get(key)
    if before is None or before.used_at + LINE_LIFE <= now:
        line_of(session, key, asked.tags, now)
        return None
    if before.fields.keys() >= asked.tag_set:
        before.used_at = now
        return asked.tags
    ready = tuple(tag for tag in asked.tags if tag in before.fields)
    line_of(session, key, asked.tags, now)
    return ready


def line_of(session: Session, key: str, tags: tuple[str, ...], now: Instant) -> Subscription | None:
    """Return the line of a contract, opened or renewed, with more fields asked of it.

    None when all of the user's lines are taken; those that nobody has asked for long enough are
    free again.
    """
    lines = session.subscriptions
    line = lines.get(key)
    if line is None:
        if len(lines) >= LINES_MAX:
            for old in [name for name, row in lines.items() if row.used_at + LINE_LIFE <= now]:
                del lines[old]
        if len(lines) >= LINES_MAX:
            return None
        line = lines[key] = Subscription(opened_at=now, used_at=now, fields={})
    line.used_at = now
    for tag in tags:
        if len(line.fields) >= LINE_FIELDS_MAX:
            break
        line.fields.setdefault(tag, now)
    return line


def is_conidex(text: str) -> bool:
    """Say whether a text is `265598` or `265598@ARCA`."""
    digits, at, exchange = text.partition("@")
    is_conid = digits.isdigit() and len(digits) <= CONID_DIGITS_MAX
    is_route = exchange.isalnum() and len(exchange) <= EXCHANGE_LENGTH_MAX
    return text.isascii() and is_conid and (is_route or not at)


def _conidexes(items: list[str]) -> tuple[str, ...]:
    if not items:
        raise BadRequest("Bad Request: conids are required")
    if len(items) > CONIDS_MAX:
        raise BadRequest(f"Bad Request: more than {CONIDS_MAX} conids")
    if not all(is_conidex(item) for item in items):
        raise BadRequest("Bad Request: conid is not valid")
    return tuple(dict.fromkeys(items))


def _tags(items: list[str]) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(item for item in items if len(item) <= TAG_LENGTH_MAX))
    if len(tags) > FIELDS_MAX:
        raise BadRequest(f"Bad Request: more than {FIELDS_MAX} fields")
    return tags


@routes.post("/iserver/marketdata/unsubscribe", body=Unsubscribing, evidence=Evidence.RECORDED)
def unsubscribe(call: Call[Unsubscribing]) -> Confirmed:
    """Close a contract's line; one that is not open is an error of the backend."""
    if call.body.conid is None:
        raise BadRequest("Bad Request: conid is required")
    prefix = str(call.body.conid)
    keys = [key for key in call.session.subscriptions if key.partition("@")[0] == prefix]
    if not keys:
        raise BackendRefused("unknown")
    for key in keys:
        del call.session.subscriptions[key]
    return Confirmed(success=True)


@routes.get("/iserver/marketdata/unsubscribeall", evidence=Evidence.RECORDED)
def unsubscribe_all(call: Call[Empty]) -> AllConfirmed:
    """Close every line of the session."""
    call.session.subscriptions.clear()
    return AllConfirmed(unsubscribed=True)


@routes.get(
    "/iserver/marketdata/history",
    evidence=Evidence.RECORDED,
    pace=DOCUMENTED[HISTORY],
)
def bars(call: Call[Empty]) -> Slices[history.History]:
    """Return bars of a contract; at most a thousand, the newest."""
    query = call.query
    if not query.text("conid"):
        raise BadRequest("Bad Request: conid is required")
    contract = history.contract_of(call.desk, query.text("conid"))
    if query.integer("direction") == 1:
        raise SoftError("Chart data unavailable")
    period = history.period_of(query.text("period", history.DEFAULT_PERIOD))
    asked = history.HistoryAsked(
        contract=contract,
        period=period,
        size=history.bar_of(query.text("bar"), period),
        end=_end(call),
        reading=history.reading_of(query.text("source"), contract),
        outside_regular=query.flag("outsideRth"),
        delay=delay_of(call.desk, call.session, contract.conid),
    )
    return (yield from history.answer(call.desk, asked, TRAVEL_MS))


TRAVEL_MS: Final = 48
"""The recorded order of magnitude; a real measure would make answers differ from run to run."""


def _end(call: Call[Empty]) -> Instant:
    until = history.instant_of(call.query.text("startTime"))
    return call.desk.now if until is None else min(until, call.desk.now)


class BetaHistory(Wire):
    """What the beta service answers."""

    start_time: str
    start_time_val: int
    end_time: str
    end_time_val: int
    data: list[history.WireBar]
    points: int
    mkt_data_delay: int


@outer.get("/hmds/history", evidence=Evidence.SPECIFIED)
def beta_bars(call: Call[Empty]) -> Slices[BetaHistory]:
    """Return bars from the beta service, which wants /hmds/auth/init first."""
    if not call.session.hmds_initialised:
        raise NoSuchPage("/hmds/history")
    query = call.query
    contract = history.contract_of(call.desk, query.text("conid"))
    period = history.period_of(query.text("period", "1d"))
    asked = history.HistoryAsked(
        contract=contract,
        period=period,
        size=history.bar_of(query.text("bar"), period),
        end=_end(call),
        reading=BETA_READINGS.get(query.text("barType").lower(), Reading.TRADES),
        outside_regular=query.flag("outsideRth"),
        delay=delay_of(call.desk, call.session, contract.conid),
    )
    found = yield from history.answer(call.desk, asked)
    first, last = found.data[0].t, found.data[-1].t
    end = last + history.BAR_SECONDS[asked.size] * 1000
    return BetaHistory(
        start_time=dashed_time(first * MILLISECOND),
        start_time_val=first,
        end_time=dashed_time(end * MILLISECOND),
        end_time_val=end,
        data=found.data,
        points=len(found.data),
        mkt_data_delay=found.mkt_data_delay,
    )


BETA_READINGS: Final = {
    "last": Reading.TRADES,
    "bid": Reading.BID,
    "ask": Reading.ASK,
    "midpoint": Reading.MIDPOINT,
}
