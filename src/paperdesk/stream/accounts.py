"""Accounts on the stream: profit and loss, account summary, ledger, and the accounts themselves.

Each topic has a first message with everything asked for, and later ones with what has changed
since. Messages are pure functions of a world: `initial_*` makes a first one from a picture of the
account, `changed_*` a later one from two pictures, None where they do not differ.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias, cast

import msgspec

from paperdesk.api.accounts import brokerage_accounts, partition_name, profit_row
from paperdesk.api.formats import double
from paperdesk.base.errors import Refusal
from paperdesk.base.ids import AccountId
from paperdesk.base.units import SECOND, Duration, Instant
from paperdesk.kernel.rules.exchange_rates import NoExchangeRate
from paperdesk.kernel.state.world import World
from paperdesk.stream.grammar import Wish
from paperdesk.stream.subscriber import Audience, Line, Subscriber, Topic
from paperdesk.views import cash, profit
from paperdesk.views.cash import Balance
from paperdesk.views.values import currency, metrics

Row: TypeAlias = dict[str, Any]
Picture: TypeAlias = dict[str, Row]
"""What a topic shows of an account at an instant: rows by key, without their times."""

NAMES_MAX: Final = 300

UNSUBSCRIBED: Final = {
    "ssd": {"result": "unsubscribed from summary"},
    "sld": {"result": "unsubscribed from ledger"},
}


class Asked(msgspec.Struct, frozen=True):
    """Which keys and fields a client wants, in lower case; empty for all."""

    keys: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()

    def wants(self, key: str) -> bool:
        """Say whether a key was asked for."""
        return not self.keys or key.lower() in self.keys

    def of(self, row: Row) -> Row:
        """Return the cells of a row that were asked for; its key always comes along."""
        if not self.fields:
            return row
        return {
            name: cell for name, cell in row.items() if name == "key" or name.lower() in self.fields
        }


class Watched(msgspec.Struct, eq=False):
    """What a line shows: the account, what was asked for, and what the socket has seen.

    `due_at` is wall time: a message comes no earlier.
    """

    account_id: AccountId
    asked: Asked
    seen: Picture
    due_at: Instant


def profit_picture(world: World, account_id: AccountId) -> Picture:
    """Return an account's profit line; excess liquidity is `uel` here, `el` over HTTP.

    Raises:
        NoExchangeRate: a currency that it holds has no rate to its base currency.
    """
    row = profit_row(profit.partition(world, account_id))
    return {
        partition_name(account_id): {
            "rowType": row.row_type,
            "dpl": row.dpl,
            "nl": row.nl,
            "upl": row.upl,
            "uel": row.el,
            "mv": row.mv,
        }
    }


def summary_picture(world: World, account_id: AccountId) -> Picture:
    """Return an account's figures and texts.

    Raises:
        NoExchangeRate: a currency that it holds has no rate to its base currency.
    """
    base = currency(world, account_id)
    rows: Picture = {}
    for metric in metrics(world, account_id):
        row: Row = {"key": metric.key}
        if metric.amount is None:
            row["value"] = metric.text
        else:
            row["currency"] = base
            row["monetaryValue"] = double(metric.amount)
        row["severity"] = 0
        rows[metric.key] = row
    return rows


EMPTY_VALUES: Final = (
    "cashBalanceFXSegment",
    "commodityMarketValue",
    "corporateBondsMarketValue",
    "funds",
    "marketValue",
    "optionMarketValue",
    "issueOptionsMarketValue",
    "moneyFunds",
    "tBillsMarketValue",
    "tBondsMarketValue",
    "warrantsMarketValue",
)
"""Columns of the ledger for what a desk holds nothing of."""


def ledger_picture(world: World, account_id: AccountId) -> Picture:
    """Return an account's ledger: all in base currency first, then each currency.

    Raises:
        NoExchangeRate: one of them has no rate to the base currency.
    """
    balances = cash.balances(world, account_id)
    rows = (cash.together(balances), *balances)
    return {f"LedgerList{row.currency}": _ledger_row(account_id, row) for row in rows}


def _ledger_row(account_id: AccountId, row: Balance) -> Row:
    return {
        "acctCode": account_id,
        "cashbalance": double(row.cash),
        "dividends": double(row.dividends),
        "exchangeRate": double(row.rate, RATE_PLACES),
        "interest": 0.0,
        "key": f"LedgerList{row.currency}",
        "netLiquidationValue": double(row.net_liquidation),
        "realizedPnl": double(row.realised),
        "secondKey": row.currency,
        "settledCash": double(row.settled),
        "severity": 0,
        "stockMarketValue": double(row.stock),
        "unrealizedPnl": double(row.unrealised),
        **dict.fromkeys(EMPTY_VALUES, 0.0),
    }


RATE_PLACES: Final = 8


def initial_profit(picture: Picture) -> Row:
    """Return the first `spl` message."""
    return {"topic": "spl", "args": picture}


def changed_profit(before: Picture, after: Picture) -> Row | None:
    """Return a later `spl` message: the figures that have changed."""
    args = {}
    for name, row in after.items():
        changed = _difference(before.get(name, {}), row)
        if changed:
            args[name] = {"rowType": row["rowType"], **changed}
    return {"topic": "spl", "args": args} if args else None


def initial_rows(picture: Picture, asked: Asked, at: Instant, topic: str) -> Row:
    """Return the first `ssd` or `sld` message: every row that was asked for."""
    rows = [
        asked.of(row) | {"timestamp": at // SECOND}
        for key, row in picture.items()
        if asked.wants(key)
    ]
    return {"result": rows, "topic": topic}


def changed_summary(
    before: Picture, after: Picture, asked: Asked, at: Instant, topic: str
) -> Row | None:
    """Return a later `ssd` message: the rows that have changed."""
    changed = {key: row for key, row in after.items() if before.get(key) != row}
    told = initial_rows(changed, asked, at, topic)
    return told if told["result"] else None


def changed_ledger(before: Picture, after: Picture, asked: Asked, at: Instant, topic: str) -> Row:
    """Return a later `sld` message: of rows without change the key alone, it comes all the same."""
    rows = [
        (asked.of(row) if before.get(key) != row else {"key": key}) | {"timestamp": at // SECOND}
        for key, row in after.items()
        if asked.wants(key)
    ]
    return {"result": rows, "topic": topic}


def _difference(before: Row, after: Row) -> Row:
    return {name: cell for name, cell in after.items() if before.get(name) != cell}


def asked_of(wish: Wish) -> Asked:
    """Return which keys and fields a wish names."""
    return Asked(_names(wish.arguments, "keys"), _names(wish.arguments, "fields"))


def _names(arguments: Mapping[str, Any], name: str) -> frozenset[str]:
    told = arguments.get(name)
    if not isinstance(told, list):
        return frozenset()
    words = cast("list[object]", told)
    return frozenset(str(word).lower() for word in words[:NAMES_MAX])


def act(subscriber: Subscriber) -> Row | None:
    """Say which accounts may be traded, where the session has a brokerage tier."""
    session = subscriber.session
    if not session.has_brokerage:
        return None
    selected: dict[int, AccountId] = subscriber.audience.memo.setdefault("act", {})
    selected[subscriber.number] = session.selected
    return {"topic": "act", "args": brokerage_accounts(session)}


def accounts_changed(audience: Audience) -> None:
    """Tell everybody whose selected account is another one since they were told."""
    selected: dict[int, AccountId] = audience.memo.setdefault("act", {})
    for number, account_id in tuple(selected.items()):
        subscriber = audience.subscribers.get(number)
        if subscriber is None:
            del selected[number]
        elif subscriber.session.selected != account_id:
            told = act(subscriber)
            if told is not None:
                subscriber.say(told)


class Shape(msgspec.Struct, frozen=True):
    """How a topic pictures an account, and how long it waits between messages."""

    picture: Callable[[World, AccountId], Picture]
    interval: Duration


SHAPES: Final[Mapping[str, Shape]] = {
    "spl": Shape(profit_picture, SECOND),
    "ssd": Shape(summary_picture, 3 * SECOND),
    "sld": Shape(ledger_picture, 10 * SECOND),
}


def _pictured(audience: Audience, topic: str, account_id: AccountId) -> Picture:
    desk = audience.desk
    desk.observe_account(account_id)
    return SHAPES[topic].picture(desk.world, account_id)


def _watch(subscriber: Subscriber, wish: Wish, account_id: AccountId) -> Watched:
    audience = subscriber.audience
    watched = Watched(
        account_id=account_id,
        asked=asked_of(wish),
        seen=_pictured(audience, wish.topic, account_id),
        due_at=audience.now + SHAPES[wish.topic].interval,
    )
    subscriber.subscribe(wish.topic, wish.target, watched)
    return watched


def spl(subscriber: Subscriber, wish: Wish) -> None:
    """Tell the selected account's profit from now on; HTTP shows it from now on as well."""
    session = subscriber.session
    watched = _watch(subscriber, Wish("spl", "", wish.arguments), session.selected)
    session.pnl_queried = True
    subscriber.say(initial_profit(watched.seen))


