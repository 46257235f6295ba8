import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from paperdesk.market.draws import Draws
from paperdesk.market.lattice import PROFILES, Profile, profile
from paperdesk.market.tree import (
    Factor,
    Node,
    Root,
    Tree,
    is_leaf,
    is_valid,
    printed,
    recorded,
    tapes,
)

SESSION = 1_767_277_800  # 2026-01-01 14:30 UTC
FLAT = Profile(0, (0,), (0,))


@st.composite
def nodes(draw: st.DrawFn) -> Node:
    """Give bars of any session: negative prices, no range, one trade, one share a trade."""
    a = SESSION + draw(st.integers(-40_000, 40_000))
    n = draw(st.sampled_from([1, 2, 3, 4, 17]) | st.integers(5, 1_500))
    o = draw(st.integers(-20_000, 20_000))
    c = o if n == 1 else o + draw(st.integers(-900, 900) | st.integers(-2, 2))
    up = draw(st.integers(0, 2) | st.integers(0, 600)) if n > 2 else 0
    down = draw(st.integers(0, 2) | st.integers(0, 600)) if n > 3 or (n == 3 and not up) else 0
    volume = n + draw(st.integers(0, 200_000))
    length = draw(st.integers(1, 30_000))
    return (a, a + length, o, max(o, c) + up, min(o, c) - down, c, volume, n)


def split_to_the_leaves(tree: Tree, root: Node) -> list[tuple[Node, list[Node]]]:
    """Return every node that splits, with its children."""
    found: list[tuple[Node, list[Node]]] = []
    pending = [root]
    while pending:
        node = pending.pop()
        if is_leaf(node):
            continue
        children = [child for child in tree.split(node) if child is not None]
        found.append((node, children))
        pending += children
    return found


@given(nodes(), st.sampled_from(PROFILES), st.integers(0, 9))
@settings(max_examples=60)
def test_union_of_the_children_is_the_node_down_to_the_trades(
    root: Node, kind: str, seed: int
) -> None:
    assert is_valid(root)
    factors = [(40_000, Factor(1, seed, "factor/market")), (30_000, Factor(1, seed, "factor/10"))]
    tree = Tree(1, seed, "1", profile(kind, SESSION, SESSION + 23_400), factors[: seed % 3])

    for node, children in split_to_the_leaves(tree, root):
        a, b, o, h, low, c, v, n = node
        assert all(is_valid(child) and child[7] >= 4 for child in children)
        assert a <= children[0][0] < children[-1][1] <= b
        assert (children[0][2], children[-1][5]) == (o, c)
        assert (max(x[3] for x in children), min(x[4] for x in children)) == (h, low)
        assert (sum(x[6] for x in children), sum(x[7] for x in children)) == (v, n)
        if len(children) == 2:
            assert a < children[0][1] == children[1][0] < b


@given(nodes(), st.randoms(use_true_random=False))
def test_order_of_questions_and_what_is_kept_change_no_split(root: Node, random: object) -> None:
    assert hasattr(random, "shuffle")
    tree = Tree(1, 7, "1", FLAT)
    found = split_to_the_leaves(tree, root)
    shuffled = list(found)
    random.shuffle(shuffled)
    fresh = Tree(1, 7, "1", FLAT)

    for node, children in shuffled:
        assert [child for child in fresh.split(node) if child is not None] == children


def test_seed_and_subject_change_what_happens_inside() -> None:
    root = (SESSION, SESSION + 3_600, 0, 300, -300, 100, 10_000, 5_000)
    halves = {Tree(1, seed, subject, FLAT).split(root) for seed in (1, 2) for subject in ("1", "2")}

    assert len(halves) == 4


def test_upper_splits_are_kept_within_bounds() -> None:
    tree = Tree(1, 7, "1", FLAT)
    for k in range(1_000):
        tree.split((300 * k, 300 * k + 300, 0, 9, -9, 1, 100, 100))

    assert len(tree._kept) == 512


