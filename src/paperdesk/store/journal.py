"""Journals: the kept events of a desk in order, and what keeping them promises.

An event is *appended* (it has its number), then *durable* (it survives a power cut). An answer may
leave only after the events behind it are durable. What could not be made durable is never tried
again: the journal stops, and with it the desk.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from paperdesk.kernel.messages import Event
from paperdesk.store.records import Record
from paperdesk.store.refusals import (
    JournalDamaged,
    JournalFailed,
    JournalForeign,
    JournalInUse,
    JournalNewer,
)

__all__ = [
    "Journal",
    "JournalDamaged",
    "JournalFailed",
    "JournalForeign",
    "JournalInUse",
    "JournalNewer",
]


class Journal(Protocol):
    """Where the kept events of one desk are."""

    @property
    def seq(self) -> int:
        """The number of the last event appended; 0 for an empty journal."""

    @property
    def durable_seq(self) -> int:
        """The number of the last event that is on disk."""

    @property
    def failure(self) -> str:
        """Why the journal has stopped; "" while it works."""

    def append(self, events: Sequence[Event]) -> int:
        """Take events in order and return the number of the last one; they are not durable yet.

        Raises:
            JournalFailed: the journal has stopped.
        """

    def notify(self, seq: int, callback: Callable[[], None]) -> None:
        """Call back once when everything up to `seq` is durable, or the journal has failed.

        The callback comes from the writer's thread, or at once from the caller's when there is
        nothing to wait for. It has to look at `failure`.
        """

    def records(self, after: int = 0) -> Iterator[Record]:
        """Yield the durable events that follow a number as they are stored, each verified.

        Raises:
            JournalDamaged: a record is missing or changed; the message names it.
        """

    def events(self, after: int = 0) -> Iterator[Event]:
        """Yield the durable events that follow a number, old forms brought up to date.

        Raises:
            JournalDamaged: a record is missing, changed or unreadable; the message names it.
        """

    def hash_at(self, seq: int) -> bytes:
        """Return the chain's hash after an event that is durable; 32 zeros for 0."""

    def close(self) -> None:
        """Make everything durable and let the journal go."""
