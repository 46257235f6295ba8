"""Synthetic: the source that puts spines, real series, trees and scripts together."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from paperdesk.base.ids import Conid
from paperdesk.base.slices import Slices, whole
from paperdesk.base.units import SECOND, ZERO, Day, Duration, Instant, Price
from paperdesk.kernel.messages.actions import Action, Dividend, Split
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.kernel.messages.scripts import Script
from paperdesk.kernel.state.contracts import SecurityType
from paperdesk.market.actions import adjusted
from paperdesk.market.catalogue import Catalogue
from paperdesk.market.courses import Course
from paperdesk.market.days import Day as Path
from paperdesk.market.facts import NOTHING, facts_of
from paperdesk.market.histories import bars_of
from paperdesk.market.layers import Layer
from paperdesk.market.levels import Search, extremes, next_touch
from paperdesk.market.readings import Side
from paperdesk.market.scripts import checked
from paperdesk.market.source import Bar, BarsAsked, DaySoFar, Facts, Level, Reading, Touch
from paperdesk.market.universes import Universe

GENERATOR = 1
"""The newest law of bytes; a scenario names its own."""

BROAD_INDEX = "SPX"
"""What beta is measured against."""


class SyntheticSource:
    """Prices of all contracts of a catalogue: drawn, real where a layer has them, scripted.

    Args:
        generator: number of the law that all bytes follow.
        seed: the scenario's seed.
        catalogue: the contracts.
        layers: real series over the synthetic ones, later ones win.
        scripts: what has been decided, in order.
    """

    def __init__(
        self,
        generator: int,
        seed: int,
        catalogue: Catalogue,
        layers: Sequence[Layer] = (),
        scripts: Sequence[Script] = (),
    ) -> None:
        """Build nothing yet: a contract's course is made when it is first asked for."""
        assert generator == GENERATOR, "there is one law so far"
        self._universe = Universe(generator, seed, catalogue, layers, scripts)
        self._facts = lru_cache(maxsize=256)(self._facts_at)

    def check_script(self, script: Script) -> None:
        """Refuse a script before anybody keeps it.

        Raises:
            ScriptRefused: the market cannot follow it.
        """
        checked(script, self._universe.course(script.conid))

    def add_script(self, script: Script) -> None:
        """Have a contract's market follow a script; nothing before its start changes.

        Raises:
            ScriptRefused: the market cannot follow it.
        """
        self._universe.add(script)
        self._facts.cache_clear()

    def quote(self, conid: Conid, at: Instant) -> Quote | None:
        """Return what the market shows, or None for a contract without data."""
        course = self._universe.course(conid)
        if course is None:
            return None
        place = course.place_at(at)
        path = course.day(place)
        if path is None:
            return None
        session, shown = path.session, path.shown(at)
        is_regular = session.is_regular(at)
        is_open = session.is_extended(at) if course.is_extended else is_regular
        is_halted = is_open and path.is_halted(at)
        best = None
        if shown is not None and is_open and not is_halted:
            best = path.lens.best(shown.x, at // SECOND)
        closing = None
        if shown is not None and not (is_open or course.has_trades):
            # Currencies are worth something at night too: what they were worth at the close.
            ended = path.lens.best(shown.x, (session.close - 1) // SECOND)
            if ended is not None:
                closing = (ended[0] + ended[1]) * path.lens.increment / 2
        last, last_at, last_size, volume = self._last(course, path, place, at)
        bid = ask = None
        bid_size = ask_size = ZERO
        if best is not None:
            increment = path.lens.increment
            bid, ask = best[0] * increment, best[1] * increment
            bid_size = course.size(best[0], Side.BID, at)
            ask_size = course.size(best[1], Side.ASK, at)
        return Quote(
            conid=conid,
            at=at,
            bid=bid,
            bid_size=bid_size,
            ask=ask,
            ask_size=ask_size,
            last=last,
            last_size=last_size,
            last_at=last_at,
            volume=volume,
            is_open=is_open,
            is_regular=is_regular,
            is_halted=is_halted,
            closing_middle=closing,
        )

    def _last(
        self, course: Course, path: Path, place: int, at: Instant
    ) -> tuple[Price | None, Instant, Decimal, Decimal]:
        """Return price, instant and size of the last trade, and the day's volume."""
        if not course.has_trades:
            return None, at, ZERO, ZERO
        state = course.traded(path, at)
        if state is None:
            closing = course.closing(place - 1)
            if closing is None:
                return None, at, ZERO, ZERO
            price = adjusted(closing.price, course.shares(place - 1, place))
            return price, closing.at, course.told(closing.size), ZERO
        view = path.lens.view(Reading.TRADES, at // SECOND)
        assert view is not None
        price = view.read(state.x) * view.step
        if not course.has_volume:
            return price, state.at, ZERO, ZERO
        volume = path.volume(state.volume)
        size = max(1, volume - path.volume(state.volume - state.size))
        return price, state.at, Decimal(size), Decimal(volume)

    def day(self, conid: Conid, at: Instant) -> DaySoFar | None:
        """Return the session's day up to an instant; outside sessions the one before."""
        course = self._universe.course(conid)
        if course is None:
            return None
        place = course.place_at(at)
        path = course.day(place)
        if path is None:
            return None
        session = path.session
        prior, done = self._closed(course, place - 1, place), None
        view = path.lens.view(Reading.TRADES, session.open // SECOND)
        assert view is not None
        last = self._last(course, path, place, at)[0] if course.has_trades else None
        state = path.traded(at)
        if session.close <= at:
            done = self._closed(course, place, place)
        if state is None:
            return DaySoFar(
                day=session.day,
                open=None,
                high=None,
                low=None,
                last=last,
                close=done,
                prior_close=prior,
                volume=ZERO,
                trades=0,
            )
        high, low = (state.high, state.low) if view.is_rising else (state.low, state.high)
        early = course.early_volume(place) if course.has_volume else 0
        volume = path.volume(early + state.volume) - path.volume(early)
        return DaySoFar(
            day=session.day,
            open=view.read(state.open) * view.step,
            high=view.read(high) * view.step,
            low=view.read(low) * view.step,
            last=last,
            close=done,
            prior_close=prior,
            volume=Decimal(volume) if course.has_volume else ZERO,
            trades=state.trades if course.has_trades else 0,
        )

    def _closed(self, course: Course, place: int, now: int) -> Price | None:
        """Return a session's regular close in the shares of now's."""
        daily = course.daily(place)
        if daily is None:
            return None
        return adjusted(daily.close * daily.step, course.shares(place, now))

    def bars(self, conid: Conid, asked: BarsAsked, now: Instant) -> list[Bar]:
        """Return bars, oldest first, with nothing that happens after `now` in them."""
        return whole(self.bars_in_slices(conid, asked, now))

    def bars_in_slices(self, conid: Conid, asked: BarsAsked, now: Instant) -> Slices[list[Bar]]:
        """Return the same, worked out in slices; what is kept takes none."""
        yield from self._universe.warmed(conid)
        course = self._universe.course(conid)
        return [] if course is None else (yield from bars_of(course, asked, now))

    def next_touch(
        self, conid: Conid, levels: Sequence[Level], after: Instant, before: Instant
    ) -> Touch | None:
        """Return the earliest touch in `(after, before]`, or None."""
        course = self._universe.course(conid)
        return None if course is None else next_touch(course, levels, after, before)

    def extremes(
        self, conid: Conid, reading: Reading, after: Instant, to: Instant, *, regular_only: bool
    ) -> tuple[Price, Price] | None:
        """Return the highest and lowest value of a reading in `(after, to]`, or None."""
        course = self._universe.course(conid)
        if course is None:
            return None
        return extremes(Search(course, reading, regular_only), after, to)

    def facts(self, conid: Conid, at: Instant) -> Facts:
        """Return what daily rows tell."""
        course = self._universe.course(conid)
        place = -1 if course is None else course.place_closed(at)
        return self._facts(conid, place)

    def _facts_at(self, conid: Conid, place: int) -> Facts:
        course = self._universe.course(conid)
        if course is None or place < 0:
            return NOTHING
        parameters = self._universe.catalogue.parameters(conid)
        index = self._universe.course(self._universe.catalogue.by_symbol(BROAD_INDEX)[0].conid)
        return facts_of(course, place, index, parameters.distribution_yield)

    def actions(self, conid: Conid, day: Day) -> list[Action]:
        """Return what takes effect before a day's session begins: dividends, then a split."""
        course = self._universe.course(conid)
        if course is None:
            return []
        place = course.place(day)
        if not 0 <= place < len(course.days) or course.days[place] != day:
            return []
        course.daily(place)  # What is known of a place is worked out with its prices.
        told: list[Action] = [
            Dividend(conid, paid.amount) for paid in course.dividends(place, place) if paid.amount
        ]
        split = course.splits.at(place)
        if split is not None:
            told.append(Split(conid, split.numerator, split.denominator))
        return told

    def origin(self, conid: Conid, day: Day) -> str:
        """Say where a day's prices come from: `synthetic`, `replay: ecb`, `import: FILE`."""
        course = self._universe.course(conid)
        if course is None:
            return "synthetic"
        place = course.place(day)
        is_session = place < len(course.days) and course.days[place] == day
        return course.origin(place) if is_session else "synthetic"

    def next_tick(self, conid: Conid, after: Instant, size: Duration) -> Instant:
        """Return the next multiple of `size` at which the quote may differ from now's."""
        tick = (after // size + 1) * size
        contract = self._universe.catalogue.contract(conid)
        calendar = self._universe.catalogue.calendar(contract.calendar)
        extended = contract.security_type is not SecurityType.INDEX
        if calendar.session_at(tick, extended=extended) is not None:
            return tick
        session = calendar.session_at(tick) if not extended else None
        if session is None or session.open <= tick:
            session = calendar.next_session(tick)
        return max(tick, session.start(extended=extended))
