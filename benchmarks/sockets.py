"""WebSockets: smd messages to a hundred clients, a second and a second of the server's core.

A contract tells at most two rows a second, so the rate that arrives is what a hundred clients with
a hundred contracts each can be sent; what one core could deliver is the messages of a second of its
processor time. Desk time runs sixty times as fast, so that every contract has news at every tick.
"""

import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.audience import Heard, Listening
from benchmarks.desks import BASE, Desk, desk
from benchmarks.figures import Figure
from benchmarks.processes import python
from paperdesk.kernel.state.contracts import SecurityType
from paperdesk.market.catalogue import load_catalogue

CLIENTS = 100
LINES = 100
ROUNDS = 3
SETTLE_SECONDS = 6.0
SECONDS = 5.0
MESSAGES_A_SECOND_MIN = 50_000
FIELDS = '{"fields":["31","84","85","86","88","7059"]}'


def figures() -> Iterator[Figure]:
    """Let a hundred clients listen to the same hundred stocks."""
    with tempfile.TemporaryDirectory() as name, desk(Path(name), "--clock", "x60") as under_test:
        under_test.open_session()
        session = under_test.ask("POST", "/tickle")["session"]
        stocks = [
            contract.conid
            for contract in load_catalogue().contracts()
            if contract.security_type is SecurityType.STOCK
        ]
        listening = Listening(
            port=under_test.server.port,
            path=f"{BASE}/ws",
            session=session,
            clients=CLIENTS,
            wishes=[f"smd+{conid}+{FIELDS}" for conid in stocks[:LINES]],
            settle_seconds=SETTLE_SECONDS,
            seconds=SECONDS,
        )
        runs = [_heard(under_test, listening) for _ in range(ROUNDS)]
    delivered = statistics.median(heard.frames / heard.seconds for heard, _ in runs)
    capacity = statistics.median(heard.frames / cpu for heard, cpu in runs)
    yield Figure(
        name="sockets: smd messages delivered to 100 clients, a second",
        value=delivered,
        unit="messages/s",
    )
    yield Figure(
        name="sockets: smd messages of one core, a CPU second",
        value=capacity,
        unit="messages/s",
        aim="50,000",
        is_met=capacity >= MESSAGES_A_SECOND_MIN,
    )
    yield Figure(
        name="sockets: fewest messages of one client, a second",
        value=statistics.median(heard.fewest / heard.seconds for heard, _ in runs),
        unit="messages/s",
    )


def _heard(under_test: Desk, listening: Listening) -> tuple[Heard, float]:
    """Return what arrived, and the server's processor time meanwhile."""
    process = subprocess.Popen(
        python("-m", "benchmarks.audience"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(msgspec.json.encode(listening))
    process.stdin.close()
    process.stdout.readline()
    before = under_test.server.cpu_seconds()
    heard = msgspec.json.decode(process.stdout.readline(), type=Heard)
    cpu = under_test.server.cpu_seconds() - before
    process.wait(timeout=30)
    return heard, cpu
