"""Delivery: smd messages that really arrive at a hundred clients in a second.

A user has a hundred lines and the market moves twice a second, so a served desk is never asked for
more than 20,000 messages a second by a hundred clients of one user. The desk under measurement
ticks twenty times a second, its time runs sixty times as fast so that every tick has news, and what
arrives is what one core gives.
"""

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.desks import Desk
from benchmarks.figures import Figure
from benchmarks.listeners import Heard, Listening
from benchmarks.processes import Running, free_port, python, running
from paperdesk.kernel.state.contracts import SecurityType
from paperdesk.market.catalogue import load_catalogue

CLIENTS = 100
LINES = 100
ROUNDS = 3
SECONDS = 4.0
MESSAGES_A_SECOND_MIN = 50_000
FIELDS = '{"fields":["31","84","86","88","85"]}'
TICK_SECONDS = 0.05


def figures() -> Iterator[Figure]:
    """Let a hundred clients listen to a hundred stocks each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        port = free_port()
        command = python("-m", "benchmarks.ticking", "--port", str(port))
        command += ["--data-dir", str(folder), "--tick", str(TICK_SECONDS)]
        with running(command, port, folder / "serve.log") as server:
            Desk(server).open_session()
            heard = [_heard(server) for _ in range(ROUNDS)]
    rate = statistics.median(run.messages / run.seconds for run in heard)
    yield Figure(
        name="delivery: smd messages at 100 clients, twenty ticks a second",
        value=rate,
        unit="messages/s",
        aim="50,000",
        is_met=rate >= MESSAGES_A_SECOND_MIN,
    )
    yield Figure(
        name="delivery: the same, a second of the server's core",
        value=statistics.median(run.messages / run.cpu_seconds for run in heard),
        unit="messages/s",
    )


def _heard(server: Running) -> Heard:
    stocks = [
        contract.conid
        for contract in load_catalogue().contracts()
        if contract.security_type is SecurityType.STOCK
    ]
    plan = Listening(
        port=server.port,
        clients=CLIENTS,
        wishes=[f"smd+{conid}+{FIELDS}" for conid in stocks[:LINES]],
        seconds=SECONDS,
        pid=server.pid,
    )
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.listeners"],
        input=msgspec.json.encode(plan),
        stdout=subprocess.PIPE,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=Heard)
