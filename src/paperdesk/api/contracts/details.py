"""Details: what /iserver says of one contract."""

from typing import Any

import msgspec

from paperdesk.api.definitions import BEST_ROUTING
from paperdesk.api.route import BadRequest, Call, Empty, Evidence, Routes, Tier, Wire
from paperdesk.base.ids import Conid
from paperdesk.kernel.state.contracts import Contract, SecurityType

routes = Routes(Tier.BROKERAGE)


class Details(Wire, rename=None, kw_only=True):
    """A contract in the spelling of the contract service; what does not apply is null.

    Funds, indices and pairs have no industry and no category at all.
    """

    cfi_code: str
    symbol: str
    cusip: str | None
    expiry_full: str | None
    con_id: int
    maturity_date: str | None
    industry: str | msgspec.UnsetType
    instrument_type: str
    has_related_contracts: bool
    trading_class: str
    valid_exchanges: str
    allow_sell_long: bool
    is_zero_commission_security: bool
    local_symbol: str
    contract_clarification_type: str | None
    classifier: str | None
    currency: str
    text: str | None
    underlying_con_id: int
    r_t_h: bool
    multiplier: str | None
    underlying_issuer: str | None
    contract_month: str | None
    company_name: str
    smart_available: bool
    exchange: str
    category: str | msgspec.UnsetType


@routes.get("/iserver/contract/{conid}/info", evidence=Evidence.RECORDED)
def info(call: Call[Empty]) -> Details:
    """Describe a contract."""
    return details(known(call, call.conid()))


def known(call: Call[Any], conid: Conid) -> Contract:
    """Return a contract of the catalogue.

    Raises:
        BadRequest: there is none: the contract service answers 400 and not 404.
    """
    contract = call.desk.catalogue.find(conid)
    if contract is None:
        raise BadRequest(f"Bad Request: conid is not valid: {conid}")
    return contract


def details(contract: Contract) -> Details:
    """Return what the contract service says of a contract."""
    return Details(
        cfi_code="",
        symbol=contract.symbol,
        cusip=None,
        expiry_full=None,
        con_id=contract.conid,
        maturity_date=None,
        industry=contract.group or msgspec.UNSET,
        instrument_type=contract.security_type.value,
        has_related_contracts=contract.has_options,
        trading_class=contract.trading_class,
        valid_exchanges=",".join(contract.exchanges),
        allow_sell_long=False,
        is_zero_commission_security=False,
        local_symbol=contract.local_symbol,
        contract_clarification_type=None,
        classifier=None,
        currency=contract.currency,
        text=None,
        underlying_con_id=0,
        r_t_h=contract.security_type is not SecurityType.FOREX,
        multiplier=None,
        underlying_issuer=None,
        contract_month=None,
        company_name=contract.name,
        smart_available=BEST_ROUTING in contract.exchanges,
        exchange=contract.exchanges[0],
        category=contract.sector_group or msgspec.UNSET,
    )
