"""Universes: all contracts' courses under one generator and seed, built as they are asked for."""

from collections import OrderedDict
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from paperdesk.base.calendar import Calendar, day_of
from paperdesk.base.ids import Conid
from paperdesk.base.units import SECOND
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.market.actions import ex_places
from paperdesk.market.arith import log
from paperdesk.market.catalogue import Catalogue, MarketParameters
from paperdesk.market.courses import Course, PrimaryCourse
from paperdesk.market.draws import Draws
from paperdesk.market.layers import Layer
from paperdesk.market.lenses import Book
from paperdesk.market.readings import CLASSES, Liquidity
from paperdesk.market.roots import Woods
from paperdesk.market.rows import Given, Reals, Rows, index_days, index_seconds
from paperdesk.market.series import Action
from paperdesk.market.spine import (
    EPOCH,
    MARKET_DRIFT,
    MARKET_SD,
    SECTOR_SD,
    OwnReturns,
    Returns,
    StateReturns,
    Weights,
)
from paperdesk.market.tree import Factor

REFERENCE_DAY: Final = day_of(2025, 12, 31)
"""Where a familiar name has its familiar price, whatever the seed."""

COURSES_KEPT: Final = 128
INDEX_VOLUME: Final = 2_000_000
PAYOUTS_A_YEAR: Final = {"M": 12, "Q": 4, "S": 2, "A": 1}
DEAR: Final = Decimal(1000)

ELASTICITIES: Final = {
    "VIX": 1.0,
    "VIX1D": 1.25,
    "VIX9D": 1.15,
    "VIX3M": 0.7,
    "VVIX": 0.35,
    "SKEW": 0.05,
}
"""Indices of volatility, and how much of the market's state of variance they show."""


