from decimal import Decimal

import msgspec
import pytest
from tests.kernel.books import EURUSD, STOCK, USDJPY
from tests.tape import limit, market, open_kernel, place, play, quote

from paperdesk.base.errors import SizeNotPositive, UnknownContract
from paperdesk.base.ids import Conid
from paperdesk.kernel.kernel import Kernel
from paperdesk.views.preview import Change, preview


@pytest.fixture
def kernel() -> Kernel:
    kernel = open_kernel("10000")
    kernel.handle(quote(kernel, "100.00", "100.05"))
    return kernel


def test_preview_tells_cost_and_margin_and_changes_nothing(kernel: Kernel) -> None:
    before = msgspec.msgpack.encode(kernel.world)

    told = preview(kernel.world, place(limit("buy", "100", "100")))

    assert told.amount == Decimal(10_000)
    assert (told.commission, told.commission_currency) == (Decimal("1.0035"), "USD")
    assert told.total == Decimal("10001.0035")
    assert told.position == Change(Decimal(0), Decimal(100))
    assert told.equity == Change(Decimal(10_000), Decimal("9998.9965"))
    assert told.initial == Change(Decimal(0), Decimal(2_500))
    assert told.maintenance == Change(Decimal(0), Decimal(2_500))
    assert told.available == Change(Decimal(10_000), Decimal("7498.9965"))
    assert told.error is None
    assert msgspec.msgpack.encode(kernel.world) == before


def test_seller_gets_what_is_left_after_commission(kernel: Kernel) -> None:
    play(kernel, "buy 10 -> accepted 1, filled 1 10 100.05")

    told = preview(kernel.world, place(limit("sell", "10", "100.00")))

    assert told.total is not None
    assert told.commission is not None
    assert told.total == Decimal(1_000) - told.commission
    assert told.position == Change(Decimal(10), Decimal(0))


def test_order_that_cannot_be_paid_for_has_figures_and_an_error(kernel: Kernel) -> None:
    told = preview(kernel.world, place(limit("buy", "1000", "100")))

    assert told.error is not None
    assert "MUST EXCEED THE INITIAL MARGIN" in told.error
    assert told.available is not None
    assert told.available.after < 0


def test_order_that_cannot_be_one_has_an_error_alone(kernel: Kernel) -> None:
    told = preview(kernel.world, place(limit("buy", "1", "100.001")))

    assert told.error is not None
    assert "minimum price variation" in told.error
    assert told.equity is None
    assert told.amount is None


def test_questions_are_warnings(kernel: Kernel) -> None:
    asking = open_kernel(asks=True)
    asking.handle(quote(asking, "100.00", "100.05"))

    told = preview(asking.world, place(market("buy", "1"), without_data=(STOCK.conid,)))

    assert [row.message_id for row in told.warnings] == ["o354", "o10151", "o10153"]


def test_unknown_contract_and_size_nought_are_refused(kernel: Kernel) -> None:
    with pytest.raises(UnknownContract):
        preview(kernel.world, place(limit("buy", "1", "1", conid=Conid(0))))
    with pytest.raises(SizeNotPositive):
        preview(kernel.world, place(limit("buy", "0", "1")))


def test_currencies_have_no_total_where_commission_is_in_another(kernel: Kernel) -> None:
    kernel.handle(quote(kernel, "1.10000", "1.10010", conid=EURUSD.conid))
    kernel.handle(quote(kernel, "150.000", "150.010", conid=USDJPY.conid))

    euros = preview(kernel.world, place(limit("buy", "5000", "1.10010", conid=EURUSD.conid)))
    dollars = preview(kernel.world, place(limit("buy", "5000", "150.000", conid=USDJPY.conid)))

    assert euros.amount == Decimal("5500.50")
    assert euros.total == Decimal("5502.50")
    assert (dollars.commission, dollars.commission_currency) == (Decimal(2), "USD")
    assert dollars.total is None


def test_cash_account_pays_in_full() -> None:
    kernel = open_kernel("10000", kind="CASH")
    kernel.handle(quote(kernel, "100.00", "100.05"))

    told = preview(kernel.world, place(limit("buy", "50", "100")))

    assert told.initial == Change(Decimal(0), Decimal(5_000))
    assert told.available == Change(Decimal(10_000), Decimal("4998.99825"))
