"""Positions: what an account holds of a contract, what it cost and what it has earned."""

import msgspec

from paperdesk.base.ids import AccountId, Conid
from paperdesk.base.units import ZERO, Currency, Instant, Money, Price, Size, quotient


class Position(msgspec.Struct, kw_only=True):
    """What an account holds of one contract, or held today.

    `size` is negative when short. `cost` is what the open size cost, signed as the size, in the
    contract's currency, with the commissions of its opening trades. `realised` is the profit of
    closing trades since the last cut, after the commissions of both sides. `traded` is the net
    amount traded since the last mark (sales positive, after commission), `marked_size` and
    `marked_price` what stood there then. A virtual position only shows what FX trades have
    moved between two currencies; it has no value of its own.
    """

    account_id: AccountId
    conid: Conid
    currency: Currency
    multiplier: Size
    is_virtual: bool = False
    size: Size = ZERO
    cost: Money = ZERO
    realised: Money = ZERO
    traded: Money = ZERO
    marked_size: Size = ZERO
    marked_price: Price = ZERO
    changed_at: Instant = 0

    @property
    def average_cost(self) -> Money:
        """Cost per unit, multiplier and opening commissions included; 0 when flat."""
        return quotient(self.cost, self.size) if self.size else ZERO

    @property
    def average_price(self) -> Price:
        """Average cost without the multiplier; 0 when flat."""
        return quotient(self.cost, self.size * self.multiplier) if self.size else ZERO

    def value(self, price: Price) -> Money:
        """Return what the position is worth at a price, negative when short."""
        return self.size * price * self.multiplier

    def unrealised(self, price: Price) -> Money:
        """Return the profit of the open size at a price."""
        return self.size * price * self.multiplier - self.cost

    def daily(self, price: Price) -> Money:
        """Return the profit since the last mark, commissions paid since then taken off."""
        held = self.size * price - self.marked_size * self.marked_price
        return held * self.multiplier + self.traded

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing left to tell of it."""
        return not (self.size or self.realised or self.traded or self.marked_size)


def closed_part(held: Size, signed: Size) -> Size:
    """Return the part of a trade that closes what is held, signed as the trade."""
    if held * signed >= ZERO:
        return ZERO
    return signed if abs(signed) <= abs(held) else -held
