"""Fakes: a market that does what a test says."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from paperdesk.base.ids import Conid
from paperdesk.base.slices import Slices
from paperdesk.base.units import ZERO, Day, Duration, Instant, Price
from paperdesk.kernel.messages.actions import Action
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.market.source import Bar, BarsAsked, DaySoFar, Facts, Level, Reading, Touch


class Shown(msgspec.Struct, frozen=True):
    """From `at` on the market shows this; `last` trades at that instant if it is given."""

    at: Instant
    bid: Price | None
    ask: Price | None
    last: Price | None
    size: Decimal


class ScriptedSource:
    """A source whose quotes a test writes down: each stands until the next."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self._shown: dict[Conid, list[Shown]] = {}
        self.searches = 0
        self.looks = 0
        self.acts: dict[Conid, Sequence[Action]] = {}

    def show(
        self,
        conid: Conid,
        at: Instant,
        bid: str | None,
        ask: str | None,
        last: str | None = None,
        size: int = 1_000_000,
    ) -> None:
        """Let the market show a quote from an instant on, and trade then if `last` is given."""
        rows = self._shown.setdefault(conid, [])
        assert not rows or rows[-1].at < at
        rows.append(Shown(at, _price(bid), _price(ask), _price(last), Decimal(size)))

    def quote(self, conid: Conid, at: Instant) -> Quote | None:
        """Return what was written down."""
        self.looks += 1
        row = self._at(conid, at)
        if row is None:
            return None
        traded = self._last(conid, at)
        return Quote(
            conid=conid,
            at=at,
            bid=row.bid,
            bid_size=row.size if row.bid is not None else ZERO,
            ask=row.ask,
            ask_size=row.size if row.ask is not None else ZERO,
            last=None if traded is None else traded.last,
            last_size=Decimal(100),
            last_at=at if traded is None else traded.at,
            volume=ZERO,
            is_open=True,
            is_regular=True,
        )

    def next_touch(
        self, conid: Conid, levels: Sequence[Level], after: Instant, before: Instant
    ) -> Touch | None:
        """Scan what was written down, instant by instant."""
        self.searches += 1
        extremes = [level.price for level in levels]
        for at, row in self._between(conid, after, before):
            for index, level in enumerate(levels):
                value = _read(row, level.reading)
                if value is None or (level.reading is Reading.TRADES and row.at != at):
                    continue
                if self._touches(level, extremes, index, value):
                    return Touch(at, index)
        return None

    def extremes(
        self, conid: Conid, reading: Reading, after: Instant, to: Instant, *, regular_only: bool
    ) -> tuple[Price, Price] | None:
        """Return the highest and lowest value in `(after, to]`, or None."""
        values = [
            value
            for at, row in self._between(conid, after, to)
            if (value := _read(row, reading)) is not None
            and (reading is not Reading.TRADES or row.at == at)
        ]
        return (max(values), min(values)) if values else None

    def next_tick(self, conid: Conid, after: Instant, size: Duration) -> Instant:
        """Return the next multiple of a size."""
        return (after // size + 1) * size

    def day(self, conid: Conid, at: Instant) -> DaySoFar | None:
        """Know nothing of days."""
        return None

    def bars(self, conid: Conid, asked: BarsAsked, now: Instant) -> list[Bar]:
        """Know no bars."""
        return []

    def bars_in_slices(self, conid: Conid, asked: BarsAsked, now: Instant) -> Slices[list[Bar]]:
        """Know no bars, after a turn for others."""
        yield
        return self.bars(conid, asked, now)

    def facts(self, conid: Conid, at: Instant) -> Facts:
        """Know no facts."""
        raise AssertionError("no test asks a fake for facts")

    def actions(self, conid: Conid, day: Day) -> Sequence[Action]:
        """Return the actions that were written down for a contract, whatever the day."""
        return self.acts.get(conid, ())

    def origin(self, conid: Conid, day: Day) -> str:
        """Say that it is written down."""
        return "scripted"

    @staticmethod
    def _touches(level: Level, stops: list[Price], index: int, value: Price) -> bool:
        if level.trail is not None:
            trail = value * level.trail if level.trail_is_fraction else level.trail
            stops[index] = (
                min(stops[index], value + trail)
                if level.rising
                else max(stops[index], value - trail)
            )
        return value >= stops[index] if level.rising else value <= stops[index]

    def _at(self, conid: Conid, at: Instant) -> Shown | None:
        rows = self._shown.get(conid, [])
        index = bisect_right([row.at for row in rows], at)
        return rows[index - 1] if index else None

    def _last(self, conid: Conid, at: Instant) -> Shown | None:
        rows = [row for row in self._shown.get(conid, []) if row.at <= at and row.last is not None]
        return rows[-1] if rows else None

    def _between(
        self, conid: Conid, after: Instant, before: Instant
    ) -> Iterator[tuple[Instant, Shown]]:
        """Yield what stands right after an instant, then each change up to another."""
        standing = self._at(conid, after + 1)
        if standing is not None and after < before:
            yield after + 1, standing
        for row in self._shown.get(conid, []):
            if after + 1 < row.at <= before:
                yield row.at, row


def _price(text: str | None) -> Price | None:
    return None if text is None else Decimal(text)


def _read(row: Shown, reading: Reading) -> Price | None:
    if reading is Reading.TRADES:
        return row.last
    return row.bid if reading is Reading.BID else row.ask
