"""Portfolio rows: positions, ledger and figures as /portfolio spells them."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

import msgspec

from paperdesk.api.definitions import definition
from paperdesk.api.formats import double, single
from paperdesk.api.route import Wire
from paperdesk.base.ids import AccountId
from paperdesk.base.units import MILLISECOND, ONE, SECOND, Instant
from paperdesk.kernel.state.world import World
from paperdesk.views import cash
from paperdesk.views.cash import Balance
from paperdesk.views.positions import Holding
from paperdesk.views.values import Metric, currency, metrics

Row: TypeAlias = dict[str, Any]

COST_PLACES: Final = 8
PRICE_PLACES: Final = 7
RATE_PLACES: Final = 8


class Position(Wire, kw_only=True):
    """A position without what is known of its contract.

    `avg_cost` holds the multiplier and opening commissions, `avg_price` no multiplier.
    """

    acct_id: str
    conid: int
    contract_desc: str
    position: float
    mkt_price: float
    mkt_value: float
    currency: str
    avg_cost: float
    avg_price: float
    realized_pnl: float
    unrealized_pnl: float
    exchs: None = None
    expiry: None = None
    put_or_call: None = None
    multiplier: float | None = None
    strike: float = 0.0
    exercise_style: None = None
    con_exch_map: tuple[str, ...] = ()
    asset_class: str
    und_conid: int = 0
    model: str = ""


class NearPosition(Wire, kw_only=True):
    """A position as the newer service shows it: other names, and the conid is a text."""

    position: float
    conid: str
    avg_cost: float
    avg_price: float
    currency: str
    description: str
    is_last_to_loq: bool = False
    market_price: float
    market_value: float
    realized_pnl: float
    sec_type: str
    timestamp: int
    unrealized_pnl: float
    asset_class: str
    sector: str | None
    group: str | None
    model: str = ""


class MetricRow(Wire, kw_only=True):
    """One figure of an account, or one text."""

    amount: float
    currency: str | None
    is_null: bool = False
    timestamp: int
    value: str | None
    severity: int = 0


def described(held: Holding) -> str:
    """Return how a row names a contract: the symbol, or both currencies of a pair."""
    contract = held.contract
    return contract.local_symbol if contract.base else contract.symbol


def position(account_id: AccountId, held: Holding) -> Position:
    """Return the row of a position without its contract."""
    row, contract = held.position, held.contract
    return Position(
        acct_id=account_id,
        conid=row.conid,
        contract_desc=described(held),
        position=double(row.size, COST_PLACES),
        mkt_price=single(held.price, PRICE_PLACES),
        mkt_value=double(held.value),
        currency=row.currency,
        avg_cost=double(row.average_cost, COST_PLACES),
        avg_price=double(row.average_price, COST_PLACES),
        realized_pnl=double(row.realised),
        unrealized_pnl=double(held.unrealised),
        asset_class=contract.security_type.value,
    )


ONLY_OF_DERIVATIVES: Final = ("undComp", "undSym", "crossCurrency", "baseCurrency")
"""Left out of rows for which they say nothing."""


def complete(account_id: AccountId, held: Holding, *, with_base: bool) -> Row:
    """Return the row of a position with what is known of its contract.

    Args:
        account_id: whose position it is.
        held: the position.
        with_base: whether values in base currency come along, as on paper accounts.
    """
    row: Row = msgspec.to_builtins(position(account_id, held))
    if with_base:
        row |= _in_base(held)
    known: Row = msgspec.to_builtins(definition(held.contract), builtin_types=(Decimal,))
    for name in ONLY_OF_DERIVATIVES:
        if known[name] is None:
            del known[name]
    return row | {"chineseName": None} | known


def _in_base(held: Holding) -> Row:
    row, rate = held.position, held.rate
    return {
        "baseAvgCost": double(row.average_cost * rate, COST_PLACES),
        "baseAvgPrice": double(row.average_price * rate, COST_PLACES),
        "baseMktPrice": double(held.price * rate, COST_PLACES),
        "baseMktValue": double(held.value * rate),
        "baseRealizedPnl": double(row.realised * rate),
        "baseUnrealizedPnl": double(held.unrealised * rate),
    }


def near_position(held: Holding, at: Instant) -> NearPosition:
    """Return the row of a position in the newer service's names."""
    row, contract = held.position, held.contract
    kind = contract.security_type.value
    return NearPosition(
        position=double(row.size, COST_PLACES),
        conid=str(row.conid),
        avg_cost=double(row.average_cost, COST_PLACES),
        avg_price=double(row.average_price, COST_PLACES),
        currency=row.currency,
        description=described(held),
        market_price=single(held.price),
        market_value=double(held.value),
        realized_pnl=double(row.realised),
        sec_type=kind,
        timestamp=at // SECOND,
        unrealized_pnl=double(held.unrealised),
        asset_class=kind,
        sector=contract.sector or None,
        group=contract.group or None,
    )


