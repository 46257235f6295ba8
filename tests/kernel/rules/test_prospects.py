from decimal import Decimal

from paperdesk.base.ids import Conid
from paperdesk.kernel.messages.orders import Side
from paperdesk.kernel.rules.prospects import Prospect


def test_size_of_a_sale_is_negative() -> None:
    assert Prospect(Conid(1), Side.SELL, Decimal(5), Decimal(1)).signed == -5
    assert Prospect(Conid(1), Side.BUY, Decimal(5), Decimal(1)).signed == 5
