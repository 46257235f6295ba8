"""The desk's clock: time is told to the kernel, never asked for."""

from typing import ClassVar

from paperdesk.base.units import Instant
from paperdesk.kernel.messages import Command, Event


class AdvanceClock(Command, frozen=True):
    """Let desk time reach an instant; due things up to it happen first, in order."""

    to: Instant


class ClockAdvanced(Event, frozen=True):
    """Desk time has reached `at`. Observed: every kept event carries its own instant."""

    kept: ClassVar[bool] = False
