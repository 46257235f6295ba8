"""The clock that drives a desk: wall time in, desk time forward.

Desk time moves in strides of a twentieth of a second of the wall, so that requests of one moment
see one market and its quotes are looked up once. Between requests it moves by itself while
somebody listens or an order works; otherwise the next request brings it forward, and what was due
meanwhile happens first, at its own instant.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from typing import Final, Protocol

from paperdesk.base.units import MILLISECOND, SECOND, Duration, Instant
from paperdesk.desk.clock import Clock, ClockMode
from paperdesk.desk.desk import Desk, DeskStopped
from paperdesk.store.journal import JournalFailed

_log = logging.getLogger("paperdesk.server")

STRIDE: Final[Duration] = 50 * MILLISECOND
TICK: Final[Duration] = 500 * MILLISECOND
REST: Final[Duration] = 5 * SECOND
"""How long nothing happens by itself while nobody listens and no order works."""


def wall() -> Instant:
    """Return wall time."""
    return time.time_ns() // 1_000


class Timekeeper:
    """Brings a desk to where its clock says, whichever clock the desk has just now."""

    def __init__(self, desk: Desk, now: Callable[[], Instant] = wall) -> None:
        """Keep a desk by a wall clock."""
        self.desk = desk
        self.now = now
        self._caught_up: tuple[Clock, Instant] = (desk.clock, -1)

    def catch_up(self, now: Instant) -> None:
        """Bring desk time to where it belongs at an instant of wall time.

        Raises:
            JournalFailed: the desk has stopped.
            DeskStopped: the same, through a failure of our own.
        """
        clock = self.desk.clock
        begun = now - now % STRIDE
        before, stride = self._caught_up
        if begun == stride and clock is before:
            return
        if clock is before and begun < stride - SECOND:
            # Somebody has set the wall's clock back; the desk goes on from where it is.
            clock = self.desk.clock = clock.anchored(begun, self.desk.now)
        if clock.mode is ClockMode.FACTOR and not clock.is_paused:
            self.desk.advance(clock.reading(begun, self.desk.now))
        self._caught_up = (clock, begun)

    def stride(self) -> bool:
        """Let the fastest clock take its next stride; False for any other clock, or at its end."""
        clock = self.desk.clock
        if clock.mode is not ClockMode.FAST or clock.is_paused:
            return False
        before = self.desk.now
        self.desk.advance(clock.reading(self.now(), before))
        return self.desk.now > before


class Driven(Protocol):
    """What has a desk that is driven: `stirred` is set when there is somebody to tick for."""

    keeper: Timekeeper
    stirred: asyncio.Event

    @property
    def is_busy(self) -> bool:
        """Whether somebody listens or an order works."""

    def tick(self, now: Instant) -> None:
        """Tell what has changed, at an instant of wall time."""

    async def settled(self) -> bool:
        """Wait until what has happened is on disk; False where the journal has failed."""


async def drive(driven: Driven) -> None:
    """Move a desk for as long as it is served, and tick at most every 500 ms."""
    keeper = driven.keeper
    ticked_at = 0
    while True:
        try:
            is_fast = keeper.stride()
            if not is_fast:
                await _pause(driven)
            now = keeper.now()
            keeper.catch_up(now)
            if now - ticked_at >= TICK - STRIDE:
                ticked_at = now
                driven.tick(now)
            # The fastest clock must not run away from the disk; sleeping lets requests in.
            if not await driven.settled():
                _log.critical(
                    "The journal has stopped: %s. Restart the desk.", keeper.desk.journal.failure
                )
                return
            if is_fast:
                await asyncio.sleep(0)
        except (DeskStopped, JournalFailed) as stopped:
            _log.critical("%s", stopped)
            return
        except Exception:  # noqa: BLE001 - a failure of ours must not stop the clock for ever
            _log.exception("the clock stumbled")
            await asyncio.sleep(REST / SECOND)


async def _pause(driven: Driven) -> None:
    if driven.is_busy:
        await asyncio.sleep(TICK / SECOND)
        return
    driven.stirred.clear()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(driven.stirred.wait(), REST / SECOND)
