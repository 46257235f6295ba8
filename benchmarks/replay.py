"""Replaying: a year of one-minute bars of five stocks through a desk, as fast as possible.

Every minute of every session the desk's time goes on by a minute; ten orders rest, and one that
has traded or expired is placed anew. Every bar is read as a client would read it.
"""

import time
from collections.abc import Iterator
from decimal import Decimal

from benchmarks.figures import Figure
from paperdesk.base.calendar import Session, day_of
from paperdesk.base.ids import AccountId, Conid, UserName
from paperdesk.base.units import MINUTE, Price
from paperdesk.desk.desk import Desk
from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.desk.times import NEW_YORK
from paperdesk.kernel.messages.orders import (
    OrderAccepted,
    OrderType,
    PlaceOrders,
    Side,
    Ticket,
    TimeInForce,
)
from paperdesk.kernel.messages.presets import Presets, SetPresets
from paperdesk.market.source import BarsAsked, BarSize

SYMBOLS = ("AAPL", "MSFT", "IBM", "GOOG", "META")
FIRST_DAY, LAST_DAY = day_of(2012, 6, 1), day_of(2013, 5, 31)
SECONDS_MAX = 60.0
AWAY = Decimal("0.004")
ACCOUNT, USER = AccountId("DU1234567"), UserName("demo")
SUPPRESSED = ("o163", "o354", "o383", "o403", "o451", "o10151", "o10152", "o10153", "o10331")


def figures() -> Iterator[Figure]:
    """Measure one year, once: it is long enough to be its own average."""
    desk, conids = _begun()
    began = time.perf_counter()
    bars, minutes, orders = _played(desk, conids)
    seconds = time.perf_counter() - began
    yield Figure(
        name="replay: a year of one-minute bars, five stocks, ten orders",
        value=seconds,
        unit="s",
        aim="60 s",
        is_met=seconds <= SECONDS_MAX,
    )
    yield Figure(name="replay: bars", value=bars / seconds, unit="bars/s")
    yield Figure(name="replay: steps of a minute", value=minutes / seconds, unit="advances/s")
    yield Figure(name="replay: orders placed", value=orders, unit="orders")


def _begun() -> tuple[Desk, list[Conid]]:
    desk = open_desk(DeskOptions(wall=0, scenario="history", date="2012-06-01", clock="stepped"))
    off = Decimal(0)
    presets = Presets(
        percentage=off, size=off, value=off, market_orders=False, stops=False, own_crosses=False
    )
    desk.execute(SetPresets(user_name=USER, presets=presets))
    return desk, [desk.catalogue.by_symbol(symbol)[0].conid for symbol in SYMBOLS]


def _played(desk: Desk, conids: list[Conid]) -> tuple[int, int, int]:
    """Let a year pass and return how many bars, minutes and orders there were."""
    bars = minutes = 0
    resting = Resting(desk, conids)
    calendar = desk.catalogue.calendar(NEW_YORK)
    for session in calendar.sessions(FIRST_DAY, LAST_DAY):
        desk.advance(session.open)
        at = session.open
        while at < session.close:
            at += MINUTE
            desk.advance(at)
            minutes += 1
            resting.renew()
        bars += _read(desk, conids, session)
    return bars, minutes, resting.placed


def _read(desk: Desk, conids: list[Conid], session: Session) -> int:
    asked = BarsAsked(size=BarSize.M1, start=session.open, until=session.close)
    return sum(len(desk.source.bars(conid, asked, desk.now)) for conid in conids)


class Resting:
    """Two orders of each stock that rest: one below, one above the market."""

    def __init__(self, desk: Desk, conids: list[Conid]) -> None:
        """Know whose orders to place."""
        self._desk = desk
        self._wanted = [(conid, side) for conid in conids for side in Side]
        self._orders: dict[tuple[Conid, Side], OrderAccepted] = {}
        self.placed = 0

    def renew(self) -> None:
        """Place anew what has traded or has never been placed."""
        by_id = self._desk.world.orders.by_id
        if len(self._desk.world.orders.index.open_by_account.get(ACCOUNT, ())) == len(self._wanted):
            return
        for key in self._wanted:
            order = self._orders.get(key)
            if order is None or not by_id[order.order_id].is_open:
                self._place(*key)

    def _place(self, conid: Conid, side: Side) -> None:
        quote = self._desk.quote(conid)
        if quote is None or quote.bid is None or quote.ask is None:
            return
        ticket = Ticket(
            conid=conid,
            side=side,
            order_type=OrderType.LIMIT,
            time_in_force=TimeInForce.DAY,
            size=Decimal(10),
            limit_price=_limit(side, quote.bid, quote.ask),
        )
        events = self._desk.execute(
            PlaceOrders(
                account_id=ACCOUNT, user_name=USER, tickets=(ticket,), suppressed=SUPPRESSED
            )
        )
        for event in events:
            if isinstance(event, OrderAccepted):
                self._orders[conid, side] = event
                self.placed += 1


def _limit(side: Side, bid: Price, ask: Price) -> Price:
    price = bid * (1 - AWAY) if side is Side.BUY else ask * (1 + AWAY)
    return price.quantize(Decimal("0.01"))
