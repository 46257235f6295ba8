"""Pacing: what counting costs a request that is let through, and a million callers the memory."""

import time
import tracemalloc
from collections.abc import Callable, Iterator

from benchmarks.figures import Figure, median_seconds
from paperdesk.api.paces import DOCUMENTED
from paperdesk.auth.pacing.pacer import Pacer
from paperdesk.auth.pacing.settings import Mode, PacingSettings
from paperdesk.auth.pacing.turnstiles import Turnstile
from paperdesk.base.units import SECOND, Instant

REQUESTS = 200_000
CALLERS = 1_000_000
MICROSECONDS_MAX = 2.0
MEGABYTES_MAX = 50.0
HERE = "127.0.0.1"
NOW: Instant = 1_788_875_891 * SECOND
SNAPSHOT = DOCUMENTED["GET /iserver/marketdata/snapshot"]


def figures() -> Iterator[Figure]:
    """Measure a request of one caller, then callers who all come once."""
    bare = _microseconds(lambda _now: None)
    turnstile = Pacer().turnstile("hosted", 50)

    def counted(now: Instant) -> None:
        turnstile.boxed(HERE, now)
        turnstile.counted("demo", HERE, now)

    def paced(now: Instant) -> None:
        counted(now)
        turnstile.paced("demo", HERE, SNAPSHOT, now)

    yield _cost("pacing: a request within the limit of all", _microseconds(counted) - bare)
    yield _cost("pacing: one with a pace of its own", _microseconds(paced) - bare)
    turnstile.box.put_by_hand("127.0.0.2", None, NOW)
    yield _cost("pacing: the same while somebody else is in the box", _microseconds(paced) - bare)
    yield from _crowd()


def _cost(name: str, microseconds: float) -> Figure:
    return Figure(
        name=name,
        value=microseconds,
        unit="us",
        aim=f"{MICROSECONDS_MAX:g} us",
        is_met=microseconds <= MICROSECONDS_MAX,
    )


def _microseconds(ask: Callable[[Instant], None]) -> float:
    """Return what a request costs that comes a tenth of a second after the one before."""

    def work() -> None:
        now = NOW
        for _ in range(REQUESTS):
            now += SECOND // 10
            ask(now)

    return 1e6 * median_seconds(work) / REQUESTS


def _crowd() -> Iterator[Figure]:
    """Let a million user names and a million addresses ask once, and many addresses be boxed."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    turnstile = Turnstile("hosted", 50, PacingSettings(mode=Mode.STRICT))
    began = time.perf_counter()
    for index in range(CALLERS):
        _arrive(turnstile, index)
    seconds = time.perf_counter() - began
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    megabytes = (after - before) / 1e6
    yield Figure(
        name="pacing: memory after a million names and addresses",
        value=megabytes,
        unit="MB",
        aim=f"{MEGABYTES_MAX:g} MB",
        is_met=megabytes <= MEGABYTES_MAX,
    )
    yield Figure(
        name="pacing: callers remembered of two millions",
        value=sum(1 for _ in turnstile.callers()),
        unit="callers",
    )
    yield Figure(
        name="pacing: newcomers a second, memory being traced",
        value=2 * CALLERS / seconds,
        unit="callers/s",
    )


def _arrive(turnstile: Turnstile, index: int) -> None:
    address = f"2001:db8::{index:x}"
    turnstile.counted(f"user{index}", address, NOW)
    turnstile.paced(f"user{index}", address, SNAPSHOT, NOW)
    turnstile.counted("", address, NOW)
    turnstile.box.put(address, SNAPSHOT.limit, NOW, PacingSettings())
