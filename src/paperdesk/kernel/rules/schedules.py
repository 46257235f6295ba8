"""Schedules: the shape of dated rates, and which of them holds on a day."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, Protocol, TypeVar

import msgspec

from paperdesk.base.units import Currency, Day, Money, Price

SINCE_EVER: Final[Day] = -1_000_000
UNTIL_FURTHER_NOTICE: Final[Day] = 1_000_000


class CommissionRow(msgspec.Struct, frozen=True, gc=False):
    """What the broker takes of an order in one kind of contract.

    `rate` is for each `unit`: a share, or one of the currency traded. `minimum` is for an order and
    day, `fraction_minimum` for an order of less than one share, `cap_of_value` the most, as a
    fraction of the value traded; it wins over the minimum.
    """

    security_type: str
    market: str
    first_day: Day
    last_day: Day
    unit: str
    rate: Decimal
    currency: Currency
    minimum: Money
    fraction_minimum: Money
    cap_of_value: Decimal | None


class FeeRow(msgspec.Struct, frozen=True, gc=False):
    """What a regulator takes of one execution; `side` is BUY, SELL or BOTH, `cap` the most."""

    fee: str
    security_type: str
    market: str
    first_day: Day
    last_day: Day
    side: str
    unit: str
    rate: Decimal
    cap: Money | None


class SettlementRow(msgspec.Struct, frozen=True, gc=False):
    """How many business days after its trade date a contract settles."""

    security_type: str
    market: str
    first_day: Day
    last_day: Day
    days: int


class FxMarginRow(msgspec.Struct, frozen=True, gc=False):
    """The haircut of a currency, as fractions of an amount."""

    currency: Currency
    initial: Decimal
    maintenance: Decimal


class StockMarginRow(msgspec.Struct, frozen=True, gc=False):
    """What a margin account must hold against stock, as fractions of its value.

    `reg_t` is what Regulation T asks at the end of the day. Below `minimum_equity` (US dollars)
    nothing may be borrowed. Buying power is available funds times `buying_power_factor`.
    """

    first_day: Day
    last_day: Day
    long: Decimal
    short: Decimal
    reg_t: Decimal
    minimum_equity: Money
    buying_power_factor: Decimal


class ShortStep(msgspec.Struct, frozen=True, gc=False):
    """What a short position must hold from a price upward: part of its value, or money a share."""

    from_price: Price
    of_value: Decimal | None
    per_share: Money | None


class Dated(Protocol):
    """A row that holds from a day to a day, both included."""

    @property
    def first_day(self) -> Day:
        """The first day."""
        ...

    @property
    def last_day(self) -> Day:
        """The last day."""
        ...


R = TypeVar("R", bound=Dated)


def in_force(rows: Iterable[R], day: Day) -> R | None:
    """Return the row that holds on a day, or None."""
    for row in rows:
        if row.first_day <= day <= row.last_day:
            return row
    return None
