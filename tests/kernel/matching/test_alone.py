from decimal import Decimal

from tests.tape import open_kernel, quote

from paperdesk.kernel.matching.alone import offered
from paperdesk.kernel.messages.orders import Side
from paperdesk.kernel.state.orders import Taken


def test_there_is_always_enough_at_the_touch() -> None:
    shown = quote(open_kernel(), "190.20", "190.25", ask_size=1).quote
    taken = Taken(Decimal("190.25"), Decimal(1), Decimal(5000))

    offer = offered(Side.BUY, shown, taken)

    assert offer is not None
    assert offer.price == Decimal("190.25")
    assert offer.size > Decimal(1_000_000)


def test_nobody_trades_on_an_empty_side() -> None:
    assert offered(Side.SELL, quote(open_kernel(), "-", "190.25").quote, None) is None
