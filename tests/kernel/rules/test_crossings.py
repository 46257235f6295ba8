import pytest
from tests.kernel.books import ACCOUNT, STOCK
from tests.tape import OTHER, limit, market, open_kernel, place, quote

from paperdesk.base.units import ZERO
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.orders import OrderCancelled, OrderFilled
from paperdesk.kernel.rules.crossings import is_crossed


@pytest.fixture
def kernel() -> Kernel:
    kernel = open_kernel(others=True)
    kernel.handle(quote(kernel, "190.00", "190.50", bid_size=50, ask_size=50))
    return kernel


def fills(events: list[Event]) -> list[tuple[str, str, str, bool]]:
    return [
        (row.account_id, str(row.size), str(row.price), row.is_crossing)
        for row in events
        if isinstance(row, OrderFilled)
    ]


def test_orders_of_two_accounts_meet_inside_the_quote_at_the_older_ones_price(
    kernel: Kernel,
) -> None:
    assert fills(kernel.handle(place(limit("sell", "30", "190.20")))) == []

    told = kernel.handle(place(limit("buy", "40", "190.30"), account_id=OTHER))

    assert fills(told) == [(ACCOUNT, "30", "190.20", True), (OTHER, "30", "190.20", True)]
    assert kernel.world.ledger.size(OTHER, STOCK.conid) == 30
    assert kernel.world.ledger.size(ACCOUNT, STOCK.conid) == -30
    assert all(total == ZERO for total in kernel.world.ledger.totals().values())


def test_what_meets_inside_takes_nothing_from_the_quote(kernel: Kernel) -> None:
    kernel.handle(place(limit("sell", "30", "190.50")))

    told = kernel.handle(place(market("buy", "60"), account_id=OTHER))

    assert fills(told) == [
        (ACCOUNT, "30", "190.50", True),
        (OTHER, "30", "190.50", True),
        (OTHER, "30", "190.50", False),
    ]


def test_better_price_of_the_market_goes_first(kernel: Kernel) -> None:
    kernel.handle(place(limit("sell", "30", "190.60")))

    told = kernel.handle(place(limit("buy", "60", "190.70"), account_id=OTHER))

    assert fills(told) == [(OTHER, "50", "190.50", False)]
    assert is_crossed(kernel.world.orders.books[STOCK.conid])


def test_nobody_trades_with_oneself(kernel: Kernel) -> None:
    kernel.handle(place(limit("sell", "30", "190.20")))

    assert fills(kernel.handle(place(limit("buy", "30", "190.30")))) == []


def test_immediate_order_takes_what_others_offer(kernel: Kernel) -> None:
    kernel.handle(place(limit("sell", "30", "190.20")))

    told = kernel.handle(place(limit("buy", "40", "190.20", time_in_force="IOC"), account_id=OTHER))

    assert [row[1] for row in fills(told)] == ["30", "30"]
    assert isinstance(told[-1], OrderCancelled)


def test_all_or_none_meets_enough_or_nobody(kernel: Kernel) -> None:
    kernel.handle(place(limit("sell", "30", "190.20")))
    wanted = limit("buy", "40", "190.20", is_all_or_none=True)

    assert fills(kernel.handle(place(wanted, account_id=OTHER))) == []
    told = kernel.handle(place(limit("sell", "40", "190.20")))
    assert [row[1] for row in fills(told)] == ["40", "40"]


def test_bids_of_one_instant_trade_while_they_can_be_paid_for(kernel: Kernel) -> None:
    for _ in range(2):
        kernel.handle(place(limit("buy", "12000", "190.20")))
    for _ in range(2):
        kernel.handle(place(limit("sell", "5500", "190.20"), account_id=OTHER))

    told = kernel.handle(place(limit("sell", "5500", "190.20"), account_id=OTHER))

    assert [row[1] for row in fills(told)] == ["1000", "1000"]


def test_nobody_meets_where_the_market_shows_nothing_to_compare_with(kernel: Kernel) -> None:
    kernel.handle(quote(kernel, "-", "-", last="190.22"))
    kernel.handle(place(limit("buy", "10", "205")))

    assert fills(kernel.handle(place(limit("sell", "10", "200"), account_id=OTHER))) == []