def brownian_roots(count: int) -> list[Node]:
    """Return bars with the open, close, high and low of simulated walks.

    Between its steps, of 35 in the mean square, a path goes 20 further on average.
    """
    made = []
    for k in range(count):
        walk = Draws(1, 99, f"root/{k}", "path")
        x = high = low = 0
        for step in range(16):
            for word in walk.words(step, 0):
                x += word % 121 - 60
                high, low = max(high, x), min(low, x)
        made.append((SESSION, SESSION + 100_000, 0, high + 20, low - 20, x, 10**7, 10**6))
    return made


def test_variance_is_kept_from_level_to_level() -> None:
    squares = [0] * 7
    for number, root in enumerate(brownian_roots(1_500)):
        tree = Tree(1, 11, str(number), FLAT)
        level: list[Node] = [root]
        for depth in range(7):
            squares[depth] += sum((node[5] - node[2]) ** 2 for node in level)
            level = [half for node in level for half in tree.split(node) if half is not None]

    # The roots' own sample and the first level decide little; what follows must neither grow
    # nor shrink.
    assert all(0.97 < child / parent < 1.02 for parent, child in itertools.pairwise(squares[1:]))
    assert 0.97 < squares[6] / squares[1] < 1.03


def test_common_cause_moves_contracts_together() -> None:
    market = Factor(1, 7, "factor/market")
    moves: dict[str, list[int]] = {"index": [], "one": [], "two": [], "alone": []}
    trees = {
        "index": Tree(1, 7, "factor/market", FLAT),
        "one": Tree(1, 7, "1", FLAT, [(58_000, market)]),
        "two": Tree(1, 7, "2", FLAT, [(58_000, market)]),
        "alone": Tree(1, 7, "3", FLAT),
    }
    for k in range(400):
        a = SESSION // 3_600 * 3_600 + 3_600 * k
        for name, tree in trees.items():
            first, _ = tree.split((a, a + 3_600, 0, 500, -500, 0, 10**6, 10**5))
            assert first is not None
            moves[name].append(first[5])

    def correlation(first: str, second: str) -> float:
        x, y = moves[first], moves[second]
        products = sum(i * j for i, j in zip(x, y, strict=True))
        return float(products / (sum(i * i for i in x) * sum(j * j for j in y)) ** 0.5)

    assert correlation("one", "two") > 0.5
    assert correlation("index", "one") > 0.6
    assert abs(correlation("one", "alone")) < 0.15


def test_mean_share_of_volume_is_the_profiles() -> None:
    shape = profile("us_regular", SESSION, SESSION + 23_400)
    first_hours = 0
    for k in range(1_500):
        left, _ = Tree(1, k, "1", shape).split(
            (SESSION, SESSION + 23_400, 0, 500, -400, 100, 10**9, 40_000)
        )
        assert left is not None
        first_hours += left[6]
    wanted = shape.volume[210] / shape.volume[390]

    assert abs(first_hours / 1_500 / 10**9 - wanted) < 0.02


def test_busy_names_trade_in_every_minute() -> None:
    shape = profile("us_regular", SESSION, SESSION + 23_400)
    root = Root(
        (SESSION, SESSION + 23_400, 0, 0, 0, 0, 200 * 390 * 100, 200 * 390), Tree(1, 7, "1", shape)
    )
    every = tapes([root], 0, 1 << 60, lambda _: True)
    minutes = {at // 60_000_000 for tape in every for at, _, _ in tape}

    assert len(minutes) == 390


def test_given_trades_are_a_root() -> None:
    root = recorded([(1_500_000, 8, 100), (2_000_000, 12, 5), (2_000_000, 9, 1)])

    assert root.node == (1, 3, 8, 12, 8, 9, 106, 3)
    assert printed(2_999_999, 40, 700) == (
        (2, 3, 40, 40, 40, 40, 700, 1),
        None,
        ((2_999_999, 40, 700),),
    )
