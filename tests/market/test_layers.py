from array import array
from collections.abc import Sequence
from decimal import Decimal

from paperdesk.base.ids import Conid
from paperdesk.market.layers import RealBars, days_of
from paperdesk.market.series import Action, Bars


class Layer:
    name = "test"
    origin = "import: test"

    def __init__(self, seconds: int, *at: int) -> None:
        column = array("q", at)
        self._real = RealBars(Decimal("0.01"), Bars(*[column] * 6), seconds)

    def conids(self) -> Sequence[Conid]:
        return [Conid(1)]

    def bars(self, conid: Conid) -> RealBars | None:
        return self._real if conid == 1 else None

    def actions(self, conid: Conid) -> Sequence[Action]:
        return ()

    def rates(self, currency: str) -> tuple[Sequence[int], Sequence[int], int] | None:
        return None


def test_span_of_a_layer_is_told_in_days_whatever_its_bars() -> None:
    assert days_of(Layer(0, 10_000, 10_007), Conid(1)) == (10_000, 10_007)
    assert days_of(Layer(60, 86_400 * 3 + 5, 86_400 * 9), Conid(1)) == (3, 9)
    assert days_of(Layer(0), Conid(1)) is None
    assert days_of(Layer(0, 1), Conid(2)) is None
