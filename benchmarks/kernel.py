"""How fast the kernel is: commands a second, and what many resting orders cost.

Prints medians of five rounds and ratios within one run, in processor time, since a busy machine
stretches the wall's; asserts nothing. The mix is three quotes that touch nothing, one order far
from the market and one cancellation.
"""

import gc
import statistics
import time
from collections.abc import Iterator, Sequence
from decimal import Decimal
from random import Random
from typing import Final

from paperdesk.base.calendar import day_of
from paperdesk.base.ids import AccountId, Conid, OrderId, UserName
from paperdesk.base.units import MINUTE, Instant
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.messages import Command
from paperdesk.kernel.messages.accounts import AccountKind, AddUser, DepositCash, OpenAccount
from paperdesk.kernel.messages.clock import AdvanceClock
from paperdesk.kernel.messages.orders import (
    CancelOrder,
    OrderAccepted,
    OrderType,
    PlaceOrders,
    Side,
    Ticket,
    TimeInForce,
)
from paperdesk.kernel.messages.quotes import Quote, RecordQuote
from paperdesk.kernel.state.contracts import SecurityType
from paperdesk.kernel.state.world import Contracts, Models, world_at
from paperdesk.market.catalogue import Catalogue, load_catalogue

ROUNDS: Final = 5
COMMANDS: Final = 20_000
STOCKS: Final = 50
ORDERS_A_SIDE: Final = 10
USER: Final = UserName("demo")
BID, ASK = Decimal("190.20"), Decimal("190.25")
SUPPRESSED: Final = ("o163", "o383", "o451", "o10331", "o10152")
YEAR_STOCKS: Final = 5
YEAR_RESTING: Final = 10


def open_desk(catalogue: Catalogue, accounts: int, at: Instant) -> Kernel:
    """Return a desk with some rich margin accounts, all of one user."""
    contracts = Contracts(
        {row.conid: row for row in catalogue.contracts()},
        {name: catalogue.calendar(name) for name in ("FX", "XNYS")},
    )
    kernel = Kernel(world_at(at, seed=1), contracts, Models())
    ids = tuple(AccountId(f"DU{number:07}") for number in range(1, accounts + 1))
    for account_id in ids:
        kernel.handle(
            OpenAccount(
                account_id=account_id,
                kind=AccountKind.MARGIN,
                base_currency="USD",
                title="Benchmark",
            )
        )
        kernel.handle(DepositCash(account_id=account_id, currency="USD", amount=Decimal(1_000_000)))
    kernel.handle(AddUser(user_name=USER, account_ids=ids))
    return kernel


def stocks_of(catalogue: Catalogue, count: int) -> list[Conid]:
    """Return some stocks."""
    rows = [row for row in catalogue.contracts() if row.security_type is SecurityType.STOCK]
    return [row.conid for row in rows[:count]]


def quote(kernel: Kernel, conid: Conid, cents: int = 0, at: Instant | None = None) -> RecordQuote:
    """Return a quote near the middle of the range."""
    moved = Decimal(cents).scaleb(-2)
    now = kernel.world.now if at is None else at
    return RecordQuote(
        quote=Quote(
            conid=conid,
            at=now,
            bid=BID + moved,
            bid_size=Decimal(500),
            ask=ASK + moved,
            ask_size=Decimal(500),
            last=BID + moved,
            last_size=Decimal(100),
            last_at=now,
            volume=Decimal(1_000_000),
            is_open=True,
            is_regular=True,
        )
    )


def far_order(draw: Random, account_id: AccountId, conid: Conid, side: Side) -> PlaceOrders:
    """Return a limit order some per cent away from the market."""
    away = Decimal(draw.randrange(200, 1500)).scaleb(-2)
    ticket = Ticket(
        conid=conid,
        side=side,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        size=Decimal(draw.randrange(1, 20)),
        limit_price=BID - away if side is Side.BUY else ASK + away,
    )
    return PlaceOrders(
        account_id=account_id, user_name=USER, tickets=(ticket,), suppressed=SUPPRESSED
    )


