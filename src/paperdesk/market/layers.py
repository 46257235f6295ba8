"""Layers: real series by contract and day; a later layer wins over an earlier one."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

import msgspec

from paperdesk.base.ids import Conid
from paperdesk.base.units import Day
from paperdesk.market.series import Action, Bars


class RealBars(msgspec.Struct, frozen=True):
    """Bars of a contract as a file gives them.

    `unit` is the price of one. With `seconds` 0 they are whole regular sessions, `at` their days;
    otherwise `at` is the UTC second at which a bar of that length starts.
    """

    unit: Decimal
    bars: Bars
    seconds: int = 0


class Layer(Protocol):
    """Something real: shipped, or brought by a user."""

    @property
    def name(self) -> str:
        """Name it, as a scenario does: `wiki`, or a file."""

    @property
    def origin(self) -> str:
        """Say where its days come from, for `origin` of a source."""

    def conids(self) -> Sequence[Conid]:
        """Return the contracts that it knows something of, ascending."""

    def bars(self, conid: Conid) -> RealBars | None:
        """Return all bars of a contract, or None."""

    def actions(self, conid: Conid) -> Sequence[Action]:
        """Return the splits and dividends of a contract, oldest first."""

    def rates(self, currency: str) -> tuple[Sequence[int], Sequence[int], int] | None:
        """Return days, daily fixings against the euro and their decimals, or None.

        A day without a fixing has `series.NOT_QUOTED`.
        """


def days_of(layer: Layer, conid: Conid) -> tuple[Day, Day] | None:
    """Return the first and last UTC day that a layer has bars of a contract for, or None."""
    real = layer.bars(conid)
    if real is None or not len(real.bars):
        return None
    first, last = real.bars.at[0], real.bars.at[-1]
    if real.seconds:
        return first // 86_400, last // 86_400
    return first, last
