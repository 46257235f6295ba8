"""Starting: how soon the first answer comes, how much memory it takes, how long a restart."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.desks import desk
from benchmarks.figures import ROUNDS, Figure, median_seconds
from benchmarks.processes import python

FIRST_ANSWER_SECONDS_MAX = 1.0
RESIDENT_MB_MAX = 150.0


def figures() -> Iterator[Figure]:
    """Start a desk several times in one data directory; the first time makes everything."""
    import subprocess  # noqa: PLC0415

    bare = median_seconds(lambda: subprocess.run(python("-c", "pass"), check=True))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, _ = started(folder)
        seconds, resident = zip(*(started(folder) for _ in range(ROUNDS)), strict=True)
    yield Figure(
        name="serve: first answer, on the very first start",
        value=first,
        unit="s",
        aim="1 s",
        is_met=first <= FIRST_ANSWER_SECONDS_MAX,
        baseline=bare,
        baseline_name="python -c pass",
    )
    middle = statistics.median(seconds)
    yield Figure(
        name="serve: first answer",
        value=middle,
        unit="s",
        aim="1 s",
        is_met=middle <= FIRST_ANSWER_SECONDS_MAX,
        baseline=bare,
        baseline_name="python -c pass",
    )
    memory = statistics.median(resident)
    yield Figure(
        name="serve: resident memory with the default universe",
        value=memory,
        unit="MB",
        aim="150 MB",
        is_met=memory <= RESIDENT_MB_MAX,
    )


def started(folder: Path) -> tuple[float, float]:
    """Start a desk, ask it who is signed in, and return the seconds and its memory in MB."""
    began = time.perf_counter()
    with desk(folder) as under_test:
        under_test.ask("GET", "/iserver/auth/status")
        return time.perf_counter() - began, under_test.server.resident_bytes() / 1e6
