import pytest
from tests.kernel.books import ACCOUNT
from tests.tape import USER, limit, modify, open_kernel, place, quote

from paperdesk.base.errors import InsufficientFunds, OrderNotModifiable, UnknownQuestion
from paperdesk.base.ids import QuestionId, UserName
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.messages.orders import (
    AnswerQuestion,
    CancelOrder,
    DropQuestions,
    OrderAccepted,
    OrdersQuestioned,
    QuestionsDropped,
)


@pytest.fixture
def kernel() -> Kernel:
    kernel = open_kernel(asks=True)
    kernel.handle(quote(kernel, "190.20", "190.24"))
    return kernel


def yes(question_id: QuestionId, user_name: UserName = USER) -> AnswerQuestion:
    return AnswerQuestion(user_name=user_name, question_id=question_id, confirmed=True)


def test_question_of_somebody_else_cannot_be_answered(kernel: Kernel) -> None:
    (asked,) = kernel.handle(place(limit("buy", "1", "180"), suppressed=()))
    assert isinstance(asked, OrdersQuestioned)

    with pytest.raises(UnknownQuestion):
        kernel.handle(yes(asked.question_id, UserName("mallory")))


def test_question_ids_are_uuids_and_differ(kernel: Kernel) -> None:
    first, second = (
        kernel.handle(place(limit("buy", "1", "180"), suppressed=()))[-1] for _ in range(2)
    )

    assert isinstance(first, OrdersQuestioned)
    assert isinstance(second, OrdersQuestioned)
    assert first.question_id != second.question_id
    assert [len(part) for part in first.question_id.split("-")] == [8, 4, 4, 4, 12]


def test_order_is_looked_at_again_with_the_last_answer(kernel: Kernel) -> None:
    (asked,) = kernel.handle(place(limit("buy", "20000", "180"), suppressed=("o383", "o451")))
    assert isinstance(asked, OrdersQuestioned)
    kernel.handle(quote(kernel, "170", "170.05"))
    for _ in range(8):
        kernel.world.ledger.books[ACCOUNT].cash["USD"] = (
            kernel.world.ledger.books[ACCOUNT].cash["USD"] / 2
        )

    with pytest.raises(InsufficientFunds):
        kernel.handle(yes(asked.question_id))

    assert not kernel.world.orders.by_id


def test_change_of_an_order_that_is_gone_is_refused_with_the_answer(kernel: Kernel) -> None:
    (accepted,) = kernel.handle(place(limit("buy", "1", "190"), suppressed=()))
    assert isinstance(accepted, OrderAccepted)
    order_id = accepted.order_id
    (asked,) = kernel.handle(modify(order_id, limit("buy", "1", "180"), suppressed=()))
    assert isinstance(asked, OrdersQuestioned)
    assert asked.modifies == order_id
    kernel.handle(CancelOrder(account_id=ACCOUNT, order_id=order_id))

    with pytest.raises(OrderNotModifiable):
        kernel.handle(yes(asked.question_id))


def test_refused_request_of_a_user_leaves_no_question(kernel: Kernel) -> None:
    kernel.handle(place(limit("buy", "1", "150")))

    (event,) = kernel.handle(DropQuestions(user_name=USER))

    assert isinstance(event, QuestionsDropped)
    assert kernel.handle(DropQuestions(user_name=USER)) == []