def upl(subscriber: Subscriber, _: Wish) -> None:
    """Tell no more profit; nothing is answered."""
    subscriber.unsubscribe("spl")


def account_rows(subscriber: Subscriber, wish: Wish) -> None:
    """Tell an account's figures or its ledger from now on, all that was asked for at first.

    Raises:
        Refusal: the account is not one of the session's.
    """
    account_id = AccountId(wish.target) if wish.target else subscriber.session.selected
    if account_id not in subscriber.session.account_ids:
        raise Refusal(f"accountId is not valid: {wish.target[:SHOWN_MAX]}")
    wish = Wish(wish.topic, account_id, wish.arguments)
    watched = _watch(subscriber, wish, account_id)
    at = subscriber.audience.desk.now
    subscriber.say(initial_rows(watched.seen, watched.asked, at, wish.echo))


def no_account_rows(subscriber: Subscriber, wish: Wish) -> None:
    """Tell no more of an account's figures, or of its ledger, and say so."""
    topic = SUBSCRIBED_BY[wish.topic]
    subscriber.unsubscribe(topic, wish.target or subscriber.session.selected)
    subscriber.say(UNSUBSCRIBED[topic])


SHOWN_MAX: Final = 40
SUBSCRIBED_BY: Final = {"uld": "sld", "usd": "ssd"}


