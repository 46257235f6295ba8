"""The journal of a desk in one SQLite file: write-ahead log, full synchronisation, group commit.

One thread writes. Whatever was appended while it waited for the disk is committed together with
the next. A commit that fails is never tried again, since nobody can know what of it reached the
disk: the journal stops.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, TypeAlias

from paperdesk.kernel.messages import Event
from paperdesk.store import seals
from paperdesk.store.files import (
    COLUMNS,
    Connect,
    checked,
    connect,
    create,
    hash_at,
    head,
    locked,
    rows,
)
from paperdesk.store.journal import JournalFailed
from paperdesk.store.records import HASH_SIZE, Record, sealed, verified
from paperdesk.store.upcast import FORM, Reader

GROUP_MAX: Final = 20_000
"""Records in one commit."""

SECTION: Final = 64
"""Rows in one statement: a statement costs more than a row, most of all when threads contend."""

_Waiter: TypeAlias = Callable[[], None]
_Work: TypeAlias = "list[Record] | _Waiter | None"


class SqliteJournal:
    """A journal file that this process alone writes."""

    def __init__(
        self, path: Path, genesis: bytes = bytes(HASH_SIZE), connecting: Connect = connect
    ) -> None:
        """Open a journal, or begin one where there is no file.

        Every record is verified, one by one or, after a clean close, all at once by a seal.

        Args:
            path: the file; beside it SQLite keeps `-wal` and `-shm`, and we a `.lock`.
            genesis: the hash from which the chain starts, different for each beginning of a desk.
            connecting: opens connections; tests put failing ones here.

        Raises:
            JournalInUse: another process writes it.
            JournalForeign: the file is no journal, or one of another desk.
            JournalNewer: a newer release wrote it.
            JournalDamaged: it is not what was written.
        """
        self.path = path
        self.failure = ""
        self._is_closed = False
        with ExitStack() as undo:
            self._lock = locked(path)
            undo.callback(self._lock.close)
            if not path.exists():
                create(path, genesis)
            seal = seals.broken(path)
            self._genesis = checked(path, genesis)
            if seal is None:
                self._seq, self._hash = head(path, self._genesis)
            else:
                self._seq, self._hash = seal.seq, seal.chain
            self._durable = self._seq
            self._connection = _writable(path, connecting)
            undo.pop_all()
        self._work: SimpleQueue[_Work] = SimpleQueue()
        self._writer = Thread(target=self._run, name=f"journal {path.name}", daemon=True)
        self._writer.start()

    @property
    def seq(self) -> int:
        """The number of the last event appended."""
        return self._seq

    @property
    def durable_seq(self) -> int:
        """The number of the last event that is on disk."""
        return self._durable

    def append(self, events: Sequence[Event]) -> int:
        """Take events in order and return the number of the last one; the writer commits them.

        Raises:
            JournalFailed: the journal has stopped.
        """
        if self.failure:
            raise JournalFailed(f"The journal has stopped: {self.failure}. Restart the desk.")
        if events:
            records = []
            for event in events:
                record = sealed(self._seq + 1, FORM, event, self._hash)
                self._seq, self._hash = record.seq, record.hash
                records.append(record)
            self._work.put(records)
        return self._seq

    def notify(self, seq: int, callback: Callable[[], None]) -> None:
        """Call back once when everything up to `seq` is durable, or the journal has failed.

        Work is done in order, so that a waiter that queues behind its records needs no number.
        """
        assert seq <= self._seq
        if self._durable >= seq or self.failure:
            callback()
        else:
            self._work.put(callback)

    def records(self, after: int = 0) -> Iterator[Record]:
        """Yield the durable records that follow a number, verified; see `events`."""
        return verified(rows(self.path, after), after, self.hash_at(after))

    def events(self, after: int = 0) -> Iterator[Event]:
        """Yield the durable events that follow a number, old forms brought up to date.

        Raises:
            JournalDamaged: a record is missing, changed or unreadable; the message names it.
            JournalNewer: a record is in a form of a newer release.
        """
        reader = Reader()
        for record in self.records(after):
            yield from reader.events(record)

    def hash_at(self, seq: int) -> bytes:
        """Return the chain's hash after an event that is durable.

        Raises:
            JournalDamaged: there is no such record.
        """
        return hash_at(self.path, seq, self._genesis)

    def close(self) -> None:
        """Make everything durable, seal the file and let it go; a failed one is left as it is."""
        self._work.put(None)
        self._writer.join()
        if not self.failure and not self._is_closed:
            self._connection.close()
            seals.kept(self.path, self._seq, self._hash)
        self._is_closed = True
        self._lock.close()

    def _run(self) -> None:
        """Write in a thread of its own; should it ever fall over, nobody waits for it."""
        is_told = False
        try:
            self._write()
            is_told = True
        finally:
            if not is_told:
                self.failure = "the writer has fallen over"

    def _write(self) -> None:
        """Commit groups until told to stop."""
        while True:
            records, waiters, is_last = self._group()
            if records and not self.failure:
                try:
                    _commit(self._connection, records)
                    self._durable = records[-1].seq
                except (sqlite3.Error, OSError, MemoryError) as error:
                    self.failure = f"{type(error).__name__}: {error}"
            for waiter in waiters:
                waiter()
            if is_last:
                return

    def _group(self) -> tuple[list[Record], list[_Waiter], bool]:
        """Wait for work, then take all there is up to the bound."""
        records: list[Record] = []
        waiters: list[_Waiter] = []
        work = self._work.get()
        while True:
            if work is None:
                return records, waiters, True
            if isinstance(work, list):
                records += work
            else:
                waiters.append(work)
            if len(records) >= GROUP_MAX:
                return records, waiters, False
            try:
                work = self._work.get_nowait()
            except Empty:
                return records, waiters, False


def _commit(connection: sqlite3.Connection, records: Sequence[Record]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    whole = len(records) // SECTION * SECTION
    for start in range(0, whole, SECTION):
        _insert(connection, records[start : start + SECTION])
    if rest := records[whole:]:
        _insert(connection, rest)
    connection.execute("COMMIT")


def _insert(connection: sqlite3.Connection, records: Sequence[Record]) -> None:
    values: list[object] = []
    for record in records:
        values += (record.seq, record.at, record.form, record.kind, record.body, record.hash)
    connection.execute(_insertion(len(records)), values)


@cache
def _insertion(count: int) -> str:
    rows = ", ".join(("(?, ?, ?, ?, ?, ?)",) * count)
    return f"INSERT INTO record ({COLUMNS}) VALUES {rows}"  # noqa: S608 - question marks alone


def _writable(path: Path, connecting: Connect) -> sqlite3.Connection:
    connection = connecting(f"{path.absolute().as_uri()}?mode=rw")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # A Mac's fsync leaves data in the drive's cache; elsewhere these two change nothing.
    connection.execute("PRAGMA fullfsync = 1")
    connection.execute("PRAGMA checkpoint_fullfsync = 1")
    return connection
