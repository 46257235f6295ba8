"""Tree: a bar splits into two bars, down to single trades.

A node is a bar of hidden prices: `(a, b, o, h, l, c, v, n)`, interval in UTC seconds, four prices
in quarter increments, volume in the contract's smallest sizes, number of trades. The union of the
children is the node, whatever is drawn.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

from paperdesk.market.draws import Draws
from paperdesk.market.lattice import Profile

Node: TypeAlias = tuple[int, int, int, int, int, int, int, int]
"""a, b (UTC seconds, b excluded), open, high, low, close (units), volume, trades."""

Trade: TypeAlias = tuple[int, int, int]
"""Instant (microseconds), price x (quarter increments), size (smallest sizes)."""

LEAF_TRADES: Final = 16
"""A node of at most so many trades, or one second long, is a leaf: its trades are listed."""


class Factor:
    """A common cause of several contracts' prices: one normal number per lattice interval."""

    def __init__(self, generator: int, seed: int, name: str) -> None:
        """Name the factor: `factor/market`, `factor/sector/10`."""
        self._draws = Draws(generator, seed, name, "path")

    def z(self, a: int, b: int) -> int:
        """Return the factor's normal number of `[a, b)` in 1e-6 units."""
        raise NotImplementedError


class Tree:
    """How the nodes of one contract and day split.

    Args:
        generator, seed, subject: whose draws (kinds `path` and `tape`) are used.
        profile: shares of variance and volume over the session.
        factors: `(r, factor)` pairs, r in 1/65536; the own part weighs what is left of
            the sum of squares.
        lot: smallest sizes in a round lot, for the sizes of trades.
    """

    def __init__(  # noqa: PLR0913
        self,
        generator: int,
        seed: int,
        subject: str,
        profile: Profile,
        factors: Sequence[tuple[int, Factor]] = (),
        lot: int = 1,
    ) -> None:
        """Prepare the draws."""
        raise NotImplementedError

    def split(self, node: Node) -> tuple[Node | None, Node | None]:
        """Return the two bars of a node that is no leaf; None where nothing trades."""
        raise NotImplementedError

    def tape(self, node: Node) -> tuple[Trade, ...]:
        """Return the trades of a leaf in order."""
        raise NotImplementedError


class Root(NamedTuple):
    """A given bar and the tree below it, or a given list of trades.

    `tape` is given for what is not drawn: recorded ticks, an auction's print. Then the node is
    their bar (its interval holds all their instants) and `tree` is None.
    In a sequence of roots starts ascend and trades, read in order, never go back in time; only
    roots with a tape may overlap another's interval.
    """

    node: Node
    tree: Tree | None
    tape: tuple[Trade, ...] | None = None


def printed(instant: int, x: int, size: int) -> Root:
    """Return the root of one given trade (an auction's print, a reopening)."""
    second = instant // 1_000_000
    return Root((second, second + 1, x, x, x, x, size, 1), None, ((instant, x, size),))


def is_leaf(node: Node) -> bool:
    """Say whether a node's trades are listed rather than split."""
    return node[7] <= LEAF_TRADES or node[1] - node[0] == 1
