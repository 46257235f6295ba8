"""Chains: what derivatives there are of an underlying, and the filters of an issuer's bonds.

The catalogue holds no option, future or bond yet: every chain is empty, and what is asked of one
is checked as if it were not.
"""

from typing import Final

from paperdesk.api.contracts.searches import MONTH_NAMES
from paperdesk.api.route import (
    BackendRefused,
    BadRequest,
    Call,
    Empty,
    Evidence,
    Routes,
    Tier,
    Wire,
    conid,
)
from paperdesk.kernel.state.contracts import Contract

routes = Routes(Tier.BROKERAGE)

DERIVATIVES: Final = frozenset({"OPT", "FOP", "WAR"})
STRIKELESS: Final = frozenset({"FUT", "BOND", "BILL"})
MONTH_LENGTH: Final = 5
UNAVAILABLE: Final = (
    '{"reason":"Details currently unavailable. Please try again later and contact client services '
    'if the issue persists."}'
)


class Strikes(Wire):
    """Strikes of calls and of puts, ascending."""

    call: list[float]
    put: list[float]


class BondFilter(Wire):
    """One thing by which an issuer's bonds can be told apart."""

    display_text: str
    column_id: int
    options: list[dict[str, str]]


class BondFilters(Wire):
    """What an issuer's bonds can be told apart by."""

    bond_filters: list[BondFilter]


class Derivative(Wire):
    """One concrete option, future or bond."""

    conid: int


class PlainContract(Wire):
    """A contract that is no derivative."""

    conid: int
    ticker: str
    sec_type: str
    listing_exchange: str
    exchange: str
    company_name: str
    currency: str
    valid_exchanges: str
    price_rendering: str | None
    maturity_date: str | None
    right: str
    strike: float


@routes.get("/iserver/secdef/strikes", evidence=Evidence.RECORDED)
def strikes(call: Call[Empty]) -> Strikes:
    """List the strikes of an underlying's month; nothing before the underlying was searched."""
    query = call.query
    conid(query.text("conid"))
    if not query.text("sectype") or not query.text("month"):
        raise BadRequest("Bad Request: sectype and month are required")
    return Strikes(call=[], put=[])


@routes.get("/iserver/secdef/info", evidence=Evidence.RECORDED)
def info(call: Call[Empty]) -> list[Derivative] | PlainContract:
    """Describe a contract, or list the derivatives of an underlying that fit."""
    query = call.query
    if query.text("issuerId"):
        return []
    contract = call.desk.catalogue.find(conid(query.text("conid")))
    kind = query.text("sectype").upper()
    month = query.text("month").upper()
    wants_chain = bool(month) or kind in DERIVATIVES or kind in STRIKELESS
    if wants_chain and not _is_month(month):
        raise BadRequest("Bad Request: month is not valid")
    if contract is None:
        raise BackendRefused(UNAVAILABLE)
    return [] if wants_chain else _plain(contract)


@routes.get("/iserver/secdef/bond-filters", evidence=Evidence.RECORDED)
def bond_filters(call: Call[Empty]) -> BondFilters:
    """List by what an issuer's bonds can be told apart; nothing for an unknown issuer."""
    if not call.query.text("symbol") or not call.query.text("issuerId"):
        raise BadRequest("Bad Request: symbol and issuerId are required")
    return BondFilters(bond_filters=[])


def _is_month(text: str) -> bool:
    return (
        len(text) == MONTH_LENGTH
        and text[:3] in MONTH_NAMES
        and text[3:].isascii()
        and text[3:].isdigit()
    )


def _plain(contract: Contract) -> PlainContract:
    return PlainContract(
        conid=contract.conid,
        ticker=contract.symbol,
        sec_type=contract.security_type.value,
        listing_exchange=contract.primary_exchange,
        exchange=contract.exchanges[0],
        company_name=contract.name,
        currency=contract.currency,
        valid_exchanges=",".join(contract.exchanges),
        price_rendering=None,
        maturity_date=None,
        right="?",
        strike=0.0,
    )
