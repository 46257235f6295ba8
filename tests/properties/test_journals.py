"""Journals: whatever happens on a desk, its journal tells the same world again."""

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.desk.desks import AAA, OPEN, PAIR, Trading
from tests.kernel.books import ACCOUNT
from tests.tape import limit, market, modify, open_kernel, place, stop, ticket

from paperdesk.base.errors import Refusal
from paperdesk.base.units import SECOND
from paperdesk.kernel.messages import Command
from paperdesk.kernel.messages.accounts import AccountOpened
from paperdesk.kernel.messages.orders import CancelOrder, Ticket, TrailMoved
from paperdesk.kernel.state.world import World
from paperdesk.store.checkpoint import Checkpoints, encoded
from paperdesk.store.memory import MemoryJournal
from paperdesk.store.sqlite import SqliteJournal

Wish: TypeAlias = tuple[str, str, int, str, int]
"""What is wished: a word, a side, a size, a price and a number that chooses an order."""

cents = st.integers(9_500, 10_500).map(lambda number: f"{number / 100:.2f}")
wishes: st.SearchStrategy[Wish] = st.tuples(
    st.sampled_from(
        ["market", "limit", "limit", "stop", "trail", "pair", "cancel", "modify", "wait", "wait"]
    ),
    st.sampled_from(["buy", "sell"]),
    st.integers(1, 300),
    cents,
    st.integers(0, 1_000),
)
shows = st.lists(st.tuples(st.integers(1, 300), cents, st.integers(1, 400)), max_size=20)
courses = st.tuples(shows, st.lists(wishes, max_size=25))


def wished(trading: Trading, wish: Wish) -> Command | None:
    """Return what a wish means on a desk as it stands."""
    word, side, size, price, number = wish
    orders = list(trading.desk.world.orders.by_id.values())
    tickets: dict[str, Ticket] = {
        "market": market(side, str(size)),
        "limit": limit(side, str(size), price, time_in_force="GTC"),
        "stop": stop(side, str(size), price),
        "trail": ticket(side, str(size), order_type="TRAIL", trail="0.50", stop_price=price),
        "pair": market(side, str(size * 1_000), conid=PAIR),
    }
    if word in tickets:
        return place(tickets[word])
    if not orders:
        return None
    order = orders[number % len(orders)]
    if word == "cancel":
        return CancelOrder(account_id=order.account_id, order_id=order.order_id)
    changed = msgspec.structs.replace(order.ticket, size=Decimal(size))
    return modify(order.order_id, changed)


def lived(
    course: tuple[list[tuple[int, str, int]], list[Wish]],
    journal: MemoryJournal,
    *,
    looking: bool = False,
) -> Trading:
    """Let a course happen on a desk with a journal, with somebody looking at quotes meanwhile."""
    trading = Trading(journal=journal)
    trading.source.show(AAA, OPEN, "99.98", "100.00", "99.99", 500)
    trading.source.show(PAIR, OPEN, "1.1000", "1.1001")
    when = OPEN
    shown, wanted = course
    for pause, price, size in shown:
        when += pause * SECOND
        trading.source.show(AAA, when, price, f"{float(price) + 0.02:.2f}", price, size)
    for wish in wanted:
        if looking:
            trading.desk.observe([AAA, PAIR])
        if wish[0] == "wait":
            until = trading.desk.now + wish[4] * SECOND
            while looking and trading.desk.now + 20 * SECOND < until:
                trading.desk.advance(trading.desk.now + 20 * SECOND)
                trading.desk.observe_account(ACCOUNT)
                trading.desk.observe([AAA])
            trading.desk.advance(until)
            continue
        command = wished(trading, wish)
        if command is not None:
            try:
                trading.desk.execute(command)
            except Refusal:
                continue
    return trading


def unlooked(world: World) -> dict[str, object]:
    """Return what is true in a world but for what was only looked at: quotes and the time."""
    told = {name: getattr(world, name) for name in world.__struct_fields__}
    for name in ("now", "quotes", "orders"):
        del told[name]
    orders = world.orders
    return told | {
        name: getattr(orders, name)
        for name in orders.__struct_fields__
        if name not in {"bought", "sold"}
    }


@given(courses)
def test_a_replayed_journal_gives_the_world_that_was_lived(
    course: tuple[list[tuple[int, str, int]], list[Wish]],
) -> None:
    trading = lived(course, MemoryJournal())
    told = open_kernel()

    told.replay(trading.journal.events())

    assert unlooked(told.world) == unlooked(trading.desk.world)


@given(courses)
def test_looking_at_quotes_changes_no_journal(
    course: tuple[list[tuple[int, str, int]], list[Wish]],
) -> None:
    unwatched, watched = (
        lived(course, MemoryJournal(), looking=looking).journal for looking in (False, True)
    )

    assert [told for told in watched.events() if not isinstance(told, TrailMoved)] == [
        told for told in unwatched.events() if not isinstance(told, TrailMoved)
    ]


@given(courses)
def test_a_checkpoint_gives_the_world_that_was_lived(
    course: tuple[list[tuple[int, str, int]], list[Wish]],
) -> None:
    trading = lived(course, MemoryJournal())
    with tempfile.TemporaryDirectory() as folder:
        checkpoints = Checkpoints(Path(folder))
        checkpoints.keep(trading.desk.world, trading.journal)
        checkpoints.finish(trading.journal)

        checkpoint = checkpoints.newest(trading.journal)

    assert checkpoint is not None
    assert encoded(checkpoint.world) == encoded(trading.desk.world)


@given(courses)
def test_the_same_course_gives_the_same_bytes_in_memory_and_on_disk(
    course: tuple[list[tuple[int, str, int]], list[Wish]],
) -> None:
    events = list(lived(course, MemoryJournal()).journal.events())
    memory = MemoryJournal()
    memory.append(events)
    with tempfile.TemporaryDirectory() as folder:
        disk = SqliteJournal(Path(folder) / "journal.db")
        disk.append(events)
        disk.close()
        disk = SqliteJournal(Path(folder) / "journal.db")
        kept = list(disk.records())
        disk.close()

    assert kept == list(memory.records())
    assert not any(isinstance(event, AccountOpened) for event in events)
