"""Readings: bid, ask, last and midpoint are four monotone readings of one hidden price.

x is in quarter increments; bid, ask and last are in increments, the midpoint in half increments.
Spread and phase are constant within a cell of 15 minutes. As every reading never falls with x, a
node's reading is the node with its four prices read, and a level of a reading is a level of x.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

from paperdesk.base.units import SECOND, Instant
from paperdesk.market.arith import read_table
from paperdesk.market.draws import Draws
from paperdesk.market.nodes import Node
from paperdesk.market.source import Reading
from paperdesk.market.touches import Reader, Step
from paperdesk.market.tree import Root
from paperdesk.market.walk import bars

CELL: Final = 900
"""Seconds. Cells begin at multiples of it and are boundaries of nodes."""

WIDENING: Final = 256
"""What a factor of one is; pre-market three times, after hours two, overnight four."""

_SIZES: Final = read_table("sizes")
_SHAPE: Final = (256, 360, 430, 480, 510, 520, 520, 500, 480, 450)
"""Size by distance from the touch, in 1/256; beyond the last it stays."""


class Side(Enum):
    """Which side of the book."""

    BID = "bid"
    ASK = "ask"


class Cell(NamedTuple):
    """How x reads for a quarter of an hour.

    `spread` is in increments, at least 1; `phase` in increments, from 0 to below the spread.
    With `is_anchored` the last price reads as if the spread were 1, so that any real price can
    be met.
    """

    spread: int
    phase: int
    is_anchored: bool = False


class Liquidity(NamedTuple):
    """Parameters of a liquidity class: spread in increments, size at the touch in lots."""

    spread_min: int
    spread_max: int
    touch: int
    period: int
    """Seconds for which a shown size stays."""


CLASSES: Final = (
    Liquidity(1, 1, 4, 1),
    Liquidity(1, 3, 2, 2),
    Liquidity(2, 10, 2, 2),
    Liquidity(5, 50, 1, 4),
    Liquidity(10, 100, 1, 4),
)
"""Classes A to E."""


def cell_at(
    draws: Draws,
    second: int,
    liquidity: Liquidity,
    factor: int = WIDENING,
    *,
    is_anchored: bool = False,
) -> Cell:
    """Return the cell that holds a second.

    Args:
        draws: kind `book` of the contract.
        second: UTC.
        liquidity: the contract's class.
        factor: widening in 1/256.
        is_anchored: whether the day's prices are real.
    """
    first, second_word, third, *_ = draws.words(second // CELL, -1)
    least, most = liquidity.spread_min, liquidity.spread_max
    # The product of two draws: narrow spreads are the usual ones.
    drawn = least + (first * second_word * (most - least + 1) >> 32)
    spread = max((drawn * factor + WIDENING // 2) // WIDENING, 1)
    return Cell(spread, third * spread >> 16, is_anchored)


def bid(x: int, cell: Cell) -> int:
    """Return the bid in increments."""
    spread, phase, _ = cell
    return (x - 4 * phase) // (4 * spread) * spread + phase


def ask(x: int, cell: Cell) -> int:
    """Return the ask in increments."""
    return bid(x, cell) + cell.spread


def last(x: int, cell: Cell) -> int:
    """Return the price in increments at which x trades.

    With a spread of one it is the bid in the lower half and the ask in the upper. With more it is
    the bid in the lowest quarter, the ask in the highest, and between them the increment under x:
    price improvement.
    """
    spread, phase, is_anchored = cell
    if spread == 1 or is_anchored:
        return (x + 2) // 4
    above = (x - 4 * phase) % (4 * spread)
    if above < spread:
        return bid(x, cell)
    if above >= 3 * spread:
        return bid(x, cell) + spread
    return x // 4


def midpoint(x: int, cell: Cell) -> int:
    """Return the middle of bid and ask in half increments."""
    return 2 * bid(x, cell) + cell.spread


def least_x_bid(price: int, cell: Cell) -> int:
    """Return the least x whose bid is at or above a price; one less is the most with it below."""
    spread, phase, _ = cell
    return 4 * phase + 4 * spread * -((phase - price) // spread)


def least_x_ask(price: int, cell: Cell) -> int:
    """Return the least x whose ask is at or above a price."""
    return least_x_bid(price - cell.spread, cell)


def least_x_last(price: int, cell: Cell) -> int:
    """Return the least x that trades at or above a price."""
    spread, phase, is_anchored = cell
    if spread == 1 or is_anchored:
        return 4 * price - 2
    # The quote's grid below the price, which x either trades beside or reaches by improvement.
    lower = (price - 1 - phase) // spread * spread + phase
    return 4 * lower + min(max(4 * (price - lower), spread), 3 * spread)


def least_x_midpoint(price: int, cell: Cell) -> int:
    """Return the least x whose midpoint is at or above a price in half increments."""
    return least_x_bid(-((cell.spread - price) // 2), cell)


Read: TypeAlias = Callable[[int, Cell], int]

READ: Final[dict[Reading, Read]] = {
    Reading.TRADES: last,
    Reading.BID: bid,
    Reading.ASK: ask,
    Reading.MIDPOINT: midpoint,
}
"""x and cell to price: increments, of the midpoint half increments."""

LEAST_X: Final[dict[Reading, Read]] = {
    Reading.TRADES: least_x_last,
    Reading.BID: least_x_bid,
    Reading.ASK: least_x_ask,
    Reading.MIDPOINT: least_x_midpoint,
}
"""Price and cell to the least x that reads at or above the price."""

Cells: TypeAlias = Sequence[tuple[Instant, Instant, Cell]]
"""Cells with the instants between which they hold, ascending."""


def steps(cells: Cells, reading: Reading, price: int, *, rising: bool) -> list[Step]:
    """Return what a level of a reading is in x, cell by cell: at or above it, or at or below."""
    least_x = LEAST_X[reading]
    if rising:
        return [Step(start, end, least_x(price, cell), None) for start, end, cell in cells]
    return [Step(start, end, None, least_x(price + 1, cell) - 1) for start, end, cell in cells]


def readers(cells: Cells, reading: Reading) -> list[Reader]:
    """Return how x reads, cell by cell, for a level that trails."""
    read = READ[reading]

    def within(cell: Cell) -> Callable[[int], int]:
        return lambda x: read(x, cell)

    return [Reader(start, end, within(cell)) for start, end, cell in cells]


def read_bars(
    roots: Sequence[Root],
    edges: Sequence[int],
    cell_of: Callable[[int], Cell],
    reading: Reading,
    until: Instant | None = None,
) -> list[Node]:
    """Return the bars of trades of a reading between edges (seconds), without the empty ones.

    Volume and number of trades are those of the trades; prices are in the reading's unit.
    """
    read = READ[reading]
    pieces: list[Node] = []
    for a, b, o, h, low, c, v, n in bars(roots, _with_cells(edges), until):
        cell = cell_of(a)
        prices = read(o, cell), read(h, cell), read(low, cell), read(c, cell)
        pieces.append((a, b, *prices, v, n))
    return list(_merged(pieces, edges))


def quoted_bars(
    roots: Sequence[Root],
    edges: Sequence[int],
    cell_of: Callable[[int], Cell],
    reading: Reading,
    standing: int,
    until: Instant | None = None,
) -> list[Node]:
    """Return the bars of a quote between edges (seconds): one for every interval that has begun.

    A quote stands between trades, so each bar opens with what stands, `standing` being the x
    before the first edge. Volume and trades are 0.
    """
    read = READ[reading]
    marks = _with_cells(edges)
    traded = {bar[0]: bar for bar in bars(roots, marks, until)}
    pieces: list[Node] = []
    x = standing
    for a, b in pairwise(marks):
        if until is not None and a * SECOND > until:
            break
        cell = cell_of(a)
        first = read(x, cell)
        h = low = x
        if a in traded:
            _, _, _, h, low, c, _, _ = traded[a]
            h, low, x = max(h, x), min(low, x), c
        pieces.append((a, b, first, read(h, cell), read(low, cell), read(x, cell), 0, 0))
    return list(_merged(pieces, edges))


def _with_cells(edges: Sequence[int]) -> list[int]:
    """Return the edges and the starts of cells between them."""
    first = edges[0] // CELL * CELL + CELL
    return sorted({*edges, *range(first, edges[-1], CELL)})


def _merged(pieces: Iterable[Node], edges: Sequence[int]) -> Iterator[Node]:
    """Give the bars between edges that the pieces, none across an edge, are parts of."""
    made: Node | None = None
    for a, b, o, h, low, c, v, n in pieces:
        if made is not None and b <= made[1]:
            _, _, o0, h0, low0, _, v0, n0 = made
            made = (made[0], made[1], o0, max(h0, h), min(low0, low), c, v0 + v, n0 + n)
            continue
        if made is not None:
            yield made
        place = bisect_right(edges, a)
        made = (edges[place - 1], edges[place], o, h, low, c, v, n)
    if made is not None:
        yield made


def renewed_at(price: int, instant: Instant, liquidity: Liquidity) -> Instant:
    """Return when the size shown at a price (increments) was last renewed."""
    period, phase = _renewal(price, liquidity)
    return (instant + phase) // period * period - phase


def shown_size(
    draws: Draws,
    price: int,
    side: Side,
    instant: Instant,
    liquidity: Liquidity,
    distance: int = 0,
) -> int:
    """Return the size shown at a price (increments) at an instant, in lots, at least one.

    It is constant between renewals, whose phase differs by price. What trades have taken since
    `renewed_at` is the caller's to take off.

    Args:
        draws: kind `book` of the contract.
        price: in increments.
        side: of the book.
        instant: when.
        liquidity: the contract's class.
        distance: levels away from the touch.
    """
    period, phase = _renewal(price, liquidity)
    word = draws.words(2 * price + (side is Side.ASK), (instant + phase) // period)[0]
    shape = _SHAPE[min(distance, len(_SHAPE) - 1)]
    return max(liquidity.touch * shape * _SIZES[word >> 4] >> 16, 1)


def _renewal(price: int, liquidity: Liquidity) -> tuple[int, int]:
    period = liquidity.period * SECOND
    # A multiplicative hash: neighbouring levels are renewed at different times.
    return period, (price * 2_654_435_761 & 0xFFFF_FFFF) * period >> 32
