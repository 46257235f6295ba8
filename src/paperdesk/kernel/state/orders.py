"""Orders: what each one is, how far it has come, and how each event changes it."""

from hashlib import blake2b
from typing import Final

import msgspec

from paperdesk.base.ids import Conid, ExecutionId, OrderId, QuestionId, UserName
from paperdesk.base.units import ZERO, Price, Size
from paperdesk.kernel.messages.orders import (
    OrderAccepted,
    OrderCancelled,
    OrderDeactivated,
    OrderFilled,
    OrderHeld,
    OrderModified,
    OrderReduced,
    OrderReleased,
    OrdersQuestioned,
    OrderTriggered,
    QuestionAnswered,
    QuestionsDropped,
    Side,
    TrailMoved,
)
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.kernel.state.books import Book
from paperdesk.kernel.state.order_index import OrderIndex, indexed, working_status
from paperdesk.kernel.state.order_records import CLOSED, Execution, Order, OrderStatus

__all__ = ["CLOSED", "Execution", "Order", "OrderStatus", "Orders", "Taken"]

FIRST_ORDER_ID: Final = 100_000_000
ORDER_ID_STARTS: Final = 400_000_000
WORD: Final = 2**32
SPREADING: Final = 2_654_435_761
"""Odd, so that multiplying by it gives every 32-bit number once."""
ENDED_QUESTIONS_MAX: Final = 1_000


class Taken(msgspec.Struct, frozen=True, gc=False):
    """What this desk has traded against one side of a quote while it shows the same."""

    price: Price
    shown: Size
    size: Size


class Orders(msgspec.Struct, dict=True):
    """Every order of the desk, its executions, and the questions that wait for an answer.

    `executions` are by id, oldest first. `waiting` holds each question that is to be answered, by
    what was asked; `ended` the last of those that were answered or (True) became void. `bought`
    and `sold` are what was taken from the quote of a contract. Counters make the ids.
    """

    seed: int = 0
    by_id: dict[OrderId, Order] = {}
    executions: dict[ExecutionId, Execution] = {}
    waiting: dict[QuestionId, OrdersQuestioned] = {}
    ended: dict[QuestionId, bool] = {}
    bought: dict[Conid, Taken] = {}
    sold: dict[Conid, Taken] = {}
    accepted: int = 0
    executed: int = 0
    asked: int = 0
    priority: int = 0

    def __post_init__(self) -> None:
        """Work out what is not stored."""
        index = indexed(self.by_id, self.executions.values())
        self.__dict__["index"], self.__dict__["books"] = index, index.books
        self.__dict__["question_of"] = {row.user_name: key for key, row in self.waiting.items()}
        self.__dict__["first_order_id"] = FIRST_ORDER_ID + _draw(self.seed, "orders") % (
            ORDER_ID_STARTS
        )

    @property
    def index(self) -> OrderIndex:
        """What can be worked out from the orders."""
        index: OrderIndex = self.__dict__["index"]
        return index

    @property
    def books(self) -> dict[Conid, Book]:
        """The orders in the market, by contract."""
        books: dict[Conid, Book] = self.__dict__["books"]
        return books

    @property
    def question_of(self) -> dict[UserName, QuestionId]:
        """The question that a user is to answer."""
        questions: dict[UserName, QuestionId] = self.__dict__["question_of"]
        return questions

    def next_order_id(self) -> OrderId:
        """Return the id of the next order to be accepted: nine digits, ascending."""
        first: int = self.__dict__["first_order_id"]
        return OrderId(first + self.accepted)

    def next_execution_id(self) -> ExecutionId:
        """Return the id of the next execution, in IBKR's pattern."""
        mixed = (self.executed * SPREADING + _draw(self.seed, "executions")) % WORD
        return ExecutionId(f"{_draw(self.seed, 'broker') % 2**16:08x}.{mixed:08x}.01.01")

    def next_question_id(self) -> QuestionId:
        """Return the id of the next question: a UUID in text."""
        digits = blake2b(f"{self.seed}/question/{self.asked}".encode(), digest_size=16).hexdigest()
        return QuestionId(
            f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
        )

    def taken(self, conid: Conid, side: Side) -> Taken | None:
        """Return what was taken from the side of the quote that an order of a side meets."""
        return (self.bought if side is Side.BUY else self.sold).get(conid)


def _draw(seed: int, name: str) -> int:
    return int.from_bytes(blake2b(f"{seed}/{name}".encode(), digest_size=4).digest(), "big")


