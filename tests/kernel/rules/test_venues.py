from decimal import Decimal

import pytest
from tests.kernel.books import EURUSD, USDJPY
from tests.tape import limit, market, open_kernel, place, quote

from paperdesk.kernel.rules.venues import SMART_STOCK, is_odd_lot
from paperdesk.kernel.state.contracts import Contract


@pytest.mark.parametrize(
    ("contract", "size", "odd"),
    [(EURUSD, 19_999, True), (EURUSD, 20_000, False), (USDJPY, 24_999, True)],
)
def test_small_orders_of_currencies_are_odd_lots(
    contract: Contract, size: int, *, odd: bool
) -> None:
    assert is_odd_lot(contract, Decimal(size)) is odd


def test_smart_orders_trade_in_many_places_and_directed_ones_where_they_were_sent() -> None:
    kernel = open_kernel()
    for _ in range(20):
        kernel.handle(quote(kernel, "190.20", "190.25"))
        kernel.handle(place(market("buy", "1")))
    kernel.handle(place(limit("buy", "1", "190.30", exchange="ARCA")))
    kernel.handle(place(market("buy", "0.5")))

    *smart, directed, fraction = (row.exchange for row in kernel.world.orders.executions.values())
    assert set(smart) == set(SMART_STOCK)
    assert directed == "ARCA"
    assert fraction == "IBKRATS"
