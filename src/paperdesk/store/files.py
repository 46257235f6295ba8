"""Journal files: how one is made, locked, recognised and read."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final, TypeAlias

from paperdesk.store.records import Record, Row, followed, verified
from paperdesk.store.refusals import JournalDamaged, JournalForeign, JournalInUse, JournalNewer
from paperdesk.store.upcast import FORM

APPLICATION_ID: Final = 0x50444A31
"""`PDJ1` in the file's header says that it is a journal of Paperdesk."""

LAYOUT: Final = 1
"""The layout of tables that this release writes and reads, in the header's user version."""

MODE: Final = 0o600
BUSY_SECONDS: Final = 5.0
COLUMNS: Final = "seq, at, form, kind, body, hash"

_TABLES: Final = """
CREATE TABLE journal (genesis BLOB NOT NULL);
CREATE TABLE record (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, form INTEGER NOT NULL,
    kind TEXT NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL
);
"""

Connect: TypeAlias = Callable[[str], sqlite3.Connection]


def connect(uri: str) -> sqlite3.Connection:
    """Open a file that exists, for any one thread at a time, without transactions of its own."""
    return sqlite3.connect(
        uri, uri=True, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False
    )


def read(path: Path) -> Iterator[Record]:
    """Yield every record of a journal that may be open elsewhere, verified from the first on.

    Raises:
        JournalForeign: the file is no journal.
        JournalNewer: a newer release wrote it.
        JournalDamaged: it is not what was written; the message names the record.
    """
    genesis = checked(path, None)
    yield from verified(rows(path, 0), 0, genesis)


def hash_at(path: Path, seq: int, genesis: bytes) -> bytes:
    """Return the hash that a journal's record holds, the genesis for 0.

    Raises:
        JournalDamaged: there is no such record.
    """
    if not seq:
        return genesis
    with closing(readable(path)) as connection:
        row = connection.execute("SELECT hash FROM record WHERE seq = ?", (seq,)).fetchone()
    if row is None:
        raise JournalDamaged(f"Record {seq} of the journal is missing.")
    return bytes(row[0])


def copied(path: Path, to: Path) -> None:
    """Copy a journal, which may be open elsewhere, as it is at one moment into a new file."""
    touch(to)
    with closing(readable(path)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def locked(path: Path) -> sqlite3.Connection:
    """Take the desk for this process until the connection is closed or the process dies.

    A second SQLite file is a lock that works alike on every platform and leaves nothing behind
    that a crash could make stale. It is made once and then left to SQLite: on POSIX a process that
    closes any handle of a file gives up all the locks it has on that file.
    """
    lock = path.with_suffix(".lock")
    if not lock.exists():
        touch(lock)
    connection = sqlite3.connect(lock, isolation_level=None, timeout=0, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        raise JournalInUse(f"Another process has {path} open; stop it first.") from error
    return connection


def touch(path: Path) -> None:
    """Make a file that its owner alone can read; SQLite's own files beside it follow its mode."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, MODE))


def create(path: Path, genesis: bytes) -> None:
    """Make an empty journal under another name first, so that no half-made one is ever found."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    touch(new)
    with closing(sqlite3.connect(new, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {LAYOUT}")
        connection.executescript(f"BEGIN; {_TABLES} COMMIT;")
        connection.execute("INSERT INTO journal VALUES (?)", (genesis,))
    new.replace(path)
    synchronised(path.parent)


def synchronised(directory: Path) -> None:
    """Make the names in a directory durable, where the platform can."""
    if os.name == "posix":
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def checked(path: Path, genesis: bytes | None) -> bytes:
    """Return the genesis of a journal that is ours to read."""
    try:
        with closing(readable(path)) as connection:
            ((application,),) = connection.execute("PRAGMA application_id")
            ((layout,),) = connection.execute("PRAGMA user_version")
            if application != APPLICATION_ID:
                raise JournalForeign(f"{path} is no journal of Paperdesk.")
            if layout > LAYOUT:
                raise JournalNewer(
                    f"{path} has layout {layout}; this release reads up to {LAYOUT}. "
                    "Open it with a newer release."
                )
            ((found,),) = connection.execute("SELECT genesis FROM journal")
    except (sqlite3.DatabaseError, ValueError) as error:
        raise _refused(path, error) from error
    if genesis is not None and found != genesis:
        raise JournalForeign(f"{path} is the journal of another desk than its manifest says.")
    return bytes(found)


def _refused(path: Path, error: Exception) -> JournalForeign | JournalDamaged:
    if "not a database" in str(error) or "unable to open" in str(error):
        return JournalForeign(f"{path} is no journal of Paperdesk.")
    return JournalDamaged(f"{path} is damaged before its first record: {error}.")


def head(path: Path, genesis: bytes) -> tuple[int, bytes]:
    """Verify a whole journal and return its last number and hash; see `read`."""
    return followed(rows(path, 0), 0, genesis, FORM)


def rows(path: Path, after: int) -> Iterator[Row]:
    """Yield the rows that follow a number as they are stored.

    Raises:
        JournalDamaged: SQLite cannot read on; the message names the record.
    """
    seq = after
    with closing(readable(path)) as connection:
        try:
            for row in connection.execute(
                f"SELECT {COLUMNS} FROM record WHERE seq > ? ORDER BY seq",  # noqa: S608
                (after,),
            ):
                yield row
                seq = row[0]
        except sqlite3.DatabaseError as error:
            raise JournalDamaged(
                f"Record {seq + 1} of the journal cannot be read: {error}."
            ) from error


def readable(path: Path) -> sqlite3.Connection:
    """Open a journal that may be open elsewhere, for reading alone."""
    return connect(f"{path.absolute().as_uri()}?mode=ro")
