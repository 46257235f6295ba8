"""Rules: what orders a contract takes, and what an order for it begins with."""

from decimal import Decimal
from typing import Final

import msgspec

from paperdesk.api.contracts.details import Details, details, known
from paperdesk.api.definitions import BEST_ROUTING, IncrementStep, increment_steps, with_point
from paperdesk.api.formats import price_text
from paperdesk.api.leniency import LenientInt, LenientText, OptionalBool, OptionalInt
from paperdesk.api.route import BadRequest, Call, Empty, Evidence, Routes, Tier, Wire
from paperdesk.base.ids import AccountId, Conid
from paperdesk.base.units import Price, to_step
from paperdesk.desk.desk import Desk
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.market.catalogue import OrderProfile

routes = Routes(Tier.BROKERAGE)

FRACTIONAL: Final = (
    "limit",
    "market",
    "stop",
    "stop_limit",
    "mit",
    "lit",
    "trailing_stop",
    "trailing_stop_limit",
)
"""Order types that take fractions of a share, and a cash amount."""

ALGO_BASES: Final = (
    "limit",
    "stop_limit",
    "lit",
    "trailing_stop_limit",
    "relative",
    "marketonclose",
    "limitonclose",
)
"""Order types that an algo can work."""

TIMES_IN_FORCE: Final = ("IOC", "GTC", "OPG", "GTD", "DAY")
"""In the order in which they are listed; others of a profile follow."""

IMMEDIATE: Final = (
    ("MARKET", "market"),
    ("LIMIT", "limit"),
    ("RELATIVE", "relative"),
    ("MARKETONCLOSE", "marketonclose"),
    ("MIDPRICE", "midprice"),
    ("LIMITONCLOSE", "limitonclose"),
)
PROTECTED: Final = ("MKT_PROTECT", "STPPRT")
SHARES_USUAL: Final = 100
CASH_INCREMENT: Final = 500
FRACTION_DIGITS: Final = 4


class RulesAsked(Wire):
    """What the rules are asked for."""

    conid: LenientInt = 0
    exchange: LenientText = ""
    is_buy: OptionalBool = None
    modify_order: OptionalBool = None
    order_id: OptionalInt = None


class OrderRules(Wire, kw_only=True):
    """What orders a contract takes."""

    algo_eligible: bool
    all_or_none_eligible: bool
    overnight_eligible: bool
    cost_report: bool
    can_trade_acct_ids: list[AccountId]
    error: str | None
    order_types: list[str]
    ib_algo_types: list[str]
    fraq_types: list[str]
    force_order_preview: bool
    cqt_types: list[str]
    order_defaults: dict[str, dict[str, str]]
    order_types_outside: list[str]
    default_size: int
    cash_size: Decimal
    size_increment: int
    tif_types: list[str]
    tif_defaults: dict[str, str]
    limit_price: Decimal | None
    stopprice: Decimal | None
    order_origination: str | None
    preview: bool
    display_size: int | None
    fraq_int: int
    cash_ccy: str
    cash_qty_incr: int
    price_magnifier: int | None
    negative_capable: bool
    increment_type: int
    increment_rules: list[IncrementStep]
    has_secondary: bool
    increment: Decimal
    increment_digits: int
    mod_types: list[str] | msgspec.UnsetType = msgspec.UNSET


class DetailsAndRules(Details, rename=None, kw_only=True):
    """A contract and what orders it takes."""

    rules: OrderRules


@routes.post("/iserver/contract/rules", body=RulesAsked, evidence=Evidence.RECORDED)
def rules(call: Call[RulesAsked]) -> OrderRules:
    """Tell what orders a contract takes."""
    asked = call.body
    if not asked.conid:
        raise BadRequest("Bad Request: conid is required")
    contract = known(call, Conid(asked.conid))
    told = order_rules(
        call.desk,
        contract,
        accounts=call.session.account_ids,
        exchange=asked.exchange.upper(),
        is_buy=asked.is_buy is not False,
    )
    if asked.modify_order:
        told.mod_types = list(told.order_types)
    return told


