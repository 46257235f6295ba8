"""Roots: the bars of a day that are given, one for each part of the session or each real bar.

The regular session's bar is the row. What happened between a close and the next open is shared
between after hours and the pre-market by draw; after earnings most of it comes in a minute.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from paperdesk.base.calendar import Session
from paperdesk.base.units import SECOND
from paperdesk.market.draws import Draws
from paperdesk.market.lattice import profile
from paperdesk.market.nodes import Node, Trade
from paperdesk.market.rows import LEAST_X, Reals, Row, Rows, hidden, reach
from paperdesk.market.spine import EARNINGS
from paperdesk.market.tree import Factor, Root, Tree, enter, tape_of

TRADES_LEAST: Final = 4
TRADES_MOST: Final = 400_000
MEAN_SIZES: Final = {0: 50, 1: 120, 2: 100, 3: 90, 4: 80}
"""Shares a trade by liquidity class; 0 is an index."""
THOUSAND: Final = 1024
PRE_MARKET_SD: Final = 0.35
AFTER_HOURS_SD: Final = 0.25
MINUTE: Final = 60


class Share(NamedTuple):
    """Of the move from one close to the next open, in 1/1024, what came when.

    The volumes are thousandths of the regular session's.
    """

    after: int
    before: int
    after_volume: int
    before_volume: int


class Part(NamedTuple):
    """A root to be, and the profile of its hours."""

    kind: str
    node: Node


def share_of(words: Sequence[int], news: int) -> Share:
    """Return the shares of a night by the words of its later day."""
    if news == EARNINGS:
        after, before = 768 + words[0] % 205, words[1] % 41
        return Share(after, before, 60 + words[2] % 120, 20 + words[3] % 40)
    after, before = 51 + words[0] % 460, 154 + words[1] % 300
    return Share(after, before, 5 + words[2] % 20, 5 + words[3] % 25)


class Parts:
    """The parts of days of one contract."""

    def __init__(
        self,
        rows: Rows,
        draws: Draws,
        days: Sequence[int],
        liquidity_class: int,
        *,
        extended: bool,
    ) -> None:
        """Take draws of kind `spine`; without `extended` there are regular hours alone."""
        self._rows, self._draws, self._days, self._extended = rows, draws, days, extended
        self._size = MEAN_SIZES[liquidity_class]

    def of(self, session: Session, place: int) -> Iterator[Part]:
        """Yield the parts of a session, oldest first."""
        row = self._rows.row(place)
        if self._extended and place > 0:
            yield self._pre_market(session, place, row, self._words(place))
        yield from self.regular(session, place, row)
        if self._extended and place + 1 < len(self._days):
            yield from self._after_hours(session, place, row, self._words(place + 1))

    def _words(self, place: int) -> tuple[int, ...]:
        return self._draws.words(self._days[place], 1)

    def _move(self, place: int) -> tuple[int, int, int, int]:
        """Return a night's move, and the close before it, in quarter increments of each day.

        The later one is in the shares, and without the dividend, of the later day.
        """
        rows = self._rows
        before, row = rows.row(place - 1), rows.row(place)
        close, start = before.close // before.fine, row.open // row.fine
        dividend = rows.dividend_units(place)
        split = rows.splits.at(place)
        new, old = (1, 1) if split is None else (split.numerator, split.denominator)
        later = (close - dividend) * old // new
        return start - later, (start - later) * new // old, close, start

    def _pre_market(self, session: Session, place: int, row: Row, words: Sequence[int]) -> Part:
        share = share_of(words, self._rows.news(place))
        move, _, _, start = self._move(place)
        begin = max(LEAST_X, start - (share.before * move) // THOUSAND)
        sd = self._rows.sd(place) * PRE_MARKET_SD
        hours = (session.pre_open // SECOND, session.open // SECOND)
        volume = row.volume * share.before_volume // 1000
        node = self._outside(hours, (begin, start), sd, row.fine, words[4:], volume)
        return Part("pre_market", node)

    def _after_hours(
        self, session: Session, place: int, row: Row, words: Sequence[int]
    ) -> Iterator[Part]:
        news = self._rows.news(place + 1)
        share = share_of(words, news)
        _, move, close, _ = self._move(place + 1)
        end = max(LEAST_X, close + (share.after * move) // THOUSAND)
        sd = self._rows.sd(place) * AFTER_HOURS_SD
        first, last = session.close // SECOND, session.post_close // SECOND
        volume = row.volume * share.after_volume // 1000
        if news == EARNINGS:
            begin, close = first, max(LEAST_X, close + (end - close) * 922 // THOUSAND)
            first += MINUTE
            early = (row.close // row.fine, close)
            node = self._outside((begin, first), early, sd * 0.5, row.fine, words[9:], volume // 3)
            yield Part("flat", node)
        node = self._outside((first, last), (close, end), sd, row.fine, words[6:], volume)
        yield Part("after_hours", node)

    def _outside(
        self,
        hours: tuple[int, int],
        prices: tuple[int, int],
        sd: float,
        fine: int,
        words: Sequence[int],
        volume: int,
    ) -> Node:
        start, end = prices
        deviation = sd * start
        above, below = reach(float(start), float(end), deviation * deviation, words[0], words[1])
        high = max(start, end, int(above + 0.5))
        low = max(LEAST_X, min(start, end, int(below + 0.5)))
        count = self._few(volume)
        bar = (start * fine, high * fine, low * fine, end * fine)
        return (*hours, *bar, max(volume, count), count)

    def regular(self, session: Session, place: int, row: Row) -> Iterator[Part]:
        """Yield the parts of regular hours."""
        real = self._rows.real(place)
        first, last = session.open // SECOND, session.close // SECOND
        if real is not None and real.bars.seconds:
            yield from self._given(real, place, row, (first, last))
            return
        node = (first, last, row.open, row.high, row.low, row.close, row.volume, self.count(row))
        yield Part("us_regular", node)

    def count(self, row: Row) -> int:
        """Return how many trades the regular hours of a row have."""
        needed = least_trades((row.open, row.high, row.low, row.close))
        return max(needed, min(TRADES_MOST, row.volume // self._size))

    def early_volume(self, place: int) -> int:
        """Return what trades before regular hours."""
        if not self._extended or place < 1:
            return 0
        share = share_of(self._words(place), self._rows.news(place))
        volume = self._rows.row(place).volume * share.before_volume // 1000
        return max(volume, self._few(volume))

    def _few(self, volume: int) -> int:
        return max(TRADES_LEAST, volume // (2 * self._size))

    def _given(self, real: Reals, place: int, row: Row, hours: tuple[int, int]) -> Iterator[Part]:
        start, end = real.ranges[place]
        bars, unit = real.bars.bars, real.bars.unit
        first, last = hours
        for index in range(start, end):
            at = bars.at[index]
            prices = (bars.open[index], bars.high[index], bars.low[index], bars.close[index])
            volume = bars.volume[index]
            words = self._draws.words(at, 4)
            given = self._rows.given.increment
            prices = hidden(prices, unit, given, row.fine, words, volume)
            needed = least_trades(prices)
            usual = row.volume * real.bars.seconds // (last - first)
            size = volume or max(needed, usual)
            count = max(needed, min(size // self._size, size))
            following = bars.at[index + 1] if index + 1 < end else last
            until = min(at + real.bars.seconds, following, last)
            yield Part("us_regular", (at, until, *prices, max(size, count), count))


def least_trades(prices: tuple[int, int, int, int]) -> int:
    """Return how many trades a bar of open, high, low and close has at least."""
    o, high, low, c = prices
    if high == low:
        return 1
    return 2 + (high > max(o, c)) + (low < min(o, c))


class Woods:
    """Plants trees under parts: what all days of one contract have in common."""

    def __init__(
        self,
        key: tuple[int, int],
        subject: str,
        factors: Sequence[tuple[int, Factor]],
        lot: int,
    ) -> None:
        """Know generator and seed, whose draws split, the common causes, and a round lot."""
        self._key, self._subject, self._factors, self._lot = key, subject, tuple(factors), lot

    def tree(self, kind: str, start: int, end: int) -> Tree:
        """Return a tree for hours of a kind."""
        shape = profile(kind, start, end)
        return Tree(*self._key, self._subject, shape, self._factors, self._lot)

    def planted(self, parts: Iterable[Part], session: Session) -> Iterator[Root]:
        """Yield the roots of parts; parts of the same hours share a tree."""
        hours = {
            "pre_market": (session.pre_open, session.open),
            "us_regular": (session.open, session.close),
            "after_hours": (session.close, session.post_close),
            "fx": (session.open, session.close),
        }
        trees: dict[str, Tree] = {}
        for kind, node in parts:
            tree = trees.get(kind)
            if tree is None:
                start, end = hours.get(kind, (node[0] * SECOND, node[1] * SECOND))
                tree = trees[kind] = self.tree(kind, start // SECOND, end // SECOND)
            yield Root(node, tree)


def cut_roots(roots: Iterable[Root], start: int, end: int) -> Iterator[Root]:
    """Yield the roots that make up just `[start, end)` (UTC seconds) of a path.

    A root that reaches over an edge is given as the nodes it consists of, down to a leaf's
    trades; below them all is as it was.
    """
    for root in roots:
        pending = [root.node]
        while pending:
            node = pending.pop()
            if node[1] <= start or node[0] >= end:
                continue
            if node[0] >= start and node[1] <= end:
                yield Root(node, root.tree, root.tape)
                continue
            tape = tape_of(root, node)
            if tape is None:
                enter(root, node, pending)
                continue
            kept = tuple(one for one in tape if start * SECOND <= one[0] < end * SECOND)
            if kept:
                yield recorded(kept, max(start, node[0]), min(end, node[1]))


def recorded(tape: tuple[Trade, ...], start: int, end: int) -> Root:
    """Return the root of given trades between two seconds."""
    prices = [x for _, x, _ in tape]
    volume = 0
    for _, _, size in tape:
        volume += size
    bar = (prices[0], max(prices), min(prices), prices[-1])
    return Root((start, end, *bar, volume, len(tape)), None, tape)
