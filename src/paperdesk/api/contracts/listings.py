"""Listings: stocks and futures by symbol, definitions by conid, all conids of an exchange."""

from typing import Final

import msgspec

from paperdesk.api.definitions import Definition, definition
from paperdesk.api.leniency import LenientInt
from paperdesk.api.route import BadRequest, Call, Empty, Evidence, Routes, Tier, Wire, conid
from paperdesk.base.ids import Conid
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.market.catalogue import Catalogue

routes = Routes(Tier.SESSION)

CONIDS_MAX: Final = 200
SYMBOLS_MAX: Final = 200
NASDAQ_TIERS: Final = {"NASDAQ.NMS": "NMS", "NASDAQ.SCM": "SCM"}


class Listed(Wire):
    """One contract of a company: a product and currency at its primary exchange."""

    conid: int
    exchange: str
    is_us: bool = msgspec.field(name="isUS")


class Company(Wire):
    """A company and the contracts on its stock."""

    name: str
    chinese_name: str | None
    asset_class: str
    contracts: list[Listed]


class Asked(Wire):
    """The conids that a POST asks for."""

    conids: list[LenientInt] = msgspec.field(default_factory=list)


class Definitions(Wire):
    """Definitions, always inside an object."""

    secdef: list[Definition]


class Row(Wire):
    """One contract of an exchange."""

    ticker: str
    conid: int
    exchange: str


@routes.get("/trsrv/stocks", evidence=Evidence.RECORDED)
def stocks(call: Call[Empty]) -> dict[str, list[Company]]:
    """List the companies behind symbols, each with the contracts on its stock."""
    catalogue = call.desk.catalogue
    return {symbol: _companies(catalogue, symbol) for symbol in _symbols(call)}


@routes.get("/trsrv/futures", evidence=Evidence.RECORDED)
def futures(call: Call[Empty]) -> dict[str, list[Row]]:
    """List the futures on symbols; the catalogue holds none, so no symbol has an entry."""
    _symbols(call)
    return {}


@routes.add(("GET", "POST"), "/trsrv/secdef", body=Asked, evidence=Evidence.RECORDED)
def definitions(call: Call[Asked]) -> Definitions:
    """Describe up to 200 contracts; those that do not exist are left out."""
    wanted = [conid(text) for text in call.query.items("conids")]
    wanted += [Conid(number) for number in call.body.conids]
    if not wanted:
        raise BadRequest("Bad Request: conids are required")
    if len(wanted) > CONIDS_MAX:
        raise BadRequest(f"Bad Request: more than {CONIDS_MAX} conids")
    found = [call.desk.catalogue.find(one) for one in dict.fromkeys(wanted)]
    return Definitions(secdef=[definition(contract) for contract in found if contract])


@routes.get("/trsrv/all-conids", evidence=Evidence.RECORDED)
def all_conids(call: Call[Empty]) -> list[Row]:
    """List every contract whose primary exchange is the one asked for, by conid."""
    exchange = call.query.text("exchange").upper()
    if not exchange:
        raise BadRequest("Bad Request: exchange is required")
    asset_class = call.query.text("assetClass", SecurityType.STOCK.value).upper()
    rows = [
        Row(ticker=contract.symbol, conid=contract.conid, exchange=_tier(contract))
        for contract in call.desk.catalogue.contracts()
        if contract.security_type.value == asset_class
        and exchange in {contract.primary_exchange, _tier(contract), contract.listing_exchange}
    ]
    return sorted(rows, key=lambda row: row.conid)


def _tier(contract: Contract) -> str:
    return NASDAQ_TIERS.get(contract.listing_exchange, contract.primary_exchange)


def _symbols(call: Call[Empty]) -> list[str]:
    symbols = call.query.items("symbols")
    if not symbols:
        raise BadRequest("Bad Request: symbols are required")
    if len(symbols) > SYMBOLS_MAX:
        raise BadRequest(f"Bad Request: more than {SYMBOLS_MAX} symbols")
    return list(dict.fromkeys(symbols))


def _companies(catalogue: Catalogue, symbol: str) -> list[Company]:
    by_name: dict[str, list[Contract]] = {}
    for contract in catalogue.by_symbol(symbol.upper()):
        if contract.security_type is SecurityType.STOCK:
            by_name.setdefault(contract.name, []).append(contract)
    return [
        Company(
            name=name,
            chinese_name=None,
            asset_class=SecurityType.STOCK.value,
            contracts=[
                Listed(
                    conid=contract.conid,
                    exchange=contract.primary_exchange,
                    is_us=contract.country == "US",
                )
                for contract in contracts
            ],
        )
        for name, contracts in by_name.items()
    ]
