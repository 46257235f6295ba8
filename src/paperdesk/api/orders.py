"""Orders: place, confirm, modify, cancel, list and preview.

IBKR may answer a new order with a question instead of an order. The client confirms it at
/iserver/reply/{question_id}, and may be asked again, before the order reaches the market.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import msgspec

from paperdesk.api.leniency import LenientBool
from paperdesk.api.live_orders import Row, live_order
from paperdesk.api.order_status import order_status_row
from paperdesk.api.paces import DOCUMENTED
from paperdesk.api.previews import preview_row
from paperdesk.api.route import (
    AccountNotValid,
    BackendUnavailable,
    BadRequest,
    Call,
    Empty,
    Evidence,
    Routes,
    SoftError,
    Tier,
    Wire,
)
from paperdesk.api.rows import Rows
from paperdesk.api.tickets import BareTicket, WireTicket, WireTickets, ticket_of, tickets_of
from paperdesk.base.errors import Refusal, UnknownOrder
from paperdesk.base.ids import AccountId, Conid, OrderId, QuestionId
from paperdesk.desk import needs
from paperdesk.desk.desk import Desk
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.orders import (
    AnswerQuestion,
    CancelAllOrders,
    CancelOrder,
    DropQuestions,
    ModifyOrder,
    OrderAccepted,
    OrderModified,
    OrdersQuestioned,
    PlaceOrders,
    Ticket,
)
from paperdesk.kernel.state.orders import Order, OrderStatus
from paperdesk.views import orders as view
from paperdesk.views.preview import preview

routes = Routes(Tier.ACCOUNTS)

ORDER_DIGITS_MAX: Final = 15
ORDERS_MAX: Final = 1000


class Confirmation(Wire):
    """The answer to a question."""

    confirmed: LenientBool = False


class LiveOrders(Wire):
    """Every order of the day. The first answer of a session, and a forced one, is empty."""

    orders: list[msgspec.Raw]
    snapshot: bool


class Cancellation(Wire, rename=None):
    """A cancellation that is under way; it shows in the order's status."""

    msg: str
    order_id: int
    conid: int
    account: str | None


@routes.post("/iserver/account/{account_id}/orders", body=WireTickets, evidence=Evidence.RECORDED)
def place_orders(call: Call[WireTickets]) -> list[Row]:
    """Place one order, a bracket or a group."""
    return _place(call, call.body.orders)


@routes.post("/iserver/account/{account_id}/order", body=BareTicket, evidence=Evidence.SPECIFIED)
def place_order(call: Call[BareTicket]) -> list[Row]:
    """Place one order sent without the array (the older path)."""
    return _place(call, call.body.wires)


def _place(call: Call[Any], wires: list[WireTicket]) -> list[Row]:
    with _order_request(call):
        command = _placement(call, wires)
        check_contracts(call.desk, command.tickets, SoftError)
        return outcome(call.desk, call.desk.execute(command))


@contextmanager
def _order_request(call: Call[Any]) -> Iterator[None]:
    """Let an order request that is refused make a waiting question void, as one that is not."""
    try:
        yield
    except Refusal:
        user_name = call.session.user_name
        if user_name in call.desk.world.orders.question_of:
            call.desk.execute(DropQuestions(user_name=user_name))
        raise


def _placement(call: Call[Any], wires: list[WireTicket]) -> PlaceOrders:
    account_id = call.account()
    for wire in wires:
        if wire.acct_id and wire.acct_id != account_id:
            _check_account(call, wire.acct_id)
    tickets = tickets_of(wires)
    return PlaceOrders(
        account_id=account_id,
        user_name=call.session.user_name,
        tickets=tickets,
        is_oca_group=_is_group(wires),
        suppressed=tuple(call.session.suppressed),
        without_data=_without_data(call.desk, tickets),
    )


def _is_group(wires: list[WireTicket]) -> bool:
    """Say whether the first to trade is to cancel the others.

    A bracket is none, whatever it says: its exits have a group of their own. Judged.
    """
    is_asked = len(wires) > 1 and any(wire.is_single_group for wire in wires)
    return is_asked and not any(wire.parent_id for wire in wires)


def _check_account(call: Call[Any], account_id: str) -> None:
    call.own(account_id)
    raise AccountNotValid(f"Bad Request: accountId is not valid: {account_id}")


def check_contracts(desk: Desk, tickets: tuple[Ticket, ...], refusal: type[Refusal]) -> None:
    """Refuse tickets of contracts that the catalogue does not have, in IBKR's words.

    Raises:
        Refusal: of the type given; an order and a preview differ in the status.
    """
    for ticket in tickets:
        if desk.catalogue.find(ticket.conid) is None:
            raise refusal(
                f"no sec defs returned forSecDef reqId=resolve ecReqByConid{ticket.conid}"
            )


