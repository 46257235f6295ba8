"""Compile the contract catalogue that is shipped.

    python tools/make_catalogue.py

Reads the tables of `data/instruments` and writes `src/paperdesk/market/data/contracts.bin`
(MessagePack, deflated) with its SHA-256 beside it. The same tables give the same bytes.
"""

import csv
import hashlib
import json
import math
import sys
import zlib
from decimal import Decimal
from pathlib import Path

import msgspec

from paperdesk.base.ids import Conid
from paperdesk.kernel.state.contracts import Contract, IncrementRule, SecurityType
from paperdesk.market.catalogue import (
    FORMAT,
    Algo,
    Content,
    Exchange,
    MarketDataField,
    MarketParameters,
    OptionClass,
    OrderProfile,
    invented_conid,
)

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "data" / "instruments"
SHIPPED = ROOT / "src" / "paperdesk" / "market" / "data"
ONE = Decimal(1)
CENT = Decimal("0.01")
FRACTION = Decimal("0.0001")
# The usual spread of a class as a fraction of the price; class 1 is the most liquid.
SPREADS = (Decimal("0.00004"), Decimal("0.00012"), Decimal("0.00025"), Decimal("0.0005"))
CURRENCY_CORRELATION = 0.5
PEGGED = {("EUR", "DKK"): 0.005, ("USD", "HKD"): 0.008}
SAME_DAY_PLUS_ONE = {("USD", "CAD"), ("USD", "TRY"), ("USD", "RUB")}

Row = dict[str, str]
Made = tuple[Contract, MarketParameters]


def table(name: str) -> list[Row]:
    """Return the rows of a table."""
    with (TABLES / f"{name}.csv").open(newline="") as lines:
        return list(csv.DictReader(lines))


class Tables:
    """What rows of contracts refer to."""

    def __init__(self) -> None:
        """Read the tables that others refer to."""
        self.ticks: dict[str, list[IncrementRule]] = {}
        for row in table("tick_rules"):
            rule = IncrementRule(Decimal(row["lower_edge"]), Decimal(row["increment"]))
            self.ticks.setdefault(row["rule"], []).append(rule)
        self.routings = {r["routing"]: tuple(r["exchanges"].split(";")) for r in table("routings")}
        self.factors = {row["factor"]: row for row in table("factors")}
        self.currencies = {row["code"]: row for row in table("currencies")}

    def increments(self, rule: str) -> tuple[IncrementRule, ...]:
        """Return the price increments of a rule."""
        return tuple(self.ticks[rule])


def conid(row: Row, security_type: SecurityType, symbol: str, currency: str) -> Conid:
    """Return the known conid of a row, else the one that is invented for it."""
    if row["conid"]:
        return Conid(int(row["conid"]))
    return invented_conid(security_type, symbol, currency)


def spread(price: Decimal, liquidity_class: int) -> int:
    """Return the usual spread in cents, at least one."""
    return max(1, round(price * SPREADS[liquidity_class - 1] / CENT))


def stock(row: Row, tables: Tables) -> Made:
    """Return a US stock."""
    level, grade = Decimal(row["price_level"]), int(row["liquidity_class"])
    contract = Contract(
        conid=conid(row, SecurityType.STOCK, row["symbol"], "USD"),
        symbol=row["symbol"],
        local_symbol=row["symbol"],
        security_type=SecurityType.STOCK,
        stock_type=row["stock_type"],
        name=row["name"],
        currency="USD",
        country="US",
        primary_exchange=row["primary_exchange"],
        listing_exchange=row["listing_exchange"],
        trading_class=row["trading_class"],
        exchanges=tables.routings["US_STOCK"],
        sector=row["sector"],
        group=row["group"],
        sector_group=row["sector_group"],
        calendar="XNYS",
        increments=tables.increments(row["tick_rule"]),
        decimals=2,
        size_increment=FRACTION,
        round_lot=Decimal(row["round_lot"]),
        minimum_size=FRACTION,
        multiplier=ONE,
        settlement_days=int(row["settlement_days"]),
        liquidity_class=grade,
        average_daily_volume=int(row["average_daily_volume"]),
        margin_multiplier=ONE,
        has_options=row["has_options"] == "Y",
    )
    parameters = MarketParameters(
        conid=contract.conid,
        price_level=level,
        yearly_volatility=float(row["yearly_volatility"]),
        beta=float(row["beta"]),
        sector=row["factor"],
        liquidity_class=grade,
        average_daily_volume=contract.average_daily_volume,
        spread_increments=spread(level, grade),
        in_sp500=row["in_sp500"] == "Y",
    )
    return contract, parameters


