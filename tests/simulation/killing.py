"""Killing: a desk under order load is killed at a seeded moment and opened again.

What was acknowledged must be there, once, and the journal must be whole. As a program it plays as
many rounds as it is told: `python -m tests.simulation.killing 200`.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, Final

from paperdesk.base.ids import AccountId, Conid, OrderId, UserName
from paperdesk.base.units import MILLISECOND
from paperdesk.desk.desk import Desk
from paperdesk.desk.manifests import manifest_of, place
from paperdesk.desk.replays import replayed
from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.kernel.messages.orders import (
    CancelOrder,
    OrderAccepted,
    OrderCancelled,
    OrderType,
    PlaceOrders,
    Side,
    Ticket,
    TimeInForce,
)
from paperdesk.kernel.state.orders import OrderStatus

ACCOUNT: Final = AccountId("DU1234567")
USER: Final = UserName("demo")
CONID: Final = Conid(265598)
NAME: Final = "killed"
UNDER_WAY_MAX: Final = 64
ROUNDS_A_DESK: Final = 20
ACKNOWLEDGED_MAX: Final = 400
CHECKPOINT_EVERY: Final = 70
RESTING_MAX: Final = 12
CANCEL_SHARE: Final = 0.5

SCENARIO: Final = """
clock = "stepped"
start = {rule = "day", day = "2008-09-29", time = "09:30"}
models = {fill = "alone"}

[[account]]
account_id = "DU1234567"
cash = {USD = "10000000"}

[[user]]
user_name = "demo"
account_ids = ["DU1234567"]

