from decimal import Decimal

import pytest
from tests.desk.desks import AAA, OPEN, Trading
from tests.kernel.books import ACCOUNT, PENNY, new_york
from tests.tape import limit, market, place

from paperdesk.desk.actions import due_actions
from paperdesk.kernel.messages.actions import Dividend, DividendAccrued, SharesSplit, Split

TOMORROW = new_york("2026-06-11 04:00")


@pytest.fixture
def trading() -> Trading:
    trading = Trading()
    trading.source.show(AAA, OPEN, "99.98", "100.00", "99.99")
    trading.source.show(PENNY.conid, OPEN, "9.98", "10.00", "9.99")
    trading.source.acts[AAA] = (
        Dividend(conid=AAA, amount=Decimal("0.50")),
        Split(conid=AAA, numerator=2, denominator=1),
    )
    trading.source.acts[PENNY.conid] = (Dividend(conid=PENNY.conid, amount=Decimal("0.10")),)
    return trading


def test_actions_are_of_what_is_held_or_ordered(trading: Trading) -> None:
    assert due_actions(trading.desk.world, trading.source, TOMORROW) == ()

    trading.desk.execute(place(market("buy", "10")))
    trading.desk.execute(
        place(limit("buy", "10", "9.00", conid=PENNY.conid), suppressed=("o163", "o403"))
    )

    actions = due_actions(trading.desk.world, trading.source, TOMORROW)
    assert [type(action).__name__ for action in actions] == ["Dividend", "Split", "Dividend"]


def test_actions_take_effect_where_a_session_begins(trading: Trading) -> None:
    trading.desk.execute(place(market("buy", "10")))

    assert due_actions(trading.desk.world, trading.source, new_york("2026-06-11 09:30")) == ()


def test_shares_are_split_and_dividends_accrue_before_the_session_of_their_day(
    trading: Trading,
) -> None:
    trading.desk.execute(place(market("buy", "10")))
    trading.desk.advance(TOMORROW - 1)
    assert trading.desk.world.ledger.size(ACCOUNT, AAA) == 10

    trading.desk.advance(TOMORROW)

    assert trading.desk.world.ledger.size(ACCOUNT, AAA) == 20
    acted = [event for event in trading.events if isinstance(event, DividendAccrued | SharesSplit)]
    assert [event.at for event in acted] == [TOMORROW, TOMORROW]
    trading.desk.advance(new_york("2026-06-11 20:00"))
    assert trading.desk.world.ledger.size(ACCOUNT, AAA) == 20


def test_orders_of_split_shares_are_cancelled(trading: Trading) -> None:
    trading.desk.execute(place(limit("buy", "10", "90.00", time_in_force="GTC")))

    trading.desk.advance(TOMORROW)

    assert trading.heard() == ["64799.999999s cancelled"]
