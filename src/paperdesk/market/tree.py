"""Tree: a bar splits into two bars, down to single trades.

A node is a bar of hidden prices: `(a, b, o, h, l, c, v, n)`, interval in UTC seconds, four prices
in quarter increments, volume in the contract's smallest sizes, number of trades. Every node has
`l <= o, c <= h` and `v >= n >= 1`; one trade has one price, of two trades h and l are o and c, of
three at most one is an excursion. The union of the children is the node, whatever is drawn.

Only integers, and only `+ - * // >> <<` and comparisons: the same bytes everywhere.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final, NamedTuple, TypeAlias

from paperdesk.market.arith import read_data, read_table
from paperdesk.market.draws import Draws
from paperdesk.market.lattice import GRID, Profile, cut

Node: TypeAlias = tuple[int, int, int, int, int, int, int, int]
"""a, b (UTC seconds, b excluded), open, high, low, close (units), volume, trades."""

Pair: TypeAlias = tuple[Node | None, Node | None]
"""The two children of a node; None where nothing trades."""

Trade: TypeAlias = tuple[int, int, int]
"""Instant (microseconds), price x (quarter increments), size (smallest sizes)."""

LEAF_TRADES: Final = 16
"""A node of at most so many trades, or one second long, is a leaf: its trades are listed."""

CHILD_TRADES_MIN: Final = 4
"""A child of a split has at least so many trades, or none."""

KEPT_SECONDS_MIN: Final = 256
"""The splits of nodes at least so long are kept: the upper levels, which every question passes."""

KEPT_SPLITS_MAX: Final = 512

SECOND: Final = 1_000_000
ONE: Final = 1 << 16
SHAPES_PER_CELL: Final = 64
SHAPE_BYTES: Final = 7
FACTOR_WEIGHT_MAX: Final = 0.97

_SHAPES: Final = read_data("shapes.bin", b"PDS1")
_NORMAL: Final = read_table("normal")
_RANK: Final = read_table("rank")
_CASCADE: Final = read_table("cascade")
_COUPLE: Final = read_table("couple")
_VOLUME_MANY: Final = read_table("volume_many")
_VOLUME_SOME: Final = read_table("volume_some")
_VOLUME_FEW: Final = read_table("volume_few")
_VOLUME_NORM: Final = read_table("volume_norm")
_GAP: Final = read_table("gap")
_SHARE: Final = read_table("share")

MANY_TRADES: Final = 4096
SOME_TRADES: Final = 256


class Factor:
    """A common cause of several contracts' prices: one normal number per lattice interval.

    Share one object among the contracts of a scenario: it keeps the numbers it was asked for.
    """

    __slots__ = ("_draws", "_kept")

    KEPT_MAX: Final = 4096

    def __init__(self, generator: int, seed: int, name: str) -> None:
        """Name the factor: `factor/market`, `factor/sector/10`."""
        self._draws = Draws(generator, seed, name, "path")
        self._kept: dict[tuple[int, int], int] = {}

    def z(self, a: int, b: int) -> int:
        """Return the factor's normal number of `[a, b)` in 1e-6 units.

        It is drawn by the word that a tree of the same subject takes for its rank, so a contract
        that is the factor (an index) moves with it entirely.
        """
        kept = self._kept
        number = kept.get((a, b))
        if number is None:
            number = _NORMAL[self._draws.words(a, b)[4] >> 4]
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

    __slots__ = ("_factors", "_kept", "_leaf", "_lot", "_own", "_path", "_profile", "_tape")

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
        self._path = Draws(generator, seed, subject, "path")
        self._tape = Draws(generator, seed, subject, "tape")
        self._profile = profile
        self._factors = tuple(factors)
        self._own = _own_weight([r for r, _ in factors])
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
            leaf = self._leaf = (node, _listed(self._tape, node, self._lot))
        return leaf[1]

    def _halves(self, node: Node) -> Pair:
        a, b, o, h, low, c, v, n = node
        m = cut(a, b)
        d = self._path.words(a, b)
        if b - a <= GRID:
            f = w = ((m - a) << 16) // (b - a)
        else:
            f, w = self._profile.shares(a, m, b)
        norm = _VOLUME_NORM[(f >> 11 << 5) | (w >> 11)]
        f = (f << 32) // ((f << 16) + (ONE - f) * _CASCADE[d[0] >> 4])
        w = _spread(w, d, n)
        if h == low:
            h1 = l1 = middle = opening = h2 = l2 = o
        else:
            u = self._rank(a, b, d[4]) if self._factors else d[4]
            h1, l1, middle, opening, h2, l2 = _shaped(node, f, u, d)
            # Busy halves are wide halves.
            e = ((h - low) >> 1) + 1
            r1 = (h1 - l1 + e) * norm
            w = (w * r1 << 16) // (w * r1 + (ONE - w) * ((h2 - l2 + e) << 16))
        n1 = (n * w + d[2]) >> 16
        if n1 < CHILD_TRADES_MIN:
            n1 = 0 if n1 < CHILD_TRADES_MIN >> 1 else CHILD_TRADES_MIN
        elif n - n1 < CHILD_TRADES_MIN:
            n1 = n if n - n1 < CHILD_TRADES_MIN >> 1 else n - CHILD_TRADES_MIN
        if n1 == 0:
            return None, (m, b, o, h, low, c, v, n)
        if n1 == n:
            return (a, m, o, h, low, c, v, n), None
        v1 = min(max((v * w + d[3]) >> 16, n1), v - n + n1)
        return (a, m, o, h1, l1, middle, v1, n1), (m, b, opening, h2, l2, c, v - v1, n - n1)

    def _rank(self, a: int, b: int, own: int) -> int:
        """Return the rank of the split in 1/65536, common causes and the own part together."""
        z = self._own * _NORMAL[own >> 4]
        for r, factor in self._factors:
            z += r * factor.z(a, b)
        place = ((z >> 16) + (1 << 22)) >> 11
        return _RANK[min(max(place, 0), 4095)]


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
    second = instant // SECOND
    return Root((second, second + 1, x, x, x, x, size, 1), None, ((instant, x, size),))


def is_leaf(node: Node) -> bool:
    """Say whether a node's trades are listed rather than split."""
    return node[7] <= LEAF_TRADES or node[1] - node[0] == 1


