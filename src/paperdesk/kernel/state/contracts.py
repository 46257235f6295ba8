"""Contracts: what can be traded or looked at. Reference data, never changed by an event."""

from enum import Enum

import msgspec

from paperdesk.base.ids import Conid
from paperdesk.base.units import Currency, Price, Size


class SecurityType(Enum):
    """IBKR's security type codes of the classes that the catalogue holds."""

    STOCK = "STK"
    INDEX = "IND"
    FOREX = "CASH"


class IncrementRule(msgspec.Struct, frozen=True, gc=False):
    """From `lower_edge` up, prices are multiples of `increment`."""

    lower_edge: Price
    increment: Price


class Contract(msgspec.Struct, frozen=True, kw_only=True):
    """Something tradable (or an index) with a conid.

    Names are IBKR's own style (upper case). `primary_exchange` is the short code (`NASDAQ`),
    `listing_exchange` the scanner style (`NASDAQ.NMS`). `group` is IBKR's industry, `sector_group`
    its category. `calendar` names a trading calendar of the catalogue. `size_increment` is the
    smallest tradable size; `round_lot` the size that sets a quote; `minimum_size` the least that
    the primary exchange takes (a smaller FX order is an odd lot). `base` is the base currency of
    an FX pair (its `currency` is the quote currency). `margin_multiplier` scales ordinary margin
    (leveraged funds). `is_real_conid` is False where the conid comes from the reserved range.
    """

    conid: Conid
    symbol: str
    local_symbol: str
    security_type: SecurityType
    stock_type: str = ""
    name: str
    currency: Currency
    base: Currency = ""
    country: str = ""
    primary_exchange: str
    listing_exchange: str
    trading_class: str
    exchanges: tuple[str, ...]
    sector: str = ""
    group: str = ""
    sector_group: str = ""
    calendar: str
    increments: tuple[IncrementRule, ...]
    decimals: int
    size_increment: Size
    round_lot: Size
    minimum_size: Size
    multiplier: Size
    settlement_days: int
    liquidity_class: int = 0
    average_daily_volume: int = 0
    margin_multiplier: Size
    is_tradable: bool = True
    is_shortable: bool = True
    has_options: bool = False
    is_real_conid: bool = True

    def increment_at(self, price: Price) -> Price:
        """Return the price increment that holds at a price (its absolute value)."""
        level = abs(price)
        increment = self.increments[0].increment
        for rule in self.increments:
            if level < rule.lower_edge:
                break
            increment = rule.increment
        return increment
