import pytest
from tests.kernel.books import STOCK
from tests.tape import limit, open_kernel, place, quote

from paperdesk.base.errors import UnknownContract
from paperdesk.base.ids import Conid
from paperdesk.kernel.messages.orders import OrderFilled
from paperdesk.kernel.messages.quotes import QuoteRecorded


def test_quote_that_touches_nothing_is_one_event() -> None:
    kernel = open_kernel()
    kernel.handle(place(limit("buy", "1", "180")))

    command = quote(kernel, "190.20", "190.25")

    assert kernel.handle(command) == [QuoteRecorded(at=kernel.world.now, quote=command.quote)]
    assert kernel.world.quotes.by_conid[STOCK.conid] == command.quote


def test_quote_that_reaches_an_order_trades_it() -> None:
    kernel = open_kernel()
    kernel.handle(place(limit("buy", "1", "180")))

    events = kernel.handle(quote(kernel, "179", "180"))

    assert [type(event) for event in events] == [QuoteRecorded, OrderFilled]


def test_quote_of_no_contract_is_refused() -> None:
    kernel = open_kernel()

    with pytest.raises(UnknownContract):
        kernel.handle(quote(kernel, "1", "2", conid=Conid(7)))