def is_valid(node: Node) -> bool:
    """Say whether a node has the invariants that every root must have."""
    a, b, o, h, low, c, v, n = node
    excursions = (h > max(o, c)) + (low < min(o, c))
    prices = low <= min(o, c) and max(o, c) <= h and (n > 1 or h == low)
    return a < b and v >= n >= 1 and prices and excursions <= max(0, n - 2)


def _own_weight(weights: Sequence[int]) -> int:
    """Return the weight that makes the sum of squares one, in 1/65536."""
    left = (1 << 32) - sum(r * r for r in weights)
    assert left * 100 >= 2 << 32, "common causes take at most 0.97 of the variance"
    root = ONE
    while root * root > left:
        # Newton's steps from above end at the whole root.
        root = (root + left // root) >> 1
    return root


def _spread(w: int, d: tuple[int, ...], n: int) -> int:
    """Move the first half's share of volume at random, the more the fewer trades there are."""
    if n >= MANY_TRADES:
        table = _VOLUME_MANY
    elif n >= SOME_TRADES:
        table = _VOLUME_SOME
    else:
        table = _VOLUME_FEW
    odds = table[d[1] >> 4] * _COUPLE[d[0] >> 4] >> 16
    return (w << 32) // ((w << 16) + (ONE - w) * odds)


def _shaped(node: Node, f: int, u: int, d: tuple[int, ...]) -> tuple[int, int, int, int, int, int]:
    """Return high, low and close of the first half, open, high and low of the second.

    f is the first half's share of the variance in 1/65536, u the rank of the shape, d the words.
    """
    _, _, o, h, low, c, _, _ = node
    f = min(max(f, 1), ONE - 1)
    backwards = f >> 15
    if backwards:
        # The shapes are of first halves that are the smaller ones; the others are these seen
        # from the end.
        o, c, f = c, o, ONE - f
    size = h - low
    of = (o - low) * 255 // size
    cf = (c - low) * 255 // size
    cell = (min(f >> 12, 7) << 6) | (of >> 5 << 3) | (cf >> 5)
    place = (cell * SHAPES_PER_CELL + (u * SHAPES_PER_CELL >> 16)) * SHAPE_BYTES
    ms, p1, q1, p2, q2, os, cs = _SHAPES[place : place + SHAPE_BYTES]
    shift = (ms << 16) + (ONE - f) * (of - os) + f * (cf - cs)
    middle = low + (shift * size + size * (d[5] - 32_768) + 8_355_840) // 16_711_680
    middle = min(max(middle, low), h)
    opening = middle
    if d[6] & 1:
        opening = min(middle + 1, h) if d[6] & 2 else max(middle - 1, low)
    top, bottom = max(o, middle), min(o, middle)
    h1 = h if p1 == 255 else top + ((p1 * (h - top) * 257 + d[7]) >> 16)  # noqa: PLR2004
    l1 = low if q1 == 255 else bottom - ((q1 * (bottom - low) * 257 + d[8]) >> 16)  # noqa: PLR2004
    top, bottom = max(c, opening), min(c, opening)
    h2 = h if p2 == 255 else top + ((p2 * (h - top) * 257 + d[9]) >> 16)  # noqa: PLR2004
    l2 = low if q2 == 255 else bottom - ((q2 * (bottom - low) * 257 + d[10]) >> 16)  # noqa: PLR2004
    if backwards:
        return h2, l2, opening, middle, h1, l1
    return h1, l1, middle, opening, h2, l2


def _listed(draws: Draws, node: Node, lot: int) -> tuple[Trade, ...]:
    """Return a leaf's trades: instants in bursts, prices in runs, sizes in shares."""
    a, b, o, _, _, c, v, n = node
    if n == 1:
        octets = draws.octets(a, b)
        return ((a * SECOND + ((b - a) * SECOND * octets[0] >> 8), o, v),)
    octets = draws.octets(a, b)
    for block in range(1, (3 * n + 5 + 31) >> 5):
        # Seconds need 34 bits; the block stands above them.
        octets += draws.octets(a, b + (block << 40))
    gaps = [_GAP[octet] for octet in octets[4 : 5 + n]]
    span, whole = (b - a) * SECOND, sum(gaps)
    start = a * SECOND
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
        if size >= lot and share & 1:
            carried = size % lot
            size -= carried
        sizes.append(size)
    sizes[-1] += v - sum(sizes)
    return sizes
