"""Restarting: a desk that has had 100,000 orders, from process start to its first answer."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from benchmarks.desks import desk
from benchmarks.figures import ROUNDS, Figure
from paperdesk.base.ids import AccountId, Conid, UserName
from paperdesk.base.units import SECOND
from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.kernel.messages.orders import OrderType, PlaceOrders, Side, Ticket, TimeInForce

ORDERS = 100_000
ORDERS_A_SECOND = 50
SECONDS_MAX = 2.0
NAME = "past"
AAPL = Conid(265598)

SCENARIO = """
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
"""


def figures() -> Iterator[Figure]:
    """Give a desk its past once, then start it several times."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scenario = folder / "past.toml"
        scenario.write_text(SCENARIO, "utf-8")
        rate, closing = _lived(folder, scenario)
        seconds = statistics.median(_started(folder, scenario) for _ in range(ROUNDS))
    yield Figure(name="desk: orders placed and filled, in process", value=rate, unit="orders/s")
    yield Figure(name="desk: closing with 100,000 past orders", value=closing, unit="s")
    yield Figure(
        name="serve: first answer with 100,000 past orders",
        value=seconds,
        unit="s",
        aim="2 s",
        is_met=seconds <= SECONDS_MAX,
    )


def _lived(folder: Path, scenario: Path) -> tuple[float, float]:
    """Trade, and return the orders a second and the seconds of closing."""
    lived = open_desk(DeskOptions(wall=0, data_dir=folder, scenario=str(scenario), name=NAME))
    began = time.perf_counter()
    for number in range(ORDERS):
        ticket = Ticket(
            conid=AAPL,
            side=Side.BUY if number % 2 else Side.SELL,
            order_type=OrderType.MARKET,
            time_in_force=TimeInForce.DAY,
            size=Decimal(1),
            customer_order_id=f"past-{number}",
        )
        lived.execute(
            PlaceOrders(
                account_id=AccountId("DU1234567"), user_name=UserName("demo"), tickets=(ticket,)
            )
        )
        if number % ORDERS_A_SECOND == 0:
            lived.advance(lived.now + SECOND)
    traded = time.perf_counter()
    lived.close()
    return ORDERS / (traded - began), time.perf_counter() - traded


def _started(folder: Path, scenario: Path) -> float:
    """Start the desk, ask it who is signed in, and return the seconds."""
    began = time.perf_counter()
    with desk(folder, "--scenario", str(scenario), "--desk", NAME) as under_test:
        under_test.ask("GET", "/iserver/auth/status")
        return time.perf_counter() - began
