import itertools

from hypothesis import given
from hypothesis import strategies as st

from paperdesk.market.draws import Draws
from paperdesk.market.nodes import Node, is_valid
from paperdesk.market.tape import listed

DRAWS = Draws(1, 7, "265598", "tape")
NOON = 1_767_268_800


@st.composite
def leaves(draw: st.DrawFn) -> Node:
    """Give leaves of any length: negative prices, no range, one trade, one share."""
    n = draw(st.integers(1, 60))
    o = draw(st.integers(-500, 500))
    c = o if n == 1 else o + draw(st.integers(-40, 40))
    up = draw(st.integers(0, 30)) if n > 2 else 0
    down = draw(st.integers(0, 30)) if n > 3 or (n == 3 and not up) else 0
    volume = n + draw(st.integers(0, 20_000))
    length = draw(st.integers(1, 5_000))
    return (NOON, NOON + length, o, max(o, c) + up, min(o, c) - down, c, volume, n)


@given(leaves(), st.sampled_from([1, 100]))
def test_trades_of_a_leaf_make_its_bar(node: Node, lot: int) -> None:
    assert is_valid(node)

    tape = listed(DRAWS, node, lot)

    a, b, o, h, low, c, v, n = node
    instants, xs, sizes = zip(*tape, strict=True)
    assert len(tape) == n
    assert (xs[0], max(xs), min(xs), xs[-1]) == (o, h, low, c)
    assert sum(sizes) == v
    assert min(sizes) >= 1
    assert list(instants) == sorted(instants)
    assert a * 1_000_000 < instants[0] <= instants[-1] < b * 1_000_000


def test_prices_go_in_runs() -> None:
    nodes = [(NOON + k, NOON + k + 1, 0, 40, -40, 10, 5_000, 16) for k in range(300)]
    tapes = [[x for _, x, _ in listed(DRAWS, node, 1)] for node in nodes]
    changes = sum(x != y for tape in tapes for x, y in itertools.pairwise(tape))

    assert 0.25 < changes / (300 * 15) < 0.40


def test_sizes_are_lots_and_odd_lots() -> None:
    nodes = [(NOON + k, NOON + k + 1, 0, 4, -4, 1, 16 * 125, 16) for k in range(300)]
    sizes = sorted(size for node in nodes for _, _, size in listed(DRAWS, node, 100))

    assert sizes[len(sizes) // 2] == 100
    assert sizes[len(sizes) * 99 // 100] == 500
    assert 0.4 < sum(size % 100 > 0 for size in sizes) / len(sizes) < 0.6


def test_trades_come_in_bursts() -> None:
    nodes = [(NOON + 60 * k, NOON + 60 * k + 60, 0, 0, 0, 0, 16, 16) for k in range(300)]
    gaps = [
        later - earlier
        for node in nodes
        for (earlier, _, _), (later, _, _) in zip(
            listed(DRAWS, node, 1), listed(DRAWS, node, 1)[1:], strict=False
        )
    ]
    mean = sum(gaps) / len(gaps)
    variance = sum((gap - mean) ** 2 for gap in gaps) / len(gaps)

    # Of a Poisson stream variance over squared mean is 1.
    assert variance / mean**2 > 1.5
