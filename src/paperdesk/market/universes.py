"""Universes: all contracts' courses under one generator and seed, built as they are asked for."""

from collections import OrderedDict
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from paperdesk.base.calendar import Calendar
from paperdesk.base.ids import Conid
from paperdesk.base.slices import Slices
from paperdesk.base.units import SECOND
from paperdesk.kernel.messages.scripts import Script
from paperdesk.kernel.state.contracts import Contract, SecurityType
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
from paperdesk.market.spine import EPOCH, Weights
from paperdesk.market.spines import (
    MARKET,
    PAYOUTS_A_YEAR,
    Spines,
    pair_subject,
    payouts,
    sector_name,
)
from paperdesk.market.tree import Factor

COURSES_KEPT: Final = 128
INDEX_VOLUME: Final = 2_000_000
DEAR: Final = Decimal(1000)


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
        self._spines = Spines(self.key, catalogue)
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

    def warmed(self, conid: Conid) -> Slices[None]:
        """Make in slices what takes long of a contract's course, if that is not made yet."""
        for contract in self._rooted(conid):
            yield from self._spines.grown(contract)
            yield
            self.course(contract.conid)

    def _rooted(self, conid: Conid) -> list[Contract]:
        """Return the contracts with a path of their own that a course is made of, without one."""
        contract = self.catalogue.find(conid)
        if contract is None or conid in self._courses:
            return []
        if contract.security_type is SecurityType.FOREX:
            if leg_of(contract):
                return [contract]
            legs = legs_of(contract.base, contract.currency)
            bases = [self.catalogue.fx_pair(leg.base, leg.quote) for leg in legs]
        else:
            leader = leader_of(contract, self.catalogue.parameters(conid))
            bases = [None if leader is None else self._leader(leader)]
            if bases == [None]:
                return [contract]
        return [one for base in bases if base for one in self._rooted(base.conid)]

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
        days = self._spines.days(contract)
        paid = payouts(parameters, days, self._spines.draws(str(contract.conid)))
        is_index = contract.security_type is SecurityType.INDEX
        terms = Terms(
            multiple_of(parameters, self.catalogue.parameters(leader.conid)),
            float(parameters.price_level),
            self._spines.reference(contract),
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
        days, subject = self._spines.days(contract), pair_subject(contract)
        draws = self._spines.draws(subject)
        own = self._spines.taken(contract).own
        real = real_fixings(self.layers, contract.base, contract.currency, days)
        reference = self._spines.reference(contract)
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

    def _primary(self, contract: Contract, parameters: MarketParameters) -> PrimaryCourse:
        calendar = self.catalogue.calendar(contract.calendar)
        draws = self._spines.draws(str(contract.conid))
        is_index = contract.security_type is SecurityType.INDEX
        own, weights, paid = self._spines.taken(contract)
        increment = contract.increment_at(parameters.price_level)
        per_year = PAYOUTS_A_YEAR.get(parameters.distribution_frequency, 1)
        given = Given(
            increment,
            parameters.price_level,
            self._spines.reference(contract),
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