def accepted(orders: Orders, event: OrderAccepted) -> None:
    """Remember an order and let quotes find it."""
    ticket = event.ticket
    orders.accepted += 1
    orders.priority += 1
    order = Order(
        order_id=event.order_id,
        account_id=event.account_id,
        user_name=event.user_name,
        conid=ticket.conid,
        side=ticket.side,
        ticket=ticket,
        size=event.size,
        limit_price=event.limit_price,
        stop_price=event.stop_price,
        parent_id=event.parent_id,
        oca_group_id=event.oca_group_id,
        status=OrderStatus.PENDING_SUBMIT,
        is_triggered=False,
        priority=orders.priority,
        accepted_at=event.at,
        updated_at=event.at,
        warning=event.warning,
        awaits_open=event.awaits_open,
        released=event.released,
        expires_at=event.expires_at,
        due_at=event.due_at,
    )
    assert order.order_id not in orders.by_id, "an order id is used once"
    order.status = _status(orders, order)
    orders.by_id[order.order_id] = order
    orders.index.take_in(order)


def released(orders: Orders, event: OrderReleased) -> None:
    """Let an order work: its market has opened, or more of its parent has traded."""
    order = _lifted(orders, event.order_id)
    if event.size is None:
        order.awaits_open = False
    else:
        order.released = event.size
    order.due_at = event.due_at
    orders.index.watch_due(order)
    _put_back(orders, order, event.at)


def held(orders: Orders, event: OrderHeld) -> None:
    """Let an order wait until its market opens."""
    order = _lifted(orders, event.order_id)
    order.awaits_open = True
    order.due_at = event.due_at
    orders.index.watch_due(order)
    _put_back(orders, order, event.at)


def reduced(orders: Orders, event: OrderReduced) -> None:
    """Make an order smaller."""
    order = _lifted(orders, event.order_id)
    assert order.filled < event.size < order.size
    order.reduced += order.size - event.size
    order.size = event.size
    order.released = event.released
    _put_back(orders, order, event.at)


def triggered(orders: Orders, event: OrderTriggered) -> None:
    """Make a stop a market or limit order, the last to come to its price."""
    order = _lifted(orders, event.order_id)
    order.is_triggered = True
    orders.priority += 1
    order.priority = orders.priority
    _put_back(orders, order, event.at)


def trail_moved(orders: Orders, event: TrailMoved) -> None:
    """Move a trailing stop, and its limit with it."""
    order = _lifted(orders, event.order_id)
    order.stop_price = event.stop_price
    order.limit_price = event.limit_price
    _put_back(orders, order, event.at)


def modified(orders: Orders, event: OrderModified) -> None:
    """Give an order its new terms."""
    order = _lifted(orders, event.order_id)
    order.ticket = event.ticket
    order.size = event.size
    order.reduced = event.reduced
    order.limit_price = event.limit_price
    order.stop_price = event.stop_price
    order.is_triggered = event.is_triggered
    order.awaits_open = event.awaits_open
    order.released = event.released
    order.expires_at = event.expires_at
    order.due_at = event.due_at
    if not event.keeps_priority:
        orders.priority += 1
        order.priority = orders.priority
    if not order.remaining:
        _close(orders, order, OrderStatus.FILLED, event.at)
        return
    order.status = OrderStatus.PENDING_SUBMIT
    orders.index.watch_due(order)
    _put_back(orders, order, event.at)


def filled(orders: Orders, event: OrderFilled, *, net_amount: Price, position_after: Size) -> None:
    """Count an execution, and close the order with its last one."""
    order = orders.by_id[event.order_id]
    assert ZERO < event.size <= order.workable, "an order never trades more than its size"
    if event.size == order.workable:
        orders.index.lift(order)
    order.filled += event.size
    order.filled_value += event.size * event.price
    order.commission += event.commission + event.fees
    order.last_filled_at = event.at
    order.executions += 1
    orders.executed += 1
    execution = _execution(order, event, net_amount, position_after)
    orders.executions[execution.execution_id] = execution
    orders.index.count(execution)
    if not event.is_crossing:
        _take(orders, event)
    if order.filled == order.size:
        _close(orders, order, OrderStatus.FILLED, event.at)
        return
    order.updated_at = event.at
    order.status = _status(orders, order)


def cancelled(orders: Orders, event: OrderCancelled) -> None:
    """Close an order that will trade no more."""
    order = _lifted(orders, event.order_id)
    order.reason = event.reason
    _close(orders, order, OrderStatus.CANCELLED, event.at)