class Universe:
    """Courses by conid."""

    def __init__(
        self, generator: int, seed: int, catalogue: Catalogue, layers: Sequence[Layer]
    ) -> None:
        """Know whose prices are asked for; later layers win."""
        self.key = (generator, seed)
        self.catalogue, self.layers = catalogue, tuple(layers)
        self._courses: OrderedDict[Conid, Course | None] = OrderedDict()
        self._factors: dict[str, Factor] = {}
        self._returns: dict[str, Returns] = {}

    def course(self, conid: Conid) -> Course | None:
        """Return a contract's course, or None for a contract without data."""
        kept = self._courses
        if conid in kept:
            kept.move_to_end(conid)
            return kept[conid]
        contract = self.catalogue.find(conid)
        course = None if contract is None else self._build(contract)
        kept[conid] = course
        if len(kept) > COURSES_KEPT:
            kept.popitem(last=False)
        return course

    def _build(self, contract: Contract) -> Course | None:
        parameters = self.catalogue.parameters(contract.conid)
        if contract.security_type is SecurityType.FOREX:
            return None
        return self._primary(contract, parameters)

    def draws(self, subject: str, kind: str) -> Draws:
        """Return the draws of a subject and kind."""
        return Draws(*self.key, subject, kind)

    def factor(self, name: str) -> Factor:
        """Return a common cause of paths inside the day."""
        factor = self._factors.get(name)
        if factor is None:
            factor = self._factors[name] = Factor(*self.key, name)
        return factor

    def returns(self, name: str, days: Sequence[int]) -> Returns:
        """Return the spine of a factor."""
        found = self._returns.get(name)
        if found is None:
            is_market = name == MARKET
            sd, drift = (MARKET_SD, MARKET_DRIFT) if is_market else (SECTOR_SD, 0.0)
            found = self._returns[name] = Returns(self.draws(name, "spine"), days, sd, drift)
        return found

    def _primary(self, contract: Contract, parameters: MarketParameters) -> PrimaryCourse:
        calendar = self.catalogue.calendar(contract.calendar)
        days = calendar.days()[calendar.ordinal(EPOCH) :]
        draws = self.draws(str(contract.conid), "spine")
        is_index = contract.security_type is SecurityType.INDEX
        paid = _payouts(parameters, days, draws)
        own, weights = self._own(contract, parameters, days, draws, paid)
        increment = contract.increment_at(parameters.price_level)
        per_year = PAYOUTS_A_YEAR.get(parameters.distribution_frequency, 1)
        given = Given(
            increment,
            parameters.price_level,
            calendar.ordinal(REFERENCE_DAY + 1) - 1 - calendar.ordinal(EPOCH),
            INDEX_VOLUME if is_index else max(1, contract.average_daily_volume),
            not is_index,
            parameters.distribution_yield / per_year,
        )
        reals, actions = self._real(contract, calendar)
        rows = Rows(own, draws, given, reals, actions, sorted(paid))
        lot = 1 if is_index else int(contract.round_lot)
        woods = Woods(self.key, str(contract.conid), self._ranks(parameters, weights), lot)
        book = None if is_index else self._book(contract, parameters)
        course = PrimaryCourse(contract, calendar, rows, draws, woods, book)
        course.origins = [layer.origin for layer in self.layers]
        return course

    def _own(
        self,
        contract: Contract,
        parameters: MarketParameters,
        days: Sequence[int],
        draws: Draws,
        paid: dict[int, float],
    ) -> tuple[OwnReturns, Weights]:
        market = self.returns(MARKET, days)
        elasticity = ELASTICITIES.get(contract.symbol)
        weights = Weights(
            parameters.yearly_volatility,
            parameters.beta,
            has_sector=bool(parameters.sector),
            is_sector=bool(parameters.sector) and parameters.sector == parameters.factor,
            has_news=contract.stock_type not in {"ETF", "ETN", ""},
        )
        if elasticity is not None and contract.security_type is SecurityType.INDEX:
            return StateReturns(draws, days, market, elasticity), weights
        sector = self.returns(sector_name(parameters.sector), days) if parameters.sector else None
        return OwnReturns(draws, days, weights, market, sector, paid), weights

    def _ranks(self, parameters: MarketParameters, weights: Weights) -> list[tuple[int, Factor]]:
        names = [MARKET, sector_name(parameters.sector)]
        return [
            (rank, self.factor(name))
            for rank, name in zip(weights.ranks, names, strict=True)
            if rank
        ]

    def _book(self, contract: Contract, parameters: MarketParameters) -> Book:
        usual = CLASSES[max(0, min(contract.liquidity_class, len(CLASSES)) - 1)]
        spread = parameters.spread_increments
        if contract.liquidity_class == 1 and parameters.price_level < DEAR:
            spread = 1
        liquidity = Liquidity(
            max(1, spread - spread // 2), spread + spread // 2, usual.touch, usual.period
        )
        increment = contract.increment_at(parameters.price_level)
        return Book(self.draws(str(contract.conid), "book"), liquidity, increment)

    def _real(
        self, contract: Contract, calendar: Calendar
    ) -> tuple[list[Reals], list[tuple[int, Action]]]:
        offset = calendar.ordinal(EPOCH)
        reals: list[Reals] = []
        actions: list[tuple[int, Action]] = []
        for number, layer in enumerate(self.layers):
            bars = layer.bars(contract.conid)
            if bars is not None:
                if bars.seconds:
                    at = bars.bars.at
                    sessions = calendar.sessions(at[0] // 86_400, at[-1] // 86_400 + 1)
                    edges = (
                        (calendar.ordinal(s.day) - offset, s.open // SECOND, s.close // SECOND)
                        for s in sessions
                    )
                    reals.append(Reals(number, bars, index_seconds(at, edges)))
                else:
                    places = {
                        day: calendar.ordinal(day) - offset
                        for day in bars.bars.at
                        if calendar.session(day) is not None
                    }
                    reals.append(Reals(number, bars, index_days(bars.bars.at, places)))
            actions += [
                (calendar.ordinal(action.day) - offset, action)
                for action in layer.actions(contract.conid)
            ]
        return reals, actions


MARKET: Final = "factor/market"


def sector_name(sector: str) -> str:
    """Return the factor of a sector as the catalogue names it."""
    return f"factor/sector/{sector.removeprefix('SECT_').lower()}"


def _payouts(parameters: MarketParameters, days: Sequence[int], draws: Draws) -> dict[int, float]:
    """Return what ex-days take off, as logarithms, by place."""
    per_year = PAYOUTS_A_YEAR.get(parameters.distribution_frequency)
    if per_year is None or parameters.distribution_yield <= 0.0:
        return {}
    off = log(1.0 - parameters.distribution_yield / per_year)
    places = ex_places(days, parameters.distribution_frequency, draws.words(0, 5))
    return dict.fromkeys(places, off)
