"""Questions: answered one after another, until the orders that they are about are taken."""

from collections.abc import Iterator

from paperdesk.base.errors import QuestionVoid, UnknownQuestion
from paperdesk.base.ids import QuestionId, UserName
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.orders import AnswerQuestion, OrdersQuestioned, QuestionAnswered
from paperdesk.kernel.rules.acceptances import accept, amend
from paperdesk.kernel.rules.orders import check_modifiable, order_of
from paperdesk.kernel.rules.plans import planned
from paperdesk.kernel.rules.revisions import revised
from paperdesk.kernel.state.world import World


def answer_question(world: World, command: AnswerQuestion) -> Iterator[Event]:
    """Let the orders go, ask the next question about them, or take them after the last.

    With the last answer the orders are looked at again: the market and the account may have
    changed. If they are refused then, the question goes on waiting.

    Raises:
        UnknownQuestion: the user was never asked it, or has answered it.
        QuestionVoid: another order request of the user came first.
        Refusal: the orders cannot be taken any more.
    """
    asked = _waiting(world, command.user_name, command.question_id)
    if not command.confirmed:
        yield _answered(world, asked, confirmed=False)
    elif len(asked.questions) > 1:
        yield _answered(world, asked, confirmed=True)
        yield OrdersQuestioned(
            at=world.now,
            question_id=world.orders.next_question_id(),
            account_id=asked.account_id,
            user_name=asked.user_name,
            questions=asked.questions[1:],
            tickets=asked.tickets,
            is_oca_group=asked.is_oca_group,
            modifies=asked.modifies,
        )
    elif asked.modifies is None:
        yield from _take(world, asked)
    else:
        order = order_of(world, asked.account_id, asked.modifies)
        check_modifiable(order)
        revision = revised(world, order, asked.tickets[0])
        yield _answered(world, asked, confirmed=True)
        yield from amend(world, order, revision)


def _take(world: World, asked: OrdersQuestioned) -> Iterator[Event]:
    plans = planned(world, asked.account_id, asked.tickets, is_oca_group=asked.is_oca_group)
    yield _answered(world, asked, confirmed=True)
    yield from accept(
        world,
        asked.account_id,
        asked.user_name,
        plans,
        is_oca_group=asked.is_oca_group,
    )


def _waiting(world: World, user_name: UserName, question_id: QuestionId) -> OrdersQuestioned:
    asked = world.orders.waiting.get(question_id)
    if asked is not None and asked.user_name == user_name:
        return asked
    if world.orders.ended.get(question_id):
        raise QuestionVoid(f"Another order came before the answer to {question_id}.")
    raise UnknownQuestion(f"reply id not found: '{question_id}'")


def _answered(world: World, asked: OrdersQuestioned, *, confirmed: bool) -> QuestionAnswered:
    return QuestionAnswered(at=world.now, question_id=asked.question_id, confirmed=confirmed)