[user.presets]
percentage = 0
size = 0
value = 0
market_orders = false
stops = false
own_crosses = false
"""


def opened(data_dir: Path) -> Desk:
    """Open the desk that is killed again and again."""
    scenario = data_dir / "killed.toml"
    if not scenario.exists():
        scenario.write_text(SCENARIO, "utf-8")
    return open_desk(DeskOptions(wall=0, data_dir=data_dir, scenario=str(scenario), name=NAME))


def trade(data_dir: Path, name: str, seed: int) -> None:
    """Trade without end, and say of each order on standard output when it is durable.

    Args:
        data_dir: where the desk is.
        name: the first part of every customer order id.
        seed: of what is traded.
    """
    desk, draw = opened(data_dir), Random(seed)
    out = sys.stdout.fileno()
    under_way: deque[str] = deque()

    def acknowledge(line: str) -> None:
        os.write(out, line.encode())
        under_way.popleft()

    number = 0
    while True:
        if len(under_way) >= UNDER_WAY_MAX:
            time.sleep(0)
            continue
        number += 1
        desk.advance(desk.now + draw.randint(1, 400) * MILLISECOND)
        lines = [_placed(desk, draw, f"{name}-{number}")]
        if draw.random() < 0.5:
            lines.append(_cancelled(desk, draw))
        for line in filter(None, lines):
            under_way.append(line)
            desk.journal.notify(desk.seq, lambda line=line: acknowledge(line))  # type: ignore[misc]
        if number % CHECKPOINT_EVERY == 0:
            desk.checkpoint()


def _placed(desk: Desk, draw: Random, customer_order_id: str) -> str:
    """Place an order that trades at once, or one that rests."""
    side = draw.choice((Side.BUY, Side.SELL))
    quote = desk.quote(CONID)
    assert quote is not None
    fields: dict[str, Any] = {"order_type": OrderType.MARKET}
    is_resting = len(desk.world.orders.index.open_by_account.get(ACCOUNT, {})) < 10
    if is_resting and quote.bid is not None and quote.ask is not None:
        distance = Decimal(draw.randint(1, 40)) / 100
        limit = quote.bid - distance if side is Side.BUY else quote.ask + distance
        fields = {"order_type": OrderType.LIMIT, "limit_price": limit}
    ticket = Ticket(
        conid=CONID,
        side=side,
        time_in_force=TimeInForce.GTC,
        size=Decimal(draw.randint(1, 300)),
        customer_order_id=customer_order_id,
        **fields,
    )
    events = desk.execute(
        PlaceOrders(
            account_id=ACCOUNT,
            user_name=USER,
            tickets=(ticket,),
            suppressed=("o163", "o403", "o10153"),
        )
    )
    accepted = [event for event in events if isinstance(event, OrderAccepted)]
    return f"placed {accepted[0].order_id} {customer_order_id}\n" if accepted else ""


def _cancelled(desk: Desk, draw: Random) -> str:
    """Cancel an open order, if there is any."""
    open_orders = list(desk.world.orders.index.open_by_account.get(ACCOUNT, {}))
    if not open_orders:
        return ""
    order_id = draw.choice(open_orders)
    desk.execute(CancelOrder(account_id=ACCOUNT, order_id=order_id))
    return f"cancelled {order_id} -\n"


def killed(data_dir: Path, name: str, seed: int) -> list[list[str]]:
    """Let a desk trade in a process of its own, kill that, and return what it acknowledged."""
    until = Random(seed).randint(1, ACKNOWLEDGED_MAX)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.simulation.killing", "trade", str(data_dir), name, str(seed)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        told: list[bytes] = []
        for line in process.stdout:
            told.append(line)
            if len(told) >= until:
                break
        process.kill()
        told += process.stdout.read().splitlines(keepends=True)
    assert len(told) >= until, "the desk fell over before it was killed"
    return [line.decode().split() for line in told if line.endswith(b"\n")]


def check(data_dir: Path, acknowledged: list[list[str]]) -> int:
    """Open a killed desk and hold it to what it has acknowledged; return how many events it has."""
    desk = opened(data_dir)
    try:
        events = list(desk.journal.events())
        placed = Counter(
            event.ticket.customer_order_id for event in events if isinstance(event, OrderAccepted)
        )
        cancelled = Counter(event.order_id for event in events if isinstance(event, OrderCancelled))
        by_id = desk.world.orders.by_id
        for verb, order_id, customer_order_id in acknowledged:
            order = by_id.get(OrderId(int(order_id)))
            assert order is not None, f"order {order_id} was acknowledged and is lost"
            if verb == "placed":
                assert order.ticket.customer_order_id == customer_order_id
            else:
                assert order.status is OrderStatus.CANCELLED, f"{order_id} came back to life"
        assert set(placed.values()) <= {1}, "an order is there twice"
        assert set(cancelled.values()) <= {1}, "an order was cancelled twice"
        _check_replay(desk, data_dir)
        return len(events)
    finally:
        desk.journal.close()


def _check_replay(desk: Desk, data_dir: Path) -> None:
    """Hold the world to what all events from the first one on say."""
    manifest = manifest_of(place(data_dir, NAME))
    told = replayed(manifest, desk.catalogue, desk.journal.events())
    assert told.orders.by_id == desk.world.orders.by_id
    assert told.orders.executions == desk.world.orders.executions
    assert told.ledger == desk.world.ledger
    assert told.accounts == desk.world.accounts


def play(rounds: int, seed: int = 1) -> None:
    """Play rounds, beginning a new desk now and then."""
    began, orders, events = time.perf_counter(), 0, 0
    for first in range(0, rounds, ROUNDS_A_DESK):
        with tempfile.TemporaryDirectory() as folder:
            acknowledged: list[list[str]] = []
            for number in range(first, min(first + ROUNDS_A_DESK, rounds)):
                acknowledged += killed(Path(folder), str(number), seed * 1_000_000 + number)
                events = check(Path(folder), acknowledged)
            orders += len(acknowledged)
        _say(
            f"{min(first + ROUNDS_A_DESK, rounds)} rounds, {orders} acknowledgements, none lost "
            f"or doubled; {events} events in the last journal, "
            f"{time.perf_counter() - began:.0f} s"
        )


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "trade":
        trade(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    else:
        play(*(int(text) for text in sys.argv[1:]))
