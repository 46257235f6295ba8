"""Upcasts: events of older releases told in the words of this one, while they are read.

A journal is never rewritten. Each record says in which *form* its event was written; an upcast
leads from one form to the next, for one kind of event. Fields that were added with a default need
none.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

import msgspec

from paperdesk.kernel.messages import Event
from paperdesk.store.records import Record
from paperdesk.store.refusals import JournalDamaged, JournalNewer

FORM: Final = 1
"""The form of events that this release writes; one more whenever an upcast is added."""

Told: TypeAlias = tuple[str, dict[str, Any]]
"""Kind and fields of an event, before it is decoded."""

Upcast: TypeAlias = Callable[[dict[str, Any]], Iterable[Told]]
"""Takes the fields of one old event and yields the events of the next form that say the same."""

UPCASTS: Final[Mapping[tuple[int, str], Upcast]] = {}
"""By the old form and kind."""

_decode = msgspec.msgpack.Decoder().decode


def kinds() -> dict[str, type[Event]]:
    """Return every kept event class that is known, by name."""
    found: dict[str, type[Event]] = {}
    pending = list(Event.__subclasses__())
    while pending:
        kind = pending.pop()
        pending.extend(kind.__subclasses__())
        if kind.kept:
            found[kind.__name__] = kind
    return found


class Reader:
    """Turns records into events of this release."""

    def __init__(
        self,
        form: int = FORM,
        upcasts: Mapping[tuple[int, str], Upcast] = UPCASTS,
        known: Mapping[str, type[Event]] | None = None,
    ) -> None:
        """Read up to a form, by these upcasts, into these kinds (every kept event by default)."""
        self._form = form
        self._upcasts = upcasts
        known = kinds() if known is None else known
        self._known = known
        self._decoders = {name: msgspec.msgpack.Decoder(kind) for name, kind in known.items()}

    def events(self, record: Record) -> Iterator[Event]:
        """Yield what a record says; more than one event where an upcast took it apart.

        Raises:
            JournalNewer: a newer release wrote the record.
            JournalDamaged: the record cannot be read as an event.
        """
        if record.form > self._form:
            raise JournalNewer(
                f"Record {record.seq} ({record.kind}) of the journal has form {record.form}; "
                f"this release reads up to {self._form}. Open it with a newer release."
            )
        try:
            if record.form == self._form:
                yield self._decoders[record.kind].decode(record.body)
            else:
                yield from self._upcasted(record)
        except (msgspec.MsgspecError, KeyError) as error:
            raise JournalDamaged(
                f"Record {record.seq} ({record.kind}) of the journal is no event: {error}."
            ) from error

    def _upcasted(self, record: Record) -> Iterator[Event]:
        told: list[Told] = [(record.kind, _decode(record.body))]
        for form in range(record.form, self._form):
            told = [
                newer
                for kind, fields in told
                for newer in self._upcasts.get((form, kind), _unchanged(kind))(fields)
            ]
        for kind, fields in told:
            yield msgspec.convert(fields | {"type": kind}, self._known[kind])


def _unchanged(kind: str) -> Upcast:
    return lambda fields: ((kind, fields),)
