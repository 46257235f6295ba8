"""Spines: the days of contracts that have a path of their own, and of what moves them all.

A spine is some 7,000 rows, each made out of the one before: too many to make in one go while
others wait.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from paperdesk.base.calendar import day_of
from paperdesk.base.slices import Slices
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.market.actions import ex_places
from paperdesk.market.arith import log
from paperdesk.market.catalogue import Catalogue, MarketParameters
from paperdesk.market.draws import Draws
from paperdesk.market.spine import (
    EPOCH,
    MARKET_DRIFT,
    MARKET_SD,
    NO_PAYOUTS,
    SECTOR_SD,
    SESSIONS_A_YEAR,
    OwnReturns,
    Payouts,
    Returns,
    StateReturns,
    Weights,
)

REFERENCE_DAY: Final = day_of(2025, 12, 31)
"""Where a familiar name has its familiar price, whatever the seed."""

ROWS_AT_ONCE: Final = 256
PAYOUTS_A_YEAR: Final = {"M": 12, "Q": 4, "S": 2, "A": 1}
ELASTICITIES: Final = {
    "VIX": 1.0,
    "VIX1D": 1.25,
    "VIX9D": 1.15,
    "VIX3M": 0.7,
    "VVIX": 0.35,
    "SKEW": 0.05,
}
"""Indices of volatility, and how much of the market's state of variance they show."""

MARKET: Final = "factor/market"
CURRENCIES: Final = "factor/currencies"
"""The state of variance that all pairs have in common; of its returns they have no part."""


class Spine(NamedTuple):
    """A contract's days, how much of them comes from where, and what ex-days take off.

    `paid` is a fraction of the price by place.
    """

    own: OwnReturns
    weights: Weights
    paid: dict[int, float]


class Spines:
    """Spines that have been begun, until a course takes them over."""

    def __init__(self, key: tuple[int, int], catalogue: Catalogue) -> None:
        """Know generator and seed, and whose spines there may be."""
        self._key, self._catalogue = key, catalogue
        self._returns: dict[str, Returns] = {}
        self._begun: dict[int, Spine] = {}

    def draws(self, subject: str) -> Draws:
        """Return the draws of a subject's spine."""
        return Draws(*self._key, subject, "spine")

    def days(self, contract: Contract) -> Sequence[int]:
        """Return the days of a contract's sessions from the epoch on."""
        calendar = self._catalogue.calendar(contract.calendar)
        return calendar.days()[calendar.ordinal(EPOCH) :]

    def reference(self, contract: Contract) -> int:
        """Return the place of the session at which a contract has its familiar price."""
        calendar = self._catalogue.calendar(contract.calendar)
        return calendar.ordinal(REFERENCE_DAY + 1) - 1 - calendar.ordinal(EPOCH)

    def returns(self, name: str, days: Sequence[int]) -> Returns:
        """Return the spine of a factor."""
        found = self._returns.get(name)
        if found is None:
            is_market = name == MARKET
            sd, drift = (MARKET_SD, MARKET_DRIFT) if is_market else (SECTOR_SD, 0.0)
            found = self._returns[name] = Returns(self.draws(name), days, sd, drift)
        return found

    def taken(self, contract: Contract) -> Spine:
        """Return a contract's spine, as far as it has been made, to whoever keeps it from now."""
        spine = self._begun.pop(contract.conid, None)
        return self._new(contract) if spine is None else spine

    def grown(self, contract: Contract) -> Slices[None]:
        """Make a contract's spine up to its reference, in slices."""
        spine = self._begun.get(contract.conid)
        if spine is None:
            spine = self._begun[contract.conid] = self._new(contract)
        most = self.reference(contract) + 1
        for count in range(ROWS_AT_ONCE, most + ROWS_AT_ONCE, ROWS_AT_ONCE):
            yield
            spine.own.extend(min(count, most))

    def _new(self, contract: Contract) -> Spine:
        parameters = self._catalogue.parameters(contract.conid)
        if contract.security_type is SecurityType.FOREX:
            return self._of_pair(contract, parameters)
        days, draws = self.days(contract), self.draws(str(contract.conid))
        market = self.returns(MARKET, days)
        weights = Weights(
            parameters.yearly_volatility,
            parameters.beta,
            has_sector=bool(parameters.sector),
            is_sector=bool(parameters.sector) and parameters.sector == parameters.factor,
            has_news=contract.stock_type not in {"ETF", "ETN", ""},
        )
        paid = payouts(parameters, days, draws)
        elasticity = ELASTICITIES.get(contract.symbol)
        if elasticity is not None and contract.security_type is SecurityType.INDEX:
            return Spine(StateReturns(draws, days, market, elasticity), weights, paid)
        sector = self.returns(sector_name(parameters.sector), days) if parameters.sector else None
        carry = parameters.distribution_yield / SESSIONS_A_YEAR if paid else 0.0
        logs = Payouts({place: log(1.0 - part) for place, part in paid.items()}, carry)
        return Spine(OwnReturns(draws, days, weights, market, sector, logs), weights, paid)

    def _of_pair(self, contract: Contract, parameters: MarketParameters) -> Spine:
        days, draws = self.days(contract), self.draws(pair_subject(contract))
        yearly = parameters.yearly_volatility
        weights = Weights(yearly, 0.0, has_sector=False, is_sector=False, has_news=False)
        market = self.returns(CURRENCIES, days)
        return Spine(OwnReturns(draws, days, weights, market, None, NO_PAYOUTS), weights, {})


def pair_subject(contract: Contract) -> str:
    """Return the subject of whose draws a pair with a path of its own is made."""
    return f"factor/fx/{contract.base}.{contract.currency}"


def sector_name(sector: str) -> str:
    """Return the factor of a sector as the catalogue names it."""
    return f"factor/sector/{sector.removeprefix('SECT_').lower()}"


def payouts(parameters: MarketParameters, days: Sequence[int], draws: Draws) -> dict[int, float]:
    """Return what ex-days take off, as a fraction of the price, by place."""
    per_year = PAYOUTS_A_YEAR.get(parameters.distribution_frequency)
    if per_year is None or parameters.distribution_yield <= 0.0:
        return {}
    off = parameters.distribution_yield / per_year
    places = ex_places(days, parameters.distribution_frequency, draws.words(0, 5))
    return dict.fromkeys(places, off)
