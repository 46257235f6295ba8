"""Touches: when the market next reaches a resting order, found by looking ahead in the source.

A contract with orders is searched a short way at first and ever further while nothing happens to
its levels, so that an advance costs nothing while nothing is due.
"""

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import Final, NamedTuple, TypeAlias

import msgspec

from paperdesk.base.ids import Conid
from paperdesk.base.units import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from paperdesk.desk.levels import ANY_PRICE, Levels, levels_of, stands_at
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.kernel.rules.crossings import is_crossed
from paperdesk.kernel.rules.trading import is_touched
from paperdesk.kernel.state.world import World
from paperdesk.market.source import Level, Source

STRIDES: Final[tuple[Duration, ...]] = (2 * SECOND, MINUTE, 20 * MINUTE, 8 * HOUR, 7 * DAY)
"""How far a search goes beyond the one before; the last is repeated."""

TICK: Final[Duration] = SECOND
"""How soon a quote that had too little to offer is looked at again, at first."""

LOOKS_A_DOUBLING: Final = 8
"""After so many looks in vain at orders that trade all at once, that time is doubled."""

DOUBLINGS_MAX: Final = 6
"""How often it is doubled at most: to 64 seconds, after about eight minutes."""

STALE_WAKES_MAX: Final = 256

Look: TypeAlias = Callable[[Conid], Quote | None]


class Watch(msgspec.Struct):
    """What is known of a contract with resting orders.

    Nothing reaches `levels` in `(searched_from, wakes_at)`. At `wakes_at` they are reached, or, if
    not `is_touch`, the search has to go on. `standing_until` is when levels that the quote stands
    at are looked at again.
    """

    levels: Levels
    searched_from: Instant
    wakes_at: Instant
    is_touch: bool = False
    is_idle: bool = False
    strides: int = 0
    standing: tuple[int, ...] = ()
    resumes_at: Instant = 0

    def parts(self) -> "Parts":
        """Return the levels by how they are searched."""
        parts = Parts([], [], [])
        for index, level in enumerate(self.levels.levels):
            if level.trail is not None:
                parts.trailing.append(level)
            elif index in self.standing:
                parts.standing.append(level)
            else:
                parts.fixed.append(level)
        return parts


class Parts(NamedTuple):
    """Levels that stay, those that the quote stands at already, and those that move."""

    fixed: list[Level]
    standing: list[Level]
    trailing: list[Level]


class Touches:
    """The watches of a desk, the next to wake first."""

    def __init__(self, source: Source) -> None:
        """Watch nothing yet."""
        self._source = source
        self._watches: dict[Conid, Watch] = {}
        self._stirred: dict[Conid, None] = {}
        self._met_at: dict[Conid, Instant] = {}
        self._in_vain: dict[Conid, int] = {}
        self._wakes: list[tuple[Instant, Conid]] = []

    def stir(self, conid: Conid) -> None:
        """Say that the orders of a contract have changed."""
        self._stirred[conid] = None
        self._in_vain.pop(conid, None)

    def met(self, conid: Conid, now: Instant) -> None:
        """Say that the orders of a contract meet the quote of now, in vain unless they stir."""
        self._met_at[conid] = now
        self._in_vain[conid] = self._in_vain.get(conid, 0) + 1
        self._watches.pop(conid, None)
        self._stirred[conid] = None

    def forget(self, source: Source) -> None:
        """Search everything anew, in a source whose future has changed."""
        self._source = source
        self._stirred.update(dict.fromkeys(self._watches))
        self._watches.clear()

    def first(self, world: World, look: Look, to: Instant) -> tuple[Instant, Conid] | None:
        """Return the first touch not after an instant, and its contract; None without one.

        Args:
            world: whose orders rest.
            look: gives the quote of now.
            to: up to and with which to search; not before now.
        """
        if self._stirred:
            stirred, self._stirred = self._stirred, {}
            for conid in sorted(stirred):
                self._settle(world, conid, look, to)
        wakes = self._wakes
        while wakes and wakes[0][0] <= to:
            at, conid = wakes[0]
            watch = self._watches.get(conid)
            if watch is None or watch.is_idle or watch.wakes_at != at:
                heappop(wakes)
            elif watch.is_touch:
                return at, conid
            else:
                heappop(wakes)
                self._search(conid, watch, to)
        return None

    def _settle(self, world: World, conid: Conid, look: Look, to: Instant) -> None:
        """Look at a contract whose orders have changed: is there anything new to search for?"""
        now = world.now
        watch = self._watches.get(conid)
        book = world.orders.books.get(conid)
        if book is None:
            if watch is not None:
                watch.is_idle = True
            return
        contract = world.contract(conid)
        levels = levels_of(book, contract)
        if watch is not None and watch.levels == levels and watch.wakes_at > now:
            if watch.is_idle:
                watch.is_idle = False
                self._push(conid, watch)
            return
        quote = look(conid)
        watch = self._watches[conid] = Watch(levels, now, now)
        if (
            quote is not None
            and (is_touched(book, contract, quote) or is_crossed(book))
            and self._met_at.get(conid) != now
        ):
            watch.is_touch = True
            self._push(conid, watch)
            return
        if quote is not None:
            watch.standing = tuple(
                index for index, level in enumerate(levels.levels) if stands_at(level, quote)
            )
        if watch.standing or levels.at_any_price:
            watch.resumes_at = self._source.next_tick(conid, now, self._pause(conid, watch))
        self._search(conid, watch, to)

    def _pause(self, conid: Conid, watch: Watch) -> Duration:
        """Return how soon to look again: ever later at orders that nobody has enough for."""
        waiting = [*watch.standing, *([ANY_PRICE] if watch.levels.at_any_price else [])]
        if not all(index in watch.levels.whole for index in waiting):
            return TICK
        return TICK << min(self._in_vain.get(conid, 0) // LOOKS_A_DOUBLING, DOUBLINGS_MAX)

    def _search(self, conid: Conid, watch: Watch, to: Instant) -> None:
        """Go on with a search, by the next stride or to an instant if that is further."""
        after = watch.wakes_at if watch.strides == 0 else watch.wakes_at - 1
        stride = STRIDES[min(watch.strides, len(STRIDES) - 1)]
        until = max(after + stride, to)
        watch.strides += 1
        at = self._touched(conid, watch, after, until)
        watch.is_touch = at is not None
        watch.wakes_at = until + 1 if at is None else at
        self._push(conid, watch)

    def _touched(
        self, conid: Conid, watch: Watch, after: Instant, until: Instant
    ) -> Instant | None:
        """Return the first touch in `(after, until]`, or None.

        A trailing level is searched from the beginning each time: it stands where the market of
        all that time has brought it.
        """
        found = None
        if watch.levels.at_any_price and watch.resumes_at <= until:
            until = found = watch.resumes_at
        parts = watch.parts()
        for levels, begins in (
            (parts.fixed, after),
            (parts.standing, max(after, watch.resumes_at - 1)),
            (parts.trailing, watch.searched_from),
        ):
            if levels and begins < until:
                touch = self._source.next_touch(conid, levels, begins, until)
                if touch is not None:
                    until = found = touch.at
        return found

    def _push(self, conid: Conid, watch: Watch) -> None:
        """Wake for a contract; what is in the heap of watches that are gone is dropped in time."""
        if len(self._wakes) > STALE_WAKES_MAX + 2 * len(self._watches):
            self._wakes = [
                (kept.wakes_at, key) for key, kept in self._watches.items() if not kept.is_idle
            ]
            heapify(self._wakes)
        else:
            heappush(self._wakes, (watch.wakes_at, conid))
