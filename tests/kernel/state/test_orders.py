from decimal import Decimal

import msgspec
import pytest
from tests.kernel.books import STOCK
from tests.tape import limit, market, open_kernel, place, play, quote, stop

from paperdesk.base.ids import QuestionId, UserName
from paperdesk.kernel.messages.orders import OrdersQuestioned, QuestionAnswered, Side
from paperdesk.kernel.state import orders as effects
from paperdesk.kernel.state.orders import ENDED_QUESTIONS_MAX, Orders


def test_ids_follow_from_seed_and_counter() -> None:
    one, same, other = Orders(seed=1), Orders(seed=1), Orders(seed=2)

    assert one.next_order_id() == same.next_order_id() != other.next_order_id()
    assert one.next_question_id() == same.next_question_id() != other.next_question_id()
    assert one.next_execution_id() == same.next_execution_id() != other.next_execution_id()


def test_executions_are_named_in_the_brokers_pattern() -> None:
    kernel = open_kernel()
    for _ in range(3):
        kernel.handle(quote(kernel, "190.20", "190.25"))
        kernel.handle(place(market("buy", "1")))

    names = [name.split(".") for name in kernel.world.orders.executions]
    assert [[len(part) for part in name] for name in names] == [[8, 8, 2, 2]] * 3
    assert len({tuple(name) for name in names}) == 3


def test_what_was_taken_is_remembered_until_the_quote_changes() -> None:
    kernel = open_kernel()
    shown = quote(kernel, "190.20", "190.25", ask_size=60)
    kernel.handle(shown)
    kernel.handle(place(market("buy", "25")))

    kernel.handle(shown)
    taken = kernel.world.orders.taken(STOCK.conid, Side.BUY)
    assert taken is not None
    assert taken.size == 25
    kernel.handle(quote(kernel, "190.20", "190.26", ask_size=60))
    assert kernel.world.orders.taken(STOCK.conid, Side.BUY) is None


def test_order_is_rebuilt_where_it_was() -> None:
    kernel = open_kernel()
    kernel.handle(place(limit("buy", "1", "180"), stop("sell", "1", "170")))
    orders = kernel.world.orders

    read = msgspec.msgpack.decode(msgspec.msgpack.encode(orders), type=Orders)

    assert read == orders
    assert sorted(read.books[STOCK.conid].orders) == sorted(orders.books[STOCK.conid].orders)
    assert read.next_order_id() == orders.next_order_id()


def test_order_never_trades_more_than_its_size() -> None:
    kernel = open_kernel()
    kernel.handle(quote(kernel, "190.20", "190.25"))
    filled = kernel.handle(place(market("buy", "1")))[-1]

    with pytest.raises(AssertionError, match="more than its size"):
        kernel.world.apply(filled)


def test_one_order_of_a_group_is_at_its_market_at_a_time() -> None:
    kernel = open_kernel()
    play(
        kernel,
        """
        quote 190.20 100 190.25 100
        group buy 9 189 day / buy 9 188 gtc / buy 9 stp 195 gtc
            -> accepted 1, accepted 2, accepted 3
        """.replace("\n            ->", " ->"),
    )
    orders = kernel.world.orders.by_id.values()
    assert [row.status.value for row in orders] == ["Submitted", "PreSubmitted", "PreSubmitted"]

    play(kernel, "clock 2026-06-10 16:00 -> cancelled 1, held 2, held 3")
    play(kernel, "clock 2026-06-11 09:30 -> released 2, released 3")
    assert [row.status.value for row in orders] == ["Cancelled", "Submitted", "PreSubmitted"]

    play(kernel, "quote 195.00 100 195.05 4 -> triggered 3, filled 3 4 195.05, cancelled 2")
    assert [row.status.value for row in orders] == ["Cancelled", "Cancelled", "Submitted"]


def test_led_order_of_a_group_is_at_its_market_when_the_first_is_paused() -> None:
    kernel = open_kernel()
    play(
        kernel,
        """
        quote 190.20 100 190.25 100
        group buy 9 189 / buy 9 188  -> accepted 1, accepted 2
        modify 1 buy 9 189 paused    -> modified 1, deactivated 1
        """,
    )

    statuses = [row.status.value for row in kernel.world.orders.by_id.values()]
    assert statuses == ["Inactive", "Submitted"]


def test_old_questions_are_forgotten() -> None:
    orders = Orders(seed=1)
    for number in range(ENDED_QUESTIONS_MAX + 5):
        question_id = QuestionId(str(number))
        effects.questioned(
            orders,
            OrdersQuestioned(
                at=number,
                question_id=question_id,
                account_id="DU1",  # type: ignore[arg-type]
                user_name=UserName("demo"),
                questions=(),
                tickets=(),
                is_oca_group=False,
            ),
        )
        effects.question_answered(
            orders, QuestionAnswered(at=number, question_id=question_id, confirmed=True)
        )

    assert len(orders.ended) == ENDED_QUESTIONS_MAX
    assert not orders.waiting
    assert Decimal(orders.asked) == ENDED_QUESTIONS_MAX + 5
