"""The catalogue: every contract that can be asked for, and what the market knows of each.

It is compiled from the tables in `data/instruments` and never changes while a desk lives: a desk
pins its hash, since conids name the draws that its prices come from.
"""

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

import msgspec

from paperdesk.base.calendar import Calendar
from paperdesk.base.errors import UnknownContract
from paperdesk.base.ids import Conid
from paperdesk.base.units import Currency, Price
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.market.calendars import read_calendars, shipped

FORMAT: Final = 1
INVENTED_MIN: Final = 2_000_000_001
INVENTED_MAX: Final = 2_147_000_000


class MarketParameters(msgspec.Struct, frozen=True, kw_only=True):
    """What a generator of prices starts from. Estimates, not market data.

    `price_level` is the usual price (an index's level, a pair's rate). Fractions are fractions:
    `yearly_volatility` 0.25 is 25 %, `expense_ratio` 0.0009 is 0.09 %. `sector` is the factor of
    the contract's sector (`SECT_TECH`), empty where it has none. `factor` and `loading` say what a
    fund follows: its return is loading times the factor's, where the factor is an index, sector,
    contract or pair by name; for a bond fund (`factor_kind` "yield") loading is the duration in
    years against a yield, for commodity, crypto and currency funds ("unit") the units of the
    underlying in one share. `daily_reset` means that the multiple holds a day at a time.
    `distribution_frequency` is M, Q, S or A, empty for none. `average_daily_volume` is in shares.
    `spread_increments` is the usual spread in regular hours in price increments;
    `typical_spread_pips` that of a pair in its `pip`.
    """

    conid: Conid
    price_level: Price
    yearly_volatility: float
    beta: float
    sector: str = ""
    liquidity_class: int = 0
    average_daily_volume: int = 0
    spread_increments: int = 1
    factor: str = ""
    factor_kind: str = ""
    loading: float = 1.0
    daily_reset: bool = False
    category: str = ""
    expense_ratio: float = 0.0
    distribution_yield: float = 0.0
    distribution_frequency: str = ""
    in_sp500: bool = False
    computed_from: str = ""
    base: Currency = ""
    quote: Currency = ""
    pip: Price = Decimal(0)
    typical_spread_pips: float = 0.0


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """Where contracts trade or are listed; `order_profile` names what orders it takes.

    `aliases` are codes of the past by which it is found as well.

    `regular_hours` and `extended_hours` are local seconds of the day, None where it has none; an
    end before its start means that the hours begin the evening before.
    """

    code: str
    mic: str
    name: str
    country: str
    zone: str
    order_profile: str
    aliases: tuple[str, ...] = ()
    regular_hours: tuple[int, int] | None = None
    extended_hours: tuple[int, int] | None = None


class OrderProfile(msgspec.Struct, frozen=True, kw_only=True):
    """What orders an exchange takes, in IBKR's words and order."""

    name: str
    order_types: tuple[str, ...]
    order_types_outside: tuple[str, ...]
    times_in_force: tuple[str, ...]
    has_algos: bool
    size_increment: str


class OptionClass(msgspec.Struct, frozen=True, kw_only=True):
    """Which options are listed on an underlying: months ahead, weeklies, years of LEAPS."""

    underlying: str
    trading_class: str
    monthlies: int
    weeklies: int
    leaps_years: int