def fund(row: Row, tables: Tables, volatilities: dict[str, tuple[float, float]]) -> Made:
    """Return an exchange-traded fund or note."""
    level, grade = Decimal(row["price_level"]), int(row["liquidity_class"])
    at = row["primary_exchange"]
    on_nasdaq = at == "NASDAQ"
    contract = Contract(
        conid=conid(row, SecurityType.STOCK, row["symbol"], "USD"),
        symbol=row["symbol"],
        local_symbol=row["symbol"],
        security_type=SecurityType.STOCK,
        stock_type=row["stock_type"],
        name=row["name"],
        currency="USD",
        country="US",
        primary_exchange=at,
        listing_exchange="NASDAQ.NMS" if on_nasdaq else at,
        trading_class="NMS" if on_nasdaq else row["symbol"],
        exchanges=tables.routings["US_STOCK"],
        calendar="XNYS",
        increments=tables.increments(row["tick_rule"]),
        decimals=2,
        size_increment=FRACTION,
        round_lot=Decimal(row["round_lot"]),
        minimum_size=FRACTION,
        multiplier=ONE,
        settlement_days=1,
        liquidity_class=grade,
        average_daily_volume=int(row["average_daily_volume"]),
        margin_multiplier=Decimal(row["margin_multiplier"]),
        has_options=row["has_options"] == "Y",
    )
    loading = float(row["loading"])
    volatility, beta = volatilities[row["factor"]]
    multiple = 1.0 if row["factor_kind"] == "unit" else abs(loading)
    parameters = MarketParameters(
        conid=contract.conid,
        price_level=level,
        yearly_volatility=round(multiple * volatility, 4),
        beta=round(loading * beta if row["factor_kind"] == "return" else beta, 2),
        sector=row["factor"] if row["factor"].startswith("SECT_") else "",
        liquidity_class=grade,
        average_daily_volume=contract.average_daily_volume,
        spread_increments=spread(level, grade),
        factor=row["factor"],
        factor_kind=row["factor_kind"],
        loading=loading,
        daily_reset=row["daily_reset"] == "Y",
        category=row["category"],
        expense_ratio=float(Decimal(row["expense_ratio_pct"]) / 100),
        distribution_yield=float(Decimal(row["distribution_yield_pct"]) / 100),
        distribution_frequency=row["distribution_frequency"],
    )
    return contract, parameters


def index(row: Row, tables: Tables) -> Made:
    """Return an index: looked at, never traded."""
    factor = tables.factors[row["symbol"]]
    contract = Contract(
        conid=conid(row, SecurityType.INDEX, row["symbol"], "USD"),
        symbol=row["symbol"],
        local_symbol=row["symbol"],
        security_type=SecurityType.INDEX,
        name=row["name"],
        currency="USD",
        country="US",
        primary_exchange=row["exchange"],
        listing_exchange=row["exchange"],
        trading_class=row["symbol"],
        exchanges=(row["exchange"],),
        calendar="XNYS",
        increments=tables.increments("25"),
        decimals=2,
        size_increment=ONE,
        round_lot=ONE,
        minimum_size=ONE,
        multiplier=ONE,
        settlement_days=0,
        margin_multiplier=ONE,
        is_tradable=False,
        is_shortable=False,
        has_options=row["has_options"] == "Y",
        is_real_conid=bool(row["conid"]),
    )
    parameters = MarketParameters(
        conid=contract.conid,
        price_level=Decimal(row["level"]),
        yearly_volatility=float(factor["yearly_volatility"]),
        beta=float(factor["beta"]),
        computed_from=row["computed_from"],
    )
    return contract, parameters


def pair(row: Row, tables: Tables) -> Made:
    """Return a currency pair."""
    base, quote = row["base"], row["quote"]
    contract = Contract(
        conid=conid(row, SecurityType.FOREX, base, quote),
        symbol=base,
        local_symbol=row["pair"],
        security_type=SecurityType.FOREX,
        name=f"{tables.currencies[base]['name']}/{tables.currencies[quote]['name']}",
        currency=quote,
        base=base,
        primary_exchange="IDEALPRO",
        listing_exchange="IDEALPRO",
        trading_class=row["pair"],
        exchanges=tables.routings["FOREX"],
        calendar="FX",
        increments=(IncrementRule(Decimal(0), Decimal(row["increment"])),),
        decimals=int(row["decimals"]),
        size_increment=Decimal(row["size_increment"]),
        round_lot=ONE,
        minimum_size=Decimal(row["size_min"]),
        multiplier=ONE,
        settlement_days=1 if (base, quote) in SAME_DAY_PLUS_ONE else 2,
        margin_multiplier=ONE,
        is_tradable=row["is_restricted"] == "N",
        is_real_conid=bool(row["conid"]),
    )
    first = float(tables.currencies[base]["yearly_volatility"])
    second = float(tables.currencies[quote]["yearly_volatility"])
    together = first * first + second * second - 2 * CURRENCY_CORRELATION * first * second
    parameters = MarketParameters(
        conid=contract.conid,
        price_level=Decimal(row["rate_level"]),
        yearly_volatility=PEGGED.get((base, quote), round(math.sqrt(together), 4)),
        beta=0.0,
        base=base,
        quote=quote,
        pip=Decimal(row["pip"]),
        typical_spread_pips=float(row["typical_spread_pips"]),
    )
    return contract, parameters


