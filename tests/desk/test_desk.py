from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
from tests.desk.desks import AAA, OPEN, PAIR, Trading, at
from tests.fakes import ScriptedSource
from tests.kernel.books import ACCOUNT, STOCK, new_york
from tests.tape import limit, market, place, stop, ticket

from paperdesk.base.errors import Refusal
from paperdesk.base.units import DAY, HOUR, SECOND
from paperdesk.desk.desk import DeskStopped
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.accounts import DepositCash
from paperdesk.kernel.messages.clock import AdvanceClock, ClockAdvanced
from paperdesk.kernel.messages.ledger import AccountMarked
from paperdesk.kernel.messages.orders import CancelAllOrders, OrderAccepted, OrderFilled
from paperdesk.store.journal import JournalFailed
from paperdesk.store.memory import MemoryJournal


class GroupingJournal(MemoryJournal):
    """Remembers how many events came at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.groups: list[int] = []

    def append(self, events: Sequence[Event]) -> int:
        self.groups.append(len(events))
        return super().append(events)


@pytest.fixture
def trading() -> Trading:
    trading = Trading()
    trading.source.show(AAA, OPEN, "99.98", "100.00", "99.99")
    trading.source.show(PAIR, OPEN, "1.1000", "1.1001")
    return trading


def test_an_order_trades_at_the_quote_of_now(trading: Trading) -> None:
    events = trading.desk.execute(place(market("buy", "10")))

    assert [type(event) for event in events] == [OrderAccepted, OrderFilled]
    assert trading.heard() == ["0s filled 10 at 100.00"]


def test_kept_events_are_journalled_and_observed_ones_are_not(trading: Trading) -> None:
    trading.desk.execute(place(limit("buy", "10", "99.00")))
    trading.desk.advance(at(5))

    (kept,) = trading.journal.events()
    assert isinstance(kept, OrderAccepted)
    assert trading.desk.seq == 1


def test_a_refused_command_changes_nothing(trading: Trading) -> None:
    with pytest.raises(Refusal):
        trading.desk.execute(place(limit("buy", "10", "99.001")))

    assert trading.desk.seq == 0
    assert not trading.desk.is_stopped


def test_listeners_hear_every_event_of_a_command_in_order_until_they_stop(
    trading: Trading,
) -> None:
    heard: list[str] = []
    stop_listening = trading.desk.listen(lambda _, event: heard.append(type(event).__name__))
    trading.desk.execute(place(market("buy", "10")))
    trading.desk.advance(at(1))
    stop_listening()
    trading.desk.advance(at(2))

    assert heard == ["OrderAccepted", "OrderFilled", "ClockAdvanced"]


def test_a_listener_sees_the_world_after_the_whole_command(trading: Trading) -> None:
    sizes: list[object] = []
    trading.desk.listen(lambda world, _: sizes.append(world.ledger.size(ACCOUNT, AAA)))

    trading.desk.execute(place(market("buy", "10")))

    assert sizes == [10, 10]


def test_resting_orders_meet_the_market_when_it_reaches_them(trading: Trading) -> None:
    trading.desk.execute(place(limit("buy", "10", "99.50")))
    trading.desk.execute(place(limit("sell", "10", "100.50")))
    trading.source.show(AAA, at(7.25), "99.48", "99.50", "99.50")
    trading.source.show(AAA, at(9), "100.50", "100.52", "100.51")

    trading.desk.advance(at(60))

    assert trading.heard() == ["7.25s filled 10 at 99.50", "9s filled 10 at 100.50"]
    assert trading.desk.now == at(60)


def test_what_happens_does_not_depend_on_the_steps(trading: Trading) -> None:
    told = []
    for steps in (1, 3, 240):
        other = Trading()
        other.source.show(AAA, OPEN, "99.98", "100.00", "99.99")
        for second in range(1, 110):
            price = 100 + (second * 7 % 13 - 6)
            other.source.show(AAA, at(second), f"{price}.00", f"{price}.05", f"{price}.00", 30)
        other.desk.execute(place(limit("buy", "100", "97.05")))
        other.desk.execute(place(limit("sell", "100", "104.00")))
        other.desk.execute(place(stop("sell", "50", "95.00")))
        for step in range(1, steps + 1):
            other.desk.advance(OPEN + 120 * SECOND * step // steps)
        told.append(other.heard())

    assert told[0] == told[1] == told[2]
    assert len(told[0]) > 6


def test_looking_at_quotes_trades_nothing(trading: Trading) -> None:
    trading.desk.execute(place(limit("buy", "200", "99.50")))
    trading.source.show(AAA, at(5), "99.48", "99.50", "99.49", size=50)
    trading.desk.advance(at(5.5))
    seq = trading.desk.seq

    for _ in range(3):
        assert trading.desk.quote(AAA) is not None

    assert trading.desk.seq == seq


def test_a_partial_fill_goes_on_with_the_next_change_of_the_quote(trading: Trading) -> None:
    trading.desk.execute(place(limit("buy", "100", "99.50")))
    trading.source.show(AAA, at(5), "99.48", "99.50", "99.49", size=60)
    trading.source.show(AAA, at(5.5), "99.47", "99.49", "99.49", size=30)
    trading.source.show(AAA, at(8), "99.46", "99.48", "99.48", size=50)

    trading.desk.advance(at(60))

    assert trading.heard() == [
        "5s filled 60 at 99.50",
        "6s filled 30 at 99.49",
        "8s filled 10 at 99.48",
    ]


def test_the_rest_of_a_market_order_trades_as_the_market_shows_more(trading: Trading) -> None:
    trading.source.show(AAA, at(1), "99.98", "100.00", "100.00", size=40)
    trading.desk.advance(at(1))
    trading.desk.execute(place(market("buy", "60")))
    trading.source.show(AAA, at(3), "99.98", "100.02", "100.02", size=40)

    trading.desk.advance(at(20))

    assert trading.heard() == ["1s filled 40 at 100.00", "3s filled 20 at 100.02"]


def test_a_stock_stop_fires_by_trades(trading: Trading) -> None:
    trading.desk.execute(place(market("buy", "10")))
    trading.desk.execute(place(stop("sell", "10", "99.00")))
    trading.source.show(AAA, at(4), "98.90", "98.95")
    trading.source.show(AAA, at(6), "98.96", "98.99", "98.99")
    trading.heard()

    trading.desk.advance(at(60))

    assert trading.heard() == ["6s triggered", "6s filled 10 at 98.96"]


@pytest.mark.parametrize(
    ("side", "price", "told"),
    [
        ("buy", "1.1010", ["5s triggered", "5s filled 20000 at 1.1011"]),
        ("sell", "1.0990", ["9s triggered", "9s filled 20000 at 1.0989"]),
    ],
)
def test_a_currency_stop_fires_by_the_other_side_of_the_quote(
    trading: Trading, side: str, price: str, told: list[str]
) -> None:
    trading.desk.execute(place(stop(side, "20000", price, conid=PAIR)))
    trading.source.show(PAIR, at(4), "1.1009", "1.1010")
    trading.source.show(PAIR, at(5), "1.1010", "1.1011")
    trading.source.show(PAIR, at(8), "1.0990", "1.0991")
    trading.source.show(PAIR, at(9), "1.0989", "1.0990")

    trading.desk.advance(at(60))

    assert trading.heard() == told


def test_a_trailing_stop_follows_the_market_and_fires_on_its_way_back(trading: Trading) -> None:
    trading.desk.execute(place(market("buy", "10")))
    trading.desk.execute(
        place(ticket("sell", "10", order_type="TRAIL", trail="1.00", stop_price="98.99"))
    )
    trading.source.show(AAA, at(2), "101.98", "102.00", "102.00")
    trading.source.show(AAA, at(3), "101.48", "101.50", "101.50")
    trading.source.show(AAA, at(4), "100.98", "101.00", "101.00")
    trading.heard()

    trading.desk.advance(at(60))

    assert trading.heard() == [
        "4s moved to 101.00",
        "4s triggered",
        "4s filled 10 at 100.98",
    ]


def test_a_trailing_stop_is_shown_where_it_stands(trading: Trading) -> None:
    trading.desk.execute(
        place(ticket("sell", "10", order_type="TRAIL", trail="1.00", stop_price="98.99"))
    )
    trading.source.show(AAA, at(2), "101.98", "102.00", "102.00")
    trading.source.show(AAA, at(3), "101.68", "101.70", "101.70")

    trading.desk.advance(at(3.5))

    (order,) = trading.desk.world.orders.by_id.values()
    assert str(order.stop_price) == "101.00"


def test_orders_expire_and_days_end_on_the_way(trading: Trading) -> None:
    trading.desk.execute(place(limit("buy", "10", "99.00")))

    trading.desk.advance(OPEN + DAY)

    assert trading.heard() == ["21600s cancelled"]
    assert trading.desk.now == OPEN + DAY


def test_orders_of_a_closed_market_meet_the_opening_quote() -> None:
    trading = Trading()
    trading.source.show(AAA, OPEN, "99.98", "100.00", "99.99")
    opening = new_york("2026-06-11 09:30")
    trading.desk.advance(new_york("2026-06-10 20:30"))
    trading.desk.execute(place(market("buy", "10")))
    trading.source.show(AAA, opening - HOUR, "104.00", "105.00", "104.50")
    assert trading.heard() == []

    trading.desk.advance(opening + SECOND)

    (fill,) = [event for event in trading.events if isinstance(event, OrderFilled)]
    assert (fill.at, str(fill.price)) == (opening, "105.00")


def test_time_does_not_go_back(trading: Trading) -> None:
    trading.desk.advance(at(5))
    heard: list[Any] = []
    trading.desk.listen(lambda _, event: heard.append(event))

    trading.desk.advance(at(4))
    trading.desk.advance(at(5))

    assert trading.desk.now == at(5)
    assert heard == []


def test_quiet_time_costs_no_search(trading: Trading) -> None:
    trading.desk.execute(place(limit("buy", "10", "50.00")))
    trading.desk.advance(at(1))
    searches = trading.source.searches

    for step in range(100):
        trading.desk.advance(at(1) + step)

    assert trading.source.searches == searches


def test_a_quote_is_asked_for_once_while_time_stands(trading: Trading) -> None:
    looks = trading.source.looks

    trading.desk.observe([AAA, AAA])
    trading.desk.quote(AAA)

    assert trading.source.looks == looks + 1
    assert trading.desk.world.quotes.by_conid[AAA].at == OPEN


def test_a_contract_without_data_has_no_quote(trading: Trading) -> None:
    assert trading.desk.quote(STOCK.conid + 1) is None  # type: ignore[arg-type]


def test_the_books_see_the_quotes_of_their_instant(trading: Trading) -> None:
    trading.desk.execute(place(market("buy", "10")))
    trading.source.show(AAA, new_york("2026-06-10 15:59"), "149.98", "150.02", "150.00")
    trading.desk.advance(new_york("2026-06-10 17:00"))

    (marked,) = [event for event in trading.events if isinstance(event, AccountMarked)]
    assert round(marked.equity_with_loan) == 1_000_499


def test_a_stopped_journal_stops_the_desk(trading: Trading) -> None:
    trading.journal.failure = "no space left"

    with pytest.raises(JournalFailed, match="no space left"):
        trading.desk.execute(CancelAllOrders(account_id="DU1234567"))  # type: ignore[arg-type]
    with pytest.raises(JournalFailed):
        trading.desk.advance(at(5))

    assert trading.desk.is_stopped
    assert trading.desk.now == OPEN


def test_a_failure_of_our_own_stops_the_desk(
    trading: Trading, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(world: object, command: object) -> Iterator[ClockAdvanced]:
        yield ClockAdvanced(at=OPEN)
        raise AssertionError("our own")

    monkeypatch.setitem(trading.desk._kernel.handle.__globals__["RULES"], AdvanceClock, broken)
    with pytest.raises(AssertionError):
        trading.desk.advance(at(5))
    monkeypatch.undo()

    with pytest.raises(DeskStopped, match="AdvanceClock has failed"):
        trading.desk.execute(CancelAllOrders(account_id="DU1234567"))  # type: ignore[arg-type]


def test_commands_together_become_durable_together() -> None:
    journal = GroupingJournal()
    trading = Trading(journal=journal)

    trading.desk.execute_together(
        DepositCash(account_id=ACCOUNT, currency="USD", amount=Decimal(amount))
        for amount in (100, 200)
    )

    assert journal.groups == [2]


def test_commands_of_which_a_later_one_is_refused_stop_the_desk(trading: Trading) -> None:
    with pytest.raises(Refusal):
        trading.desk.execute_together(
            DepositCash(account_id=ACCOUNT, currency="USD", amount=Decimal(amount))
            for amount in (100, -200)
        )

    assert trading.desk.is_stopped
    assert trading.desk.seq == 0


def test_another_market_is_searched_anew(trading: Trading) -> None:
    trading.desk.execute(place(limit("buy", "10", "99.50")))
    trading.desk.advance(at(1))
    other = ScriptedSource()
    other.show(AAA, OPEN, "99.98", "100.00", "99.99")
    other.show(AAA, at(3), "99.40", "99.45", "99.45")

    trading.desk.change_source(other)
    trading.desk.advance(at(60))

    assert trading.heard() == ["3s filled 10 at 99.45"]


def test_life_and_replay_agree(trading: Trading) -> None:
    trading.desk.execute(place(market("buy", "10")))
    trading.desk.execute(place(limit("sell", "10", "101.00")))
    trading.source.show(AAA, at(3), "101.00", "101.02", "101.01")
    trading.desk.advance(at(10))
    told = Trading().desk

    told._kernel.replay(trading.journal.events())

    assert told.world.ledger == trading.desk.world.ledger
    assert told.world.orders.by_id == trading.desk.world.orders.by_id


def test_a_trailing_stop_keeps_the_high_of_a_day_that_passes_at_once(trading: Trading) -> None:
    trading.desk.execute(
        place(
            ticket(
                "sell",
                "10",
                order_type="TRAIL",
                trail="1.00",
                stop_price="98.99",
                time_in_force="GTC",
            )
        )
    )
    trading.source.show(AAA, at(60), "100.98", "101.00", "101.00")
    trading.source.show(AAA, at(120), "100.48", "100.50", "100.50")

    trading.desk.advance(new_york("2026-06-10 18:00"))

    (order,) = trading.desk.world.orders.by_id.values()
    assert (order.stop_price, order.awaits_open) == (Decimal("100.00"), True)
