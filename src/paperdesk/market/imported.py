"""Imported: a user's files as layers that win over what is shipped, and what is wrong with them.

A layer is one file `NAME.pdm` in a folder: the containers of `series`, bars and actions.
"""

from array import array
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Final

from paperdesk.base.calendar import Calendar, civil
from paperdesk.base.ids import Conid
from paperdesk.base.units import SECOND
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.market.catalogue import Catalogue
from paperdesk.market.imports import Imported
from paperdesk.market.layers import RealBars
from paperdesk.market.series import (
    ACTIONS,
    DAILY,
    INTRADAY,
    SPLIT,
    Action,
    Bars,
    Header,
    Series,
    actions_series,
    bars_series,
    read_series,
)

ENDING: Final = ".pdm"
SECONDS_A_DAY: Final = 86_400
STOCK_UNIT: Final = Decimal("0.0001")
PAIR_PARTS: Final = 4
"""A pair's prices are kept to a quarter increment."""
SPLIT_RATIOS: Final = (2, 3, 4, 5, 7, 10, 15, 20)
SPLIT_TOLERANCE: Final = 0.06
TOLD_MAX: Final = 20


class ImportedLayer:
    """One file of a user, as a layer."""

    def __init__(self, path: Path, catalogue: Catalogue) -> None:
        """Open a file; numbers are unpacked when they are asked for."""
        self.name = path.stem
        self.origin = f"import: {path.stem}"
        self._path, self._catalogue = path, catalogue

    @cached_property
    def _series(self) -> dict[Conid, list[Series]]:
        found: dict[Conid, list[Series]] = {}
        for series in read_series(self._path.read_bytes()):
            contract = contract_named(series.header.subject, self._catalogue)
            if contract is not None:
                found.setdefault(contract.conid, []).append(series)
        return found

    def conids(self) -> Sequence[Conid]:
        """Return the contracts that it knows something of, ascending."""
        return sorted(self._series)

    def bars(self, conid: Conid) -> RealBars | None:
        """Return all bars of a contract, or None."""
        for series in self._series.get(conid, ()):
            if series.kind != ACTIONS:
                header = series.header
                return RealBars(Decimal(header.unit), series.bars(), header.seconds)
        return None

    def actions(self, conid: Conid) -> Sequence[Action]:
        """Return the splits and dividends of a contract, oldest first."""
        for series in self._series.get(conid, ()):
            if series.kind == ACTIONS:
                return series.actions()
        return ()

    def rates(
        self,
        currency: str,  # noqa: ARG002
    ) -> tuple[Sequence[int], Sequence[int], int] | None:
        """Return None: users bring bars."""
        return None


def contract_named(name: str, catalogue: Catalogue) -> Contract | None:
    """Return the contract of a symbol, or of a pair as `EUR.USD`; None where there is none."""
    base, _, quote = name.partition(".")
    pair = catalogue.fx_pair(base, quote) if quote else None
    if pair is not None:
        return pair
    found = catalogue.by_symbol(name)
    return found[0] if found else None


def imported_layers(folder: Path, catalogue: Catalogue) -> list[ImportedLayer]:
    """Return the layers of a folder by their names, the later wins."""
    return [ImportedLayer(path, catalogue) for path in sorted(folder.glob(f"*{ENDING}"))]


def keep(imported: Imported, contract: Contract, path: Path, notice: str = "") -> list[str]:
    """Write what was read of a contract as a layer; return what had to be rounded, in words."""
    unit, subject = STOCK_UNIT, contract.symbol
    if contract.security_type is SecurityType.FOREX:
        unit = contract.increments[0].increment / PAIR_PARTS
        subject = f"{contract.base}.{contract.currency}"
    bars, rounded = _packed(imported, unit)
    header = Header(
        subject=subject,
        unit=str(unit),
        source=path.stem,
        notice=notice,
        calendar=contract.calendar,
        made_by="paperdesk data import",
        first=bars.at[0],
        last=bars.at[-1],
        seconds=imported.guess.seconds,
    )
    kind = INTRADAY if imported.guess.seconds else DAILY
    parts = [bars_series(kind, header, bars)]
    if imported.actions:
        parts.append(actions_series(header, imported.actions))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(part.pack() for part in parts))
    return [f"{rounded} prices were rounded to {unit}"] if rounded else []


def _packed(imported: Imported, unit: Decimal) -> tuple[Bars, int]:
    rows = imported.bars
    rounded = 0
    columns = []
    for name in ("open", "high", "low", "close"):
        column = array("q")
        for row in rows:
            exact = Fraction(getattr(row, name)) / Fraction(unit)
            column.append(int(exact + Fraction(1, 2)))
            rounded += exact.denominator != 1
        columns.append(column)
    at, volume = array("q", [row.at for row in rows]), array("q", [row.volume for row in rows])
    return Bars(at, columns[0], columns[1], columns[2], columns[3], volume), rounded


def check(layer: ImportedLayer, catalogue: Catalogue) -> list[str]:
    """Return what looks wrong in a layer, in words, a line each.

    Bars on days without a session and outside its hours, sessions without bars, and jumps that
    look like a split nobody has told.
    """
    told = []
    for conid in layer.conids():
        contract = catalogue.contract(conid)
        real = layer.bars(conid)
        if real is not None:
            calendar = catalogue.calendar(contract.calendar)
            found = [*_strangers(real, calendar), *_gaps(real, calendar)]
            found += _jumps(real, layer.actions(conid))
            told += [f"{contract.symbol}: {line}" for line in found]
    return told


def _days(real: RealBars) -> list[int]:
    if not real.seconds:
        return list(real.bars.at)
    return [second // SECONDS_A_DAY for second in real.bars.at]


def _strangers(real: RealBars, calendar: Calendar) -> list[str]:
    if real.seconds:
        outside = [
            second
            for second in real.bars.at
            if calendar.session_at(second * SECOND, extended=False) is None
        ]
        return [f"{len(outside)} bars are outside regular hours and not used"] if outside else []
    strange = [day for day in real.bars.at if calendar.session(day) is None]
    return _listed(strange, "no session on this day, its bar is not used")


def _gaps(real: RealBars, calendar: Calendar) -> list[str]:
    have = set(_days(real))
    days = [session.day for session in calendar.sessions(min(have), max(have))]
    return _listed([day for day in days if day not in have], "no bar of this session")


def _listed(days: Sequence[int], words: str) -> list[str]:
    told = [f"{_date(day)}: {words}" for day in days[:TOLD_MAX]]
    if len(days) > TOLD_MAX:
        told.append(f"and {len(days) - TOLD_MAX} more days: {words}")
    return told


def _jumps(real: RealBars, actions: Iterable[Action]) -> list[str]:
    known = {action.day for action in actions if action.kind == SPLIT}
    days, bars, told = _days(real), real.bars, []
    for before, index in pairwise(range(len(bars))):
        ratio = bars.close[before] / bars.open[index]
        for count in SPLIT_RATIOS:
            near = min(abs(ratio / count - 1.0), abs(ratio * count - 1.0))
            if near < SPLIT_TOLERANCE and days[index] not in known:
                told.append(
                    f"{_date(days[index])}: the price changed {ratio:.2f} times, like a split "
                    f"of {count}: if it was one, import prices with a split column"
                )
                break
    return told


def _date(day: int) -> str:
    year, month, of_month = civil(day)
    return f"{year}-{month:02}-{of_month:02}"