SORTS: Final[Mapping[str, Callable[[Holding], Any]]] = {
    "acctid": lambda held: held.position.account_id,
    "assetclass": lambda held: held.contract.security_type.value,
    "avgcost": lambda held: held.position.average_cost,
    "avgprice": lambda held: held.position.average_price,
    "conid": lambda held: held.contract.conid,
    "currency": lambda held: held.contract.currency,
    "dailypnl": lambda held: held.daily * held.rate,
    "mktprice": lambda held: held.price,
    "mktvalue": lambda held: held.value * held.rate,
    "name": described,
    "pnl": lambda held: held.unrealised * held.rate,
    "position": lambda held: held.position.size,
    "realizedpnl": lambda held: held.position.realised * held.rate,
    "unrealizedpnl": lambda held: held.unrealised * held.rate,
}
"""What positions can be sorted by, in lower case; another word sorts by name."""


def ordered(rows: Iterable[Holding], column: str, direction: str) -> list[Holding]:
    """Return positions sorted by a column, `d` for the largest first."""
    key = SORTS.get(column.lower(), described)
    # Equal ones stand by conid, so that pages do not overlap.
    by_conid = sorted(rows, key=SORTS["conid"])
    return sorted(by_conid, key=key, reverse=direction.lower().startswith("d"))


def summary(world: World, account_id: AccountId) -> dict[str, MetricRow]:
    """Return an account's figures and texts under lower-case names.

    Raises:
        NoExchangeRate: a currency that it holds has no rate to its base currency.
    """
    base = currency(world, account_id)
    at = world.now // SECOND * (SECOND // MILLISECOND)
    return {metric.key.lower(): _metric(metric, base, at) for metric in metrics(world, account_id)}


def _metric(metric: Metric, base: str, at_ms: int) -> MetricRow:
    if metric.amount is None:
        return MetricRow(amount=0.0, currency=None, timestamp=at_ms, value=metric.text)
    return MetricRow(amount=double(metric.amount), currency=base, timestamp=at_ms, value=None)


EMPTY_VALUES: Final = (
    "commoditymarketvalue",
    "futuremarketvalue",
    "corporatebondsmarketvalue",
    "warrantsmarketvalue",
    "moneyfunds",
    "funds",
    "issueroptionsmarketvalue",
    "stockoptionmarketvalue",
    "futuresonlypnl",
    "tbondsmarketvalue",
    "futureoptionmarketvalue",
    "cashbalancefxsegment",
    "tbillsmarketvalue",
    "cryptocurrencyvalue",
)
"""Columns of the ledger for what a desk holds nothing of."""


def ledger(world: World, account_id: AccountId) -> dict[str, Row]:
    """Return an account's ledger: a row for each currency, and one for all in base currency.

    Raises:
        NoExchangeRate: one of them has no rate to the base currency.
    """
    balances = cash.balances(world, account_id)
    rows = {row.currency: _ledger_row(world, account_id, row) for row in balances}
    if len(balances) > 1:
        list(rows.values())[-1]["endofbundle"] = 1
    rows[cash.BASE] = _ledger_row(world, account_id, cash.together(balances))
    if len(balances) == 1:
        # Recorded so: with one currency both rows end the bundle, else the last currency alone.
        for row in rows.values():
            row["endofbundle"] = 1
    return rows


def _ledger_row(world: World, account_id: AccountId, row: Balance) -> Row:
    return {
        "settledcash": double(row.settled),
        "exchangerate": 1 if row.rate == ONE else double(row.rate, RATE_PLACES),
        "sessionid": 1,
        "cashbalance": double(row.cash),
        "netliquidationvalue": double(row.net_liquidation),
        "interest": 0,
        "unrealizedpnl": double(row.unrealised),
        "stockmarketvalue": double(row.stock),
        "dividends": double(row.dividends),
        "currency": row.currency,
        "realizedpnl": double(row.realised),
        "acctcode": account_id,
        "key": "LedgerList",
        "timestamp": world.now // SECOND,
        "severity": 0,
        "secondkey": row.currency,
        **dict.fromkeys(EMPTY_VALUES, 0.0),
    }
