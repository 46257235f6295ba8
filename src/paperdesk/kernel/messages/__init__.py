"""What can be asked of a desk and what can happen in it."""

from typing import ClassVar

import msgspec

from paperdesk.base.units import Instant


class Command(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A wish told to the kernel; it may be refused."""


class Event(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A fact that the kernel states.

    `at` is desk time. An event is kept in the journal unless its class says `kept = False`:
    what a source can give again (quotes, the clock) is applied and streamed, not stored.
    """

    kept: ClassVar[bool] = True

    at: Instant
