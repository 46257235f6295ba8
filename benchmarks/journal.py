"""The journal: durable events a second, in groups, against SQLite alone."""

import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path

from benchmarks.figures import Figure, median_rate
from paperdesk.base.ids import AccountId, Conid, OcaGroupId, OrderId, UserName
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.orders import OrderAccepted, OrderType, Side, Ticket, TimeInForce
from paperdesk.store.sqlite import SqliteJournal

GROUP = 100
EVENTS = 20_000
ALONE = 300
AT = 1_780_000_000_000_000

TICKET = Ticket(
    conid=Conid(265598),
    side=Side.BUY,
    order_type=OrderType.LIMIT,
    time_in_force=TimeInForce.DAY,
    size=Decimal(100),
    limit_price=Decimal("190.25"),
)


def figures() -> Iterator[Figure]:
    """Measure one by one and in groups of a hundred."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _measured(Path(folder))


def _measured(folder: Path) -> Iterator[Figure]:
    bare = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE record (seq INTEGER PRIMARY KEY, body BLOB)")
    journal = SqliteJournal(folder / "journal.sqlite3")
    events: list[Event] = [_accepted(order_id) for order_id in range(1, GROUP + 1)]
    try:
        for name, count, group in (("one by one", ALONE, 1), ("in groups of 100", EVENTS, GROUP)):
            yield Figure(
                name=f"journal: durable events, {name}",
                value=median_rate(partial(_append, journal, events[:group], count)),
                unit="events/s",
                baseline=median_rate(partial(_insert, bare, group, count)),
                baseline_name="SQLite alone",
            )
    finally:
        journal.close()
        bare.close()


def _append(journal: SqliteJournal, events: list[Event], count: int) -> int:
    for _ in range(count // len(events)):
        seq = journal.append(events)
        done = threading.Event()
        journal.notify(seq, done.set)
        done.wait()
    assert journal.durable_seq == journal.seq
    return count


def _insert(connection: sqlite3.Connection, group: int, count: int) -> int:
    rows = [(bytes(160),)] * group
    for _ in range(count // group):
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO record (body) VALUES (?)", rows)
        connection.execute("COMMIT")
    return count


def _accepted(order_id: int) -> OrderAccepted:
    return OrderAccepted(
        at=AT,
        order_id=OrderId(order_id),
        account_id=AccountId("DU1234567"),
        user_name=UserName("demo"),
        ticket=TICKET,
        size=Decimal(100),
        stop_price=None,
        limit_price=Decimal("190.25"),
        parent_id=None,
        oca_group_id=OcaGroupId(""),
        is_held=False,
    )
