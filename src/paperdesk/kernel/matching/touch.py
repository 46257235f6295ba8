"""The fill model `touch`: orders trade against the size that the quote shows.

A buyer trades at the ask and a seller at the bid, never at the last price. What this desk has
taken of a quote stays taken until the quote shows something else, so no size is sold twice. A
resting order trades only when the opposite quote reaches its price.

Source: recorded by users of the paper simulator (top of book alone, partial fills by its size).
"""

from paperdesk.base.units import ZERO
from paperdesk.kernel.matching.offers import Offer
from paperdesk.kernel.messages.orders import Side
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.kernel.state.orders import Taken


def offered(side: Side, quote: Quote, taken: Taken | None) -> Offer | None:
    """Return what the quote has left for orders of a side, or None."""
    if side is Side.BUY:
        price, shown = quote.ask, quote.ask_size
    else:
        price, shown = quote.bid, quote.bid_size
    if price is None:
        return None
    left = shown
    if taken is not None and taken.price == price and taken.shown == shown:
        left = shown - taken.size
    return Offer(price, left) if left > ZERO else None