@routes.get("/iserver/contract/{conid}/info-and-rules", evidence=Evidence.RECORDED)
def info_and_rules(call: Call[Empty]) -> DetailsAndRules:
    """Describe a contract and tell what orders it takes."""
    contract = known(call, call.conid())
    told = order_rules(
        call.desk,
        contract,
        accounts=call.session.account_ids,
        exchange=call.query.text("exchange").upper(),
        is_buy=call.query.flag("isBuy", default=True),
    )
    return DetailsAndRules(**msgspec.structs.asdict(details(contract)), rules=told)


def order_rules(
    desk: Desk, contract: Contract, *, accounts: tuple[AccountId, ...], exchange: str, is_buy: bool
) -> OrderRules:
    """Return what orders a contract takes at an exchange (default: best routing).

    Prices to begin with are the side that the order would trade at, else the last trade, on the
    contract's increments.

    Source:
        recorded for US stocks; other classes follow their order profile, judged.
    """
    profile = desk.catalogue.order_profile(contract, exchange)
    is_stock = contract.security_type is SecurityType.STOCK
    at_best = is_stock and exchange in {"", BEST_ROUTING}
    price = _price(desk, contract, is_buy=is_buy)
    increment = contract.increment_at(price or Decimal(1))
    size = SHARES_USUAL if is_stock else int(contract.minimum_size)
    fractional = [name for name in profile.order_types if name in FRACTIONAL and at_best]
    fractional.sort(key=FRACTIONAL.index)
    return OrderRules(
        algo_eligible=profile.has_algos,
        all_or_none_eligible=is_stock,
        overnight_eligible=is_stock,
        cost_report=False,
        can_trade_acct_ids=list(accounts) if profile.order_types else [],
        error=None,
        order_types=list(profile.order_types),
        ib_algo_types=[n for n in ALGO_BASES if profile.has_algos and n in profile.order_types],
        fraq_types=fractional,
        force_order_preview=False,
        cqt_types=list(fractional),
        order_defaults=_defaults(contract, price),
        order_types_outside=list(profile.order_types_outside),
        default_size=size,
        cash_size=Decimal("0.0"),
        size_increment=SHARES_USUAL if is_stock else int(contract.size_increment),
        tif_types=_times(profile, at_best=at_best),
        tif_defaults={"TIF": "DAY", "SIZE": f"{size}.00"},
        limit_price=None if price is None else with_point(price),
        stopprice=None if price is None else with_point(price),
        order_origination=None,
        preview=True,
        display_size=None,
        fraq_int=FRACTION_DIGITS if at_best else 0,
        cash_ccy=contract.currency,
        cash_qty_incr=CASH_INCREMENT,
        price_magnifier=None,
        negative_capable=False,
        increment_type=1,
        increment_rules=increment_steps(contract),
        has_secondary=True,
        increment=with_point(increment),
        increment_digits=contract.decimals,
    )


def _price(desk: Desk, contract: Contract, *, is_buy: bool) -> Price | None:
    quote = desk.quote(contract.conid)
    if quote is None:
        return None
    price = (quote.ask if is_buy else quote.bid) or quote.last
    return None if price is None else to_step(price, contract.increment_at(price))


def _defaults(contract: Contract, price: Price | None) -> dict[str, dict[str, str]]:
    if price is None:
        return {"MKT": {}}
    return {"LMT": {"LP": price_text(price, contract.decimals)}}


def _times(profile: OrderProfile, *, at_best: bool) -> list[str]:
    """Return times in force, each with the order types it is for (`o`: all) and `a` for algos."""
    known_first = [name for name in TIMES_IN_FORCE if name in profile.times_in_force]
    others = [name for name in profile.times_in_force if name not in TIMES_IN_FORCE]
    algos = ",a" if profile.has_algos else ""
    immediate = [wire for wire, name in IMMEDIATE if name in profile.order_types]
    immediate += PROTECTED if at_best else ()
    kinds = {"IOC": ",".join(immediate), "OPG": "LIMIT,MARKET"}
    return [f"{name}/{kinds.get(name, 'o')}{algos}" for name in known_first + others]
