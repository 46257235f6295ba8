"""Restart: a desk on which a hundred thousand orders were placed and cancelled."""

import statistics
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.start import started
from paperdesk.base.ids import AccountId, OrderId, UserName
from paperdesk.desk.desk import Desk
from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.kernel.messages.orders import (
    CancelOrder,
    OrderAccepted,
    OrderType,
    PlaceOrders,
    Side,
    Ticket,
    TimeInForce,
)
from paperdesk.server.clock import wall

ORDERS = 100_000
ROUNDS = 3
SECONDS_MAX = 2.0
ACCOUNT, USER = AccountId("DU1234567"), UserName("demo")


def figures() -> Iterator[Figure]:
    """Make such a desk, close it, and start it again several times."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        desk = open_desk(DeskOptions(wall=wall(), data_dir=folder))
        placed = sum(1 for _ in islice(_orders(desk), ORDERS))
        print(f"placed and cancelled {placed:,} orders", file=sys.stderr)
        desk.close()
        seconds, memory = zip(*(started(folder) for _ in range(ROUNDS)), strict=True)
    middle = statistics.median(seconds)
    yield Figure(
        name="serve: first answer, 100,000 past orders",
        value=middle,
        unit="s",
        aim="2 s",
        is_met=middle <= SECONDS_MAX,
    )
    yield Figure(
        name="serve: resident memory, 100,000 past orders",
        value=statistics.median(memory),
        unit="MB",
    )


def _orders(desk: Desk) -> Iterator[OrderId]:
    """Place an order under the market and cancel it, for ever."""
    conid = desk.catalogue.by_symbol("AAPL")[0].conid
    quote = desk.quote(conid)
    assert quote is not None
    assert quote.bid is not None
    ticket = Ticket(
        conid=conid,
        side=Side.BUY,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.DAY,
        size=Decimal(1),
        limit_price=(quote.bid * Decimal("0.98")).quantize(Decimal("0.01")),
    )
    command = PlaceOrders(account_id=ACCOUNT, user_name=USER, tickets=(ticket,))
    while True:
        accepted = next(e for e in desk.execute(command) if isinstance(e, OrderAccepted))
        desk.execute(CancelOrder(account_id=ACCOUNT, order_id=accepted.order_id, user_name=USER))
        yield accepted.order_id
