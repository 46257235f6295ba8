"""Tree: a bar splits into two bars, down to single trades.

The union of the children is the node, whatever is drawn; so bars of all sizes, the running bar
and the last trade agree. Only integers, and only `+ - * // >> <<` and comparisons: the same bytes
everywhere.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from paperdesk.base.units import SECOND
from paperdesk.market.arith import read_table
from paperdesk.market.draws import draws_of
from paperdesk.market.lattice import GRID, HOUR, Profile, planned, planned_by_time, plans_of
from paperdesk.market.nodes import LEAF_TRADES, Node, Trade, is_leaf, is_valid
from paperdesk.market.shapes import ONE, shaped
from paperdesk.market.tape import listed

__all__ = [
    "LEAF_TRADES",
    "Factor",
    "Node",
    "Root",
    "Trade",
    "Tree",
    "enter",
    "is_leaf",
    "is_valid",
    "printed",
    "recorded",
    "tape_of",
    "tapes",
]

Pair: TypeAlias = tuple[Node | None, Node | None]
"""The two children of a node; None where nothing trades."""

CHILD_TRADES_MIN: Final = 4
"""A child of a split has at least so many trades, or none."""

KEPT_SECONDS_MIN: Final = 256
"""The splits of nodes at least so long are kept: the upper levels, which every question passes."""

KEPT_SPLITS_MAX: Final = 512

_NORMAL: Final = read_table("normal")
_RANK: Final = read_table("rank")
_CASCADE: Final = read_table("cascade")
_COUPLE: Final = read_table("couple")
_VOLUME_MANY: Final = read_table("volume_many")
_VOLUME_SOME: Final = read_table("volume_some")
_VOLUME_FEW: Final = read_table("volume_few")
_VOLUME_NORM: Final = read_table("volume_norm")

LAST_RANK: Final = len(_RANK) - 1
MANY_TRADES: Final = 4096
SOME_TRADES: Final = 256


class Factor:
    """A common cause of several contracts' prices: one normal number per lattice interval.

    Share one object among the contracts of a scenario: it keeps the numbers it was asked for.
    """

    __slots__ = ("_kept", "_octets")

    KEPT_MAX: Final = 16_384

    def __init__(self, generator: int, seed: int, name: str) -> None:
        """Name the factor: `factor/market`, `factor/sector/10`."""
        self._octets = draws_of(generator, seed, name, "path").octets
        self._kept: dict[tuple[int, int], int] = {}

    def z(self, a: int, b: int) -> int:
        """Return the factor's normal number of `[a, b)` in 1e-6 units.

        It is drawn by the word that a tree of the same subject takes for its rank, the fifth, so
        a contract that is the factor (an index) moves with it entirely.
        """
        kept = self._kept
        number = kept.get((a, b))
        if number is None:
            octets = self._octets(a, b)
            number = _NORMAL[octets[8] >> 4 | octets[9] << 4]
            if len(kept) >= self.KEPT_MAX:
                del kept[next(iter(kept))]
            kept[(a, b)] = number
        return number


class Tree:
    """How the nodes of one contract and day split.

    Args:
        generator, seed, subject: whose draws (kinds `path` and `tape`) are used.
        profile: shares of variance and volume over the session.
        factors: `(r, factor)` pairs, r in 1/65536; the own part weighs what is left of
            the sum of squares, which is at most 0.97.
        lot: smallest sizes in a round lot, for the sizes of trades.
    """

    __slots__ = (
        "_factors",
        "_kept",
        "_leaf",
        "_lot",
        "_own",
        "_plans",
        "_profile",
        "_start",
        "_tape",
        "_words",
    )

    def __init__(
        self,
        generator: int,
        seed: int,
        subject: str,
        profile: Profile,
        factors: Sequence[tuple[int, Factor]] = (),
        lot: int = 1,
    ) -> None:
        """Prepare the draws."""
        self._words = draws_of(generator, seed, subject, "path").words
        self._tape = draws_of(generator, seed, subject, "tape")
        self._profile, self._start = profile, profile.start
        self._plans = plans_of(profile)
        self._factors = tuple((r, factor.z) for r, factor in factors)
        self._own = _own_weight(tuple(r for r, _ in factors))
        self._lot = lot
        self._kept: dict[Node, Pair] = {}
        self._leaf: tuple[Node, tuple[Trade, ...]] | None = None

    def split(self, node: Node) -> Pair:
        """Return the two bars of a node that is no leaf; None where nothing trades."""
        if node[1] - node[0] < KEPT_SECONDS_MIN:
            return self._halves(node)
        kept = self._kept
        halves = kept.get(node)
        if halves is None:
            halves = self._halves(node)
            if len(kept) >= KEPT_SPLITS_MAX:
                del kept[next(iter(kept))]
            kept[node] = halves
        return halves

    def tape(self, node: Node) -> tuple[Trade, ...]:
        """Return the trades of a leaf in order."""
        leaf = self._leaf
        if leaf is None or leaf[0] != node:
            leaf = self._leaf = (node, listed(self._tape, node, self._lot))
        return leaf[1]

    def _halves(self, node: Node) -> Pair:
        """Split a node by the words of kind `path` of its interval.

        0 moves variance to one half (and some volume with it), 1 moves volume, 2 and 3 round the
        trades and the volume, 4 is the rank of the shape, 5 blurs the middle, 6 puts the second
        half's open beside it, 7 to 10 round the halves' highs and lows. 11 to 15 are reserved.
        """
        a, b, o, h, low, c, v, n = node
        length = b - a
        if length <= GRID:
            ahead, f, w = planned_by_time(a % HOUR, length)
        else:
            plan = self._plans.get((a - self._start, length))
            ahead, f, w = plan or planned(self._profile, self._plans, a, b)
        m = a + ahead
        d = self._words(a, b)
        norm = _VOLUME_NORM[(f >> 9 << 3) | (w >> 13)]
        f = (f << 32) // ((f << 16) + (ONE - f) * _CASCADE[d[0] >> 4])
        # The fewer trades there are, the more of the volume is moved at random.
        table = (
            _VOLUME_MANY if n >= MANY_TRADES else _VOLUME_SOME if n >= SOME_TRADES else _VOLUME_FEW
        )
        odds = table[d[1] >> 4] * _COUPLE[d[0] >> 4] >> 16
        w = (w << 32) // ((w << 16) + (ONE - w) * odds)
        if h == low:
            h1 = l1 = middle = opening = h2 = l2 = o
        else:
            u = self._rank(a, b, d[4]) if self._factors else d[4]
            h1, l1, middle, opening, h2, l2 = shaped(node, f, u, d)
            # Busy halves are wide halves.
            e = ((h - low) >> 1) + 1
            r1 = (h1 - l1 + e) * norm
            w = (w * r1 << 16) // (w * r1 + (ONE - w) * ((h2 - l2 + e) << 16))
        n1 = _first_trades(n, (n * w + d[2]) >> 16)
        if n1 == 0:
            return None, (m, b, o, h, low, c, v, n)
        if n1 == n:
            return (a, m, o, h, low, c, v, n), None
        v1 = (v * w + d[3]) >> 16
        if v1 < n1:
            v1 = n1
        elif v1 > v - n + n1:
            v1 = v - n + n1
        return (a, m, o, h1, l1, middle, v1, n1), (m, b, opening, h2, l2, c, v - v1, n - n1)

    def _rank(self, a: int, b: int, own: int) -> int:
        """Return the rank of the split in 1/65536, common causes and the own part together."""
        z = self._own * _NORMAL[own >> 4]
        for r, z_of in self._factors:
            z += r * z_of(a, b)
        place = ((z >> 16) + (1 << 22)) >> 11
        if place < 0:
            place = 0
        elif place > LAST_RANK:
            place = LAST_RANK
        return _RANK[place]


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


def recorded(tape: Sequence[Trade]) -> Root:
    """Return the root of given trades, at least one, in order of time."""
    xs = [x for _, x, _ in tape]
    a, b = tape[0][0] // SECOND, tape[-1][0] // SECOND + 1
    volume = sum(size for _, _, size in tape)
    node = (a, b, xs[0], max(xs), min(xs), xs[-1], volume, len(xs))
    return Root(node, None, tuple(tape))


def printed(instant: int, x: int, size: int) -> Root:
    """Return the root of one given trade (an auction's print, a reopening)."""
    return recorded(((instant, x, size),))


def tape_of(root: Root, node: Node) -> tuple[Trade, ...] | None:
    """Return the trades of a node that is listed; None for one that splits."""
    if root.tape is not None:
        return root.tape
    if node[7] > LEAF_TRADES and node[1] - node[0] > 1:
        return None
    assert root.tree is not None, "a root has a tree or a tape"
    return root.tree.tape(node)


def enter(root: Root, node: Node, pending: list[Node]) -> None:
    """Put the two bars of a node on a stack, the earlier one on top."""
    assert root.tree is not None, "a root has a tree or a tape"
    left, right = root.tree.split(node)
    if right is not None:
        pending.append(right)
    if left is not None:
        pending.append(left)


def tapes(
    roots: Sequence[Root], after: int, to: int, enters: Callable[[Node], bool]
) -> Iterator[tuple[Trade, ...]]:
    """Give in order the tapes of leaves that overlap `(after, to]`, in nodes that are entered."""
    for root in roots:
        if root.node[0] * SECOND > to:
            return
        pending = [root.node]
        while pending:
            node = pending.pop()
            if node[1] * SECOND <= after + 1 or not enters(node):
                continue
            if node[0] * SECOND > to:
                return
            tape = tape_of(root, node)
            if tape is None:
                enter(root, node, pending)
            else:
                yield tape


def _first_trades(n: int, n1: int) -> int:
    """Return how many of n trades the first half has: none, four or more, or all."""
    if n1 < CHILD_TRADES_MIN:
        return 0 if n1 < CHILD_TRADES_MIN >> 1 else CHILD_TRADES_MIN
    if n - n1 < CHILD_TRADES_MIN:
        return n if n - n1 < CHILD_TRADES_MIN >> 1 else n - CHILD_TRADES_MIN
    return n1


@lru_cache(maxsize=1024)
def _own_weight(weights: tuple[int, ...]) -> int:
    """Return the weight that makes the sum of squares one, in 1/65536."""
    left = (1 << 32) - sum(r * r for r in weights)
    assert left * 100 >= 2 << 32, "common causes take at most 0.97 of the variance"
    root = ONE
    while root * root > left:
        # Newton's steps from above end at the whole root.
        root = (root + left // root) >> 1
    return root
