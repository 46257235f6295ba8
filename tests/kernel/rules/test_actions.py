from decimal import Decimal

import pytest
from tests.kernel.books import Books, new_york, open_books

from paperdesk.base.errors import Refusal, TimeRunsBackwards, UnknownContract
from paperdesk.base.ids import Conid, OcaGroupId, OrderId, UserName
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.actions import (
    Action,
    ApplyActions,
    Dividend,
    DividendAccrued,
    DividendPaid,
    SharesSplit,
    Split,
)
from paperdesk.kernel.messages.orders import (
    OrderAccepted,
    OrderCancelled,
    OrderType,
    Side,
    Ticket,
    TimeInForce,
)
from paperdesk.kernel.rules import actions, margin

EX_DAY = "2026-06-11 04:00"


def apply(books: Books, *told: Action, at: str = EX_DAY) -> list[Event]:
    books.advance(at)
    command = ApplyActions(at=new_york(at), actions=told)
    events = []
    for event in actions.apply_actions(books.world, command):
        books.world.apply(event)
        events.append(event)
    return events


def rest(books: Books, conid: Conid) -> OrderId:
    order_id = books.world.orders.next_order_id()
    books.world.apply(
        OrderAccepted(
            at=books.world.now,
            order_id=order_id,
            account_id=books.account_id,
            user_name=UserName("demo"),
            ticket=Ticket(
                conid=conid,
                side=Side.BUY,
                order_type=OrderType.LIMIT,
                time_in_force=TimeInForce.GTC,
                size=Decimal(1),
                limit_price=Decimal(1),
            ),
            size=Decimal(1),
            stop_price=None,
            limit_price=Decimal(1),
            parent_id=None,
            oca_group_id=OcaGroupId(""),
            is_held=False,
        )
    )
    return order_id


def test_split_leaves_cost_and_profit_as_they_were() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "50", commission="1")

    (event,) = apply(books, Split(books.stock, 2, 1))

    assert isinstance(event, SharesSplit)
    held = books.book.positions[books.stock]
    assert held.size == 200
    assert held.average_cost == Decimal("25.005")
    assert held.daily(Decimal(25)) == 0
    assert held.unrealised(Decimal(25)) == -1
    assert all(total == 0 for total in books.world.ledger.totals().values())


def test_short_position_is_split_as_well() -> None:
    books = open_books(cash="100000")
    books.sell("100", books.stock, "50")

    apply(books, Split(books.stock, 3, 1))

    assert books.book.positions[books.stock].size == -300
    assert books.world.ledger.totals()[books.stock] == 0


def test_part_too_small_to_be_held_is_paid_out() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "10")
    books.quote(books.stock, "10")

    (event,) = apply(books, Split(books.stock, 1, 3))

    assert isinstance(event, SharesSplit)
    held = books.book.positions[books.stock]
    assert held.size == Decimal("33.3333")
    assert event.cash == Decimal("0.0000333300") * 30
    assert books.book.cash["USD"] == 99_000 + event.cash
    assert all(total == 0 for total in books.world.ledger.totals().values())


def test_open_orders_for_split_shares_are_cancelled_and_others_stay() -> None:
    books = open_books(cash="100000")
    split, other = rest(books, books.stock), rest(books, books.penny)

    events = apply(books, Split(books.stock, 2, 1))

    assert [event.order_id for event in events if isinstance(event, OrderCancelled)] == [split]
    assert books.world.orders.by_id[other].is_open


def test_dividend_accrues_on_its_ex_day_and_is_paid_three_weeks_later() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "50")

    (event,) = apply(books, Dividend(books.stock, Decimal("0.25")))

    assert isinstance(event, DividendAccrued)
    assert event.amount == 25
    assert event.pays_at == new_york("2026-07-06 00:00")
    told = margin.values(books.world, books.account_id)
    assert told.accrued_dividends == 25
    assert told.net_liquidation == 100_025
    assert told.equity_with_loan == 100_000

    paid = [row for row in books.advance("2026-07-06 09:00") if isinstance(row, DividendPaid)]

    assert [row.amount for row in paid] == [25]
    assert books.book.cash["USD"] == 95_025
    assert books.book.settled("USD") == 95_025
    assert books.world.ledger.dividends == {}
    assert margin.values(books.world, books.account_id).accrued_dividends == 0
    assert all(total == 0 for total in books.world.ledger.totals().values())


def test_short_position_pays_the_dividend() -> None:
    books = open_books(cash="100000")
    books.sell("100", books.stock, "50")

    (event,) = apply(books, Dividend(books.stock, Decimal("0.25")))

    assert isinstance(event, DividendAccrued)
    assert event.amount == -25


def test_who_held_nothing_gets_nothing() -> None:
    books = open_books(cash="100000")
    books.buy("100", books.stock, "50")
    books.sell("100", books.stock, "50")

    assert apply(books, Dividend(books.stock, Decimal(1)), Split(books.penny, 2, 1)) == []


@pytest.mark.parametrize(
    ("at", "conid", "refusal"),
    [
        ("2026-06-09 04:00", Conid(101), TimeRunsBackwards),
        ("2026-06-11 04:00", Conid(9), UnknownContract),
    ],
)
def test_action_that_cannot_be_is_refused(at: str, conid: Conid, refusal: type[Refusal]) -> None:
    books = open_books(cash="100000")
    command = ApplyActions(at=new_york(at), actions=(Split(conid, 2, 1),))

    with pytest.raises(refusal):
        list(actions.apply_actions(books.world, command))
