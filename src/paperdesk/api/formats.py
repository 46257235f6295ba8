"""Formats: the encodings that many answers share, each named for what it writes."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import lru_cache
from struct import Struct
from typing import Final

from paperdesk.base.calendar import civil
from paperdesk.base.units import DAY, HOUR, MILLISECOND, MINUTE, SECOND, ZERO, Day, Instant, Price

HUNDRED: Final = Decimal(100)


def price_text(price: Price, decimals: int, decimals_max: int | None = None) -> str:
    """Return a price with at least `decimals` places, and more up to `decimals_max` if it has them.

    `Decimal("300")` with 2 is `300.00`; with 2 and at most 8 an average keeps `190.2533`.
    """
    if decimals_max is None:
        return f"{price.quantize(_step(decimals), rounding=ROUND_HALF_UP):f}"
    exact = price.quantize(_step(decimals_max), rounding=ROUND_HALF_EVEN)
    whole, _, places = f"{exact:f}".partition(".")
    kept = places.rstrip("0").ljust(decimals, "0")
    return f"{whole}.{kept}" if kept else whole


@lru_cache(maxsize=32)
def _step(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def plain(number: Decimal) -> str:
    """Return a number without trailing zeros or exponent: `10`, `0.5`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def commas(number: Decimal) -> str:
    """Return a size with thousands separators: `1,200`; fractions stay as they are."""
    whole = int(number)
    return f"{whole:,}" if whole == number else f"{number.normalize():,f}"


def abbreviated(number: Decimal) -> str:
    """Return a size as `950`, `81.2K`, `24.2M`, `1.31B`: three digits and a letter."""
    for limit, letter in ABBREVIATIONS:
        if number >= limit:
            scaled = number / limit
            places = 2 if scaled < TEN else 1 if scaled < HUNDRED else 0
            return f"{scaled.quantize(_step(places), rounding=ROUND_HALF_UP):f}{letter}"
    return plain(number)


TEN: Final = Decimal(10)
ABBREVIATIONS: Final = (
    (Decimal(1_000_000_000), "B"),
    (Decimal(1_000_000), "M"),
    (Decimal(1_000), "K"),
)


def percent(fraction: Decimal, places: int) -> str:
    """Return a fraction in per cent: 0.319 with one place is `31.9%`."""
    return f"{(fraction * HUNDRED).quantize(_step(places), rounding=ROUND_HALF_UP):f}%"


def whole(number: Decimal) -> str:
    """Return an amount rounded to whole units with thousands separators: `994,831`."""
    return f"{number.quantize(_step(0), rounding=ROUND_HALF_UP) + ZERO:,f}"


def epoch_ms(at: Instant) -> int:
    """Return milliseconds since 1970."""
    return at // MILLISECOND


@lru_cache(maxsize=64)
def day_text(day: Day) -> str:
    """Return a day as `YYYYMMDD`."""
    year, month, of_month = civil(day)
    return f"{year:04}{month:02}{of_month:02}"


def _clock(of_day: int) -> tuple[int, int, int]:
    return of_day // HOUR, of_day % HOUR // MINUTE, of_day % MINUTE // SECOND


def compact_time(at: Instant) -> str:
    """Return an instant in UTC as `YYMMDDHHMMSS`."""
    day, of_day = divmod(at, DAY)
    hour, minute, second = _clock(of_day)
    return f"{day_text(day)[2:]}{hour:02}{minute:02}{second:02}"


def dashed_time(at: Instant) -> str:
    """Return an instant in UTC as `YYYYMMDD-HH:MM:SS`."""
    day, of_day = divmod(at, DAY)
    hour, minute, second = _clock(of_day)
    return f"{day_text(day)}-{hour:02}:{minute:02}:{second:02}"


def double(number: Decimal, places: int = 2) -> float:
    """Return an amount as a JSON number with a point, rounded: 3175.50 is `3175.5`, 10 `10.0`."""
    return float(number.quantize(_step(places), rounding=ROUND_HALF_UP)) + NO_SIGN


NO_SIGN: Final = 0.0
"""Added to what may be a negative nothing, which would be sent as `-0.0`."""


def single(number: Decimal, places: int | None = None) -> float:
    """Return a number as it comes out of a 32-bit float: 317.55 is `317.5499877929688`.

    With `places` it is rounded afterwards: `317.5499878` with 7.
    """
    narrowed: float = _SINGLE.unpack(_SINGLE.pack(float(number)))[0]
    return narrowed if places is None else round(narrowed, places)


_SINGLE: Final = Struct("<f")


def with_currency(amount: Decimal, currency: str) -> str:
    """Return an amount in whole units with its currency: `994,831 USD`."""
    return f"{whole(amount)} {currency}"


def local_clock(of_day: int) -> str:
    """Return a microsecond of a day as `16:00:00`."""
    hour, minute, second = _clock(of_day)
    return f"{hour:02}:{minute:02}:{second:02}"
