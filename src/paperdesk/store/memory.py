"""A journal in memory: for desks that nobody needs tomorrow, and for tests."""

from collections.abc import Callable, Iterator, Sequence

from paperdesk.kernel.messages import Event
from paperdesk.store.journal import JournalFailed
from paperdesk.store.records import HASH_SIZE, Record, sealed, verified
from paperdesk.store.upcast import FORM, Reader


class MemoryJournal:
    """Keeps records in a list; what is appended counts as durable at once."""

    failure = ""

    def __init__(self, genesis: bytes = bytes(HASH_SIZE)) -> None:
        """Begin an empty journal whose chain starts from a hash."""
        self._genesis = genesis
        self._records: list[Record] = []

    @property
    def seq(self) -> int:
        """The number of the last event appended."""
        return len(self._records)

    @property
    def durable_seq(self) -> int:
        """The same: nothing here survives anything, so there is nothing to wait for."""
        return len(self._records)

    def append(self, events: Sequence[Event]) -> int:
        """Take events in order and return the number of the last one.

        Raises:
            JournalFailed: somebody has set `failure`, as a test of fail-stop does.
        """
        if self.failure:
            raise JournalFailed(f"The journal has stopped: {self.failure}.")
        for event in events:
            seq = len(self._records)
            self._records.append(sealed(seq + 1, FORM, event, self.hash_at(seq)))
        return len(self._records)

    def notify(self, seq: int, callback: Callable[[], None]) -> None:
        """Call back at once."""
        assert seq <= self.seq
        callback()

    def records(self, after: int = 0) -> Iterator[Record]:
        """Yield the records that follow a number, verified."""
        kept = ((r.seq, r.at, r.form, r.kind, r.body, r.hash) for r in self._records[after:])
        return verified(kept, after, self.hash_at(after))

    def events(self, after: int = 0) -> Iterator[Event]:
        """Yield the events that follow a number."""
        reader = Reader()
        for record in self.records(after):
            yield from reader.events(record)

    def hash_at(self, seq: int) -> bytes:
        """Return the chain's hash after an event."""
        return self._records[seq - 1].hash if seq else self._genesis

    def close(self) -> None:
        """Do nothing: there is nothing to let go."""
