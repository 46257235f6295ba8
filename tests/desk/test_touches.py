import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.desk.desks import AAA, OPEN, Trading, at
from tests.kernel.books import new_york
from tests.tape import OTHER, limit, place, stop

from paperdesk.base.units import SECOND
from paperdesk.desk.touches import STRIDES
from paperdesk.kernel.messages.orders import CancelOrder, OrderAccepted, OrderFilled


@pytest.fixture
def trading() -> Trading:
    trading = Trading()
    trading.source.show(AAA, OPEN, "99.98", "100.00", "99.99")
    return trading


def test_searches_reach_further_while_nothing_changes(trading: Trading) -> None:
    trading.desk.execute(place(limit("buy", "10", "50.00")))

    for second in range(1, 3 * 3600):
        trading.desk.advance(at(second))

    assert trading.source.searches == 4
    assert STRIDES[0] < STRIDES[1] < STRIDES[2] < 3 * 3600 * SECOND < STRIDES[3]


def test_one_long_step_takes_one_search(trading: Trading) -> None:
    trading.desk.execute(place(limit("buy", "10", "50.00")))

    trading.desk.advance(at(5 * 3600))

    assert trading.source.searches == 1


def test_an_order_behind_the_first_in_line_asks_for_no_search(trading: Trading) -> None:
    trading.desk.execute(place(limit("buy", "10", "50.00")))
    trading.desk.advance(at(1))
    searches = trading.source.searches

    for number in range(10):
        trading.desk.execute(place(limit("buy", "10", f"49.{number:02}")))
        trading.desk.advance(at(1) + number + 1)

    assert trading.source.searches == searches


def test_a_cancelled_order_is_not_met(trading: Trading) -> None:
    (accepted,) = trading.desk.execute(place(limit("buy", "10", "99.00")))
    assert isinstance(accepted, OrderAccepted)
    trading.source.show(AAA, at(1.5), "98.90", "98.95", "98.95")
    trading.desk.advance(at(1))
    trading.desk.execute(CancelOrder(account_id=accepted.account_id, order_id=accepted.order_id))

    trading.desk.advance(at(30))

    assert trading.heard() == ["1s cancelled"]


def test_an_order_that_comes_later_is_met_all_the_same(trading: Trading) -> None:
    trading.desk.execute(place(limit("buy", "10", "90.00")))
    trading.desk.advance(at(10))
    trading.desk.execute(place(limit("buy", "10", "99.00")))
    trading.source.show(AAA, at(11), "98.90", "98.95", "98.95")

    trading.desk.advance(at(30))

    assert trading.heard() == ["11s filled 10 at 98.95"]


def test_many_replacements_leave_no_heap_behind(trading: Trading) -> None:
    trading.desk.advance(at(1))
    for number in range(1_000):
        (accepted,) = trading.desk.execute(place(limit("buy", "10", f"{50 + number % 40}.00")))
        assert isinstance(accepted, OrderAccepted)
        trading.desk.advance(trading.desk.now + 1)
        trading.desk.execute(
            CancelOrder(account_id=accepted.account_id, order_id=accepted.order_id)
        )

    assert len(trading.desk._touches._wakes) < 400


def test_an_order_that_nobody_has_enough_for_is_looked_at_ever_more_seldom(
    trading: Trading,
) -> None:
    trading.source.show(AAA, at(0.5), "99.98", "100.00", "100.00", size=30)
    trading.desk.advance(at(1))
    trading.desk.execute(place(limit("buy", "40", "100.00", is_all_or_none=True)))
    looks = trading.source.looks

    trading.desk.advance(at(4 * 3600))

    assert trading.source.looks - looks < 400


def test_an_order_behind_one_that_nobody_has_enough_for_is_met_at_once(trading: Trading) -> None:
    trading.source.show(AAA, at(0.5), "99.98", "100.00", "100.00", size=30)
    trading.desk.advance(at(1))
    trading.desk.execute(place(limit("buy", "40", "100.10", is_all_or_none=True)))
    trading.desk.execute(place(limit("buy", "10", "99.90")))
    trading.source.show(AAA, at(5001.25), "99.88", "99.90", "99.90", size=30)
    trading.source.show(AAA, at(5001.5), "99.98", "100.00", "100.00", size=30)

    trading.desk.advance(at(6000))

    assert trading.heard() == ["5001.25s filled 10 at 99.90"]


def test_orders_of_two_accounts_that_cross_meet_when_their_market_opens() -> None:
    trading = Trading(others=True)
    trading.source.show(AAA, OPEN, "99.90", "100.00", "99.99")
    trading.desk.advance(new_york("2026-06-10 20:30"))
    trading.desk.execute(place(limit("buy", "10", "99.96", time_in_force="GTC")))
    trading.desk.execute(place(limit("sell", "4", "99.94", time_in_force="GTC"), account_id=OTHER))

    trading.desk.advance(new_york("2026-06-11 10:30"))

    fills = [event for event in trading.events if isinstance(event, OrderFilled)]
    assert [(row.at, str(row.price), str(row.size)) for row in fills] == [
        (new_york("2026-06-11 09:30"), "99.96", "4")
    ] * 2


prices = st.integers(9_000, 11_000).map(lambda cents: f"{cents / 100:.2f}")
moves = st.lists(st.tuples(st.integers(1, 400), prices), min_size=1, max_size=30)
tickets = st.lists(
    st.tuples(st.sampled_from(["buy", "sell"]), st.sampled_from(["limit", "stop"]), prices),
    min_size=1,
    max_size=8,
)


@given(moves, tickets, st.lists(st.integers(1, 500), max_size=40))
def test_looking_ahead_finds_what_going_through_every_change_finds(
    moves: list[tuple[int, str]], tickets: list[tuple[str, str, str]], steps: list[int]
) -> None:
    """The fast way (searches, long steps) and the slow one (a step for each change) agree."""
    told = []
    for is_slow in (False, True):
        trading = Trading()
        trading.source.show(AAA, OPEN, "99.98", "100.00", "99.99")
        when = 0
        for pause, price in moves:
            when += pause
            ask = f"{float(price) + 0.02:.2f}"
            trading.source.show(AAA, at(when), price, ask, price, 500)
        for side, kind, price in tickets:
            wanted = limit(side, "10", price) if kind == "limit" else stop(side, "10", price)
            trading.desk.execute(place(wanted))
        if is_slow:
            for second in range(1, when + 1):
                trading.desk.advance(at(second))
        else:
            for step in steps:
                trading.desk.advance(trading.desk.now + step * SECOND)
        trading.desk.advance(at(max(when, sum(steps)) + 1))
        told.append(trading.heard())

    assert told[0] == told[1]
