"""The laws of trading over long days of two busy accounts, drawn from one seed each."""

from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.properties.test_kernel import by_price_then_time
from tests.tape import Player, open_kernel

from paperdesk.base.errors import Refusal
from paperdesk.base.units import ZERO
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.messages.orders import (
    OrderAccepted,
    OrderCancelled,
    OrderDeactivated,
    OrderFilled,
    OrderHeld,
    OrderModified,
    OrderReduced,
    OrderReleased,
    OrdersQuestioned,
    OrderTriggered,
    OrderType,
    QuestionAnswered,
    TrailMoved,
)
from paperdesk.kernel.state.order_index import indexed
from paperdesk.kernel.state.orders import Order
from paperdesk.kernel.state.world import World

if TYPE_CHECKING:
    from paperdesk.kernel.messages import Event

LINES = 1_200
SEEDS = range(4)
WORDS = ["", "", "gtc", "ioc", "aon", "outside", "other", "gtc other", "close"]


class Day:
    """Draws what happens next from what is true: quotes that walk, orders near them, changes."""

    def __init__(self, kernel: Kernel, seed: int) -> None:
        self.kernel = kernel
        self.player = Player(kernel)
        self.draw = Random(f"day/{seed}")
        self.cents = 10_000
        self.events: list[Event] = []

    def live(self, lines: int) -> None:
        """Let so many things happen."""
        for _ in range(lines):
            try:
                events = self.kernel.handle(self.player.command(self.line().split()))
            except Refusal:
                continue
            list(self.player.told(events))
            self.events += events

    def line(self) -> str:
        chance = self.draw.random()
        if chance < 0.4:
            return self.quote()
        if chance < 0.7:
            return self.order()
        if chance < 0.8:
            return self.family()
        if chance < 0.95:
            return self.change()
        return self.draw.choice(["yes", "yes", "no", "clock +1", "clock +3", "clock +600"])

    def quote(self) -> str:
        self.cents += self.draw.randrange(-25, 26)
        spread, sizes = self.draw.randrange(1, 12), [self.size() for _ in range(2)]
        last = self.cents + self.draw.randrange(-3, spread + 3)
        return (
            f"quote {self.price(0)} {sizes[0]} {self.price(spread)} {sizes[1]}"
            f" last {last / 100:.2f} {self.draw.choice(['', '', '', '', '', 'pre', 'halted'])}"
        )

    def order(self) -> str:
        side, size = self.draw.choice(["buy", "sell"]), self.size()
        words = self.draw.choice(
            ["", "", "gtc", "ioc", "aon", "outside", "other", "gtc other", "close"]
        )
        shape = self.draw.choice(["limit", "limit", "limit", "", "stp", "stplmt", "trail", "cash"])
        near, far = self.price(self.draw.randrange(-40, 41)), self.price(self.draw.randrange(9, 60))
        said = {
            "limit": near,
            "": "",
            "stp": f"stp {far}",
            "stplmt": f"stplmt {far} {near}",
            "trail": self.draw.choice(["trail 0.20", "trail 0.3%", f"traillmt 0.25 {near} {far}"]),
            "cash": near,
        }[shape]
        return f"{side} {'$1234.56' if shape == 'cash' else size} {said} {words}"

    def family(self) -> str:
        entry, exit_ = self.draw.choice([("buy", "sell"), ("sell", "buy")])
        up = 1 if entry == "buy" else -1
        size, near = self.size(), self.price(self.draw.randrange(-5, 6) * up)
        target, stop = self.price(30 * up), self.price(-30 * up)
        loss = self.draw.choice([f"stp {stop}", "trail 0.20"])
        if self.draw.random() < 0.7:
            return (
                f"bracket {entry} {size} {near} / {exit_} {size} {target} gtc"
                f" / {exit_} {self.size()} {loss} gtc"
            )
        return f"group {entry} {size} {near} / {exit_} {size} {target} / {exit_} {size} {loss}"

    def change(self) -> str:
        open_orders = [row for row in self.kernel.world.orders.by_id.values() if row.is_open]
        if not open_orders:
            return "cancel all"
        order = self.draw.choice(open_orders)
        number = self.player.ids.index(order.order_id) + 1
        chance = self.draw.random()
        if chance < 0.3:
            return f"cancel {number}"
        if chance < 0.4:
            return f"high {number} {self.price(self.draw.randrange(-40, 41))}"
        if chance < 0.42:
            return "cancel all"
        return f"modify {number} {self.changed(order)}"

    def changed(self, order: Order) -> str:
        """Return a ticket of the order's own family, some of them with other terms."""
        side, size = order.side.value.lower(), max(order.filled, Decimal(self.size()))
        near = self.price(self.draw.randrange(-40, 41))
        words = self.draw.choice(["", "gtc", "paused", "outside"])
        said = {
            OrderType.MARKET: near,
            OrderType.LIMIT: near,
            OrderType.STOP: f"stp {near}",
            OrderType.STOP_LIMIT: f"stplmt {near} {near}",
            OrderType.TRAIL: "trail 0.15",
            OrderType.TRAIL_LIMIT: f"traillmt 0.15 {near} {near}",
        }[order.order_type]
        return f"{side} {size} {said} {words}"

    def size(self) -> str:
        return str(self.draw.choice([1, 2, 5, 10, 30, 80]))

    def price(self, away: int) -> str:
        return f"{(self.cents + away) / 100:.2f}"