def tick(audience: Audience) -> None:
    """Tell every socket whose time has come what has changed since its last message."""
    pictures: dict[tuple[str, AccountId], Picture] = {}
    for topic in SHAPES:
        for line in tuple(audience.listeners(topic)):
            watched: Watched = line.state
            if audience.now < watched.due_at:
                continue
            watched.due_at = audience.now + SHAPES[topic].interval
            if topic == "spl":
                watched.account_id = line.subscriber.session.selected
            key = (topic, watched.account_id)
            try:
                if key not in pictures:
                    pictures[key] = _pictured(audience, *key)
            except NoExchangeRate:
                continue  # Until there is a price nothing can be said that would be true.
            _tell(audience, line, watched, pictures[key])


def _tell(audience: Audience, line: Line, watched: Watched, picture: Picture) -> None:
    at = audience.desk.now
    if line.topic == "spl":
        told = changed_profit(watched.seen, picture)
    elif line.topic == "ssd":
        told = changed_summary(watched.seen, picture, watched.asked, at, line.echo)
    else:
        told = changed_ledger(watched.seen, picture, watched.asked, at, line.echo)
    watched.seen = picture
    if told is not None:
        line.subscriber.say(told)


TOPICS: Final = {
    "sld": Topic(account_rows, needs_brokerage=False),
    "spl": Topic(spl, needs_brokerage=False),
    "ssd": Topic(account_rows, needs_brokerage=False),
    "uld": Topic(no_account_rows, needs_brokerage=False),
    "upl": Topic(upl, needs_brokerage=False),
    "usd": Topic(no_account_rows, needs_brokerage=False),
}
