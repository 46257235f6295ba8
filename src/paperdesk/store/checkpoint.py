"""Checkpoints: a desk's world at one sequence number, stored, so that a restart replays a tail.

A checkpoint only saves time. It is used if it is whole, of this journal and of worlds as this
release has them; otherwise the one before is, and in the end the journal alone.
"""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from threading import Event, Thread
from typing import Final

import msgspec

from paperdesk.kernel.state.world import World
from paperdesk.store.files import MODE, synchronised
from paperdesk.store.journal import Journal, JournalDamaged
from paperdesk.store.records import HASH_SIZE

MAGIC: Final = b"PDC1"
SUFFIX: Final = ".checkpoint"
KEPT: Final = 2
"""Checkpoints that are kept; older ones are removed when a new one is whole."""

DIGITS: Final = 12
LENGTH_BYTES: Final = 4

_log = logging.getLogger("paperdesk.store")
_encoder = msgspec.msgpack.Encoder()


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What a checkpoint is of.

    `chain` is the journal's hash after record `seq`, `shape` the fingerprint of World's records.
    """

    seq: int
    chain: bytes
    shape: bytes


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A world and the number of the last event in it."""

    seq: int
    world: World


class DamagedCheckpoint(Exception):
    """The file is no whole checkpoint; nobody but this module sees it."""


@cache
def shape() -> bytes:
    """Return a fingerprint of all records that a world is made of: names, types, defaults."""
    described = msgspec.json.encode(msgspec.json.schema(World), order="deterministic")
    return blake2b(described, digest_size=HASH_SIZE).digest()


def encoded(world: World) -> bytes:
    """Return a world as bytes: the same for equal worlds, on every machine."""
    return _encoder.encode(world)


def world_hash(world: World) -> str:
    """Return the BLAKE2b of a world's bytes as 64 hex digits."""
    return blake2b(encoded(world), digest_size=HASH_SIZE).hexdigest()


def sealed(seq: int, chain: bytes, body: bytes) -> bytes:
    """Return the bytes of a checkpoint file: magic, header, world, hash of all before."""
    header = _encoder.encode(Header(seq=seq, chain=chain, shape=shape()))
    length = len(header).to_bytes(LENGTH_BYTES, "little")
    whole = b"".join((MAGIC, length, header, body))
    return whole + blake2b(whole, digest_size=HASH_SIZE).digest()


def opened(content: bytes) -> tuple[Header, memoryview]:
    """Return header and world's bytes of a checkpoint.

    Raises:
        DamagedCheckpoint: it is not whole, or worlds have changed since.
    """
    view = memoryview(content)
    whole, kept = view[:-HASH_SIZE], view[-HASH_SIZE:]
    if not content.startswith(MAGIC) or blake2b(whole, digest_size=HASH_SIZE).digest() != kept:
        raise DamagedCheckpoint
    start = len(MAGIC) + LENGTH_BYTES
    body = start + int.from_bytes(whole[len(MAGIC) : start], "little")
    header = msgspec.msgpack.decode(whole[start:body], type=Header)
    if header.shape != shape():
        raise DamagedCheckpoint
    return header, whole[body:]


class Checkpoints:
    """The checkpoints of one desk: a directory of files named by sequence number."""

    def __init__(self, directory: Path) -> None:
        """Keep checkpoints in a directory, which is made if need be."""
        self.directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.newest_seq = 0
        self._writing: Thread | None = None

    def newest(self, journal: Journal) -> Checkpoint | None:
        """Return the newest checkpoint that fits a journal, or None.

        Raises:
            JournalDamaged: a whole checkpoint knows of events that the journal has lost.
        """
        for path in self._newest_first():
            try:
                header, body = opened(path.read_bytes())
                if header.seq > journal.durable_seq:
                    raise JournalDamaged(
                        f"Record {journal.durable_seq + 1} of the journal is missing: a "
                        f"checkpoint was made after record {header.seq}."
                    )
                if journal.hash_at(header.seq) == header.chain:
                    world = msgspec.msgpack.decode(body, type=World)
                    self.newest_seq = header.seq
                    return Checkpoint(seq=header.seq, world=world)
            except (DamagedCheckpoint, msgspec.MsgspecError, OSError):
                continue
        return None

    def keep(self, world: World, journal: Journal) -> None:
        """Store a world as it is after the journal's last event.

        The world becomes bytes now; the file is written in a thread of its own once the events
        are durable. While one is being written no other is begun.
        """
        if self.is_writing:
            return
        seq = journal.seq
        body = encoded(world)
        self._writing = Thread(
            target=self._write, args=(seq, body, journal), name="checkpoint", daemon=True
        )
        journal.notify(seq, self._writing.start)

    @property
    def is_writing(self) -> bool:
        """Whether a checkpoint is on its way."""
        writing = self._writing
        return writing is not None and (writing.ident is None or writing.is_alive())

    def finish(self, journal: Journal) -> None:
        """Wait until the checkpoint that is on its way, if any, is whole."""
        if self._writing is not None:
            done = Event()
            journal.notify(journal.seq, done.set)
            done.wait()
            self._writing.join()

    def _write(self, seq: int, body: bytes, journal: Journal) -> None:
        """Write a file; a desk that gets none has lost nothing but time."""
        if journal.failure:
            return
        path = self.directory / f"{seq:0{DIGITS}}{SUFFIX}"
        new = path.with_suffix(".new")
        try:
            self._write_whole(new, sealed(seq, journal.hash_at(seq), body))
            new.replace(path)
            synchronised(self.directory)
            for old in list(self._newest_first())[KEPT:]:
                old.unlink(missing_ok=True)
        except (OSError, sqlite3.Error, JournalDamaged) as error:
            _log.warning("No checkpoint was made after record %d: %s", seq, error)
            with suppress(OSError):
                new.unlink(missing_ok=True)

    @staticmethod
    def _write_whole(path: Path, content: bytes) -> None:
        with open(path, "wb", opener=_private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def _newest_first(self) -> Iterator[Path]:
        yield from sorted(self.directory.glob(f"*{SUFFIX}"), reverse=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, MODE)
