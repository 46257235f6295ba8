"""Series: the container `PDM1` of all shipped and imported series of numbers.

Little-endian: "PDM1", kind (1 byte), flags (1), columns (2), rows (4), header length (4), header
(JSON), per column its length (4) and a zlib stream of zigzag varints, and 32 bytes BLAKE2b of all
before. A file is one container or several in a row.
"""

import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from struct import Struct
from typing import Final

import msgspec

from paperdesk.base.units import Day

MAGIC: Final = b"PDM1"
DIGEST_SIZE: Final = 32
NOT_QUOTED: Final = -1
"""What a row of a rate says where there is none."""

DAILY: Final = 1
ACTIONS: Final = 2
RATES: Final = 3
INTRADAY: Final = 4

SPLIT: Final = 0
DIVIDEND: Final = 1

_HEAD: Final = Struct("<4sBBHII")
_LENGTH: Final = Struct("<I")
_SEVEN_BITS: Final = 7
_LOW: Final = 0x7F
_MORE: Final = 0x80


class DamagedSeries(Exception):
    """A file of series is not what was written."""


class Header(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the numbers are of.

    `subject` is a symbol or a set's name, `unit` the price of one (a decimal in text), `first`
    and `last` the first and last day or UTC second that rows are of, `names` the columns of rates
    and `decimals` their places. `seconds` is the length of an intraday bar.
    """

    subject: str
    unit: str = "1"
    source: str = ""
    notice: str = ""
    calendar: str = ""
    made_by: str = ""
    first: int = 0
    last: int = 0
    names: tuple[str, ...] = ()
    decimals: tuple[int, ...] = ()
    seconds: int = 0


class Bars(msgspec.Struct, frozen=True):
    """Columns of bars: `at` is a day (daily) or a UTC second (intraday); prices in units."""

    at: Sequence[int]
    open: Sequence[int]
    high: Sequence[int]
    low: Sequence[int]
    close: Sequence[int]
    volume: Sequence[int]

    def __len__(self) -> int:
        """Return how many bars there are."""
        return len(self.at)


class Action(msgspec.Struct, frozen=True):
    """A split or dividend, effective before a day's first trade.

    A split of kind `SPLIT` makes `numerator` shares of `denominator`. A dividend pays
    numerator/denominator in the contract's currency per share.
    """

    day: Day
    kind: int
    numerator: int
    denominator: int


class Series:
    """One container: its header, and its columns as they are asked for."""

    def __init__(self, kind: int, header: Header, rows: int, packed: Sequence[bytes]) -> None:
        """Take the columns still packed."""
        self.kind = kind
        self.header = header
        self.rows = rows
        self._packed = tuple(packed)

    def column(self, index: int) -> "array[int]":
        """Return a column's numbers as they are stored: steps, not sums."""
        numbers = _numbers(zlib.decompress(self._packed[index]))
        if len(numbers) != self.rows:
            raise DamagedSeries(f"{self.header.subject}: column {index} is not of {self.rows} rows")
        return numbers

    def days(self) -> "array[int]":
        """Return the first column summed up: days or UTC seconds, ascending."""
        return _summed(self.column(0))

    def bars(self) -> Bars:
        """Return a series of kind `DAILY` or `INTRADAY`."""
        at = self.days()
        opens, highs, lows, closes = (array("q") for _ in range(4))
        close = 0
        columns = (self.column(index) for index in range(1, 5))
        for gap, above, below, move in zip(*columns, strict=True):
            start = close + gap
            close = start + move
            opens.append(start)
            highs.append(max(start, close) + above)
            lows.append(min(start, close) - below)
            closes.append(close)
        return Bars(at, opens, highs, lows, closes, self.column(5))

    def actions(self) -> list[Action]:
        """Return a series of kind `ACTIONS`."""
        columns = (self.days(), *(self.column(index) for index in range(1, 4)))
        return [Action(*row) for row in zip(*columns, strict=True)]

    def rates(self, name: str) -> "array[int]":
        """Return one column of a series of kind `RATES`; `NOT_QUOTED` where there is none."""
        values = array("q")
        value = 0
        for step in self.column(1 + self.header.names.index(name)):
            value += step - 1 if step > 0 else step
            values.append(value if step else NOT_QUOTED)
        return values

    def pack(self) -> bytes:
        """Return the container."""
        header = msgspec.json.encode(self.header)
        parts = [
            _HEAD.pack(MAGIC, self.kind, 0, len(self._packed), self.rows, len(header)),
            header,
        ]
        for column in self._packed:
            parts += (_LENGTH.pack(len(column)), column)
        content = b"".join(parts)
        return content + blake2b(content, digest_size=DIGEST_SIZE).digest()


def bars_series(kind: int, header: Header, bars: Bars) -> Series:
    """Return bars as a series: each price as a step from the one before it."""
    columns = [array("q") for _ in range(4)]
    close = 0
    for index in range(len(bars)):
        start, high, low = bars.open[index], bars.high[index], bars.low[index]
        columns[0].append(start - close)
        close = bars.close[index]
        columns[1].append(high - max(start, close))
        columns[2].append(min(start, close) - low)
        columns[3].append(close - start)
    at = _steps(bars.at)
    return _series(kind, header, [at, *columns, bars.volume])


def actions_series(header: Header, actions: Sequence[Action]) -> Series:
    """Return actions as a series."""
    columns = [
        _steps([action.day for action in actions]),
        array("q", [action.kind for action in actions]),
        array("q", [action.numerator for action in actions]),
        array("q", [action.denominator for action in actions]),
    ]
    return _series(ACTIONS, header, columns)


def rates_series(header: Header, days: Sequence[Day], columns: Iterable[Sequence[int]]) -> Series:
    """Return rates as a series, a column a name of the header, `NOT_QUOTED` where there is none."""
    packed = [_steps(days)]
    for column in columns:
        steps = array("q")
        value = 0
        for rate in column:
            if rate == NOT_QUOTED:
                steps.append(0)
                continue
            step = rate - value
            steps.append(step + 1 if step >= 0 else step)
            value = rate
        packed.append(steps)
    return _series(RATES, header, packed)


def read_series(content: bytes) -> Iterator[Series]:
    """Yield the containers of a file.

    Raises:
        DamagedSeries: the content is not what was written.
    """
    offset = 0
    while offset < len(content):
        series, offset = _read_one(content, offset)
        yield series


def _read_one(content: bytes, start: int) -> tuple[Series, int]:
    if len(content) - start < _HEAD.size:
        raise DamagedSeries("The file ends in the middle of a series.")
    magic, kind, _, columns, rows, length = _HEAD.unpack_from(content, start)
    if magic != MAGIC:
        raise DamagedSeries("This is no file of series.")
    offset = start + _HEAD.size
    header = content[offset : offset + length]
    offset += length
    packed = []
    for _ in range(columns):
        if offset + _LENGTH.size > len(content):
            raise DamagedSeries("The file ends in the middle of a series.")
        (size,) = _LENGTH.unpack_from(content, offset)
        offset += _LENGTH.size
        packed.append(content[offset : offset + size])
        offset += size
    digest = blake2b(memoryview(content)[start:offset], digest_size=DIGEST_SIZE).digest()
    if content[offset : offset + DIGEST_SIZE] != digest:
        raise DamagedSeries("A series is damaged: its hash differs.")
    told = msgspec.json.decode(header, type=Header)
    return Series(kind, told, rows, packed), offset + DIGEST_SIZE


def _series(kind: int, header: Header, columns: Sequence[Sequence[int]]) -> Series:
    packed = [zlib.compress(_varints(column), 9) for column in columns]
    return Series(kind, header, len(columns[0]), packed)


def _steps(values: Sequence[int]) -> "array[int]":
    steps = array("q")
    before = -1
    for value in values:
        steps.append(value - before - 1)
        before = value
    return steps


def _summed(steps: Iterable[int]) -> "array[int]":
    values = array("q")
    value = -1
    for step in steps:
        value += step + 1
        values.append(value)
    return values


def _varints(numbers: Iterable[int]) -> bytes:
    octets = bytearray()
    for number in numbers:
        rest = number << 1 if number >= 0 else (-number << 1) - 1
        while rest > _LOW:
            octets.append(rest & _LOW | _MORE)
            rest >>= _SEVEN_BITS
        octets.append(rest)
    return bytes(octets)


def _numbers(octets: bytes) -> "array[int]":
    numbers = array("q")
    append = numbers.append
    value = shift = 0
    for octet in octets:
        value |= (octet & _LOW) << shift
        if octet & _MORE:
            shift += _SEVEN_BITS
            continue
        append(value >> 1 ^ -(value & 1))
        value = shift = 0
    return numbers
