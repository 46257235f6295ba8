"""Crossings: orders of one desk that meet each other before they meet the market.

Only accounts that differ trade with each other, at the price of the order that was there first,
and never at one that the market's own quote betters. Source: judged, as exchanges match.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

import msgspec

from paperdesk.base.units import Price
from paperdesk.kernel.matching.offers import Offer
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.kernel.state.books import Book
from paperdesk.kernel.state.orders import Order

ENOUGH_FOR_ALL: Final = Decimal("Infinity")
CROSSING_EXCHANGE: Final = "IBKRATS"


class Crossing(msgspec.Struct, frozen=True):
    """Two orders that trade with each other, the one that was there first named first."""

    first: Order
    second: Order
    offer: Offer


def is_crossed(book: Book) -> bool:
    """Say whether the best buyer of a book would pay what its best seller asks."""
    buys, sells = book.buys.best(), book.sells.best()
    return buys is not None and sells is not None and buys <= sells.copy_negate()


def crossing(
    book: Book, quote: Quote, size_of: Callable[[Order, Offer], Decimal]
) -> Crossing | None:
    """Return the best two orders that trade with each other, or None.

    Args:
        book: the orders of the contract.
        quote: what the market shows; nobody trades at a worse price inside the desk.
        size_of: gives how much of an order may trade against an offer, 0 for nothing.
    """
    for buyer, seller in _pairs(book):
        first, second = (buyer, seller) if buyer.priority < seller.priority else (seller, buyer)
        price = second.limit_price if first.limit_price is None else first.limit_price
        if price is None or not _is_fair(price, quote):
            continue
        offer = Offer(price, ENOUGH_FOR_ALL)
        size = min(size_of(first, offer), size_of(second, offer))
        offer = Offer(price, size)
        if size and size_of(first, offer) == size_of(second, offer) == size:
            return Crossing(first, second, offer)
    return None


def _pairs(book: Book) -> Iterator[tuple[Order, Order]]:
    """Yield buyers and sellers of different accounts whose prices cross, the best first."""
    best = book.sells.best()
    if best is None:
        return
    for buyer in book.buys.reached(best.copy_negate()):
        limit = buyer.limit_price
        reach = ENOUGH_FOR_ALL if limit is None else limit
        for seller in book.sells.reached(reach):
            if seller.account_id != buyer.account_id:
                yield buyer, seller


def _is_fair(price: Price, quote: Quote) -> bool:
    """Say whether there is a market, and neither side would get a better price from it."""
    if quote.ask is None and quote.bid is None:
        return False
    return (quote.ask is None or price <= quote.ask) and (quote.bid is None or price >= quote.bid)
