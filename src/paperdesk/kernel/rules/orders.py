"""Orders: placed, modified and cancelled as their owner asks."""

from collections.abc import Iterator, Sequence
from typing import Final

from paperdesk.base.errors import (
    InvalidPrice,
    InvalidSize,
    OrderNotModifiable,
    OrderNotOpen,
    UnknownAccount,
    UnknownOrder,
)
from paperdesk.base.ids import AccountId, OrderId, UserName
from paperdesk.base.units import ZERO
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.orders import (
    CancelAllOrders,
    CancelOrder,
    DropQuestions,
    ModifyOrder,
    MoveTrail,
    OrdersQuestioned,
    PlaceOrders,
    Question,
    QuestionsDropped,
)
from paperdesk.kernel.rules import precautions, tickets, trading
from paperdesk.kernel.rules.acceptances import accept, amend
from paperdesk.kernel.rules.accounts import account_of
from paperdesk.kernel.rules.outcomes import cancel, cancel_with_group
from paperdesk.kernel.rules.plans import Plan, planned
from paperdesk.kernel.rules.precautions import Case
from paperdesk.kernel.rules.revisions import revised
from paperdesk.kernel.state.orders import Order
from paperdesk.kernel.state.world import World

TICKETS_MAX: Final = 100


def place_orders(world: World, command: PlaceOrders) -> Iterator[Event]:
    """Accept orders and trade them, or ask their owner first.

    Either all tickets are taken (or asked about) or none is. Any question that waits for the
    user's answer is void from now on.

    Raises:
        Refusal: a ticket cannot be an order, or the account cannot pay for it.
    """
    check_caller(world, command.account_id, command.user_name)
    if not 0 < len(command.tickets) <= TICKETS_MAX:
        raise InvalidSize(f"A request holds 1 to {TICKETS_MAX} orders.")
    plans = planned(world, command.account_id, command.tickets, is_oca_group=command.is_oca_group)
    questions = precautions.questions(
        [case(world, command, plan) for plan in plans], command.suppressed
    )

    yield from drop_questions(world, command.user_name)
    if questions:
        yield _asked(world, command, questions)
    else:
        yield from accept(
            world,
            command.account_id,
            command.user_name,
            plans,
            is_oca_group=command.is_oca_group,
        )


def modify_order(world: World, command: ModifyOrder) -> Iterator[Event]:
    """Give an order new terms, or ask its owner first.

    Raises:
        UnknownOrder: the account has no order of this id.
        OrderNotModifiable: the order is filled or cancelled.
        OrderMismatch: the ticket is of another contract, side or family of order types.
        Refusal: the ticket could not be an order, or not be paid for.
    """
    check_caller(world, command.account_id, command.user_name)
    order = order_of(world, command.account_id, command.order_id)
    check_modifiable(order)
    revision = revised(world, order, command.ticket)
    questions = precautions.questions(
        [case(world, command, revision.plan, modifies=order)], command.suppressed
    )

    yield from drop_questions(world, command.user_name)
    if questions:
        yield _asked(world, command, questions)
    else:
        yield from amend(world, order, revision)


def cancel_order(world: World, command: CancelOrder) -> Iterator[Event]:
    """Take an open order off the market; the rest of its group and its children go with it.

    Raises:
        UnknownOrder: the account has no order of this id.
        OrderNotOpen: the order is filled or cancelled already.
    """
    order = order_of(world, command.account_id, command.order_id)
    if not order.is_open:
        raise OrderNotOpen("Cancel attempted when order is not in a cancellable state.")

    yield from drop_questions(world, command.user_name)
    yield from cancel_with_group(world, order)


def cancel_all_orders(world: World, command: CancelAllOrders) -> Iterator[Event]:
    """Take every open order of an account off the market.

    Raises:
        UnknownAccount: the account is not open.
    """
    account_of(world, command.account_id)

    yield from drop_questions(world, command.user_name)
    for order in list(world.orders.index.open_by_account.get(command.account_id, {}).values()):
        if order.is_open:
            yield from cancel(world, order, "")


def move_trail(world: World, command: MoveTrail) -> Iterator[Event]:
    """Let a trailing stop follow the market; where it cannot, nothing happens.

    Raises:
        UnknownOrder: there is no order of this id.
        InvalidPrice: the price is not positive.
    """
    order = world.orders.by_id.get(command.order_id)
    if order is None:
        raise UnknownOrder(f"There is no order {command.order_id}.")
    reference = command.reference
    if not (reference.is_finite() and ZERO < reference <= tickets.PRICE_MAX):
        raise InvalidPrice(f"A trigger price is more than 0, not {reference}.")

    if order.is_in_market and order.awaits_trigger and order.ticket.trail is not None:
        yield from trading.move_trail(world, world.contract(order.conid), order, reference)


def check_caller(world: World, account_id: AccountId, user_name: UserName) -> None:
    """Make sure that a user may trade an account.

    Raises:
        UnknownAccount: the account is not open, or not the user's.
    """
    user = world.accounts.users.get(user_name)
    if user is None or account_id not in user.account_ids:
        raise UnknownAccount(f"{user_name} has no account {account_id}.")


def order_of(world: World, account_id: AccountId, order_id: OrderId) -> Order:
    """Return an order of an account.

    Raises:
        UnknownOrder: it has none of this id.
    """
    order = world.orders.by_id.get(order_id)
    if order is None or order.account_id != account_id:
        raise UnknownOrder(f"OrderID {order_id} doesn't exist")
    return order


def check_modifiable(order: Order) -> None:
    """Refuse to change an order that is done.

    Raises:
        OrderNotModifiable: it is filled or cancelled.
    """
    if not order.is_open:
        raise OrderNotModifiable(
            f"Order {order.order_id} is {order.status.value} and cannot be modified."
        )


def drop_refused(world: World, command: DropQuestions) -> Iterator[Event]:
    """Make the question that waits for a user void, if one does."""
    yield from drop_questions(world, command.user_name)


def drop_questions(world: World, user_name: UserName) -> Iterator[Event]:
    """Make the question that waits for a user void: another order request came first."""
    question_id = world.orders.question_of.get(user_name)
    if question_id is not None:
        yield QuestionsDropped(at=world.now, question_ids=(question_id,))


def case(
    world: World,
    command: PlaceOrders | ModifyOrder,
    plan: Plan,
    modifies: Order | None = None,
) -> Case:
    """Return what there is to ask about a planned order or change."""
    return Case(
        world=world,
        account_id=command.account_id,
        user_name=command.user_name,
        contract=plan.contract,
        ticket=plan.ticket,
        size=plan.size,
        price=plan.price,
        stop_price=plan.stop_price,
        has_data=plan.contract.conid not in command.without_data,
        presets=world.presets.of(command.user_name),
        quote=world.quotes.by_conid.get(plan.contract.conid),
        modifies=modifies,
    )


def _asked(
    world: World, command: PlaceOrders | ModifyOrder, questions: Sequence[Question]
) -> OrdersQuestioned:
    return OrdersQuestioned(
        at=world.now,
        question_id=world.orders.next_question_id(),
        account_id=command.account_id,
        user_name=command.user_name,
        questions=tuple(questions),
        tickets=command.tickets if isinstance(command, PlaceOrders) else (command.ticket,),
        is_oca_group=isinstance(command, PlaceOrders) and command.is_oca_group,
        modifies=command.order_id if isinstance(command, ModifyOrder) else None,
    )