def deactivated(orders: Orders, event: OrderDeactivated) -> None:
    """Keep an order without letting it work."""
    order = _lifted(orders, event.order_id)
    order.status = OrderStatus.INACTIVE
    order.reason = event.reason
    order.updated_at = event.at
    _pass_lead(orders, order)


def questioned(orders: Orders, event: OrdersQuestioned) -> None:
    """Wait for an answer."""
    orders.asked += 1
    orders.waiting[event.question_id] = event
    orders.question_of[event.user_name] = event.question_id


def question_answered(orders: Orders, event: QuestionAnswered) -> None:
    """Wait no longer; the question cannot be answered again."""
    _end_question(orders, event.question_id, is_void=False)


def questions_dropped(orders: Orders, event: QuestionsDropped) -> None:
    """Make questions void."""
    for question_id in event.question_ids:
        _end_question(orders, question_id, is_void=True)


def quote_changed(orders: Orders, quote: Quote) -> None:
    """Forget what was taken from a side of a quote that shows something else now."""
    taken = orders.bought.get(quote.conid)
    if taken is not None and (taken.price != quote.ask or taken.shown != quote.ask_size):
        del orders.bought[quote.conid]
    taken = orders.sold.get(quote.conid)
    if taken is not None and (taken.price != quote.bid or taken.shown != quote.bid_size):
        del orders.sold[quote.conid]


def _lifted(orders: Orders, order_id: OrderId) -> Order:
    order = orders.by_id[order_id]
    assert order.is_open, "nothing happens to an order that is closed"
    orders.index.lift(order)
    return order


def _put_back(orders: Orders, order: Order, at: int) -> None:
    order.updated_at = at
    if order.status is not OrderStatus.INACTIVE:
        order.status = _status(orders, order)
        orders.index.put(order)


def _close(orders: Orders, order: Order, status: OrderStatus, at: int) -> None:
    order.status = status
    order.updated_at = at
    order.due_at = None
    orders.index.close(order)
    _pass_lead(orders, order)


def _pass_lead(orders: Orders, order: Order) -> None:
    """Let the next of a group be at its market, as an order is not any more."""
    leader = _leader(orders, order)
    if leader is not None and leader.status is OrderStatus.PRE_SUBMITTED:
        leader.status = working_status(leader)


def _status(orders: Orders, order: Order) -> OrderStatus:
    """Return the status of an open, active order: of a group one alone is at its market."""
    leader = _leader(orders, order)
    is_led = leader is not None and leader is not order
    return OrderStatus.PRE_SUBMITTED if is_led else working_status(order)


def _leader(orders: Orders, order: Order) -> Order | None:
    """Return the first active order of an order's group; a bracket's exits have none."""
    if not order.oca_group_id or order.parent_id is not None:
        return None
    for order_id in orders.index.groups.get(order.oca_group_id, ()):
        member = orders.by_id[order_id]
        if member.is_open and member.status is not OrderStatus.INACTIVE:
            return member
    return None


def _execution(
    order: Order, event: OrderFilled, net_amount: Price, position_after: Size
) -> Execution:
    return Execution(
        execution_id=event.execution_id,
        order_id=event.order_id,
        account_id=event.account_id,
        user_name=order.user_name,
        conid=event.conid,
        side=event.side,
        price=event.price,
        size=event.size,
        currency=event.currency,
        net_amount=net_amount,
        commission=event.commission,
        fees=event.fees,
        commission_currency=event.commission_currency,
        exchange=event.exchange,
        at=event.at,
        position_after=position_after,
        is_liquidation=event.is_liquidation,
    )


def _take(orders: Orders, event: OrderFilled) -> None:
    """Remember what a fill has taken from the quote that it met."""
    quote = event.quote
    if event.side is Side.BUY:
        sides, price, shown = orders.bought, quote.ask, quote.ask_size
    else:
        sides, price, shown = orders.sold, quote.bid, quote.bid_size
    assert price is not None, "a fill has met a price"
    before = sides.get(event.conid)
    size = event.size
    if before is not None and before.price == price and before.shown == shown:
        size += before.size
    sides[event.conid] = Taken(price, shown, size)


def _end_question(orders: Orders, question_id: QuestionId, *, is_void: bool) -> None:
    asked = orders.waiting.pop(question_id)
    orders.question_of.pop(asked.user_name, None)
    orders.ended[question_id] = is_void
    if len(orders.ended) > ENDED_QUESTIONS_MAX:
        del orders.ended[next(iter(orders.ended))]
