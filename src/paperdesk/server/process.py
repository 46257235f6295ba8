"""The process: open files, the loop, and the garbage collector, as serving wants them."""

import contextlib
import gc
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

OPEN_FILES: Final = 8_192
COLLECTION_THRESHOLDS: Final = (20_000, 20, 50)


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector away while a world is read: all of it is there to stay.

    It would come again and again as the world grows, for more than half of the time it takes.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # What has been read belongs to nobody's garbage, so it need not be looked through either.
        gc.freeze()
        if was_enabled:
            gc.enable()


def calm() -> None:
    """Let the collector pass over what is there for good, and come less often for the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTION_THRESHOLDS)


def let_files_be_open() -> None:
    """Ask the system for as many open files as there may be connections, and the desk's own.

    Many systems allow 1,024 unless asked: connections could take them all, and a desk that cannot
    open its files answers nobody.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on every system

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= OPEN_FILES:
        return
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def loop_factory() -> Callable[[], Any] | None:
    """Return what makes the fastest loop that the system has; None for the usual one."""
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415 - not on every system

    return uvloop.new_event_loop
