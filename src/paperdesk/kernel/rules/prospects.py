"""Prospects: trades that might happen, and why an account could not afford them."""

import msgspec

from paperdesk.base.ids import Conid
from paperdesk.base.units import Currency, Money, Price, Size
from paperdesk.kernel.messages.orders import Side


class Prospect(msgspec.Struct, frozen=True, gc=False):
    """A trade that might happen: what would be bought or sold, how much, at what price."""

    conid: Conid
    side: Side
    size: Size
    price: Price

    @property
    def signed(self) -> Size:
        """The size, negative for a sale."""
        return self.size if self.side is Side.BUY else -self.size


class Shortfall(msgspec.Struct, frozen=True, kw_only=True):
    """Why an account cannot afford a trade.

    `code` is `equity` (below initial margin), `minimum` (too small to borrow), `funds` (a cash
    account's money) or `short` (cash accounts sell what they hold); `reason` says it in a
    sentence. `equity` is what there would be, `required` what would have to be, in `currency`
    (units of the contract for `short`).
    """

    code: str
    reason: str
    equity: Money
    required: Money
    currency: Currency
