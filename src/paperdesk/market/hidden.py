"""Hidden: bars in hidden prices, of a session or of several, before anybody reads them."""

from collections.abc import Sequence
from typing import TypeAlias

from paperdesk.market.nodes import Node

Hidden: TypeAlias = tuple[int, int, int, int, int, int]
"""Open, high, low, close in hidden prices, volume, trades."""


def merged(nodes: Sequence[Node]) -> Hidden:
    """Return the bar of consecutive bars."""
    high, low, volume, trades = nodes[0][3], nodes[0][4], 0, 0
    for node in nodes:
        high, low = max(high, node[3]), min(low, node[4])
        volume += node[6]
        trades += node[7]
    return nodes[0][2], high, low, nodes[-1][5], volume, trades


def spanned(bars: Sequence[Hidden]) -> Hidden:
    """Return the bar of the bars of consecutive sessions, whose hidden units are the same."""
    highs, lows, volume, trades = [], [], 0, 0
    for _, high, low, _, more, count in bars:
        highs.append(high)
        lows.append(low)
        volume += more
        trades += count
    return bars[0][0], max(highs), min(lows), bars[-1][3], volume, trades
