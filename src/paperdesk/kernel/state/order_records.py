"""What is known of an order and of each of its executions."""

from enum import Enum
from typing import Final

import msgspec

from paperdesk.base.ids import AccountId, Conid, ExecutionId, OcaGroupId, OrderId, UserName
from paperdesk.base.units import ZERO, Currency, Instant, Money, Price, Size, quotient
from paperdesk.kernel.messages.orders import OrderType, Side, Ticket


class OrderStatus(Enum):
    """IBKR's order statuses."""

    INACTIVE = "Inactive"
    PENDING_SUBMIT = "PendingSubmit"
    PRE_SUBMITTED = "PreSubmitted"
    SUBMITTED = "Submitted"
    FILLED = "Filled"
    PENDING_CANCEL = "PendingCancel"
    CANCELLED = "Cancelled"


class Execution(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """One trade of one order.

    `net_amount` is price times size times multiplier, unsigned, without commission.
    `position_after` is the account's position in the contract after it.
    """

    execution_id: ExecutionId
    order_id: OrderId
    account_id: AccountId
    user_name: UserName
    conid: Conid
    side: Side
    price: Price
    size: Size
    currency: Currency
    net_amount: Money
    commission: Money
    fees: Money
    commission_currency: Currency
    exchange: str
    at: Instant
    position_after: Size
    is_liquidation: bool


class Order(msgspec.Struct, kw_only=True, array_like=True, gc=False):
    """An order accepted by the desk.

    `ticket` is what was last asked for; `size`, `limit_price` and `stop_price` are what holds now
    (a trailing stop moves, cash was turned into a size). `filled_value` is the sum of price times
    size of its executions. `awaits_open` says that its market is closed for it. `released` is how
    much of a bracket's child may trade so far, None where nothing holds it back; `reduced` what
    its siblings have traded in its place. `priority` orders the working orders of one price by
    time. `expires_at` is when it will be cancelled; `due_at` when something is due with it (its
    market opens or closes, or it expires). `updated_at` is the instant of the last event.
    """

    order_id: OrderId
    account_id: AccountId
    user_name: UserName
    conid: Conid
    side: Side
    ticket: Ticket
    size: Size
    limit_price: Price | None
    stop_price: Price | None
    parent_id: OrderId | None
    oca_group_id: OcaGroupId
    status: OrderStatus
    is_triggered: bool
    priority: int
    accepted_at: Instant
    updated_at: Instant
    filled: Size = ZERO
    filled_value: Money = ZERO
    commission: Money = ZERO
    last_filled_at: Instant = 0
    reason: str = ""
    warning: str = ""
    executions: int = 0
    awaits_open: bool = False
    released: Size | None = None
    reduced: Size = ZERO
    expires_at: Instant | None = None
    due_at: Instant | None = None

    @property
    def remaining(self) -> Size:
        """What is still to be traded."""
        return self.size - self.filled

    @property
    def workable(self) -> Size:
        """What of the remainder may be traded now."""
        return (self.size if self.released is None else self.released) - self.filled

    @property
    def average_price(self) -> Price | None:
        """The mean price of what has traded, None before the first execution."""
        return quotient(self.filled_value, self.filled) if self.filled else None

    @property
    def is_buy(self) -> bool:
        """Whether it buys."""
        return self.side is Side.BUY

    @property
    def is_open(self) -> bool:
        """Whether it may still trade or come to work."""
        return self.status is not OrderStatus.FILLED and self.status is not OrderStatus.CANCELLED

    @property
    def awaits_trigger(self) -> bool:
        """Whether it is a stop that the market has not reached."""
        return self.stop_price is not None and not self.is_triggered

    @property
    def is_in_market(self) -> bool:
        """Whether a quote may trade or trigger it."""
        return (
            (self.status is OrderStatus.SUBMITTED or self.status is OrderStatus.PRE_SUBMITTED)
            and not self.awaits_open
            and (self.released is None or self.released > self.filled)
        )

    @property
    def order_type(self) -> OrderType:
        """The type it was sent as; a triggered stop keeps its name."""
        return self.ticket.order_type


CLOSED: Final = frozenset({OrderStatus.FILLED, OrderStatus.CANCELLED})
