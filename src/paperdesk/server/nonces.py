"""Nonces on disk: which requests signed by RSA were answered, so that no restart forgets one.

A live session token dies with the process and takes its nonces along; a consumer's key does not.
Before the answer to a request signed by it leaves, its nonce is on disk, however the process ends.
"""

import os
import sqlite3
from pathlib import Path
from typing import Final

from paperdesk.auth.oauth1.nonces import REMEMBERED, NonceEntry
from paperdesk.base.errors import Refusal
from paperdesk.base.units import Instant

FILE: Final = "nonces.sqlite3"
PRIVATE: Final = 0o600
SWEEP_EVERY: Final = 200
"""Entries between two looks for those that nobody needs any more."""

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS nonces (
    consumer_key TEXT NOT NULL,
    nonce BLOB NOT NULL,
    request BLOB NOT NULL,
    timestamp INTEGER NOT NULL,
    at INTEGER NOT NULL
)
"""


class NoncesDamaged(Refusal):
    """The file of nonces cannot be read or written."""

    code = "nonces_damaged"


class NonceFile:
    """The nonces of one desk; opened in the loop's thread, then written by one other thread."""

    def __init__(self, folder: Path) -> None:
        """Open the file in a desk's folder, or begin it.

        Raises:
            NoncesDamaged: it is no such file, or the folder cannot be written.
        """
        self._path = folder / FILE
        self._written = 0
        try:
            # Files beside it are made with the rights of this one.
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, PRIVATE))
            self._path.chmod(PRIVATE)
            self._connection = sqlite3.connect(
                self._path, check_same_thread=False, isolation_level=None
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute(_TABLE)
        except (sqlite3.Error, OSError) as error:
            raise self._damaged(error) from error

    def kept(self, now: Instant) -> dict[str, list[NonceEntry]]:
        """Return what has to be remembered still, by consumer key, oldest first.

        Raises:
            NoncesDamaged: the file cannot be read.
        """
        found: dict[str, list[NonceEntry]] = {}
        try:
            rows = self._connection.execute(
                "SELECT consumer_key, nonce, request, timestamp, at FROM nonces "
                "WHERE at > ? ORDER BY rowid",
                (now - REMEMBERED,),
            ).fetchall()
        except sqlite3.Error as error:
            raise self._damaged(error) from error
        for consumer_key, nonce, request, timestamp, at in rows:
            found.setdefault(consumer_key, []).append(NonceEntry(nonce, request, timestamp, at))
        return found

    def write(self, consumer_key: str, entry: NonceEntry) -> None:
        """Put a nonce on disk; it is there when this returns.

        Raises:
            NoncesDamaged: it could not be written.
        """
        try:
            self._connection.execute(
                "INSERT INTO nonces VALUES (?, ?, ?, ?, ?)",
                (consumer_key, entry.nonce, entry.request, entry.timestamp, entry.at),
            )
            self._written += 1
            if self._written % SWEEP_EVERY == 0:
                self._connection.execute(
                    "DELETE FROM nonces WHERE at <= ?", (entry.at - REMEMBERED,)
                )
        except sqlite3.Error as error:
            raise self._damaged(error) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _damaged(self, error: Exception) -> NoncesDamaged:
        return NoncesDamaged(
            f"{self._path} cannot be used ({error}). Move it away: then nothing signed in the "
            "last ten minutes is known, so wait as long before the desk is served again."
        )
