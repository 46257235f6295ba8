"""Readings: bid, ask, last and midpoint are four monotone readings of one hidden price.

x is in quarter increments; bid, ask and last are in increments, the midpoint in half increments.
Spread and phase are constant within a cell of 15 minutes.
"""

from enum import Enum
from typing import Final, NamedTuple

from paperdesk.market.draws import Draws

CELL: Final = 900
"""Seconds. Cells begin at multiples of it and are boundaries of nodes."""


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


def cell_at(draws: Draws, second: int, liquidity: Liquidity, factor: int, *, is_anchored: bool) -> Cell:
    """Return the cell that holds a second.

    Args:
        draws: kind `book` of the contract.
        second: UTC.
        liquidity: the contract's class.
        factor: widening in 1/256 (256: none; pre-market 3 times, after hours 2, overnight 4).
        is_anchored: whether the day's prices are real.
    """
    raise NotImplementedError


def bid(x: int, cell: Cell) -> int:
    """Return the bid in increments."""
    raise NotImplementedError


def ask(x: int, cell: Cell) -> int:
    """Return the ask in increments."""
    raise NotImplementedError


def last(x: int, cell: Cell) -> int:
    """Return the price in increments at which x trades."""
    raise NotImplementedError


def midpoint(x: int, cell: Cell) -> int:
    """Return the middle of bid and ask in half increments."""
    raise NotImplementedError


def least_x_bid(price: int, cell: Cell) -> int:
    """Return the least x whose bid is at or above a price; one less is the most with it below."""
    raise NotImplementedError


def least_x_ask(price: int, cell: Cell) -> int:
    """Return the least x whose ask is at or above a price."""
    raise NotImplementedError


def least_x_last(price: int, cell: Cell) -> int:
    """Return the least x that trades at or above a price."""
    raise NotImplementedError


def least_x_midpoint(price: int, cell: Cell) -> int:
    """Return the least x whose midpoint is at or above a price in half increments."""
    raise NotImplementedError


def shown_size(draws: Draws, price: int, side: Side, instant: int, liquidity: Liquidity) -> int:
    """Return the size shown at a price (increments) at an instant, in lots, at least one."""
    raise NotImplementedError
