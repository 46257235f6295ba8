"""Imports: bars out of a user's CSV file, whatever its header calls them.

What was guessed is told, so that a wrong guess is seen: columns, dates, length of a bar, time zone.
Nothing is repaired: a bar that cannot have been is left out and named in the report.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Final, NamedTuple

from paperdesk.base.calendar import Zone
from paperdesk.base.errors import Refusal
from paperdesk.market.dates import Clock, DateOrder, guess_order
from paperdesk.market.series import DIVIDEND, SPLIT, Action

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "date": ("date", "datetime", "timestamp", "time", "dtyyyymmdd", "day", "gmt time", "t"),
    "clock": ("time", "hour", "clock"),
    "open": ("open", "o", "open price"),
    "high": ("high", "h", "high price"),
    "low": ("low", "l", "low price"),
    "close": ("close", "c", "close price", "last", "price", "close/last"),
    "volume": ("volume", "v", "vol", "vol.", "shares", "tickvol"),
    "ticker": ("ticker", "symbol", "tic"),
    "dividend": ("ex-dividend", "ex_dividend", "dividend", "dividends", "divcash"),
    "split": ("split_ratio", "split ratio", "stock splits", "splitfactor", "split"),
}
PRICES: Final = ("open", "high", "low", "close")
DELIMITERS: Final = ",;\t|"
COLUMNS_WITHOUT_HEADER: Final[Mapping[int, tuple[str, ...]]] = {
    5: ("date", *PRICES),
    6: ("date", *PRICES, "volume"),
    7: ("date", "clock", *PRICES, "volume"),
}
SECONDS_A_DAY: Final = 86_400
ROWS_LOOKED_AT: Final = 200
PROBLEMS_TOLD: Final = 200


class InvalidImport(Refusal):
    """A file in which no bars were found."""

    code = "invalid_import"


class Guess(NamedTuple):
    """What a file's columns and values were taken for.

    `columns` maps our names to places. `seconds` is the length of a bar, 0 for daily ones. `zone`
    is where the times of intraday bars are told.
    """

    delimiter: str
    header: tuple[str, ...]
    columns: Mapping[str, int]
    order: DateOrder
    seconds: int
    zone: str

    def lines(self) -> list[str]:
        """Return the guess in words, one thing a line."""
        told = [f"delimiter: {self.delimiter!r}", f"header: {'yes' if self.header else 'no'}"]
        for name, place in self.columns.items():
            title = f" ({self.header[place]})" if self.header else ""
            told.append(f"{name}: column {place + 1}{title}")
        told.append(f"dates: {self.order.value}")
        if self.seconds:
            told += [f"bars: {self.seconds} seconds", f"time zone: {self.zone}"]
        else:
            told.append("bars: one a day")
        return told


class ReadBar(NamedTuple):
    """A row of a file: `at` is a day (daily bars) or a UTC second; prices as they are written."""

    at: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int


class Imported(NamedTuple):
    """What a file gave of one contract."""

    ticker: str
    guess: Guess
    bars: list[ReadBar]
    actions: list[Action]
    problems: list[str]


def read_bars(
    lines: Iterable[str], zone: Zone | None, *, zone_name: str = "UTC", ticker: str = ""
) -> Imported:
    """Return the bars of a CSV file, ascending.

    Args:
        lines: of the file, with or without a header.
        zone: where times of intraday bars are told that do not say it themselves; None is UTC.
        zone_name: how the zone is called in what was guessed.
        ticker: whose rows are meant, in a file of several; the first one's if empty.

    Raises:
        InvalidImport: there is no date or price column, or no row is a bar.
    """
    rows = list(lines)
    if not rows:
        raise InvalidImport("The file is empty.")
    guess, body = _guessed(rows, zone_name)
    reading = _Reading(guess, Clock(guess.order, zone, is_daily=not guess.seconds), ticker)
    for number, cells in body:
        if any(cell.strip() for cell in cells) and reading.is_meant(cells):
            problem = reading.read(cells)
            if problem:
                reading.problems.append(f"line {number}: {problem}")
    if not reading.parsed:
        raise InvalidImport("No row of the file is a bar with a date and four prices.")
    ordered = [reading.parsed[at] for at in sorted(reading.parsed)]
    actions = [action for bar, cells in ordered for action in _actions(bar, cells, guess)]
    problems = reading.problems[:PROBLEMS_TOLD]
    return Imported(reading.ticker, guess, [bar for bar, _ in ordered], actions, problems)


class _Reading:
    """What has been read of a file so far."""

    def __init__(self, guess: Guess, clock: Clock, ticker: str) -> None:
        self.ticker = ticker
        self.parsed: dict[int, tuple[ReadBar, Sequence[str]]] = {}
        self.problems: list[str] = []
        self._guess, self._clock = guess, clock

    def is_meant(self, cells: Sequence[str]) -> bool:
        """Say whether a row is of the ticker; the first row says which, if nobody has."""
        place = self._guess.columns.get("ticker")
        if place is None or place >= len(cells):
            return True
        told = cells[place].strip()
        self.ticker = self.ticker or told
        return told == self.ticker

    def read(self, cells: Sequence[str]) -> str:
        """Keep a row's bar, or say what is wrong with it."""
        try:
            bar = _bar(cells, self._guess, self._clock)
        except (ValueError, InvalidOperation, IndexError):
            return f"is no bar: {self._guess.delimiter.join(cells)[:60]}"
        problem = impossible(bar)
        if not problem and bar.at in self.parsed:
            problem = "a second bar of the same time; the first is kept"
        if not problem:
            self.parsed[bar.at] = (bar, cells)
        return problem


