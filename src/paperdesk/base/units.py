"""Units: money, prices, sizes, instants and days, and the roundings that have a name."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Final, TypeAlias

Currency: TypeAlias = str
"""Three letters, `USD`."""

Money: TypeAlias = Decimal
"""An amount of one currency, unrounded; eight decimal places where a division made it."""

Price: TypeAlias = Decimal
"""Per unit of the contract, in its currency."""

Size: TypeAlias = Decimal
"""Shares, contracts or units of base currency."""

Instant: TypeAlias = int
"""Microseconds since 1970-01-01 00:00 UTC."""

Duration: TypeAlias = int
"""Microseconds."""

Day: TypeAlias = int
"""Days since 1970-01-01, in the calendar of whoever says it."""

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)

MICROSECOND: Final[Duration] = 1
MILLISECOND: Final[Duration] = 1_000
SECOND: Final[Duration] = 1_000_000
MINUTE: Final[Duration] = 60 * SECOND
HOUR: Final[Duration] = 60 * MINUTE
DAY: Final[Duration] = 24 * HOUR

MONEY_STEP: Final = Decimal("0.00000001")


def quotient(dividend: Decimal, divisor: Decimal, step: Decimal = MONEY_STEP) -> Decimal:
    """Return dividend over divisor, rounded half to even to a multiple of `step`."""
    return (dividend / divisor).quantize(step, rounding=ROUND_HALF_EVEN)


def to_step(value: Decimal, step: Decimal) -> Decimal:
    """Return the multiple of `step` nearest to a value, the upper one when tied."""
    return (value / step).to_integral_value(rounding=ROUND_HALF_UP) * step


def down_to_step(value: Decimal, step: Decimal) -> Decimal:
    """Return the largest multiple of `step` that is not above a value."""
    return (value / step).to_integral_value(rounding=ROUND_FLOOR) * step


def up_to_step(value: Decimal, step: Decimal) -> Decimal:
    """Return the smallest multiple of `step` that is not below a value."""
    return (value / step).to_integral_value(rounding=ROUND_CEILING) * step


def is_multiple(value: Decimal, step: Decimal) -> bool:
    """Say whether a value is a whole multiple of `step`."""
    return value % step == ZERO
