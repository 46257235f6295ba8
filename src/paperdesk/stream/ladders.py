"""Ladders on the stream: sbd shows a contract's prices one below the other.

The market of a desk shows its best bid and ask and no more, so a ladder has at most three rungs:
ask, last trade, bid. An account sees one ladder at a time, and a user three over all accounts.
"""

from typing import Final

import msgspec

from paperdesk.api.fields import Look
from paperdesk.api.formats import plain
from paperdesk.api.marketdata import is_conidex
from paperdesk.api.route import AccountNotValid
from paperdesk.api.snapshots import board, conid_of, sees_undelayed
from paperdesk.base.ids import Conid
from paperdesk.base.units import Price
from paperdesk.desk.desk import Desk
from paperdesk.stream.grammar import Wish
from paperdesk.stream.subscriber import Audience, Subscriber, Topic

Rung = dict[str, str | int]


class Ladder(msgspec.Struct, eq=False):
    """What a socket looks at and what it has seen of it."""

    account_id: str
    conid: Conid
    shown: list[Rung] | None = None


def sbd(subscriber: Subscriber, wish: Wish) -> None:
    """Show the ladder of a contract, in place of the one that the account saw before.

    The target is account, contract and, if it is to be one, an exchange: `DU1234567+265598`.

    Raises:
        AccountNotValid: the account is not one of the session's.
    """
    account_id, _, rest = wish.target.partition("+")
    conidex, _, _ = rest.partition("+")
    if account_id not in subscriber.session.account_ids:
        raise AccountNotValid(f"accountId is not valid: {account_id[:SHOWN_MAX]}")
    desk = subscriber.audience.desk
    if not is_conidex(conidex) or desk.catalogue.find(conid_of(conidex)) is None:
        return
    if not sees_undelayed(desk, subscriber.session, conid_of(conidex)):
        subscriber.refuse("No market data permissions")
        return
    _end(subscriber, account_id)
    if sum(line.topic == "sbd" for line in subscriber.lines.values()) >= LADDERS_MAX:
        subscriber.refuse("Too Many Requests")
        return
    ladder = Ladder(account_id=account_id, conid=conid_of(conidex))
    subscriber.subscribe("sbd", wish.target, ladder)
    _show(subscriber, wish.target, ladder)


SHOWN_MAX: Final = 40
LADDERS_MAX: Final = 3
"""How many a user may see at once without more entitlements to market depth."""


def ubd(subscriber: Subscriber, wish: Wish) -> None:
    """Take an account's ladder away; nothing is answered."""
    _end(subscriber, wish.target.partition("+")[0])


def _end(subscriber: Subscriber, account_id: str) -> None:
    for line in list(subscriber.lines.values()):
        if line.topic == "sbd" and line.state.account_id == account_id:
            subscriber.unsubscribe("sbd", line.target)


def tick(audience: Audience) -> None:
    """Show every ladder that has changed."""
    for line in list(audience.listeners("sbd")):
        _show(line.subscriber, line.target, line.state)


def _show(subscriber: Subscriber, target: str, ladder: Ladder) -> None:
    rungs = rungs_of(subscriber.audience.desk, ladder.conid)
    if rungs != ladder.shown:
        ladder.shown = rungs
        subscriber.say({"topic": f"sbd+{target}", "data": rungs})


def rungs_of(desk: Desk, conid: Conid) -> list[Rung]:
    """Return a contract's rungs, the highest price first; none without data.

    `focus` is 1 where the last trade was, and the rung says its size there: `100 @ 190.22`.
    """
    look = board(desk).look(conid)
    if look is None:
        return []
    quote = look.quote
    prices = [price for price in (quote.ask, quote.last, quote.bid) if price is not None]
    levels = sorted(set(prices), reverse=True)
    return [_rung(look, row, price) for row, price in enumerate(levels)]


def _rung(look: Look, row: int, price: Price) -> Rung:
    quote = look.quote
    is_last = price == quote.last
    told = look.price(price) or ""
    rung: Rung = {
        "row": row,
        "focus": int(is_last),
        "price": f"{plain(quote.last_size)} @ {told}" if is_last else told,
    }
    if price == quote.ask:
        rung["ask"] = plain(quote.ask_size)
    if price == quote.bid:
        rung["bid"] = plain(quote.bid_size)
    return rung


TOPICS: Final = {
    "sbd": Topic(sbd),
    "ubd": Topic(ubd),
}
