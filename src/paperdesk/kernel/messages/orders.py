"""Orders: what can be asked of them and what can happen to them."""

from decimal import Decimal
from enum import Enum

import msgspec

from paperdesk.base.ids import (
    AccountId,
    Conid,
    ExecutionId,
    OcaGroupId,
    OrderId,
    QuestionId,
    UserName,
)
from paperdesk.base.units import Currency, Day, Instant, Money, Price, Size
from paperdesk.kernel.messages import Command, Event
from paperdesk.kernel.messages.quotes import Quote


class Side(Enum):
    """Which way an order trades."""

    BUY = "BUY"
    SELL = "SELL"


class OrderType(Enum):
    """IBKR's codes of the order types that the desk trades."""

    MARKET = "MKT"
    LIMIT = "LMT"
    STOP = "STP"
    STOP_LIMIT = "STOP_LIMIT"
    TRAIL = "TRAIL"
    TRAIL_LIMIT = "TRAILLMT"


class TimeInForce(Enum):
    """How long an order works."""

    DAY = "DAY"
    GTC = "GTC"
    GTD = "GTD"
    IOC = "IOC"


class TrailUnit(Enum):
    """What the distance of a trailing stop is measured in."""

    AMOUNT = "amt"
    PERCENT = "%"


class Ticket(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An order as a client asked for it; prices that were not given are None.

    Exactly one of `size` (units of the contract) and `cash` (money to spend, in the contract's
    currency) is given. `stop_price` is the trigger of stops and the initial stop of trailing
    orders, `limit_price` the limit. `trail` is in price units, or in per cent with
    TrailUnit.PERCENT. A GTD order has an end, `expires_at`, or ends with the market's day
    `expires_on`. `parent` is the parent's customer order id or its order id in text.
    """

    conid: Conid
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    size: Size | None = None
    cash: Money | None = None
    limit_price: Price | None = None
    stop_price: Price | None = None
    trail: Price | None = None
    trail_unit: TrailUnit = TrailUnit.AMOUNT
    expires_at: Instant | None = None
    outside_regular: bool = False
    customer_order_id: str = ""
    parent: str = ""
    exchange: str = "SMART"
    referrer: str = ""
    is_deactivated: bool = False
    is_all_or_none: bool = False
    is_currency_conversion: bool = False
    is_closing: bool = False
    expires_on: Day | None = None


class PlaceOrders(Command, frozen=True):
    """Take one order, a bracket, or a group of which the first to trade cancels the others.

    `suppressed` are message ids that count as confirmed. `without_data` are conids for which the
    user name has no market data (o354 is asked).
    """

    account_id: AccountId
    user_name: UserName
    tickets: tuple[Ticket, ...]
    is_oca_group: bool = False
    suppressed: tuple[str, ...] = ()
    without_data: tuple[Conid, ...] = ()


class AnswerQuestion(Command, frozen=True):
    """Confirm what a question is about, or drop it."""

    user_name: UserName
    question_id: QuestionId
    confirmed: bool


class ModifyOrder(Command, frozen=True):
    """Change an order: the ticket is complete and mirrors the order but for the changes."""

    account_id: AccountId
    user_name: UserName
    order_id: OrderId
    ticket: Ticket
    suppressed: tuple[str, ...] = ()
    without_data: tuple[Conid, ...] = ()


class CancelOrder(Command, frozen=True):
    """Take an open order off the market. The user's waiting questions are void, as at any order."""

    account_id: AccountId
    order_id: OrderId
    user_name: UserName = UserName("")


class CancelAllOrders(Command, frozen=True):
    """Take every open order of an account off the market; there may be none."""

    account_id: AccountId
    user_name: UserName = UserName("")


class DropQuestions(Command, frozen=True):
    """Make the question that waits for a user void, if one does: an order request was refused."""

    user_name: UserName


class MoveTrail(Command, frozen=True):
    """Tell a trailing stop how far the market has been since it was last told.

    `reference` is the most favourable trigger price since: the highest for a sell, the lowest for
    a buy.
    """

    order_id: OrderId
    reference: Price


class Question(msgspec.Struct, frozen=True):
    """One thing that a client must confirm: IBKR's message id and the text shown."""

    message_id: str
    text: str


class OrdersQuestioned(Event, frozen=True):
    """Orders wait until their owner confirms `questions[0]`; the rest is asked one by one.

    `modifies` is the order that a modification waits for, None for new orders.
    """

    question_id: QuestionId
    account_id: AccountId
    user_name: UserName
    questions: tuple[Question, ...]
    tickets: tuple[Ticket, ...]
    is_oca_group: bool
    modifies: OrderId | None = None


class QuestionAnswered(Event, frozen=True):
    """A question has its answer; it cannot be answered again."""

    question_id: QuestionId
    confirmed: bool


class QuestionsDropped(Event, frozen=True):
    """Another order request of the user came first: these questions are void."""

    question_ids: tuple[QuestionId, ...]


class OrderAccepted(Event, frozen=True):
    """The desk has taken an order.

    `size` is what it is to trade (worked out where cash was given). `is_held` says that it does
    not work yet: a stop before its trigger, a child before its parent's fill, a closed market.
    `warning` is a notice that rides with the acceptance, "" without one. `awaits_open` says that
    its market is closed; `expires_at` is when it will be cancelled, None for never; `due_at` when
    its market opens or closes for it, or it expires, whichever comes first. `released` is how much
    of a child may trade, None for all of it.
    """

    order_id: OrderId
    account_id: AccountId
    user_name: UserName
    ticket: Ticket
    size: Size
    stop_price: Price | None
    limit_price: Price | None
    parent_id: OrderId | None
    oca_group_id: OcaGroupId
    is_held: bool
    warning: str = ""
    awaits_open: bool = False
    expires_at: Instant | None = None
    due_at: Instant | None = None
    released: Size | None = None


class OrderReleased(Event, frozen=True):
    """A held order works from now on: its market has opened or its parent has filled.

    `size` is how much of a child may trade in all, None where a market has opened; `due_at` as of
    an accepted order.
    """

    order_id: OrderId
    size: Size | None = None
    due_at: Instant | None = None


class OrderHeld(Event, frozen=True):
    """A working order waits: its market has closed, until `due_at`."""

    order_id: OrderId
    due_at: Instant | None = None


class OrderReduced(Event, frozen=True):
    """The desk has made an order smaller: its sibling has traded, or its parent will no more.

    `size` is what it is to trade in all from now on, `released` as of an accepted order.
    """

    order_id: OrderId
    size: Size
    released: Size | None = None


class OrderTriggered(Event, frozen=True):
    """A stop has been reached: the order is now a market or a limit order."""

    order_id: OrderId
    quote: Quote


class TrailMoved(Event, frozen=True):
    """A trailing stop has followed the market; `limit_price` moves along where there is one."""

    order_id: OrderId
    stop_price: Price
    limit_price: Price | None


class OrderModified(Event, frozen=True):
    """An order has new terms; a new price or a larger size has lost its place in time.

    `is_triggered` says that it still is the market or limit order that its trigger made of it;
    `reduced` what its siblings have traded in its place.
    """

    order_id: OrderId
    ticket: Ticket
    size: Size
    stop_price: Price | None
    limit_price: Price | None
    is_held: bool
    keeps_priority: bool
    is_triggered: bool = False
    awaits_open: bool = False
    expires_at: Instant | None = None
    due_at: Instant | None = None
    released: Size | None = None
    reduced: Size = Decimal(0)


class OrderFilled(Event, frozen=True):
    """Part or all of an order has traded.

    `size` is what this one execution traded, not the running total. `commission` and `fees`
    (regulatory) are what the account pays for it in `commission_currency`; a rebate is negative.
    `costs` are both in `currency`, None where that is the currency that they are paid in.
    `settles_at` is when cash and contracts settle. `quote` is what the fill met, or
    what the market showed when, with `is_crossing`, it met another order of the desk.
    """

    execution_id: ExecutionId
    order_id: OrderId
    account_id: AccountId
    conid: Conid
    side: Side
    price: Price
    size: Size
    currency: Currency
    commission: Money
    fees: Money
    commission_currency: Currency
    settles_at: Instant
    exchange: str
    quote: Quote
    is_liquidation: bool = False
    is_crossing: bool = False
    costs: Money | None = None


class OrderCancelled(Event, frozen=True):
    """An order will trade no more.

    `reason` is "" when its owner asked for it, else what the system says: expired, the other order
    of a group traded, the parent was cancelled, not enough margin.
    """

    order_id: OrderId
    reason: str = ""


class OrderDeactivated(Event, frozen=True):
    """An order is kept but not working (Inactive): its owner paused it, or it was rejected."""

    order_id: OrderId
    reason: str = ""
