"""What holds for every course of trading."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.books import ACCOUNT, STOCK
from tests.tape import Player, open_kernel

from paperdesk.base.errors import Refusal
from paperdesk.base.units import ZERO
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.orders import OrderFilled, Side
from paperdesk.kernel.messages.quotes import QuoteRecorded
from paperdesk.kernel.state.order_index import indexed
from paperdesk.kernel.state.orders import Order
from paperdesk.kernel.state.world import World

cents = st.integers(9_700, 10_300).map(lambda cents: f"{cents / 100:.2f}")
sizes = st.sampled_from(["1", "3", "7", "10", "25", "60", "0.5"])
sides = st.sampled_from(["buy", "sell"])
times = st.sampled_from(
    ["", "", "gtc", "ioc", "outside", "gtc outside", "aon", "paused", "close", "other", "gtc other"]
)
trails = st.sampled_from(["1", "0.50", "1%", "2.5%"])
names = st.integers(1, 12).map(str)


@st.composite
def quoted(draw: st.DrawFn) -> str:
    bid = draw(st.integers(9_700, 10_300))
    spread, last = draw(st.integers(0, 8)), draw(st.integers(-40, 40))
    shown = f"{bid / 100:.2f} {draw(sizes)} {(bid + spread) / 100:.2f} {draw(sizes)}"
    state = draw(st.sampled_from(["", "", "", "", "pre", "halted", "closed"]))
    return f"quote {shown} last {(bid + last) / 100:.2f} {state}"


@st.composite
def asked(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["", "", "stp", "stplmt", "trail", "traillmt", "market", "cash"]))
    side, size, time = draw(sides), draw(sizes), draw(times)
    prices = {
        "": draw(cents),
        "market": "",
        "cash": draw(cents),
        "stp": f"stp {draw(cents)}",
        "stplmt": f"stplmt {draw(cents)} {draw(cents)}",
        "trail": f"trail {draw(trails)}",
        "traillmt": f"traillmt {draw(trails)} {draw(cents)} {draw(cents)}",
    }
    return f"{side} {'$777.77' if kind == 'cash' else size} {prices[kind]} {time}"


@st.composite
def families(draw: st.DrawFn) -> str:
    size = draw(sizes)
    trail = f"{draw(trails)}"
    side, other = draw(st.sampled_from([("buy", "sell"), ("sell", "buy")]))
    stop = draw(st.sampled_from([f"stp {draw(cents)}", f"trail {trail}"]))
    exits = f"{other} {size} {draw(cents)} gtc / {other} {draw(sizes)} {stop} gtc"
    parent = f"{side} {draw(sizes)} {draw(cents)} {draw(st.sampled_from(['', 'ioc', 'gtc']))}"
    members = f"{side} {size} {draw(cents)} / {other} {size} {draw(cents)}"
    name = f"n{draw(st.integers(1, 10**6))}"
    mixed = f"{parent} as={name} / {other} {size} {draw(cents)} of={name} / {members}"
    return draw(
        st.sampled_from([f"bracket {parent} / {exits}", f"group {members}", f"group {mixed}"])
    )


@st.composite
def changes(draw: st.DrawFn) -> str:
    name = draw(names)
    return draw(
        st.sampled_from(
            [
                f"cancel {name}",
                "cancel all",
                "yes",
                "yes",
                "no",
                f"modify {name} {draw(asked())}",
                f"high {name} {draw(cents)}",
            ]
        )
    )


@st.composite
def nights(draw: st.DrawFn) -> str:
    return "clock +" + draw(st.sampled_from(["1", "60", "240", "400", "900", "1440", "4000"]))


courses = st.lists(quoted() | quoted() | asked() | families() | changes() | nights(), max_size=40)


def run(kernel: Kernel, course: Sequence[str]) -> list[Event]:
    """Let a course happen and return every event; what is refused leaves the world as it was."""
    player, told = Player(kernel), list[Event]()
    for line in course:
        words = line.split()
        names = words[1] if words[0] in {"cancel", "modify", "high"} else "all"
        if names != "all" and int(names) > len(player.ids):
            continue
        before = msgspec.msgpack.encode(kernel.world)
        try:
            events = kernel.handle(player.command(words))
        except Refusal:
            assert msgspec.msgpack.encode(kernel.world) == before
            continue
        list(player.told(events))
        told += events
    return told


@given(courses)
def test_replaying_the_events_gives_the_same_world(course: list[str]) -> None:
    lived, told = open_kernel(others=True), open_kernel(others=True)

    told.replay(run(lived, course))

    assert told.world == lived.world
    assert msgspec.msgpack.encode(told.world) == msgspec.msgpack.encode(lived.world)


@given(courses)
def test_what_is_kept_tells_orders_and_money(course: list[str]) -> None:
    lived, told = open_kernel(others=True), open_kernel(others=True)

    told.replay(event for event in run(lived, course) if event.kept)

    assert told.world.ledger == lived.world.ledger
    assert told.world.orders.by_id == lived.world.orders.by_id
    assert told.world.orders.executions == lived.world.orders.executions


@given(courses)
def test_stored_world_goes_on_as_the_one_that_was_not(course: list[str]) -> None:
    half = len(course) // 2
    lived, stored = open_kernel(others=True), open_kernel(others=True)
    run(lived, course[:half])
    run(stored, course[:half])

    packed = msgspec.msgpack.encode(stored.world)
    read = msgspec.msgpack.decode(packed, type=World)
    restored = Kernel(read, stored.world.contracts, stored.world.models)

    assert run(restored, course[half:]) == run(lived, course[half:])
    assert restored.world == lived.world


@given(courses)
def test_value_is_moved_and_never_made(course: list[str]) -> None:
    kernel = open_kernel(others=True)

    run(kernel, course)

    assert all(total == ZERO for total in kernel.world.ledger.totals().values())


@given(courses)
def test_no_order_trades_more_than_its_size_or_worse_than_its_limit(course: list[str]) -> None:
    kernel = open_kernel(others=True)

    events = run(kernel, course)

    orders = kernel.world.orders.by_id
    for order in orders.values():
        assert ZERO <= order.filled <= order.size
    shown: dict[tuple[object, ...], Decimal] = {}
    for event in events:
        if isinstance(event, QuoteRecorded):
            shown.clear()
        if isinstance(event, OrderFilled) and not event.is_crossing:
            quote = event.quote
            price = quote.ask if event.side is Side.BUY else quote.bid
            size = quote.ask_size if event.side is Side.BUY else quote.bid_size
            assert event.price == price
            assert not quote.is_halted
            key = (event.side, price, size)
            shown[key] = shown.get(key, ZERO) + event.size
            assert shown[key] <= size, "no size is sold twice"


@given(courses)
def test_orders_of_the_desk_meet_in_pairs(course: list[str]) -> None:
    met = [
        event
        for event in run(open_kernel(others=True), course)
        if isinstance(event, OrderFilled) and event.is_crossing
    ]

    for one, other in zip(met[::2], met[1::2], strict=True):
        assert one.account_id != other.account_id
        assert one.side is not other.side
        assert (one.price, one.size) == (other.price, other.size)


@given(courses)
def test_index_says_what_a_scan_of_all_orders_says(course: list[str]) -> None:
    kernel = open_kernel(others=True)

    run(kernel, course)

    orders = kernel.world.orders
    scanned = indexed(orders.by_id, orders.executions.values())
    index = orders.index
    open_by_account = {key: found for key, found in index.open_by_account.items() if found}
    assert open_by_account == scanned.open_by_account
    assert index.open_by_side == scanned.open_by_side
    assert index.by_customer_id == scanned.by_customer_id
    assert {key: sorted(book.orders) for key, book in index.books.items()} == {
        key: sorted(book.orders) for key, book in scanned.books.items()
    }
    for book in index.books.values():
        in_market = list(book.orders.values())
        for buys, ladder in ((True, book.buys), (False, book.sells)):
            trading = [row for row in in_market if row.is_buy is buys and not row.awaits_trigger]
            everything = ladder.reached(Decimal("Infinity"))
            assert everything == sorted(trading, key=by_price_then_time)
    due = [row for row in orders.by_id.values() if row.is_open and row.due_at is not None]
    first = min(due, key=lambda row: (row.due_at, row.order_id), default=None)
    assert index.next_due(orders.by_id) is first


def by_price_then_time(order: Order) -> tuple[Decimal, int]:
    """Return the place of an order, worked out without the index."""
    if order.limit_price is None:
        return Decimal("-Infinity"), order.priority
    return (-order.limit_price if order.is_buy else order.limit_price), order.priority


whole = st.integers(1, 60).map(str)


@st.composite
def bracket_lives(draw: st.DrawFn) -> list[str]:
    """A bracket of a buyer who never asks for exits larger than the entry, however it trades."""
    size = draw(st.sampled_from([30, 37, 100]))
    stop = draw(st.sampled_from(["stp 97", "trail 2"]))
    course = [
        f"quote 99.98 {draw(whole)} 100 {draw(whole)}",
        f"bracket buy {size} 100 gtc / sell {size} 103 gtc / sell {size} {stop} gtc",
    ]
    for _ in range(draw(st.integers(1, 25))):
        bid = draw(st.integers(9_600, 10_400))
        quoted = f"quote {bid / 100:.2f} {draw(whole)} {(bid + 2) / 100:.2f} {draw(whole)}"
        cents = draw(st.integers(1, 50))
        course.append(
            draw(
                st.sampled_from(
                    [
                        quoted,
                        quoted,
                        f"modify 1 buy {draw(st.integers(1, size + 30))} 100 gtc",
                        f"modify 2 sell SIZE 103.{cents:02} gtc",
                        f"modify 3 sell SIZE {stop}.{cents:02} gtc",
                        "cancel 1",
                    ]
                )
            )
        )
    return course


@given(bracket_lives())
def test_bracket_never_reverses_the_position_that_it_takes(course: list[str]) -> None:
    kernel = open_kernel()
    player = Player(kernel)
    for line in course:
        words = line.split()
        if "SIZE" in words:
            order = kernel.world.orders.by_id[player.ids[int(words[1]) - 1]]
            words[words.index("SIZE")] = str(order.size)
        player.tell(words)

        assert kernel.world.ledger.size(ACCOUNT, STOCK.conid) >= ZERO


COURSE = """
import sys
from random import Random
import msgspec
from tests.properties.test_kernel import run
from tests.tape import open_kernel
draw = Random("course")
lines = []
for number in range(400):
    cents = draw.randrange(9_900, 10_100)
    lines.append(f"quote {cents / 100:.2f} 30 {(cents + 3) / 100:.2f} 40")
    side = draw.choice(["buy", "sell"])
    price = (cents + draw.randrange(-300, 300)) / 100
    lines.append(f"{side} {draw.randrange(1, 90)} {price:.2f} {draw.choice(['', 'gtc'])}")
    lines.append(f"bracket buy 5 {price:.2f} / sell 5 {price + 1:.2f} / sell 5 stp {price - 1:.2f}")
    lines.append(draw.choice(["cancel 3", "clock +7", "cancel all", "sell 3 trail 1%"]))
kernel = open_kernel(others=True)
events = run(kernel, lines)
sys.stdout.buffer.write(msgspec.msgpack.encode(events) + msgspec.msgpack.encode(kernel.world))
"""


def test_two_hash_seeds_give_the_same_journal_to_the_byte() -> None:
    told = [
        subprocess.run(
            [sys.executable, "-c", COURSE],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        ).stdout
        for seed in ("1", "4711")
    ]

    assert len(told[0]) > 100_000
    assert hashlib.sha256(told[0]).hexdigest() == hashlib.sha256(told[1]).hexdigest()
