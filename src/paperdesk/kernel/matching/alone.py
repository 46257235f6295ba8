"""The fill model `alone`: every order trades in full at the touch, whatever size is shown.

For tests of programs that trade: nothing is ever left over. As in `touch`, a buyer trades at the
ask, a seller at the bid, and a resting order when the opposite quote reaches its price.
"""

from decimal import Decimal
from typing import Final

from paperdesk.kernel.matching.offers import Offer
from paperdesk.kernel.messages.orders import Side
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.kernel.state.orders import Taken

ENOUGH_FOR_ALL: Final = Decimal("Infinity")


def offered(side: Side, quote: Quote, taken: Taken | None) -> Offer | None:
    """Return the price of the touch with no end of size, or None where nobody trades."""
    assert taken is None or taken.size
    price = quote.ask if side is Side.BUY else quote.bid
    return None if price is None else Offer(price, ENOUGH_FOR_ALL)
