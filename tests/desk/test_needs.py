from decimal import Decimal

import pytest
from tests.desk.desks import AAA, OPEN, PAIR, Trading
from tests.kernel.books import ACCOUNT, PENNY, STOCK, USDJPY
from tests.tape import USER, limit, market, modify, place

from paperdesk.base.ids import AccountId, Conid, QuestionId
from paperdesk.desk.needs import of_account, of_command
from paperdesk.kernel.messages.accounts import DepositCash
from paperdesk.kernel.messages.orders import AnswerQuestion, CancelAllOrders, OrderAccepted


@pytest.fixture
def trading() -> Trading:
    trading = Trading()
    for conid in (AAA, PENNY.conid):
        trading.source.show(conid, OPEN, "99.98", "100.00", "99.99")
    trading.source.show(PAIR, OPEN, "1.1000", "1.1001")
    trading.source.show(USDJPY.conid, OPEN, "150.00", "150.01")
    return trading


def test_an_order_needs_its_contract_and_what_the_account_holds(trading: Trading) -> None:
    trading.desk.execute(place(market("buy", "10", conid=PENNY.conid)))

    needed = list(of_command(trading.desk.world, place(limit("buy", "1", "99.00"))))

    assert needed == [AAA, PENNY.conid]


def test_an_order_in_another_currency_needs_its_pair(trading: Trading) -> None:
    order = place(limit("buy", "20000", "150.00", conid=USDJPY.conid))

    assert set(of_command(trading.desk.world, order)) == {USDJPY.conid}


def test_an_account_with_euros_needs_the_pair(trading: Trading) -> None:
    trading.desk.execute(DepositCash(account_id=ACCOUNT, currency="EUR", amount=Decimal(100)))

    assert list(of_account(trading.desk.world, ACCOUNT)) == [PAIR]


def test_a_modification_needs_what_an_order_does(trading: Trading) -> None:
    (accepted,) = trading.desk.execute(place(limit("buy", "1", "99.00")))
    assert isinstance(accepted, OrderAccepted)

    needed = of_command(trading.desk.world, modify(accepted.order_id, limit("buy", "1", "98.00")))

    assert list(needed) == [AAA]


@pytest.mark.parametrize(
    "command",
    [
        CancelAllOrders(account_id=ACCOUNT),
        AnswerQuestion(user_name=USER, question_id=QuestionId("none"), confirmed=True),
    ],
)
def test_what_is_decided_without_prices_needs_none(
    trading: Trading, command: CancelAllOrders | AnswerQuestion
) -> None:
    assert list(of_command(trading.desk.world, command)) == []


def test_nobody_and_nothing_need_no_quote(trading: Trading) -> None:
    world = trading.desk.world

    assert list(of_account(world, AccountId("DU9"))) == []
    unknown = place(limit("buy", "1", "99.00", conid=Conid(STOCK.conid + 50)))
    assert list(of_command(world, unknown)) == []
