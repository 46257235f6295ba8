"""Dates: how files write days and times, and which of the ways a file uses."""

import re
from collections.abc import Sequence
from enum import Enum
from typing import Final

from paperdesk.base.calendar import Zone, day_of
from paperdesk.base.units import SECOND

SECONDS_A_DAY: Final = 86_400
MONTHS_MAX: Final = 12
EPOCH_DIGITS: Final = 9
"""A whole number of so many digits or more counts from 1970, in seconds or finer."""
SECONDS_DIGITS: Final = 10
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_CLOCK = re.compile(r"(\d{1,2}):?(\d{2})(?::?(\d{2}))?(?:\.\d+)?\s*([ap]m)?", re.IGNORECASE)
_OFFSET = re.compile(r"(?:z|utc|gmt)$|([+-])(\d{2}):?(\d{2})$", re.IGNORECASE)


class DateOrder(Enum):
    """In which order a date has its parts."""

    YEAR_FIRST = "year-month-day"
    DAY_FIRST = "day-month-year"
    MONTH_FIRST = "month-day-year"
    EPOCH = "seconds since 1970"


def guess_order(dates: Sequence[str]) -> DateOrder:
    """Return how dates are written; where day and month cannot be told apart, as in America."""
    order = DateOrder.YEAR_FIRST
    for date in dates:
        text = date.strip()
        if text.isdigit() and len(text) >= EPOCH_DIGITS:
            return DateOrder.EPOCH
        parts = re.split(r"[-/. T]", text)
        if len(parts) < len("dmy") or not parts[0].isdigit() or len(parts[0]) == len("yyyy"):
            continue
        if int(parts[0]) > MONTHS_MAX or "." in text[:3] or not parts[1].isdigit():
            return DateOrder.DAY_FIRST
        order = DateOrder.MONTH_FIRST
    return order


class Clock:
    """Reads the times of one file."""

    def __init__(self, order: DateOrder, zone: Zone | None, *, is_daily: bool) -> None:
        """Know the order of dates, and the zone of times that do not say theirs; None is UTC."""
        self._order, self._zone, self._is_daily = order, zone, is_daily

    def at(self, date: str, clock: str) -> int:
        """Return the day, or the UTC second, of a row; ValueError where there is none."""
        if self._is_daily:
            return self._parted(date)[0]
        return self.second(date, clock)

    def second(self, date: str, clock: str) -> int:
        """Return the UTC second of a row; ValueError where there is none."""
        if self._order is DateOrder.EPOCH:
            digits = date.strip()
            return int(digits[:SECONDS_DIGITS] if len(digits) > SECONDS_DIGITS else digits)
        day, rest = self._parted(date)
        text = f"{rest} {clock}".strip()
        offset = _OFFSET.search(text)
        second = _second_of_day(text[: offset.start()] if offset else text)
        if offset is not None:
            return day * SECONDS_A_DAY + second - _ahead(offset)
        if self._zone is None:
            return day * SECONDS_A_DAY + second
        return self._zone.instant(day, second) // SECOND

    def _parted(self, date: str) -> tuple[int, str]:
        """Return the day of a date, and the text after it."""
        text = date.strip()
        if self._order is DateOrder.EPOCH:
            return self.second(text, "") // SECONDS_A_DAY, ""
        if re.match(r"\d{8}(?!\d)", text):
            return day_of(int(text[:4]), int(text[4:6]), int(text[6:8])), text[8:].lstrip("T ")
        found = re.match(r"(\w+)[-/. ](\w+)[-/. ](\d{2,4})", text)
        if found is None:
            raise ValueError(date)
        parts = list(found.groups())
        if self._order is DateOrder.YEAR_FIRST:
            year, month, day = parts
        elif self._order is DateOrder.DAY_FIRST:
            day, month, year = parts
        else:
            month, day, year = parts
        return day_of(_year(year), _month(month), int(day)), text[found.end() :].lstrip("T ,")


def _year(text: str) -> int:
    year = int(text)
    # Two digits are of 1970 to 2069.
    return year if len(text) > 2 else year + (1900 if year >= 70 else 2000)  # noqa: PLR2004


def _month(text: str) -> int:
    return int(text) if text.isdigit() else MONTHS.index(text[:3].lower()) + 1


def _second_of_day(text: str) -> int:
    if not text:
        return 0
    found = _CLOCK.match(text.strip())
    if found is None:
        raise ValueError(text)
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        hour = hour % MONTHS_MAX + (MONTHS_MAX if found[4].lower() == "pm" else 0)
    return hour * 3600 + minute * 60 + second


def _ahead(offset: "re.Match[str]") -> int:
    if offset[1] is None:
        return 0
    seconds = int(offset[2]) * 3600 + int(offset[3]) * 60
    return seconds if offset[1] == "+" else -seconds


def fixed_zone(name: str) -> Zone | None:
    """Return the zone of `UTC` or of an offset as `+02:00`, or None for another name."""
    if name.upper() in {"UTC", "GMT", "Z"}:
        return Zone(name, (-(1 << 62),), (0,))
    offset = _OFFSET.fullmatch(name)
    return None if offset is None else Zone(name, (-(1 << 62),), (_ahead(offset) * SECOND,))
