"""Tape: the trades of a leaf.

Prices go in runs from the open over high and low to the close, instants come in bursts, sizes
are exponential shares of the volume, most of them in round lots.
"""

from itertools import accumulate, pairwise
from typing import Final

from paperdesk.base.units import SECOND
from paperdesk.market.arith import read_table
from paperdesk.market.draws import Draws
from paperdesk.market.nodes import Node, Trade

_GAP: Final = read_table("gap")
_SHARE: Final = read_table("share")


def listed(draws: Draws, node: Node, lot: int) -> tuple[Trade, ...]:
    """Return a leaf's trades: instants in bursts, prices in runs, sizes in shares."""
    a, b, o, _, _, c, v, n = node
    if n == 1:
        octets = draws.octets(a, b)
        return ((a * SECOND + 1 + ((b - a) * (SECOND - 1) * octets[0] >> 8), o, v),)
    octets = draws.octets(a, b)
    for block in range(1, (3 * n + 5 + 31) >> 5):
        # Seconds need 34 bits; the block stands above them.
        octets += draws.octets(a, b + (block << 40))
    gaps = [_GAP[octet] for octet in octets[4 : 5 + n]]
    # Never at the first microsecond, at which a session's print or a new cell may stand.
    start = a * SECOND + 1
    span, whole = b * SECOND - start, sum(gaps)
    instants = [start + span * passed // whole for passed in accumulate(gaps[:-1])]
    xs = _prices(node, octets) if n > 2 else (o, c)  # noqa: PLR2004
    return tuple(zip(instants, xs, _sizes(v, n, octets[5 + n :], lot), strict=True))


def _prices(node: Node, octets: bytes) -> list[int]:
    """Return the prices of a leaf of three trades or more, in runs between its four prices."""
    _, _, o, h, low, c, _, n = node
    corners = [(0, o)]
    inner = n - 2
    up = h > o and h > c
    down = low < o and low < c
    at = 1 + (octets[0] * inner >> 8)
    if up and down:
        # Two different places: the second is drawn among those left.
        other = 1 + (octets[1] * (inner - 1) >> 8)
        other += other >= at
        corners += sorted(((at, h), (other, low)))
    elif up:
        corners.append((at, h))
    elif down:
        corners.append((at, low))
    corners.append((n - 1, c))
    steps = octets[len(octets) - n :]
    xs: list[int] = []
    for (place, x), (end, towards) in pairwise(corners):
        price = x
        xs.append(x)
        for index in range(place + 1, end):
            step = steps[index]
            if step >= 216:  # noqa: PLR2004 - 40 of 256: a run is 6 trades long on average
                price = x + ((towards - x) * (step - 216) // 39)
            xs.append(price)
    xs.append(c)
    return xs


def _sizes(v: int, n: int, octets: bytes, lot: int) -> list[int]:
    """Return the sizes of n trades that make a volume, many of them round lots."""
    shares = [_SHARE[octet] for octet in octets[:n]]
    free, whole = v - n, sum(shares)
    sizes: list[int] = []
    carried = 0
    for share in shares:
        size = 1 + free * share // whole + carried
        carried = 0
        if size >= lot and share & 15:
            carried = size % lot
            size -= carried
        sizes.append(size)
    sizes[-1] += v - sum(sizes)
    return sizes
