"""Venues: where an execution is said to have happened.

Source: recorded and documented names; which of them is judged, spread evenly by a counter.
"""

from decimal import Decimal
from typing import Final

from paperdesk.base.units import ONE, Size
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.kernel.state.orders import Order
from paperdesk.kernel.state.world import World

SMART: Final = "SMART"
INTERNAL: Final = "IBKRATS"
SMART_STOCK: Final = ("IBKRATS", "NASDAQ", "ARCA", "BATS", "NYSE", "IEX", "EDGX", "MEMX", "DARK")
FOREX: Final = "IDEALPRO"
ODD_LOT: Final = "FXCONV"
STRIDE: Final = 5

FX_MINIMUM: Final[dict[str, Decimal]] = {
    "AUD": Decimal(25_000),
    "CAD": Decimal(25_000),
    "CHF": Decimal(25_000),
    "CNH": Decimal(150_000),
    "DKK": Decimal(150_000),
    "EUR": Decimal(20_000),
    "GBP": Decimal(20_000),
    "HKD": Decimal(200_000),
    "JPY": Decimal(2_500_000),
    "MXN": Decimal(300_000),
    "NOK": Decimal(150_000),
    "NZD": Decimal(35_000),
    "SEK": Decimal(175_000),
    "SGD": Decimal(35_000),
    "USD": Decimal(25_000),
    "ZAR": Decimal(350_000),
}
"""Below so much of its base currency an order is an odd lot and does not go to IDEALPRO."""

FX_MAXIMUM: Final[dict[str, Decimal]] = {
    "AUD": Decimal(6_000_000),
    "CAD": Decimal(6_000_000),
    "CHF": Decimal(6_000_000),
    "CNH": Decimal(40_000_000),
    "DKK": Decimal(35_000_000),
    "EUR": Decimal(6_000_000),
    "GBP": Decimal(5_000_000),
    "HKD": Decimal(50_000_000),
    "JPY": Decimal(550_000_000),
    "MXN": Decimal(70_000_000),
    "NOK": Decimal(35_000_000),
    "NZD": Decimal(8_000_000),
    "SEK": Decimal(40_000_000),
    "SGD": Decimal(8_000_000),
    "USD": Decimal(7_000_000),
    "ZAR": Decimal(100_000_000),
}
"""More of its base currency is not taken in one order."""


def is_odd_lot(contract: Contract, size: Size) -> bool:
    """Say whether an order of currencies is too small for IDEALPRO."""
    return size < FX_MINIMUM.get(contract.base, ONE)


def venue(world: World, contract: Contract, order: Order, size: Size) -> str:
    """Return the exchange of the next execution of an order."""
    if contract.security_type is SecurityType.FOREX:
        is_odd = order.ticket.is_currency_conversion or is_odd_lot(contract, order.size)
        return ODD_LOT if is_odd else FOREX
    if order.ticket.exchange != SMART:
        return order.ticket.exchange
    if size < ONE:
        return INTERNAL
    return SMART_STOCK[world.orders.executed * STRIDE % len(SMART_STOCK)]
