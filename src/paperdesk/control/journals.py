"""Journals: what has happened on the served desk, record by record."""

from itertools import islice
from typing import Any, Final

import msgspec

from paperdesk.control.operations import Asked, Control, Lines, Operations
from paperdesk.store.records import Record

operations = Operations()

PAGE: Final = 100
PAGE_MAX: Final = 1_000
SEQ_MAX: Final = 10**15

_encode = msgspec.json.Encoder(decimal_format="number").encode


@operations.put("GET", "/desks/{desk}/journal")
def read_journal(asked: Asked) -> dict[str, Any]:
    """Return the events after a number (`after`), at most `limit`, of one `kind` if it is given."""
    journal = asked.desk.journal
    after = min(asked.number("after", 0, SEQ_MAX), journal.durable_seq)
    limit = asked.number("limit", PAGE, PAGE_MAX)
    records = list(islice(journal.records(after), limit))
    kind = asked.query.get("kind", "")
    return {
        "events": [shown(asked.control, record) for record in records if kind in {"", record.kind}],
        "after": records[-1].seq if records else after,
        "seq": journal.durable_seq,
    }


@operations.put("GET", "/desks/{desk}/journal/download", is_long=True)
def download_journal(asked: Asked) -> Lines:
    """Return every event as a line of JSON."""
    control = asked.control
    for record in asked.desk.journal.records():
        yield _encode(shown(control, record)) + b"\n"


def shown(control: Control, record: Record) -> dict[str, Any]:
    """Return a record as it is shown: its fields, and the instant as text too."""
    fields = msgspec.msgpack.decode(record.body)
    fields.pop("type")
    fields.pop("at")
    return {
        "seq": record.seq,
        "at": record.at,
        "time": control.text(record.at),
        "kind": record.kind,
        "hash": record.hash.hex(),
        "event": fields,
    }