class AlgoParameter(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter of an algo. `default`, `minimum` and `maximum` are as the wire shows them."""

    id: str
    name: str
    type: str
    description: str = ""
    default: str | bool | float | None = None
    minimum: float | None = None
    maximum: float | None = None
    legal: tuple[str, ...] = ()
    is_required: bool = False
    enabled_when: tuple[str, ...] = ()


class Algo(msgspec.Struct, frozen=True, kw_only=True):
    """An IBKR algo: for which security types, on which order types, with what parameters."""

    id: str
    name: str
    description: str
    security_types: tuple[SecurityType, ...]
    parameters: tuple[AlgoParameter, ...]


class MarketDataField(msgspec.Struct, frozen=True, kw_only=True):
    """A numbered field of market data: how it is sent (`string` even for most numbers)."""

    tag: str
    name: str
    wire_type: str
    unit: str
    applies_to: str
    has_raw: bool = False
    is_old: bool = False


class Content(msgspec.Struct, kw_only=True):
    """The compiled file: what `tools/make_catalogue.py` writes and `Catalogue` reads.

    `aliases` are symbols of the past and the contract that bears another today. `factors` gives
    yearly volatility and beta of what funds follow without being a contract here.
    """

    format: int
    contracts: list[Contract]
    parameters: list[MarketParameters]
    aliases: dict[str, Conid]
    exchanges: list[Exchange]
    profiles: list[OrderProfile]
    options: list[OptionClass]
    option_exchanges: tuple[str, ...]
    algos: list[Algo]
    currencies: dict[Currency, str]
    fields: list[MarketDataField]


def invented_conid(security_type: SecurityType, symbol: str, currency: Currency) -> Conid:
    """Return the conid of a contract whose real one is not known.

    It depends on the contract alone and lies above every known real one and below 2147483647,
    which the API uses for bonds that are chosen by issuer.
    """
    text = f"{security_type.value}/{symbol}/{currency}".encode("ascii")
    drawn = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")
    return Conid(INVENTED_MIN + drawn % (INVENTED_MAX - INVENTED_MIN + 1))


class Catalogue:
    """Contracts by conid, symbol, name and pair, in one stable order.

    The order is stocks, funds, indices, pairs, each as its table has them, also within a symbol.
    """

    def __init__(self, content: Content, calendars: Mapping[str, Calendar], digest: str) -> None:
        """Index compiled content."""
        assert content.format == FORMAT
        self.hash = digest
        self.currencies: Mapping[Currency, str] = content.currencies
        self.algos = tuple(content.algos)
        self.option_exchanges = content.option_exchanges
        self.fields = tuple(content.fields)
        self._calendars = calendars
        self._contracts = tuple(_share_exchanges(content.contracts))
        self._by_conid = {contract.conid: contract for contract in self._contracts}
        self._parameters = {row.conid: row for row in content.parameters}
        self._exchanges = {
            code: row for row in content.exchanges for code in (*row.aliases, row.code)
        }
        self._profiles = {row.name: row for row in content.profiles}
        self._options: dict[str, list[OptionClass]] = defaultdict(list)
        for row in content.options:
            self._options[row.underlying].append(row)
        by_symbol: dict[str, list[Contract]] = defaultdict(list)
        for contract in self._contracts:
            by_symbol[contract.symbol].append(contract)
        for alias, conid in content.aliases.items():
            by_symbol[alias].append(self._by_conid[conid])
        self._by_symbol = {symbol: tuple(rows) for symbol, rows in by_symbol.items()}
        self._pairs = {
            (row.base, row.currency): row
            for row in self._contracts
            if row.security_type is SecurityType.FOREX
        }
        assert len(self._by_conid) == len(self._contracts), "a conid names one contract"

    @property
    def by_conid(self) -> Mapping[Conid, Contract]:
        """All contracts by conid."""
        return self._by_conid

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """All calendars by name."""
        return self._calendars

    def contract(self, conid: Conid) -> Contract:
        """Return the contract with a conid.

        Raises:
            UnknownContract: there is none.
        """
        contract = self._by_conid.get(conid)
        if contract is None:
            raise UnknownContract(f"No contract has conid {conid}.")
        return contract

    def find(self, conid: Conid) -> Contract | None:
        """Return the contract with a conid, or None."""
        return self._by_conid.get(conid)

    def contracts(self) -> tuple[Contract, ...]:
        """Return all contracts, always in the same order."""
        return self._contracts

    def by_symbol(self, symbol: str) -> tuple[Contract, ...]:
        """Return the contracts with exactly this symbol, the US stock or fund first.

        A symbol of the past (`FB`) gives the contract that bears another today.
        """
        return self._by_symbol.get(symbol, ())

    def calendar(self, name: str) -> Calendar:
        """Return a calendar by the name that contracts give it."""
        return self._calendars[name]

    def calendar_of(self, conid: Conid) -> Calendar:
        """Return the calendar of a contract; refuses an unknown one as `contract` does."""
        return self._calendars[self.contract(conid).calendar]

    def parameters(self, conid: Conid) -> MarketParameters:
        """Return what a generator starts from; refuses an unknown contract as `contract` does."""
        return self._parameters[self.contract(conid).conid]

    def fx_pair(self, base: Currency, quote: Currency) -> Contract | None:
        """Return the pair that is quoted this way round, or None."""
        return self._pairs.get((base, quote))

    def fx_pairs(self, currency: Currency) -> tuple[Contract, ...]:
        """Return the pairs that have a currency on either side."""
        return tuple(row for key, row in self._pairs.items() if currency in key)

    def search(self, text: str, *, by_name: bool = False) -> tuple[Contract, ...]:
        """Return the contracts of a symbol, or those whose company name has words that begin so.

        Symbols are compared whole and without regard to case. Every word of a name's text must
        begin a word of the contract's name; names that begin with the text come first, then the
        more liquid.
        """
        wanted = text.upper().strip()
        if not by_name:
            return self.by_symbol(wanted)
        words = wanted.split()
        if not words:
            return ()
        found = [row for row in self._contracts if _has_words(row.name, words)]
        found.sort(key=lambda row: (not row.name.upper().startswith(wanted), row.liquidity_class))
        return tuple(found)

    def exchange(self, code: str) -> Exchange | None:
        """Return an exchange by IBKR's code of today or of the past, or None."""
        return self._exchanges.get(code)

    def order_profile(self, contract: Contract, exchange: str = "") -> OrderProfile:
        """Return what orders are taken for a contract at an exchange (default: best routing)."""
        at = exchange or (contract.exchanges[0] if contract.exchanges else "")
        row = self._exchanges.get(at) or self._exchanges[contract.primary_exchange]
        tradable = contract.is_tradable and contract.security_type is not SecurityType.INDEX
        return self._profiles[row.order_profile if tradable else "NONE"]

    def option_classes(self, contract: Contract) -> tuple[OptionClass, ...]:
        """Return the option classes on a contract, the standard one first; none without options."""
        return tuple(self._options.get(contract.symbol, ())) if contract.has_options else ()


def load_catalogue() -> Catalogue:
    """Read the catalogue that is shipped."""
    packed, calendars = shipped("contracts.bin"), shipped("calendars.json")
    digest = hashlib.sha256(hashlib.sha256(packed).digest() + calendars).hexdigest()
    content = msgspec.msgpack.decode(zlib.decompress(packed), type=Content)
    return Catalogue(content, read_calendars(calendars), digest)


def _share_exchanges(contracts: Iterable[Contract]) -> Iterable[Contract]:
    """Let contracts with the same exchanges and increments hold the same tuples."""
    shared: dict[tuple[object, ...], tuple[object, ...]] = {}
    for contract in contracts:
        yield msgspec.structs.replace(
            contract,
            exchanges=shared.setdefault(contract.exchanges, contract.exchanges),
            increments=shared.setdefault(contract.increments, contract.increments),
        )


def _has_words(name: str, words: Iterable[str]) -> bool:
    padded = f" {name.upper()}"
    return all(f" {word}" in padded for word in words)
