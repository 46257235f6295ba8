"""Nodes: bars of hidden prices, from a session's to those whose trades are listed.

A node is `(a, b, o, h, l, c, v, n)`: interval in UTC seconds, four prices in quarter increments,
volume in the contract's smallest sizes, number of trades. Every node has `l <= o, c <= h` and
`v >= n >= 1`; one trade has one price, of two trades h and l are o and c, of three at most one is
an excursion.
"""

from typing import Final, TypeAlias

Node: TypeAlias = tuple[int, int, int, int, int, int, int, int]
"""a, b (UTC seconds, b excluded), open, high, low, close (units), volume, trades."""

Trade: TypeAlias = tuple[int, int, int]
"""Instant (microseconds), price x (quarter increments), size (smallest sizes)."""

LEAF_TRADES: Final = 16
"""A node of at most so many trades, or one second long, is a leaf: its trades are listed."""

NEVER: Final = 1 << 62
"""An instant, and a price, that nothing reaches."""


def is_leaf(node: Node) -> bool:
    """Say whether a node's trades are listed rather than split."""
    return node[7] <= LEAF_TRADES or node[1] - node[0] == 1


def is_valid(node: Node) -> bool:
    """Say whether a node has the invariants that every root must have."""
    a, b, o, h, low, c, v, n = node
    excursions = (h > max(o, c)) + (low < min(o, c))
    prices = low <= min(o, c) and max(o, c) <= h and (n > 1 or h == low)
    return a < b and v >= n >= 1 and prices and excursions <= max(0, n - 2)