def day(seed: int, lines: int = LINES) -> Day:
    told = Day(open_kernel("100000000", others=True), seed)
    told.live(lines)
    return told


@pytest.fixture(scope="module")
def days() -> list[Day]:
    return [day(seed) for seed in SEEDS]


def test_everything_that_can_happen_to_orders_happens(days: list[Day]) -> None:
    seen = {type(event) for told in days for event in told.events}
    crossings = [
        event
        for told in days
        for event in told.events
        if isinstance(event, OrderFilled) and event.is_crossing
    ]

    assert seen >= {
        OrderAccepted,
        OrderCancelled,
        OrderDeactivated,
        OrderFilled,
        OrderHeld,
        OrderModified,
        OrderReduced,
        OrderReleased,
        OrdersQuestioned,
        OrderTriggered,
        QuestionAnswered,
        TrailMoved,
    }
    assert len(crossings) > 20
    for one, other in zip(crossings[::2], crossings[1::2], strict=True):
        assert one.account_id != other.account_id
        assert (one.price, one.size) == (other.price, other.size)


def test_replay_equals_life(days: list[Day]) -> None:
    for lived in days:
        told = open_kernel("100000000", others=True)
        told.replay(lived.events)

        assert told.world == lived.kernel.world


def test_what_is_kept_is_enough(days: list[Day]) -> None:
    for lived in days:
        told = open_kernel("100000000", others=True)
        told.replay(event for event in lived.events if event.kept)

        assert told.world.orders.by_id == lived.kernel.world.orders.by_id
        assert told.world.ledger == lived.kernel.world.ledger


def test_stored_world_goes_on_alike(days: list[Day]) -> None:
    for seed, lived in zip(SEEDS, days, strict=True):
        stopped = day(seed, LINES // 2)
        packed = msgspec.msgpack.encode(stopped.kernel.world)
        world = msgspec.msgpack.decode(packed, type=World)
        contracts, models = stopped.kernel.world.contracts, stopped.kernel.world.models
        stopped.kernel = stopped.player.kernel = Kernel(world, contracts, models)
        stopped.live(LINES - LINES // 2)

        assert stopped.events == lived.events


def test_value_is_moved_and_never_made(days: list[Day]) -> None:
    for lived in days:
        assert all(total == ZERO for total in lived.kernel.world.ledger.totals().values())


def test_orders_trade_no_more_than_their_size_and_no_worse_than_their_limit(
    days: list[Day],
) -> None:
    for lived in days:
        limits = dict[int, tuple[Decimal | None, bool]]()
        for event in lived.events:
            if isinstance(event, OrderAccepted | OrderModified | TrailMoved):
                is_buy = lived.kernel.world.orders.by_id[event.order_id].is_buy
                limits[event.order_id] = (event.limit_price, is_buy)
            if isinstance(event, OrderFilled):
                limit, is_buy = limits[event.order_id]
                assert limit is None or (event.price <= limit if is_buy else event.price >= limit)
        for order in lived.kernel.world.orders.by_id.values():
            assert ZERO <= order.filled <= order.size


def test_fast_index_equals_slow_scan(days: list[Day]) -> None:
    for lived in days:
        orders = lived.kernel.world.orders
        scanned = indexed(orders.by_id, orders.executions.values())
        assert orders.index.open_by_side == scanned.open_by_side
        assert orders.index.groups == scanned.groups
        assert orders.index.children == scanned.children
        for conid, book in orders.books.items():
            assert sorted(book.orders) == sorted(scanned.books[conid].orders)
            for buys, ladder in ((True, book.buys), (False, book.sells)):
                resting = [row for row in book.orders.values() if row.is_buy is buys]
                trading = [row for row in resting if not row.awaits_trigger]
                assert ladder.reached(Decimal("Infinity")) == sorted(
                    trading, key=by_price_then_time
                )
