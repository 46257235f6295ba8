"""Compile the trading calendars that are shipped.

    pip install exchange_calendars==4.13.2
    python tools/make_calendars.py

US equities come from exchange_calendars (Apache-2.0): holidays, early closes, late openings and
days of mourning. Extended hours, the foreign exchange week and its two holidays are written here.
The result is `src/paperdesk/market/data/calendars.json` and its SHA-256 beside it; both are
committed, and a desk pins them with its catalogue.
"""

import hashlib
import json
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import exchange_calendars

FIRST, LAST = date(1999, 1, 1), date(2040, 12, 31)
NEW_YORK = ZoneInfo("America/New_York")
UTC = timezone.utc  # noqa: UP017 - the name of Python 3.10 and before, which tools may meet
DATA = Path(__file__).parents[1] / "src" / "paperdesk" / "market" / "data"
EPOCH = date(1970, 1, 1)
EARLY_POST_CLOSE, POST_CLOSE, PRE_OPEN = 17 * 3600, 20 * 3600, 4 * 3600
FOREX_OPEN, FOREX_CLOSE = 17 * 3600 + 15 * 60, 17 * 3600

Kind = tuple[int, int, int, int, bool]


def number(day: date) -> int:
    """Return the days since 1970-01-01."""
    return (day - EPOCH).days


def utc_second(day: date, second: int, of: date) -> int:
    """Return a New York time as seconds after 00:00 UTC of another day."""
    wall = datetime(day.year, day.month, day.day, tzinfo=NEW_YORK) + timedelta(seconds=second)
    told = datetime.fromtimestamp(wall.timestamp(), UTC)
    return round((told - datetime(of.year, of.month, of.day, tzinfo=UTC)).total_seconds())


def zone() -> dict[str, object]:
    """Return the offsets of New York as a table: one row a change."""
    rows: list[tuple[int, int]] = []
    at = datetime(FIRST.year - 1, 12, 1, tzinfo=UTC)
    while at < datetime(LAST.year + 1, 2, 1, tzinfo=UTC):
        offset = at.astimezone(NEW_YORK).utcoffset()
        assert offset is not None
        seconds = round(offset.total_seconds())
        if not rows or rows[-1][1] != seconds:
            rows.append((round(at.timestamp()), seconds))
        at += timedelta(hours=1)
    return {"changes": [row[0] for row in rows], "offsets": [row[1] for row in rows]}


def equities() -> list[tuple[int, Kind]]:
    """Return the days of US equities, each with its hours in seconds after 00:00 UTC."""
    book = exchange_calendars.get_calendar("XNYS", start=str(FIRST), end=str(LAST))
    rows = []
    for row in book.schedule.itertuples():
        day = row.Index.date()
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        opens = round((row.open.to_pydatetime() - midnight).total_seconds())
        closes = round((row.close.to_pydatetime() - midnight).total_seconds())
        early = closes < utc_second(day, 16 * 3600, day)
        end = EARLY_POST_CLOSE if early else POST_CLOSE
        kind = (
            utc_second(day, PRE_OPEN, day),
            opens,
            closes,
            utc_second(day, end, day),
            early,
        )
        rows.append((number(day), kind))
    return rows


def forex() -> list[tuple[int, Kind]]:
    """Return the days of foreign exchange: from the evening before to 17:00, Monday to Friday."""
    rows = []
    day = FIRST
    while day <= LAST:
        holiday = (day.month, day.day) in {(1, 1), (12, 25)}
        if day.weekday() < 5 and not holiday:
            opens = utc_second(day - timedelta(days=1), FOREX_OPEN, day)
            closes = utc_second(day, FOREX_CLOSE, day)
            rows.append((number(day), (opens, opens, closes, closes, False)))
        day += timedelta(days=1)
    return rows


def compiled(rows: list[tuple[int, Kind]]) -> dict[str, object]:
    """Return a calendar as steps from day to day and the number of each day's kind of hours."""
    kinds = sorted({kind for _, kind in rows})
    place = {kind: index for index, kind in enumerate(kinds)}
    days = [day for day, _ in rows]
    steps = [later - earlier for earlier, later in pairwise(days)]
    return {
        "zone": "America/New_York",
        "hours": [list(kind) for kind in kinds],
        "first_day": days[0],
        "steps": "".join(chr(ord("a") + step) for step in steps),
        "kinds": "".join(chr(ord("a") + place[kind]) for _, kind in rows),
    }


def main() -> None:
    """Write the calendars and their hash."""
    content = {
        "format": 1,
        "made_from": f"exchange_calendars {exchange_calendars.__version__}",
        "zones": {"America/New_York": zone()},
        "calendars": {"FX": compiled(forex()), "XNYS": compiled(equities())},
    }
    text = json.dumps(content, indent=1, sort_keys=True).encode() + b"\n"
    DATA.mkdir(exist_ok=True)
    (DATA / "calendars.json").write_bytes(text)
    digest = hashlib.sha256(text).hexdigest()
    (DATA / "calendars.sha256").write_text(f"{digest}\n")
    print(f"{len(text)} bytes, {digest}")


if __name__ == "__main__":
    main()
