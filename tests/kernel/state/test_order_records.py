from decimal import Decimal

from tests.tape import limit, market, open_kernel, place, quote, stop

from paperdesk.kernel.state.orders import Order


def only(*wanted: object) -> Order:
    kernel = open_kernel()
    kernel.handle(quote(kernel, "190.20", "190.25", ask_size=60))
    kernel.handle(place(*wanted))  # type: ignore[arg-type]
    return next(iter(kernel.world.orders.by_id.values()))


def test_average_price_is_of_what_has_traded() -> None:
    assert only(market("buy", "100")).average_price == Decimal("190.25")
    assert only(limit("buy", "100", "180")).average_price is None


def test_remainder_may_be_held_back() -> None:
    order = only(limit("buy", "100", "190.25"))
    order.released = Decimal(80)

    assert order.remaining == 40
    assert order.workable == 20


def test_paused_and_waiting_orders_are_not_in_the_market() -> None:
    assert only(limit("buy", "1", "180")).is_in_market
    assert only(stop("buy", "1", "195")).is_in_market
    assert not only(limit("buy", "1", "180", is_deactivated=True)).is_in_market
    assert not only(market("buy", "1")).is_in_market


def test_stop_awaits_its_trigger() -> None:
    assert only(stop("buy", "1", "195")).awaits_trigger
    assert not only(stop("buy", "1", "190.20")).awaits_trigger
    assert not only(limit("buy", "1", "180")).awaits_trigger
