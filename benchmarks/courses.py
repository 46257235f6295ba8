"""Figures of the kernel: its mix of commands, growth with resting orders, trades, a year."""

import statistics
import time
from collections.abc import Iterator
from decimal import Decimal

from benchmarks.figures import ROUNDS, Figure
from benchmarks.kernel import (
    SUPPRESSED,
    USER,
    YEAR_STOCKS,
    bars_of_a_year,
    median_rate,
    open_desk,
    quote,
    stocks_of,
)
from paperdesk.base.calendar import day_of
from paperdesk.base.units import Instant
from paperdesk.kernel.messages.orders import (
    OrderFilled,
    OrderType,
    PlaceOrders,
    Side,
    Ticket,
    TimeInForce,
)
from paperdesk.market.catalogue import Catalogue, load_catalogue

COMMANDS_A_SECOND_MIN = 60_000
GROWTH_MAX = 2.0
YEAR_SECONDS_MAX = 60.0
TRADES = 400
ASKED = (*SUPPRESSED, "o10151")


def figures() -> Iterator[Figure]:
    """Measure the mix at three sizes, trades with few and many positions, and a year."""
    catalogue = load_catalogue()
    at = catalogue.calendar("XNYS").instant(day_of(2026, 6, 10), 10 * 3600)
    rate = median_rate(catalogue, 2_500, at)
    yield Figure(
        name="kernel: commands (3 quotes, order, cancel), 2,500 resting",
        value=rate,
        unit="commands/s",
        aim="60,000",
        is_met=rate >= COMMANDS_A_SECOND_MIN,
    )
    few, many = median_rate(catalogue, 1_000, at), median_rate(catalogue, 100_000, at)
    yield Figure(
        name="kernel: cost of a command, 100,000 resting",
        value=1e6 / many,
        unit="µs",
        aim="2 x at 1,000",
        is_met=few <= GROWTH_MAX * many,
        baseline=1e6 / few,
        baseline_name="1,000 resting",
    )
    alone = _trade_seconds(catalogue, 1, at)
    for positions in (10, 200):
        yield Figure(
            name=f"kernel: order that trades at once, {positions} positions held",
            value=1e6 * _trade_seconds(catalogue, positions, at),
            unit="µs",
            baseline=1e6 * alone,
            baseline_name="one position",
        )
    runs = [bars_of_a_year(catalogue, stocks_of(catalogue, YEAR_STOCKS)) for _ in range(ROUNDS)]
    seconds = statistics.median(run[1] for run in runs)
    yield Figure(
        name="kernel: a year of minutes of five stocks, ten orders",
        value=seconds,
        unit="s",
        aim="60 s",
        is_met=seconds <= YEAR_SECONDS_MAX,
    )


def _trade_seconds(catalogue: Catalogue, positions: int, at: Instant) -> float:
    """Return the median of the seconds that one order takes which trades at once."""
    kernel = open_desk(catalogue, 1, at)
    (account_id,) = kernel.world.accounts.by_id
    conids = stocks_of(catalogue, positions)
    took = []
    for index in range(positions + TRADES):
        conid = conids[index % positions]
        kernel.handle(quote(kernel, conid))
        ticket = Ticket(
            conid=conid,
            side=Side.SELL if index >= positions and index // positions % 2 else Side.BUY,
            order_type=OrderType.MARKET,
            time_in_force=TimeInForce.DAY,
            size=Decimal(1 if index < positions else 2),
        )
        command = PlaceOrders(
            account_id=account_id,
            user_name=USER,
            tickets=(ticket,),
            suppressed=(*SUPPRESSED, "o10151"),
        )
        began = time.thread_time()
        events = kernel.handle(command)
        took.append(time.thread_time() - began)
        assert any(isinstance(event, OrderFilled) for event in events), events
    return statistics.median(took[positions:])
