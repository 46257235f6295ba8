from decimal import Decimal

import pytest
from tests.desk.desks import AAA, OPEN, PAIR, Trading, at
from tests.tape import place, ticket

from paperdesk.base.units import SECOND
from paperdesk.desk.trails import Trails
from paperdesk.kernel.messages.orders import MoveTrail


@pytest.fixture
def trading() -> Trading:
    trading = Trading()
    trading.source.show(AAA, OPEN, "99.98", "100.00", "99.99")
    trading.source.show(PAIR, OPEN, "1.1000", "1.1001")
    trading.desk.execute(
        place(ticket("sell", "10", order_type="TRAIL", trail="1.00", stop_price="98.99"))
    )
    return trading


def trails(trading: Trading) -> Trails:
    return Trails(trading.source, trading.desk.world)


def test_a_trailing_stop_is_told_the_best_price_since_it_was_told_last(trading: Trading) -> None:
    known = trails(trading)
    trading.source.show(AAA, at(1), "100.98", "101.00", "101.00")
    trading.source.show(AAA, at(2), "100.48", "100.50", "100.50")
    trading.desk.world.now = at(3)

    (move,) = known.moves(trading.desk.world, AAA, 0)

    assert move == MoveTrail(order_id=move.order_id, reference=Decimal("101.00"))


def test_it_is_not_told_again_what_it_knows(trading: Trading) -> None:
    known = trails(trading)
    trading.source.show(AAA, at(1), "100.98", "101.00", "101.00")
    trading.desk.world.now = at(3)
    list(known.moves(trading.desk.world, AAA, 0))
    trading.desk.world.now = at(4)

    assert list(known.moves(trading.desk.world, AAA, 0)) == []


def test_it_is_not_told_more_often_than_wished(trading: Trading) -> None:
    known = trails(trading)
    trading.source.show(AAA, at(0.5), "100.98", "101.00", "101.00")
    trading.desk.world.now = at(0.75)
    assert list(known.moves(trading.desk.world, AAA, SECOND)) == []
    trading.desk.world.now = at(1.25)

    assert len(list(known.moves(trading.desk.world, AAA, SECOND))) == 1


def test_a_market_that_goes_the_other_way_moves_nothing(trading: Trading) -> None:
    known = trails(trading)
    trading.source.show(AAA, at(1), "99.48", "99.50", "99.50")
    trading.desk.world.now = at(3)

    assert list(known.moves(trading.desk.world, AAA, 0)) == []


def test_a_buyer_of_currency_is_told_the_lowest_bid(trading: Trading) -> None:
    trading.desk.execute(
        place(
            ticket(
                "buy", "20000", order_type="TRAIL", trail="0.0050", stop_price="1.1050", conid=PAIR
            )
        )
    )
    known = trails(trading)
    trading.source.show(PAIR, at(1), "1.0900", "1.0901")
    trading.source.show(PAIR, at(2), "1.0950", "1.0951")
    trading.desk.world.now = at(3)

    (move,) = known.moves(trading.desk.world, PAIR, 0)

    assert move.reference == Decimal("1.0900")


def test_contracts_without_trailing_stops_are_forgotten(trading: Trading) -> None:
    known = trails(trading)
    assert known.conids() == [AAA]
    trading.desk.world.orders.books.clear()

    assert list(known.moves(trading.desk.world, AAA, 0)) == []
    assert known.conids() == []
