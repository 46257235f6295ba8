"""Contracts: which price increment holds where."""

from decimal import Decimal

import pytest

from paperdesk.base.ids import Conid
from paperdesk.kernel.state.contracts import Contract, IncrementRule, SecurityType


@pytest.fixture
def tiered() -> Contract:
    return Contract(
        conid=Conid(1),
        symbol="X",
        local_symbol="X",
        security_type=SecurityType.STOCK,
        name="X",
        currency="USD",
        primary_exchange="NYSE",
        listing_exchange="NYSE",
        trading_class="X",
        exchanges=("SMART", "NYSE"),
        calendar="XNYS",
        increments=(
            IncrementRule(Decimal(0), Decimal("0.0001")),
            IncrementRule(Decimal(1), Decimal("0.01")),
            IncrementRule(Decimal(100), Decimal("0.05")),
        ),
        decimals=2,
        size_increment=Decimal(1),
        round_lot=Decimal(100),
        minimum_size=Decimal(1),
        multiplier=Decimal(1),
        settlement_days=1,
        margin_multiplier=Decimal(1),
    )


@pytest.mark.parametrize(
    ("price", "increment"),
    [
        ("0", "0.0001"),
        ("0.9999", "0.0001"),
        ("1", "0.01"),
        ("99.99", "0.01"),
        ("100", "0.05"),
        ("-0.5", "0.0001"),
        ("-150", "0.05"),
    ],
)
def test_increment_holds_from_its_lower_edge_up(
    tiered: Contract, price: str, increment: str
) -> None:
    assert tiered.increment_at(Decimal(price)) == Decimal(increment)
