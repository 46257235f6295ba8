from decimal import Decimal

import pytest
from tests.kernel.books import EURUSD, STOCK
from tests.tape import open_kernel, quote, ticket

from paperdesk.kernel.messages.orders import Side, TrailUnit
from paperdesk.kernel.rules.triggers import is_reached, trailing_stop, trigger_price

KERNEL = open_kernel()
STOCK_QUOTE = quote(KERNEL, "190.20", "190.25", last="190.22").quote
PAIR_QUOTE = quote(KERNEL, "1.10000", "1.10010", conid=EURUSD.conid).quote


def test_stock_looks_at_the_last_trade_and_currencies_at_the_other_side() -> None:
    assert trigger_price(STOCK, Side.BUY, STOCK_QUOTE) == Decimal("190.22")
    assert trigger_price(STOCK, Side.SELL, STOCK_QUOTE) == Decimal("190.22")
    assert trigger_price(EURUSD, Side.BUY, PAIR_QUOTE) == Decimal("1.10000")
    assert trigger_price(EURUSD, Side.SELL, PAIR_QUOTE) == Decimal("1.10010")


@pytest.mark.parametrize(
    ("side", "reference", "fires"),
    [
        (Side.BUY, "189.99", False),
        (Side.BUY, "190.00", True),
        (Side.SELL, "190.00", True),
        (Side.SELL, "190.01", False),
    ],
)
def test_stop_fires_at_its_price(side: Side, reference: str, fires: bool) -> None:
    assert is_reached(side, Decimal(190), Decimal(reference)) is fires


@pytest.mark.parametrize(
    ("side", "trail", "unit", "stop"),
    [
        ("sell", "5", TrailUnit.AMOUNT, "95.07"),
        ("buy", "5", TrailUnit.AMOUNT, "105.07"),
        ("sell", "5", TrailUnit.PERCENT, "95.06"),
        ("buy", "5", TrailUnit.PERCENT, "105.08"),
    ],
)
def test_trailing_stop_stands_its_distance_away(
    side: str, trail: str, unit: TrailUnit, stop: str
) -> None:
    wanted = ticket(side, "1", order_type="TRAIL", trail=trail, trail_unit=unit)

    assert trailing_stop(STOCK, wanted, Decimal("100.07")) == Decimal(stop)
