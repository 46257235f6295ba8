"""Records: an event as bytes, with the hash that chains it to everything before."""

import struct
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Final, TypeAlias

import msgspec

from paperdesk.base.units import Instant
from paperdesk.kernel.messages import Event
from paperdesk.store.refusals import JournalDamaged, JournalNewer

HASH_SIZE: Final = 32

_encode = msgspec.msgpack.Encoder().encode
_numbers = struct.Struct("<qqi").pack


class Record(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One kept event as it is stored.

    `form` is the form of events that the writing release spoke (see `upcast`), `kind` the event's
    class name, `body` its fields in MessagePack. `hash` is the BLAKE2b of the hash before and of
    all the rest: one changed byte changes every hash after it.
    """

    seq: int
    at: Instant
    form: int
    kind: str
    body: bytes
    hash: bytes


def sealed(seq: int, form: int, event: Event, before: bytes) -> Record:
    """Return an event as the record that follows the hash before."""
    kind = type(event).__name__
    body = _encode(event)
    return Record(seq, event.at, form, kind, body, chained(before, seq, event.at, form, kind, body))


Row: TypeAlias = tuple[int, Instant, int, str, bytes, bytes]
"""The columns of a record as they are stored."""


def chained(before: bytes, seq: int, at: Instant, form: int, kind: str, body: bytes) -> bytes:
    """Return the hash of a record that follows another.

    Kinds hold no zero byte, hence no two records have the same bytes.
    """
    whole = b"%b%b%b\0%b" % (before, _numbers(seq, at, form), kind.encode(), body)
    return blake2b(whole, digest_size=HASH_SIZE).digest()


def verified(rows: Iterable[Row], seq: int, before: bytes) -> Iterator[Record]:
    """Yield the records of rows that follow `seq` and its hash, each checked.

    Raises:
        JournalDamaged: a record is missing or is not what was written; the message names it.
    """
    for row in rows:
        seq, before = followed((row,), seq, before)
        yield Record(*row)


def followed(
    rows: Iterable[Row], seq: int, before: bytes, form_max: int | None = None
) -> tuple[int, bytes]:
    """Follow the chain from `seq` and its hash through all rows and return where it ends.

    One flat loop: a restart goes through every row of a journal.

    Raises:
        JournalNewer: a record has a form above `form_max`; the message names it.
        JournalDamaged: a record is missing or is not what was written; the message names it.
    """
    numbers, hashing = _numbers, blake2b
    for number, at, form, kind, body, kept in rows:
        seq += 1
        if number != seq:
            raise JournalDamaged(
                f"Record {seq} of the journal is missing: after {seq - 1} comes {number}."
            )
        try:
            if form_max is not None and form > form_max:
                raise JournalNewer(
                    f"Record {seq} ({kind}) of the journal has form {form}; this release reads "
                    f"up to {form_max}. Open it with a newer release."
                )
            whole = b"%b%b%b\0%b" % (before, numbers(seq, at, form), kind.encode(), body)
            before = hashing(whole, digest_size=HASH_SIZE).digest()
        except (TypeError, AttributeError, struct.error) as error:
            raise JournalDamaged(f"Record {seq} of the journal was changed: {error}.") from error
        if kept != before:
            raise JournalDamaged(f"Record {seq} ({kind}) of the journal was changed.")
    return seq, before
