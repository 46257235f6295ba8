"""Nights: resets and maintenance as they come, and what they do to the sessions of a desk.

They come by desk time, so that a desk of which a month passes in a minute has its thirty nights in
that minute. A jump over several of them lets each happen once, in order.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from paperdesk.auth import maintenance, resets
from paperdesk.auth.attendance import Attendance
from paperdesk.auth.endings import Cause
from paperdesk.auth.resets import Turn
from paperdesk.auth.roster import Roster
from paperdesk.base.regions import zone
from paperdesk.base.units import Instant

Hook: TypeAlias = Callable[[], None]

NEVER: Final[Instant] = 1 << 62
DAYS_LOOKED_AT: Final = 9
"""A week without resets has one window; two days more are on the safe side of it."""


class Nights:
    """What the time of a desk does to its sessions.

    `next_at` is the instant of desk time at which something happens next; whoever moves desk time
    compares with it and calls `reached`.
    """

    def __init__(self, roster: Roster, attendance: Attendance, now: Instant) -> None:
        """Begin at an instant of desk time, which may be in the middle of an outage."""
        self._roster = roster
        self._attendance = attendance
        self._is_reset = False
        self._next: tuple[Turn, ...] = ()
        self.next_at: Instant = NEVER
        self.closed: list[Hook] = []
        """Called when the whole service closes."""

        self._begin(now)

    def reached(self, now: Instant, wall: Instant) -> None:
        """Let everything happen that belongs before an instant of desk time or at it.

        Args:
            now: desk time.
            wall: when it happens for the sessions.
        """
        while self.next_at <= now:
            at = self.next_at
            for turn in self._next:
                self._turn(turn, wall)
            self._look_ahead(at)

    def _turn(self, turn: Turn, wall: Instant) -> None:
        match turn:
            case Turn.MIDNIGHT:
                self._attendance.through(wall, self._end_all)
            case Turn.RESET_BEGINS:
                self._is_reset = True
                self._roster.go_away(wall, Cause.NIGHTLY_RESET)
            case Turn.CLOSES:
                self._roster.is_closed = True
                self._roster.go_away(wall, Cause.MAINTENANCE)
                for tell in self.closed:
                    tell()
            case Turn.RESET_ENDS:
                self._is_reset = False
                self._come_back(wall)
            case Turn.REOPENS:
                self._roster.is_closed = False
                self._come_back(wall)

    def _end_all(self, wall: Instant) -> None:
        self._roster.end_all(wall, Cause.MIDNIGHT)

    def _come_back(self, wall: Instant) -> None:
        if not self._is_reset and not self._roster.is_closed:
            self._roster.come_back(wall)
            self._attendance.restore(wall)

    def _begin(self, now: Instant) -> None:
        for turn in [turn for at, turn in self._turnings(now, 0) if at <= now]:
            if turn in {Turn.RESET_BEGINS, Turn.RESET_ENDS}:
                self._is_reset = turn is Turn.RESET_BEGINS
            elif turn in {Turn.CLOSES, Turn.REOPENS}:
                self._roster.is_closed = turn is Turn.CLOSES
        self._roster.is_away = self._is_reset or self._roster.is_closed
        self._look_ahead(now)

    def _look_ahead(self, after: Instant) -> None:
        coming = [row for row in self._turnings(after, DAYS_LOOKED_AT) if row[0] > after]
        self.next_at = coming[0][0] if coming else NEVER
        self._next = tuple(turn for at, turn in coming if at == self.next_at)

    def _turnings(self, around: Instant, days: int) -> list[resets.Turning]:
        """Return what happens from the day before an instant on, in order."""
        settings = self._roster.settings
        region = settings.region
        today, _ = zone(region).local(around)
        found: list[resets.Turning] = []
        for day in range(today - 1, today + days + 1):
            found += resets.turnings(region, settings.resets, settings.seed, day)
            if settings.has_maintenance:
                found += maintenance.turnings(region, day)
        return sorted(found, key=_instant)


def _instant(turning: resets.Turning) -> Instant:
    return turning[0]