def exchanges() -> list[Exchange]:
    """Return where contracts trade."""
    return [
        Exchange(
            code=row["code"],
            mic=row["mic"],
            name=row["name"],
            country=row["country"],
            zone=row["zone"],
            order_profile=row["order_profile"],
            aliases=words(row["aliases"]),
            regular_hours=hours(row["regular_hours"]),
            extended_hours=hours(row["extended_hours"]),
        )
        for row in table("exchanges")
    ]


def profiles() -> list[OrderProfile]:
    """Return what orders exchanges take."""
    return [
        OrderProfile(
            name=row["profile"],
            order_types=words(row["order_types"]),
            order_types_outside=words(row["order_types_outside"]),
            times_in_force=words(row["times_in_force"]),
            has_algos=row["has_algos"] == "Y",
            size_increment=row["size_increment"],
        )
        for row in table("order_profiles")
    ]


def hours(text: str) -> tuple[int, int] | None:
    """Return `09:30-16:00` as seconds of the day."""
    if not text:
        return None
    start, end = (part.split(":") for part in text.split("-"))
    return int(start[0]) * 3600 + int(start[1]) * 60, int(end[0]) * 3600 + int(end[1]) * 60


def words(text: str) -> tuple[str, ...]:
    """Return the parts of a list in a cell."""
    return tuple(filter(None, text.split(";")))


def option_classes(contracts: list[Contract]) -> list[OptionClass]:
    """Return the classes of the table, and one ordinary class for everything else with options."""
    weekly = {row["symbol"]: row["weeklies"] == "Y" for row in table("stocks") + table("etfs")}
    made = [
        OptionClass(
            underlying=row["underlying"],
            trading_class=row["trading_class"],
            monthlies=int(row["monthlies"]),
            weeklies=int(row["weeklies"]),
            leaps_years=int(row["leaps_years"]),
        )
        for row in table("option_classes")
    ]
    known = {row.underlying for row in made}
    for contract in contracts:
        if contract.has_options and contract.symbol not in known:
            is_weekly = weekly.get(contract.symbol, False)
            made.append(
                OptionClass(
                    underlying=contract.symbol,
                    trading_class=contract.symbol.replace(" ", ""),
                    monthlies=6 if is_weekly else 4,
                    weeklies=6 if is_weekly else 0,
                    leaps_years=2 if is_weekly else 0,
                )
            )
    return made


def fields() -> list[MarketDataField]:
    """Return the fields of market data."""
    return [
        MarketDataField(
            tag=row["tag"],
            name=row["name"],
            wire_type=row["wire_type"],
            unit=row["unit"],
            applies_to=row["applies_to"],
            has_raw=row["has_raw"] == "Y",
            is_old=row["is_old"] == "Y",
        )
        for row in table("market_data_fields")
    ]


def content() -> Content:
    """Return everything the catalogue is made of."""
    tables = Tables()
    made = [stock(row, tables) for row in table("stocks")]
    known = {
        name: (float(row["yearly_volatility"]), float(row["beta"]))
        for name, row in tables.factors.items()
    }
    known |= {c.symbol: (p.yearly_volatility, p.beta) for c, p in made}
    made += [fund(row, tables, known) for row in table("etfs")]
    made += [index(row, tables) for row in table("indices")]
    made += [pair(row, tables) for row in table("fx_pairs")]
    contracts = [contract for contract, _ in made]
    algos = json.loads((TABLES / "algos.json").read_text())
    return Content(
        format=FORMAT,
        contracts=contracts,
        parameters=[parameters for _, parameters in made],
        aliases={row["symbol"]: Conid(int(row["conid"])) for row in table("aliases")},
        exchanges=exchanges(),
        profiles=profiles(),
        options=option_classes(contracts),
        option_exchanges=tables.routings["US_OPTION"],
        algos=msgspec.convert(algos, list[Algo]),
        currencies={code: row["name"] for code, row in tables.currencies.items()},
        fields=fields(),
    )


def main() -> None:
    """Write the catalogue and its hash."""
    plain = msgspec.msgpack.encode(content())
    packed = zlib.compress(plain, 9)
    digest = hashlib.sha256(packed).hexdigest()
    (SHIPPED / "contracts.bin").write_bytes(packed)
    (SHIPPED / "contracts.sha256").write_text(f"{digest}\n")
    sys.stdout.write(f"{len(plain)} bytes, {len(packed)} deflated, {digest}\n")


if __name__ == "__main__":
    main()
