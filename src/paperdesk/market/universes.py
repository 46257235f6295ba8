"""Universes: all contracts' courses under one generator and seed, built as they are asked for."""

from collections import OrderedDict
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from paperdesk.base.calendar import Calendar, day_of
from paperdesk.base.ids import Conid
from paperdesk.base.units import SECOND
from paperdesk.kernel.messages.scripts import Script
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.market.actions import ex_places
from paperdesk.market.arith import log
from paperdesk.market.caches import BarCache
from paperdesk.market.catalogue import Catalogue, MarketParameters
from paperdesk.market.combined import CombinedCourse
from paperdesk.market.courses import Course, PrimaryCourse
from paperdesk.market.draws import Draws
from paperdesk.market.fixings import Fixings, real_fixings
from paperdesk.market.layers import Layer
from paperdesk.market.leaders import leader_of, multiple_of
from paperdesk.market.legs import leg_of, legs_of
from paperdesk.market.lenses import Book
from paperdesk.market.mapped import MappedCourse, Terms
from paperdesk.market.pairs import PairBook, PairCourse
from paperdesk.market.readings import CLASSES, Liquidity
from paperdesk.market.roots import Woods
from paperdesk.market.rows import Given, Reals, Rows, index_days, index_seconds
from paperdesk.market.scripts import ScriptedCourse, checked
from paperdesk.market.series import Action
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
        self,
        generator: int,
        seed: int,
        catalogue: Catalogue,
        layers: Sequence[Layer],
        scripts: Sequence[Script] = (),
    ) -> None:
        """Know whose prices are asked for; later layers win, and scripts over all."""
        self.scripts = list(scripts)
        self.key = (generator, seed)
        self.catalogue, self.layers = catalogue, tuple(layers)
        self._courses: OrderedDict[Conid, Course | None] = OrderedDict()
        self._factors: dict[str, Factor] = {}
        self._returns: dict[str, Returns] = {}
        self._bars = BarCache()

    def course(self, conid: Conid) -> Course | None:
        """Return a contract's course, or None for a contract without data."""
        kept = self._courses
        if conid in kept:
            kept.move_to_end(conid)
            return kept[conid]
        contract = self.catalogue.find(conid)
        course = None if contract is None else self._build(contract)
        course = kept[conid] = self._scripted(course)
        if course is not None:
            course.bars = self._bars
        if len(kept) > COURSES_KEPT:
            kept.popitem(last=False)
        return course

    def _scripted(self, course: Course | None) -> Course | None:
        if not isinstance(course, PrimaryCourse | PairCourse):
            return course
        conid = course.contract.conid
        scripts = [script for script in self.scripts if script.conid == conid]
        if not scripts:
            return course
        scripted = ScriptedCourse(course, self.draws(str(conid), "bridge"), course.woods)
        scripted.add(scripts)
        return scripted

    def add(self, script: Script) -> None:
        """Have a contract follow one more script.

        Raises:
            ScriptRefused: its market cannot.
        """
        checked(script, self.course(script.conid))
        self.scripts.append(script)
        self._forget(script.conid)
        try:
            self.course(script.conid)
        except BaseException:
            self.scripts.pop()
            raise

    def _forget(self, changed: Conid) -> None:
        """Forget a contract's course, and those that were built on it."""
        self._bars.clear()
        for conid, course in list(self._courses.items()):
            if conid == changed or isinstance(course, MappedCourse | CombinedCourse):
                del self._courses[conid]

    def _build(self, contract: Contract) -> Course | None:
        parameters = self.catalogue.parameters(contract.conid)
        if contract.security_type is SecurityType.FOREX:
            return self._pair(contract)
        leader = leader_of(contract, parameters)
        if leader is not None:
            base = self._leader(leader)
            if base is not None:
                return self._mapped(contract, parameters, base)
        return self._primary(contract, parameters)

    def _leader(self, name: str) -> Contract | None:
        base, _, quote = name.partition(".")
        if quote:
            return self.catalogue.fx_pair(base, quote)
        found = self.catalogue.by_symbol(name)
        return found[0] if found else None

    def _mapped(
        self, contract: Contract, parameters: MarketParameters, leader: Contract
    ) -> Course | None:
        base = self.course(leader.conid)
        if base is None:
            return None
        calendar = self.catalogue.calendar(contract.calendar)
        days = calendar.days()[calendar.ordinal(EPOCH) :]
        paid = _payouts(parameters, days, self.draws(str(contract.conid), "spine"))
        is_index = contract.security_type is SecurityType.INDEX
        terms = Terms(
            multiple_of(parameters, self.catalogue.parameters(leader.conid)),
            float(parameters.price_level),
            calendar.ordinal(REFERENCE_DAY + 1) - 1 - calendar.ordinal(EPOCH),
            parameters.expense_ratio,
            parameters.distribution_yield if paid else 0.0,
            paid,
            not is_index,
            max(1, contract.average_daily_volume),
        )
        book = None if is_index else self._book(contract, parameters)
        return MappedCourse(contract, calendar, base, terms, book)

    def _pair(self, contract: Contract) -> Course | None:
        if leg_of(contract):
            return self._leg(contract)
        legs = []
        for leg in legs_of(contract.base, contract.currency):
            pair = self.catalogue.fx_pair(leg.base, leg.quote)
            course = None if pair is None else self.course(pair.conid)
            if course is None:
                return None
            legs.append((course, leg.is_direct))
        calendar = self.catalogue.calendar(contract.calendar)
        return CombinedCourse(contract, calendar, legs, self._pair_book(contract))

    def _leg(self, contract: Contract) -> PairCourse:
        parameters = self.catalogue.parameters(contract.conid)
        calendar = self.catalogue.calendar(contract.calendar)
        days = calendar.days()[calendar.ordinal(EPOCH) :]
        subject = f"factor/fx/{contract.base}.{contract.currency}"
        draws = self.draws(subject, "spine")
        yearly = parameters.yearly_volatility
        weights = Weights(yearly, 0.0, has_sector=False, is_sector=False, has_news=False)
        market = self.returns(CURRENCIES, days)
        own = OwnReturns(draws, days, weights, market, None, NO_PAYOUTS)
        real = real_fixings(self.layers, contract.base, contract.currency, days)
        reference = calendar.ordinal(REFERENCE_DAY + 1) - 1 - calendar.ordinal(EPOCH)
        fixings = Fixings(own, real, float(parameters.price_level), reference)
        woods = Woods(self.key, subject, (), 1)
        course = PairCourse(contract, calendar, fixings, draws, woods, self._pair_book(contract))
        reals, _ = self._real(contract, calendar)
        course.reals = {place: real for real in reals for place in real.ranges}
        course.origins = [layer.origin for layer in self.layers]
        return course

    def _pair_book(self, contract: Contract) -> PairBook:
        parameters = self.catalogue.parameters(contract.conid)
        increment = contract.increment_at(parameters.price_level)
        pips = parameters.typical_spread_pips * float(parameters.pip / increment)
        return PairBook(self.draws(str(contract.conid), "book"), increment, max(1, int(pips + 0.5)))

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
        logs = {place: log(1.0 - part) for place, part in paid.items()}
        own, weights = self._own(contract, parameters, days, logs)
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
        paid: dict[int, float],
    ) -> tuple[OwnReturns, Weights]:
        draws = self.draws(str(contract.conid), "spine")
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
        carry = parameters.distribution_yield / SESSIONS_A_YEAR if paid else 0.0
        payouts = Payouts(paid, carry)
        return OwnReturns(draws, days, weights, market, sector, payouts), weights

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
CURRENCIES: Final = "factor/currencies"
"""The state of variance that all pairs have in common; of its returns they have no part."""


def sector_name(sector: str) -> str:
    """Return the factor of a sector as the catalogue names it."""
    return f"factor/sector/{sector.removeprefix('SECT_').lower()}"


def _payouts(parameters: MarketParameters, days: Sequence[int], draws: Draws) -> dict[int, float]:
    """Return what ex-days take off, as a fraction of the price, by place."""
    per_year = PAYOUTS_A_YEAR.get(parameters.distribution_frequency)
    if per_year is None or parameters.distribution_yield <= 0.0:
        return {}
    off = parameters.distribution_yield / per_year
    places = ex_places(days, parameters.distribution_frequency, draws.words(0, 5))
    return dict.fromkeys(places, off)
