from decimal import Decimal

import msgspec
from tests.desk.desks import AAA, OPEN, PAIR, Trading
from tests.kernel.books import ACCOUNT, EURUSD, STOCK
from tests.tape import limit, place, stop, ticket

from paperdesk.desk.levels import Levels, levels_of, owners_reached, stands_at
from paperdesk.kernel.messages.orders import Ticket, TrailUnit
from paperdesk.kernel.state.contracts import Contract
from paperdesk.market.source import Level, Reading


def levels(contract: Contract, *tickets: Ticket) -> Levels:
    trading = Trading()
    trading.source.show(AAA, OPEN, "99.98", "100.00", "99.99")
    trading.source.show(PAIR, OPEN, "1.1000", "1.1001")
    for wanted in tickets:
        trading.desk.execute(place(wanted))
    return levels_of(trading.desk.world.orders.books[contract.conid], contract)


def test_only_the_first_in_line_has_a_level() -> None:
    found = levels(
        STOCK,
        limit("buy", "1", "98.00"),
        limit("buy", "1", "99.00"),
        limit("sell", "1", "102.00"),
        limit("sell", "1", "101.00"),
    )

    assert found.levels == (
        Level(Reading.ASK, Decimal("99.00"), rising=False),
        Level(Reading.BID, Decimal("101.00"), rising=True),
    )
    assert not found.at_any_price


def test_stops_of_stocks_go_by_trades() -> None:
    found = levels(STOCK, stop("buy", "1", "101.00"), stop("sell", "1", "99.00"))

    assert found.levels == (
        Level(Reading.TRADES, Decimal("101.00"), rising=True),
        Level(Reading.TRADES, Decimal("99.00"), rising=False),
    )


def test_stops_of_currencies_go_by_the_other_side() -> None:
    found = levels(
        EURUSD,
        stop("buy", "20000", "1.1050", conid=PAIR),
        stop("sell", "20000", "1.0950", conid=PAIR),
    )

    assert [(level.reading, level.rising) for level in found.levels] == [
        (Reading.BID, True),
        (Reading.ASK, False),
    ]


def test_each_trailing_stop_has_a_level_that_moves() -> None:
    found = levels(
        STOCK,
        ticket("sell", "1", order_type="TRAIL", trail="2", stop_price="97.99"),
        ticket("sell", "1", order_type="TRAIL", trail="1", stop_price="98.99"),
    )

    moving = [level for level in found.levels if level.trail is not None]
    assert {(level.price, level.trail) for level in moving} == {
        (Decimal("97.99"), Decimal(2)),
        (Decimal("98.99"), Decimal(1)),
    }


def test_a_trail_in_per_cent_is_a_fraction_of_the_market() -> None:
    found = levels(
        STOCK,
        ticket(
            "sell",
            "1",
            order_type="TRAIL",
            trail="5",
            trail_unit=TrailUnit.PERCENT,
            stop_price="95.00",
        ),
    )

    (moving,) = [level for level in found.levels if level.trail is not None]
    assert (moving.trail, moving.trail_is_fraction) == (Decimal("0.05"), True)


def test_an_order_for_extended_hours_looks_at_them() -> None:
    (level,) = levels(STOCK, limit("buy", "1", "99.00", outside_regular=True)).levels

    assert not level.regular_only


def test_a_limit_stands_where_the_quote_has_reached_it() -> None:
    trading = Trading()
    trading.source.show(AAA, OPEN, "99.98", "100.00", "99.99")
    quote = trading.desk.quote(AAA)
    assert quote is not None

    assert stands_at(Level(Reading.ASK, Decimal("100.00"), rising=False), quote)
    assert not stands_at(Level(Reading.ASK, Decimal("99.99"), rising=False), quote)
    assert stands_at(Level(Reading.BID, Decimal("99.98"), rising=True), quote)
    assert not stands_at(Level(Reading.TRADES, Decimal("1.00"), rising=True), quote)


def test_the_owners_of_what_a_quote_reaches_are_told_once() -> None:
    trading = Trading()
    trading.source.show(AAA, OPEN, "99.98", "100.00", "99.99")
    for wanted in (limit("buy", "1", "99.00"), limit("buy", "1", "98.00")):
        trading.desk.execute(place(wanted))
    book = trading.desk.world.orders.books[AAA]
    quote = trading.desk.quote(AAA)
    assert quote is not None
    fallen = msgspec.structs.replace(quote, ask=Decimal("98.50"))

    assert owners_reached(book, STOCK, quote) == []
    assert owners_reached(book, STOCK, fallen) == [ACCOUNT]
