"""Seals: what a journal's file was when it was closed, so that opening it again is quick.

While a desk runs every record is chained to the one before. When it is closed the whole file is
hashed once; if it still has that hash when it is opened, every record is as it was written, and
none has to be looked at. Any other file is verified record by record.
"""

import hashlib
import os
from pathlib import Path

import msgspec

from paperdesk.store.files import MODE, synchronised

ALGORITHM = "blake2b"


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """The last record of a closed journal, its hash in the chain, and the hash of the file."""

    seq: int
    chain: bytes
    size: int
    digest: bytes


def place_of(journal: Path) -> Path:
    """Return where the seal of a journal is."""
    return journal.with_suffix(".seal")


def kept(journal: Path, seq: int, chain: bytes) -> None:
    """Seal a journal that nobody has open, with all its records in the one file."""
    if _has_log(journal):
        return
    seal = Seal(seq=seq, chain=chain, size=journal.stat().st_size, digest=_digest(journal))
    path = place_of(journal)
    new = path.with_suffix(".seal-new")
    with open(new, "wb", opener=_private) as file:
        file.write(msgspec.msgpack.encode(seal))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    synchronised(path.parent)


def broken(journal: Path) -> Seal | None:
    """Return a journal's seal if its file is as it was sealed, and take it off in any case."""
    path = place_of(journal)
    try:
        seal = msgspec.msgpack.decode(path.read_bytes(), type=Seal)
    except (OSError, msgspec.MsgspecError):
        seal = None
    path.unlink(missing_ok=True)
    if seal is None or _has_log(journal) or journal.stat().st_size != seal.size:
        return None
    return seal if _digest(journal) == seal.digest else None


def _has_log(journal: Path) -> bool:
    """Say whether records may be in SQLite's write-ahead log and not in the file yet."""
    log = journal.with_name(f"{journal.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, ALGORITHM).digest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, MODE)
