"""History over HTTPS: a thousand bars of each size, and five years of daily bars."""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.desks import AAPL, BASE, Desk, desk
from benchmarks.figures import ROUNDS, Figure, distribution
from benchmarks.load import Plan, request, send

MSFT, IBM, KO = 272093, 8314, 8894
CONIDS = (AAPL, MSFT, IBM, KO)
ASKED = (
    ("5s", "5000s"),
    ("1min", "1000min"),
    ("5min", "13d"),
    ("30min", "77d"),
    ("1h", "6m"),
    ("1d", "4y"),
    ("1d", "5y"),
    ("1w", "15y"),
)
MILLISECONDS_MAX = 20.0
REQUESTS = 12


def figures() -> Iterator[Figure]:
    """Ask for each size once cold, then for contracts in turn, one request at a time."""
    with tempfile.TemporaryDirectory() as name, desk(Path(name)) as under_test:
        under_test.open_session()
        for bar, period in ASKED:
            yield from _asked(under_test, bar, period)


def _asked(under_test: Desk, bar: str, period: str) -> Iterator[Figure]:
    paths = [
        f"/iserver/marketdata/history?conid={conid}&bar={bar}&period={period}&outsideRth=false"
        for conid in CONIDS
    ]
    points = len(under_test.ask("GET", paths[0])["data"])
    port = under_test.server.port
    plan = Plan(
        port=port,
        requests=[request("GET", BASE + path, port=port) for path in paths],
        connections=1,
        count=REQUESTS,
    )
    before = under_test.server.cpu_seconds()
    runs = [send(plan) for _ in range(ROUNDS)]
    busy = 1000 * (under_test.server.cpu_seconds() - before) / (ROUNDS * REQUESTS)
    for run in runs:
        assert set(run.statuses) == {200}, run.sample
    milliseconds = 1000 * statistics.median(distribution(run.latencies).p50 for run in runs)
    yield Figure(
        name=f"history: {period} of {bar} bars, {points:,} of them",
        value=milliseconds,
        unit="ms",
        aim="20 ms",
        is_met=milliseconds <= MILLISECONDS_MAX,
        baseline=busy,
        baseline_name="its processor time",
    )
