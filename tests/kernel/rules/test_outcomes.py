from decimal import Decimal

import pytest
from tests.kernel.books import STOCK
from tests.tape import limit, open_kernel, place, play, quote

from paperdesk.kernel.rules.outcomes import released_size
from paperdesk.kernel.state.orders import Order


def parent_that_traded(size: str, traded: int) -> Order:
    kernel = open_kernel()
    kernel.handle(quote(kernel, "190.20", "190.25", ask_size=traded))
    kernel.handle(place(limit("buy", size, "190.25")))
    (order,) = kernel.world.orders.by_id.values()
    return order


@pytest.mark.parametrize(
    ("traded", "child", "reduced", "released"),
    [
        (30, "100", "0", "30"),
        (33, "50", "0", "16"),
        (100, "50", "0", "50"),
        (30, "90", "10", "20"),
        (30, "10.5", "0", "3.15"),
        (5, "80", "20", "0"),
    ],
)
def test_child_is_released_as_its_parent_trades(
    traded: int, child: str, reduced: str, released: str
) -> None:
    parent = parent_that_traded("100", traded)

    assert released_size(STOCK, parent, Decimal(child), Decimal(reduced)) == Decimal(released)


def test_exits_that_trade_before_their_parent_is_done_stay_in_step() -> None:
    play(
        open_kernel(),
        "quote 190.20 100 190.25 40\n"
        "bracket buy 100 190.25 / sell 100 195 / sell 100 stp 185 ->"
        " accepted 1, accepted 2, accepted 3, filled 1 40 190.25, released 2 40, released 3 40\n"
        "quote 195.00 10 195.10 40 -> filled 2 10 195.00, reduced 3 90\n"
        "quote 190.20 100 190.25 60 -> filled 1 60 190.25, released 2 100, released 3 90\n"
        "quote 184.90 500 185.00 60 -> triggered 3, filled 3 90 184.90, cancelled 2\n",
    )


def test_exit_of_the_whole_position_cancels_one_of_a_part() -> None:
    play(
        open_kernel(),
        "quote 190.20 100 190.25 100\n"
        "bracket buy 100 190.25 / sell 50 195 / sell 100 stp 185 ->"
        " accepted 1, accepted 2, accepted 3, filled 1 100 190.25, released 2 50, released 3 100\n"
        "quote 195.00 25 195.10 40 -> filled 2 25 195.00, reduced 3 50\n"
        "quote 195.20 25 195.30 40 -> filled 2 25 195.20, cancelled 3\n",
    )


def test_trailing_exit_starts_from_the_market_of_its_parents_fill() -> None:
    play(
        open_kernel(),
        "quote 190.20 100 190.25 100 last 190.20\n"
        "bracket buy 10 180 / sell 10 trail 5 -> accepted 1, accepted 2\n"
        "quote 179.90 100 180.00 100 last 179.90 ->"
        " filled 1 10 180.00, released 2 10, moved 2 174.90\n",
    )
