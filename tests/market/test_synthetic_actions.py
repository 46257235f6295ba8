from decimal import Decimal

from tests.desks import AAPL, EURUSD, MSFT, catalogue, synthetic
from tests.kernel.books import new_york

from paperdesk.base.calendar import day_of
from paperdesk.base.ids import Conid
from paperdesk.kernel.messages.actions import Dividend, Split
from paperdesk.kernel.state.quotes import mark
from paperdesk.market.anchors import shipped_layers
from paperdesk.market.synthetic import GENERATOR, SyntheticSource


def real() -> SyntheticSource:
    return SyntheticSource(GENERATOR, 7, catalogue(), shipped_layers(("wiki",), catalogue()))


def test_real_splits_and_dividends_are_told_on_their_day() -> None:
    source = real()

    assert source.actions(AAPL, day_of(2005, 2, 28)) == [Split(AAPL, 2, 1)]
    assert source.actions(MSFT, day_of(2004, 11, 15)) == [Dividend(MSFT, Decimal("3.08"))]
    assert source.actions(MSFT, day_of(2004, 11, 16)) == []


def test_day_without_a_session_and_contract_that_is_none_have_no_actions() -> None:
    source = synthetic()

    assert source.actions(AAPL, day_of(2005, 2, 27)) == []
    assert source.actions(Conid(9), day_of(2005, 2, 28)) == []


def test_pair_is_worth_the_middle_of_its_close_while_it_is_shut() -> None:
    source = synthetic()
    before = source.quote(EURUSD, new_york("2026-03-06 16:59"))
    closed = source.quote(EURUSD, new_york("2026-03-07 12:00"))

    assert before is not None
    assert before.closing_middle is None
    assert closed is not None
    assert (closed.bid, closed.ask) == (None, None)
    assert mark(closed) is not None
    assert mark(closed) == closed.closing_middle
