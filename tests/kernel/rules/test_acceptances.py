from tests.tape import limit, market, open_kernel, place, quote

from paperdesk.kernel.messages.orders import OrderAccepted
from paperdesk.kernel.rules.acceptances import OUTSIDE_IGNORED


def accepted(*events: object) -> list[OrderAccepted]:
    return [event for event in events if isinstance(event, OrderAccepted)]


def test_bracket_is_a_family_and_its_exits_a_group() -> None:
    kernel = open_kernel()
    parent = limit("buy", "10", "180", customer_order_id="p")
    exits = limit("sell", "10", "195", parent="p"), limit("sell", "10", "200", parent="p")

    first, second, third = accepted(*kernel.handle(place(parent, *exits)))

    assert (first.parent_id, first.oca_group_id, first.is_held) == (None, "", False)
    assert second.parent_id == third.parent_id == first.order_id
    assert second.oca_group_id == third.oca_group_id == str(first.order_id)
    assert second.is_held
    assert second.released == 0


def test_group_shares_an_id() -> None:
    kernel = open_kernel()

    first, second = accepted(
        *kernel.handle(place(limit("buy", "1", "180"), limit("buy", "1", "181"), group=True))
    )

    assert first.oca_group_id == second.oca_group_id == f"{first.order_id}G"


def test_order_outside_its_hours_says_when_it_will_work() -> None:
    kernel = open_kernel(at="2026-06-12 18:00")

    (event,) = accepted(*kernel.handle(place(market("buy", "1"))))

    assert event.is_held
    assert event.awaits_open
    assert event.warning == (
        "Warning: your order will not be placed at the exchange until"
        " 2026-06-15 09:30:00 US/Eastern."
    )


def test_wish_that_is_ignored_is_said() -> None:
    kernel = open_kernel()
    kernel.handle(quote(kernel, "190.20", "190.25"))

    (event,) = accepted(*kernel.handle(place(market("buy", "1", outside_regular=True))))

    assert event.warning == OUTSIDE_IGNORED


def test_bracket_in_a_group_keeps_its_exits_apart() -> None:
    kernel = open_kernel()
    entry = limit("buy", "1", "180", customer_order_id="p")

    first, second, third = accepted(
        *kernel.handle(
            place(
                entry, limit("sell", "1", "195", parent="p"), limit("buy", "1", "181"), group=True
            )
        )
    )

    assert first.oca_group_id == third.oca_group_id != second.oca_group_id
