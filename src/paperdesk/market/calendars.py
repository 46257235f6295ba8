"""Calendars that are shipped: read from their table, checked against their hash."""

import hashlib
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Final

import msgspec

from paperdesk.base.calendar import Calendar, Hours, Session, Zone
from paperdesk.base.units import SECOND, Day

FIRST_LETTER: Final = ord("a")


class _Zone(msgspec.Struct):
    changes: list[int]
    offsets: list[int]


class _Calendar(msgspec.Struct):
    """Days as letters: `steps` from one to the next, `kinds` of their hours; `a` is 0."""

    zone: str
    hours: list[Hours]
    first_day: Day
    steps: str
    kinds: str


class _Table(msgspec.Struct):
    format: int
    zones: dict[str, _Zone]
    calendars: dict[str, _Calendar]


def shipped(name: str) -> bytes:
    """Return a file of `market/data`, which must be the one that its hash beside it names."""
    folder = files("paperdesk.market") / "data"
    content = (folder / name).read_bytes()
    pinned = (folder / f"{name.rpartition('.')[0]}.sha256").read_text().strip()
    assert _hash_of(content) == pinned, f"{name} is not the pinned one"
    return content


def read_calendars(content: bytes) -> dict[str, Calendar]:
    """Return the calendars of a compiled table by their names."""
    table = msgspec.json.decode(content, type=_Table)
    zones = {
        name: Zone(
            name,
            tuple(change * SECOND for change in row.changes),
            tuple(offset * SECOND for offset in row.offsets),
        )
        for name, row in table.zones.items()
    }
    return {
        name: Calendar(
            name,
            zones[row.zone],
            list(accumulate(_numbers(row.steps), initial=row.first_day)),
            _numbers(row.kinds),
            row.hours,
        )
        for name, row in table.calendars.items()
    }


@lru_cache(maxsize=16_384)
def session_of(calendar: Calendar, day: Day) -> Session:
    """Return the session of a day, on which there must be one; years of them are kept."""
    session = calendar.session(day)
    assert session is not None
    return session


def _hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _numbers(letters: str) -> bytes:
    return letters.encode("ascii").translate(_PLACES)


_PLACES: Final = bytes(max(0, letter - FIRST_LETTER) for letter in range(256))