def impossible(bar: ReadBar) -> str:
    """Return in words why a bar cannot have been, or nothing."""
    if bar.low <= 0:
        return f"a price is not above zero: {bar.low}"
    if bar.high < max(bar.open, bar.close):
        return f"high {bar.high} is below open or close"
    if bar.low > min(bar.open, bar.close):
        return f"low {bar.low} is above open or close"
    if bar.volume < 0:
        return f"volume {bar.volume} is below zero"
    excursions = (bar.high > max(bar.open, bar.close)) + (bar.low < min(bar.open, bar.close))
    needed = 1 if bar.high == bar.low else 2 + excursions
    if 0 < bar.volume < needed:
        return f"volume {bar.volume} cannot have made {needed} prices"
    return ""


def _guessed(rows: Sequence[str], zone: str) -> tuple[Guess, list[tuple[int, list[str]]]]:
    counts = Counter(char for char in rows[0] if char in DELIMITERS)
    delimiter = counts.most_common(1)[0][0] if counts else ","
    body = list(enumerate(csv.reader(rows, delimiter=delimiter), start=1))
    header = tuple(_title(cell) for cell in body[0][1])
    columns = _columns(header)
    if "close" in columns and "date" in columns:
        body = body[1:]
    else:
        header, columns = (), _unnamed(body[0][1])
    looked = body[:ROWS_LOOKED_AT]
    place = columns["date"]
    order = guess_order([cells[place] for _, cells in looked if len(cells) > place])
    guess = Guess(delimiter, header, columns, order, 1, zone)
    seconds = _length(looked, guess)
    return guess._replace(seconds=seconds), body


def _title(cell: str) -> str:
    return cell.strip().strip("<>\ufeff").strip().lower()


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Return our names' places; a name's earlier spelling is preferred."""
    found: dict[str, int] = {}
    for name, spellings in NAMES.items():
        for spelling in spellings:
            if spelling in header and header.index(spelling) not in found.values():
                found[name] = header.index(spelling)
                break
    return found


def _unnamed(cells: Sequence[str]) -> dict[str, int]:
    names = COLUMNS_WITHOUT_HEADER.get(len(cells))
    if names is None:
        raise InvalidImport(
            "No columns called date, open, high, low and close were found: give a header line."
        )
    return {name: place for place, name in enumerate(names)}


def _length(rows: Iterable[tuple[int, Sequence[str]]], guess: Guess) -> int:
    """Return the usual seconds from one bar to the next, 0 where they are days."""
    clock = Clock(guess.order, None, is_daily=False)
    instants = set()
    for _, cells in rows:
        try:
            instants.add(clock.second(*_when(cells, guess)))
        except (ValueError, IndexError):
            continue
    steps = Counter(later - at for at, later in pairwise(sorted(instants)))
    if not steps:
        return 0
    seconds = steps.most_common(1)[0][0]
    return 0 if seconds >= SECONDS_A_DAY else seconds


def _when(cells: Sequence[str], guess: Guess) -> tuple[str, str]:
    clock = guess.columns.get("clock")
    return cells[guess.columns["date"]], "" if clock is None else cells[clock]


def _bar(cells: Sequence[str], guess: Guess, clock: Clock) -> ReadBar:
    places = guess.columns
    close = _number(cells[places["close"]])
    prices = [_number(cells[places[name]]) if name in places else close for name in PRICES]
    volume = _number(cells[places["volume"]]) if "volume" in places else Decimal(0)
    at = clock.at(*_when(cells, guess))
    return ReadBar(at, prices[0], prices[1], prices[2], prices[3], int(volume))


def _number(cell: str) -> Decimal:
    text = cell.strip().strip("$").replace(" ", "")
    number = Decimal(text.replace(",", "")) if text else Decimal(0)
    if not number.is_finite():
        raise InvalidOperation
    return number


def _actions(bar: ReadBar, cells: Sequence[str], guess: Guess) -> Iterator[Action]:
    """Yield what a row says of splits and dividends."""
    day = bar.at // SECONDS_A_DAY if guess.seconds else bar.at
    for name, kind, nothing in (("split", SPLIT, (0, 1)), ("dividend", DIVIDEND, (0,))):
        place = guess.columns.get(name)
        if place is None:
            continue
        number = _number(cells[place]) if cells[place].strip() else Decimal(0)
        if number not in nothing:
            numerator, denominator = number.as_integer_ratio()
            yield Action(day, kind, numerator, denominator)