def with_resting(catalogue: Catalogue, resting: int, at: Instant) -> tuple[Kernel, list[OrderId]]:
    """Return a desk in which so many orders rest far from the market, and the orders."""
    accounts = max(1, resting // (2 * STOCKS * ORDERS_A_SIDE))
    kernel = open_desk(catalogue, accounts, at)
    conids = stocks_of(catalogue, STOCKS)
    draw = Random(f"resting/{resting}")
    for conid in conids:
        kernel.handle(quote(kernel, conid))
    placed: list[OrderId] = []
    each = resting // (accounts * STOCKS * 2)
    for account_id in list(kernel.world.accounts.by_id):
        for conid in conids:
            for side in (Side.BUY, Side.SELL):
                for _ in range(each):
                    events = kernel.handle(far_order(draw, account_id, conid, side))
                    placed += [row.order_id for row in events if isinstance(row, OrderAccepted)]
    return kernel, placed


def mix(kernel: Kernel, placed: list[OrderId], seed: int) -> Iterator[Command]:
    """Yield the commands of one round; what it places replaces what it cancels."""
    draw = Random(f"mix/{seed}")
    conids = list(kernel.world.quotes.by_conid)
    orders = kernel.world.orders
    for number in range(COMMANDS):
        kind = number % 5
        if kind < 3:  # noqa: PLR2004 - three of five
            yield quote(kernel, draw.choice(conids), draw.randrange(-100, 100))
        elif kind == 3:  # noqa: PLR2004 - the fourth
            index = draw.randrange(len(placed))
            order = orders.by_id[placed[index]]
            placed[index] = placed[-1]
            placed.pop()
            yield CancelOrder(account_id=order.account_id, order_id=order.order_id)
        else:
            yield far_order(draw, order.account_id, order.conid, order.side)


def rate(kernel: Kernel, placed: list[OrderId], seed: int) -> tuple[float, int]:
    """Return commands a second and events of one round; making a command is not measured."""
    spent, events = 0.0, 0
    handle = kernel.handle
    for command in mix(kernel, placed, seed):
        start = time.thread_time()
        told = handle(command)
        spent += time.thread_time() - start
        events += len(told)
        placed += [row.order_id for row in told if isinstance(row, OrderAccepted)]
    return COMMANDS / spent, events


def median_rate(catalogue: Catalogue, resting: int, at: Instant) -> float:
    """Return the median of commands a second over the rounds."""
    kernel, placed = with_resting(catalogue, resting, at)
    gc.collect()
    gc.freeze()
    rates = [rate(kernel, placed, seed)[0] for seed in range(ROUNDS)]
    return statistics.median(rates)


def bars_of_a_year(catalogue: Catalogue, conids: Sequence[Conid]) -> tuple[int, float]:
    """Return how many one-minute bars of a year went through the kernel, and in what time."""
    calendar = catalogue.calendar("XNYS")
    sessions = list(calendar.sessions(day_of(2025, 1, 1), day_of(2025, 12, 31)))
    kernel = open_desk(catalogue, 1, sessions[0].open)
    draw = Random("year")
    (account_id,) = kernel.world.accounts.by_id
    for conid in conids:
        kernel.handle(quote(kernel, conid))
        for side in (Side.BUY, Side.SELL):
            kernel.handle(far_order(draw, account_id, conid, side))
    bars = 0
    start = time.thread_time()
    for session in sessions:
        for at in range(session.open, session.close, MINUTE):
            kernel.handle(AdvanceClock(to=at))
            for conid in conids:
                kernel.handle(quote(kernel, conid, bars % 150 - 75, at))
                bars += 1
    return bars, time.thread_time() - start


def main() -> None:
    """Measure and print."""
    catalogue = load_catalogue()
    at = catalogue.calendar("XNYS").instant(day_of(2026, 6, 10), 10 * 3600)
    rates = {count: median_rate(catalogue, count, at) for count in (1_000, 2_500, 100_000)}
    print("kernel: three quotes, one order, one cancellation; nothing is touched")
    for count, found in rates.items():
        print(f"  {count:>7,} resting  {found:>9,.0f} commands/s  {1e6 / found:6.2f} us each")
    print(f"  cost at 100,000 over cost at 1,000: {rates[1_000] / rates[100_000]:.2f}")
    bars, spent = bars_of_a_year(catalogue, stocks_of(catalogue, YEAR_STOCKS))
    print(f"  a year of one-minute bars of {YEAR_STOCKS} stocks, {YEAR_RESTING} resting orders:")
    print(f"  {bars:,} bars in {spent:.1f} s, {bars / spent:,.0f} a second")


if __name__ == "__main__":
    main()