def _without_data(desk: Desk, tickets: tuple[Ticket, ...]) -> tuple[Conid, ...]:
    """Return the conids that have no market data; an unknown one is the kernel's to refuse."""
    conids = dict.fromkeys(ticket.conid for ticket in tickets)
    known = [conid for conid in conids if desk.catalogue.find(conid) is not None]
    return tuple(conid for conid in known if desk.quote(conid) is None)


@routes.post("/iserver/reply/{question_id}", body=Confirmation, evidence=Evidence.RECORDED)
def reply(call: Call[Confirmation]) -> list[Row]:
    """Confirm the order that a question is about, or drop it."""
    question_id = QuestionId(call.path["question_id"])
    confirmed = call.body.confirmed
    events = call.desk.execute(
        AnswerQuestion(
            user_name=call.session.user_name, question_id=question_id, confirmed=confirmed
        )
    )
    if not confirmed:
        raise BadRequest("order not confirmed")
    return outcome(call.desk, events)


@routes.post(
    "/iserver/account/{account_id}/order/{order_id}",
    body=WireTicket,
    evidence=Evidence.RECORDED,
)
def modify_order(call: Call[WireTicket]) -> list[Row]:
    """Change an open order; the ticket is complete and mirrors it but for the changes."""
    with _order_request(call):
        return _modify(call)


def _modify(call: Call[WireTicket]) -> list[Row]:
    account_id = call.account()
    if call.body.acct_id and call.body.acct_id != account_id:
        _check_account(call, call.body.acct_id)
    order = _own_order(call, account_id)
    ticket = ticket_of(_completed(call.body, order))
    check_contracts(call.desk, (ticket,), SoftError)
    command = ModifyOrder(
        account_id=account_id,
        user_name=call.session.user_name,
        order_id=order.order_id,
        ticket=ticket,
        suppressed=tuple(call.session.suppressed),
        without_data=_without_data(call.desk, (ticket,)),
    )
    return outcome(call.desk, call.desk.execute(command))


def _completed(wire: WireTicket, order: Order) -> WireTicket:
    """Return the ticket with the contract and side of its order where it names none."""
    if wire.conid is None and not wire.conidex:
        wire.conid = order.conid
    if not wire.side:
        wire.side = order.side.value
    return wire


@routes.delete("/iserver/account/{account_id}/order/{order_id}", evidence=Evidence.RECORDED)
def cancel_order(call: Call[Empty]) -> Cancellation:
    """Ask for an order, or with -1 for all open orders of the account, to be cancelled."""
    with _order_request(call):
        return _cancel(call)


def _cancel(call: Call[Empty]) -> Cancellation:
    account_id = call.account()
    if call.path["order_id"] == EVERY_ORDER:
        call.desk.execute(CancelAllOrders(account_id=account_id, user_name=call.session.user_name))
        return Cancellation(msg=SUBMITTED, order_id=-1, conid=-1, account=None)
    order = _own_order(call, account_id)
    call.desk.execute(
        CancelOrder(
            account_id=account_id,
            order_id=order.order_id,
            user_name=call.session.user_name,
        )
    )
    return Cancellation(
        msg=SUBMITTED, order_id=order.order_id, conid=order.conid, account=account_id
    )


EVERY_ORDER: Final = "-1"
SUBMITTED: Final = "Request was submitted"


def _own_order(call: Call[WireTicket] | Call[Empty], account_id: AccountId) -> Order:
    text = call.path["order_id"]
    order = None
    if text.isascii() and text.isdigit() and len(text) <= ORDER_DIGITS_MAX:
        order = call.desk.world.orders.by_id.get(OrderId(int(text)))
    if order is None or order.account_id != account_id:
        raise UnknownOrder(f"OrderID {text[:ORDER_DIGITS_MAX]} doesn't exist")
    return order


@routes.post(
    "/iserver/account/{account_id}/orders/whatif", body=WireTickets, evidence=Evidence.RECORDED
)
def preview_orders(call: Call[WireTickets]) -> Row:
    """Say what an order would cost and do to the margin, without placing it."""
    return _preview(call, call.body.orders)


@routes.post(
    "/iserver/account/{account_id}/order/whatif", body=BareTicket, evidence=Evidence.SPECIFIED
)
def preview_order(call: Call[BareTicket]) -> Row:
    """Say what an order would cost, sent without the array (the older path)."""
    return _preview(call, call.body.wires)


