"""Figures: what was measured, against what, and what was hoped for."""

import statistics
import time
from collections.abc import Callable, Sequence

import msgspec

ROUNDS = 5


class Figure(msgspec.Struct, kw_only=True):
    """One line of the result.

    `aim` is the sentence of the promise; `is_met` is None where a figure only informs. `baseline`
    is in the same unit, measured in the same run.
    """

    name: str
    value: float
    unit: str
    aim: str = ""
    is_met: bool | None = None
    baseline: float | None = None
    baseline_name: str = ""

    @property
    def ratio(self) -> float | None:
        """The figure as a multiple of its baseline."""
        return self.value / self.baseline if self.baseline else None


class Distribution(msgspec.Struct, frozen=True):
    """Seconds that single requests took."""

    p50: float
    p99: float
    worst: float


def median_rate(work: Callable[[], int], rounds: int = ROUNDS) -> float:
    """Run something several times and return the median of its things a second.

    Args:
        work: does its work and says how many things it did.
        rounds: how often; the first one more is a warm-up and not counted.
    """
    rates: list[float] = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        count = work()
        rates.append(count / (time.perf_counter() - began))
    return statistics.median(rates[1:])


def median_seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Run something several times and return the median of the seconds it took."""
    took: list[float] = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took[1:])


def distribution(seconds: Sequence[float]) -> Distribution:
    """Return median, 99th percentile and worst of durations."""
    ordered = sorted(seconds)
    assert ordered, "nothing was measured"
    return Distribution(
        p50=ordered[len(ordered) // 2],
        p99=ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)],
        worst=ordered[-1],
    )
