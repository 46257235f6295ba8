"""Orders: what each one is and how far it has come."""

from enum import Enum

import msgspec

from paperdesk.base.ids import AccountId, Conid, ExecutionId, OcaGroupId, OrderId, UserName
from paperdesk.base.units import ZERO, Currency, Instant, Money, Price, Size
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


class Execution(msgspec.Struct, frozen=True, kw_only=True):
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


class Order(msgspec.Struct, kw_only=True):
    """An order accepted by the desk.

    `ticket` is what was last asked for; `size`, `limit_price` and `stop_price` are what holds now
    (a trailing stop moves, cash was turned into a size). `filled_value` is the sum of price times
    size of its executions. `is_held` says that it does not work yet. `priority` orders the working
    orders of one price by time. `updated_at` is the instant of the last event.
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

    @property
    def remaining(self) -> Size:
        """What is still to be traded."""
        return self.size - self.filled

    @property
    def is_open(self) -> bool:
        """Whether it may still trade or come to work."""
        return self.status not in CLOSED

    @property
    def order_type(self) -> OrderType:
        """The type it was sent as; a triggered stop keeps its name."""
        return self.ticket.order_type


CLOSED = frozenset({OrderStatus.FILLED, OrderStatus.CANCELLED})
