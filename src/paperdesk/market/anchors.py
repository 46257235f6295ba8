"""Anchors: the real series that are shipped, as layers."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Final

from paperdesk.base.ids import Conid
from paperdesk.market.calendars import shipped
from paperdesk.market.catalogue import Catalogue
from paperdesk.market.layers import Layer, RealBars
from paperdesk.market.series import ACTIONS, Action, Series, read_series

SHIPPED: Final = ("ecb", "wiki")
"""Names of the layers that are shipped."""


class Anchors:
    """A shipped file as a layer: bars of stocks, or fixings of currencies."""

    def __init__(self, name: str, catalogue: Catalogue) -> None:
        """Open a shipped file by name; numbers are unpacked when they are asked for."""
        self.name = name
        self.origin = f"replay: {name}"
        self._catalogue = catalogue

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """The containers of the file."""
        return tuple(read_series(shipped(f"{self.name}.bin")))

    @cached_property
    def _by_conid(self) -> dict[Conid, list[Series]]:
        found: dict[Conid, list[Series]] = {}
        for series in self.series:
            for contract in self._catalogue.by_symbol(series.header.subject)[:1]:
                if not series.header.names:
                    found.setdefault(contract.conid, []).append(series)
        return found

    def conids(self) -> Sequence[Conid]:
        """Return the contracts that it knows something of, ascending."""
        return sorted(self._by_conid)

    @lru_cache(maxsize=16)  # noqa: B019 - layers live as long as the source that has them
    def bars(self, conid: Conid) -> RealBars | None:
        """Return all bars of a contract, or None."""
        for series in self._by_conid.get(conid, ()):
            if series.kind != ACTIONS:
                return RealBars(Decimal(series.header.unit), series.bars())
        return None

    def actions(self, conid: Conid) -> Sequence[Action]:
        """Return the splits and dividends of a contract, oldest first."""
        for series in self._by_conid.get(conid, ()):
            if series.kind == ACTIONS:
                return series.actions()
        return ()

    @lru_cache(maxsize=16)  # noqa: B019 - as above
    def rates(self, currency: str) -> tuple[Sequence[int], Sequence[int], int] | None:
        """Return days, fixings against the euro and their decimals, or None."""
        for series in self.series:
            names = series.header.names
            if currency in names:
                decimals = series.header.decimals[names.index(currency)]
                return series.days(), series.rates(currency), decimals
        return None


def shipped_layers(names: Sequence[str], catalogue: Catalogue) -> tuple[Layer, ...]:
    """Return shipped layers by name, in the order given; `synthetic` is what is under them all.

    Raises:
        KeyError: no layer of such a name is shipped.
    """
    for name in names:
        if name not in (*SHIPPED, "synthetic"):
            raise KeyError(f"There is no layer {name}: use synthetic, {', '.join(SHIPPED)}.")
    return tuple(Anchors(name, catalogue) for name in names if name != "synthetic")