def _preview(call: Call[Any], wires: list[WireTicket]) -> Row:
    command = _placement(call, wires)
    check_contracts(call.desk, command.tickets, BadRequest)
    call.desk.observe(needs.of_command(call.desk.world, command))
    return preview_row(call.desk.world, command, preview(call.desk.world, command))


@routes.get(
    "/iserver/account/orders",
    evidence=Evidence.RECORDED,
    pace=DOCUMENTED["GET /iserver/account/orders"],
)
def live_orders(call: Call[Empty]) -> LiveOrders:
    """List the orders of the day, open ones first, newest first."""
    session = call.session
    if call.query.flag("force"):
        session.orders_queried = True
        session.orders_filtered = False
        return LiveOrders(orders=[], snapshot=False)
    if not session.orders_queried:
        session.orders_queried = True
        return LiveOrders(orders=[], snapshot=False)
    named = call.query.text("accountId")
    account_ids = (call.own(named),) if named else session.account_ids
    statuses, by_time = _filters(call.query.items("filters"))
    session.orders_filtered = statuses is not None
    found = view.of_the_day(call.desk.world, account_ids, statuses, by_time=by_time)
    return LiveOrders(orders=_rows.listed(call.desk, found[:ORDERS_MAX]), snapshot=True)


_rows: Final = Rows(
    live_order,
    name=lambda order: order.order_id,
    state=lambda order: (
        order.status,
        order.filled,
        order.size,
        order.limit_price,
        order.stop_price,
        order.updated_at,
        order.ticket,
        order.reason,
    ),
)


def _filters(items: list[str]) -> tuple[frozenset[OrderStatus] | None, bool]:
    """Return the statuses asked for (None for all) and whether to sort by time alone."""
    words = {item.replace("_", "").lower() for item in items}
    statuses = frozenset(STATUS_WORDS[word] for word in sorted(words) if word in STATUS_WORDS)
    named = words & (STATUS_WORDS.keys() | EMPTY_WORDS)
    return (statuses if named else None), "sortbytime" in words


STATUS_WORDS: Final = {status.value.lower(): status for status in OrderStatus}
EMPTY_WORDS: Final = frozenset({"precancelled", "warnstate"})
"""Statuses that IBKR names and no order of the desk ever has."""


@routes.get("/iserver/account/order/status/{order_id}", evidence=Evidence.RECORDED)
def order_status(call: Call[Empty]) -> Row:
    """Tell everything of one order of the session's accounts."""
    text = call.path["order_id"]
    order = None
    if text.isascii() and text.isdigit() and len(text) <= ORDER_DIGITS_MAX:
        order = call.desk.world.orders.by_id.get(OrderId(int(text)))
    if order is None or order.account_id not in call.session.account_ids:
        raise BackendUnavailable(f"Order {text[:ORDER_DIGITS_MAX]} is not found")
    return order_status_row(call.desk.world, order)


def outcome(desk: Desk, events: list[Event]) -> list[Row]:
    """Return what an order request came to: the next question, or the orders as they stand."""
    for event in events:
        if isinstance(event, OrdersQuestioned):
            return [question(event)]
    placed = [event for event in events if isinstance(event, OrderAccepted | OrderModified)]
    return [accepted(desk.world.orders.by_id[event.order_id]) for event in placed]


def question(event: OrdersQuestioned) -> Row:
    """Return the question that stands first."""
    asked = event.questions[0]
    row: Row = {
        "id": event.question_id,
        "message": [asked.text],
        "isSuppressed": False,
        "messageIds": [asked.message_id],
        "messageOptions": ["Yes", "No"],
    }
    if asked.message_id in ACCEPT_AND_CONTINUE:
        row["isSuppressible"] = True
        row["defaultSuppressionOption"] = "Accept and Continue"
        row["messageOptions"] = ["Decline", "Accept and Continue"]
    return row


ACCEPT_AND_CONTINUE: Final = frozenset({"o10153", "o10223"})


def accepted(order: Order) -> Row:
    """Return an order that the desk has taken."""
    row: Row = {
        "order_id": str(order.order_id),
        "order_status": order.status.value,
        "encrypt_message": "1",
    }
    if order.ticket.customer_order_id:
        row["local_order_id"] = order.ticket.customer_order_id
    if order.parent_id is not None:
        row["parent_order_id"] = str(order.parent_id)
    if order.oca_group_id:
        row["oca_group_id"] = order.oca_group_id
    if order.warning:
        row["warning_message"] = order.warning
    return row
