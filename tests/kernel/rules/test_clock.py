import pytest
from tests.kernel.books import ACCOUNT, STOCK, new_york
from tests.tape import clock, limit, market, open_kernel, place, play, quote

from paperdesk.base.errors import TimeRunsBackwards
from paperdesk.kernel.messages.clock import AdvanceClock, ClockAdvanced
from paperdesk.kernel.messages.ledger import CashSettled
from paperdesk.kernel.messages.orders import OrderCancelled
from paperdesk.kernel.rules.clock import next_due


def test_time_does_not_run_backwards() -> None:
    kernel = open_kernel()

    with pytest.raises(TimeRunsBackwards):
        kernel.handle(AdvanceClock(to=kernel.world.now - 1))
    assert kernel.handle(AdvanceClock(to=kernel.world.now)) == [ClockAdvanced(at=kernel.world.now)]


def test_due_things_happen_at_their_own_instant() -> None:
    kernel = open_kernel()
    kernel.handle(place(limit("buy", "1", "180")))

    events = kernel.handle(clock("2026-06-12 10:00"))

    (cancelled,) = (event for event in events if isinstance(event, OrderCancelled))
    assert cancelled.at == new_york("2026-06-10 16:00")
    assert kernel.world.now == new_york("2026-06-12 10:00")


def test_money_settles_on_the_way() -> None:
    kernel = open_kernel()
    kernel.handle(quote(kernel, "190.20", "190.25"))
    kernel.handle(place(market("buy", "1")))

    events = kernel.handle(clock("2026-06-12 10:00"))

    (settled,) = (event for event in events if isinstance(event, CashSettled))
    assert settled.at == new_york("2026-06-11 00:00")
    ledger = kernel.world.ledger
    assert ledger.settled(ACCOUNT, "USD") == ledger.cash(ACCOUNT, "USD")


def test_next_due_thing_is_known() -> None:
    kernel = open_kernel()
    kernel.handle(
        place(
            limit("buy", "1", "180", expires_at=new_york("2026-06-10 11:00"), time_in_force="GTD")
        )
    )

    assert next_due(kernel.world) == new_york("2026-06-10 11:00")


def test_orders_of_one_instant_come_before_the_books_and_oldest_first() -> None:
    kernel = open_kernel()
    kernel.handle(quote(kernel, "190.20", "190.25"))
    kernel.handle(place(market("buy", "1")))
    play(kernel, "buy 1 180 -> accepted 2\nbuy 1 181 -> accepted 3")

    names = [type(event).__name__ for event in kernel.handle(clock("2026-06-10 16:00"))]

    assert names == [
        "ClockAdvanced",
        "OrderCancelled",
        "OrderCancelled",
        "ClockAdvanced",
        "AccountMarked",
        "ClockAdvanced",
    ]


def test_order_whose_calendar_has_ended_waits_for_ever() -> None:
    kernel = open_kernel()
    calendar = kernel.world.contracts.calendar(STOCK)
    last = calendar.session(calendar.last_day)
    assert last is not None
    kernel.handle(AdvanceClock(to=last.open))
    kernel.handle(place(limit("buy", "1", "180", time_in_force="GTC")))

    kernel.handle(AdvanceClock(to=last.close))

    (order,) = kernel.world.orders.by_id.values()
    assert order.is_open
    assert order.awaits_open
    assert order.due_at is None
