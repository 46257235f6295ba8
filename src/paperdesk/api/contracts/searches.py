"""Searches: contracts by symbol, or companies by name.

A search by symbol also opens the derivatives of what it finds: without it the session gets no
strikes. A search by name closes them again.
"""

from typing import Final

from paperdesk.api.leniency import LenientText, OptionalBool
from paperdesk.api.route import BadRequest, Call, Evidence, Routes, SoftError, Tier, Wire
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.market.catalogue import Catalogue
from paperdesk.market.expiries import Month, months

routes = Routes(Tier.BROKERAGE)

NOTHING_FOUND: Final = "No symbol found"
ROWS_MAX: Final = 50
TEXT_LENGTH_MAX: Final = 100
UNASKED: Final = (SecurityType.STOCK, SecurityType.INDEX)
MONTH_NAMES: Final = (
    *("JAN", "FEB", "MAR", "APR", "MAY", "JUN"),
    *("JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
)


class Searching(Wire):
    """What is searched; the same names as in the query."""

    symbol: LenientText = ""
    name: OptionalBool = None
    sec_type: LenientText = ""


class Section(Wire, omit_defaults=True):
    """A class of contracts that a row stands for; derivatives with their months."""

    sec_type: str
    months: str | None = None
    exchange: str | None = None


class Found(Wire):
    """A contract that was found by its symbol."""

    conid: str
    company_header: str
    company_name: str
    symbol: str
    description: str
    restricted: str | None
    fop: str | None
    opt: str | None
    war: str | None
    sections: list[Section]


class Named(Wire):
    """A contract that was found by its company's name."""

    conid: str
    company_header: str
    company_name: str
    symbol: str


@routes.add(("GET", "POST"), "/iserver/secdef/search", body=Searching, evidence=Evidence.RECORDED)
def search(call: Call[Searching]) -> list[Found] | list[Named]:
    """Find contracts by symbol, or companies by name."""
    text = (call.query.text("symbol") or call.body.symbol).strip()
    if not text:
        raise BadRequest("Bad Request: symbol is required")
    by_name = call.query.flag("name", default=bool(call.body.name))
    kinds = _kinds(call.query.text("secType") or call.body.sec_type)
    catalogue = call.desk.catalogue
    rows = _matching(catalogue, text[:TEXT_LENGTH_MAX], kinds, by_name=by_name)[:ROWS_MAX]
    if not rows:
        raise SoftError(NOTHING_FOUND)
    conids = [row.conid for row in rows]
    if by_name:
        call.session.searched.difference_update(conids)
        return [_named(row) for row in rows]
    call.session.searched.update(conids)
    return [_found(call, row) for row in rows]


def month_text(month: Month) -> str:
    """Return a month as `JAN27`."""
    year, of_year = month
    return f"{MONTH_NAMES[of_year - 1]}{year % 100:02}"


def _kinds(asked: str) -> tuple[SecurityType, ...]:
    """Return the security types that are looked through; none for those the catalogue lacks."""
    if not asked:
        return UNASKED
    return tuple(kind for kind in SecurityType if kind.value == asked.strip().upper())


def _matching(
    catalogue: Catalogue, text: str, kinds: tuple[SecurityType, ...], *, by_name: bool
) -> list[Contract]:
    rows = catalogue.search(text, by_name=by_name)
    base, _, quote = text.upper().partition(".")
    pair = catalogue.fx_pair(base, quote) if quote else None
    # `AUD.USD` can mean nothing else, so clients send it without a security type.
    if pair is not None and (SecurityType.FOREX in kinds or kinds == UNASKED):
        return [pair]
    return [row for row in rows if row.security_type in kinds]


def _named(row: Contract) -> Named:
    return Named(
        conid=str(row.conid),
        company_header=_header(row),
        company_name=row.name,
        symbol=_symbol(row),
    )


def _header(row: Contract) -> str:
    return f"{row.name} - {row.primary_exchange}"


def _symbol(row: Contract) -> str:
    is_pair = row.security_type is SecurityType.FOREX
    return row.local_symbol if is_pair else row.symbol


def _found(call: Call[Searching], row: Contract) -> Found:
    kind = row.security_type
    return Found(
        conid=str(row.conid),
        company_header=_header(row),
        company_name=row.name,
        symbol=_symbol(row),
        description=row.primary_exchange,
        # Recorded on index rows of users who may otherwise trade them.
        restricted=kind.value if kind is SecurityType.INDEX else None,
        fop=None,
        opt=None,
        war=None,
        sections=_sections(call, row),
    )


def _sections(call: Call[Searching], row: Contract) -> list[Section]:
    kind = row.security_type
    own = None if kind is SecurityType.STOCK else f"{row.primary_exchange};"
    sections = [Section(sec_type=kind.value, exchange=own)]
    catalogue = call.desk.catalogue
    classes = catalogue.option_classes(row)
    if classes:
        calendar = catalogue.calendar(row.calendar)
        listed = months(classes, calendar, calendar.local(call.desk.now)[0])
        sections.append(
            Section(
                sec_type="OPT",
                months=";".join(month_text(month) for month in listed),
                exchange=";".join(catalogue.option_exchanges),
            )
        )
    if kind is not SecurityType.FOREX:
        sections.append(Section(sec_type="BAG"))
    return sections
