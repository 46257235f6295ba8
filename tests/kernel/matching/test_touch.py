from decimal import Decimal

import pytest
from tests.tape import open_kernel, quote

from paperdesk.kernel.matching.offers import Offer
from paperdesk.kernel.matching.touch import offered
from paperdesk.kernel.messages.orders import Side
from paperdesk.kernel.state.orders import Taken

SHOWN = quote(open_kernel(), "190.20", "190.25", bid_size=100, ask_size=60).quote


@pytest.mark.parametrize(
    ("side", "price", "size"), [(Side.BUY, "190.25", 60), (Side.SELL, "190.20", 100)]
)
def test_buyer_is_offered_the_ask_and_seller_the_bid(side: Side, price: str, size: int) -> None:
    assert offered(side, SHOWN, None) == Offer(Decimal(price), Decimal(size))


def test_what_was_taken_is_not_offered_again() -> None:
    taken = Taken(Decimal("190.25"), Decimal(60), Decimal(45))

    assert offered(Side.BUY, SHOWN, taken) == Offer(Decimal("190.25"), Decimal(15))


def test_nothing_is_offered_when_all_is_taken() -> None:
    taken = Taken(Decimal("190.25"), Decimal(60), Decimal(60))

    assert offered(Side.BUY, SHOWN, taken) is None


@pytest.mark.parametrize(("price", "shown"), [("190.24", 60), ("190.25", 61)])
def test_quote_that_shows_something_else_offers_all_of_it(price: str, shown: int) -> None:
    taken = Taken(Decimal(price), Decimal(shown), Decimal(60))

    assert offered(Side.BUY, SHOWN, taken) == Offer(Decimal("190.25"), Decimal(60))


def test_empty_side_offers_nothing() -> None:
    empty = quote(open_kernel(), "190.20", "-", ask_size=0).quote

    assert offered(Side.BUY, empty, None) is None
