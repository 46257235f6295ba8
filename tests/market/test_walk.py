from bisect import bisect_right
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from paperdesk.market.lattice import profile
from paperdesk.market.tree import Node, Root, Trade, Tree, printed, recorded
from paperdesk.market.walk import (
    Cursor,
    bars,
    cursor,
    extremes,
    last_trade,
    state_at,
    traded,
    trades,
)

SECOND = 1_000_000
DAY = 86_400
OPEN = 1_767_277_800  # 2026-01-01 14:30 UTC
CLOSE = OPEN + 23_400
ALWAYS = 1 << 60


def session(day: int, open_x: int, n: int, reach: int, subject: str = "1") -> Root:
    """Return the root of a regular session some days on, which closes a third of its reach up."""
    a, b = OPEN + DAY * day, CLOSE + DAY * day
    up = 0 if n == 1 else reach
    node = (a, b, open_x, open_x + up, open_x - (up // 2 if n > 3 else 0), open_x + up // 3)
    tree = Tree(1, 7, subject, profile("us_regular", a, b), lot=100)
    return Root((*node, n * 125, n), tree)


@st.composite
def courses(draw: st.DrawFn) -> list[Root]:
    """Give one to three days, some with auctions, recorded trades or a halt between."""
    roots: list[Root] = []
    for day in range(draw(st.integers(1, 3))):
        n = draw(st.sampled_from([4, 40, 900, 2_500]))
        whole = session(day, draw(st.integers(-200, 200)), n, draw(st.integers(0, 400)))
        a, b, o, _, _, c, _, _ = whole.node
        if draw(st.booleans()):
            roots.append(printed(a * SECOND, o, 1_000))
        roots.append(whole)
        if draw(st.booleans()):
            roots.append(printed(b * SECOND - 1, c + 2, 7_000))
        if draw(st.booleans()):
            later = b * SECOND + draw(st.integers(0, 9_000)) * SECOND
            roots.append(recorded([(later, c, 5), (later, c + 1, 6), (later + 777, c - 9, 7)]))
    return roots


def instants(roots: list[Root]) -> st.SearchStrategy[int]:
    """Give instants around the trades, and those of trades."""
    tape = [at for at, _, _ in trades(roots, 0, ALWAYS)]
    return st.sampled_from(tape) | st.integers(tape[0] - 10**10, tape[-1] + 10**10)


def bar(a: int, b: int, tape: list[Trade]) -> Node:
    xs = [x for _, x, _ in tape]
    return (a, b, xs[0], max(xs), min(xs), xs[-1], sum(t[2] for t in tape), len(tape))


def grouped(tape: list[Trade], edges: list[int]) -> list[Node]:
    """Return bars by counting every trade: the slow way."""
    groups: dict[int, list[Trade]] = {}
    for trade in tape:
        place = bisect_right(edges, trade[0] // SECOND)
        if 0 < place < len(edges):
            groups.setdefault(place, []).append(trade)
    return [bar(edges[k - 1], edges[k], groups[k]) for k in sorted(groups)]


@given(courses())
@settings(max_examples=30)
def test_trades_are_in_order_and_make_the_roots(roots: list[Root]) -> None:
    tape = list(trades(roots, 0, ALWAYS))

    assert all(earlier[0] <= later[0] for earlier, later in pairwise(tape))
    assert sum(size for _, _, size in tape) == sum(root.node[6] for root in roots)
    assert len(tape) == sum(root.node[7] for root in roots)


@given(courses(), st.data())
@settings(max_examples=40)
def test_state_is_what_the_tape_says_up_to_then(roots: list[Root], data: st.DataObject) -> None:
    tape = list(trades(roots, 0, ALWAYS))
    at = data.draw(instants(roots))
    so_far = [trade for trade in tape if trade[0] <= at]

    state = state_at(roots, at)

    if not so_far:
        assert state is None
        return
    _, _, o, h, low, _, v, n = bar(0, 0, so_far)
    last_at, x, size = so_far[-1]
    assert state == (x, last_at, size, o, h, low, v, n)


@given(courses(), st.data())
@settings(max_examples=40)
def test_cursor_in_any_steps_is_random_access(roots: list[Root], data: st.DataObject) -> None:
    steps = sorted(data.draw(st.lists(instants(roots), min_size=1, max_size=12)))
    walking = cursor(roots)

    assert [walking.at(at) for at in steps] == [state_at(roots, at) for at in steps]


@given(courses(), st.sampled_from([1, 5, 7, 60, 900, 1_800, 3_600, 14_400]), st.data())
@settings(max_examples=60)
def test_bars_of_any_size_are_the_tape_grouped(
    roots: list[Root], size: int, data: st.DataObject
) -> None:
    start = OPEN + data.draw(st.integers(-50, 1_500)) * 60
    edges = [start + size * k for k in range(data.draw(st.integers(1, 400)) + 1)]
    until = data.draw(st.none() | instants(roots))
    tape = [t for t in trades(roots, 0, ALWAYS) if until is None or t[0] <= until]

    assert bars(roots, edges, until) == grouped(tape, edges)


@given(courses(), st.sampled_from([(5, 60), (60, 300), (300, 900), (900, 3_600), (60, 7_200)]))
@settings(max_examples=20)
def test_small_bars_merged_are_large_bars(roots: list[Root], sizes: tuple[int, int]) -> None:
    small, large = sizes
    start = OPEN // 7_200 * 7_200
    fine = bars(roots, list(range(start, start + 28_801, small)))
    merged: dict[int, Node] = {}
    for a, b, o, h, low, c, v, n in fine:
        k = (a - start) // large
        x = merged.get(k, (a, b, o, h, low, c, 0, 0))
        merged[k] = (0, 0, x[2], max(x[3], h), min(x[4], low), c, x[6] + v, x[7] + n)

    coarse = bars(roots, list(range(start, start + 28_801, large)))

    assert [b[2:] for b in coarse] == [b[2:] for b in merged.values()]


def test_bar_of_the_session_is_its_root() -> None:
    root = session(0, 40, 2_500, 300)

    assert bars([root], [OPEN, CLOSE]) == [root.node]


def test_window_gives_the_bars_of_the_whole_day() -> None:
    root = session(0, 40, 20_000, 300)
    whole = bars([root], list(range(OPEN, CLOSE + 1)))
    window = bars([session(0, 40, 20_000, 300)], list(range(OPEN + 5_000, OPEN + 5_301)))

    assert window == [b for b in whole if OPEN + 5_000 <= b[0] < OPEN + 5_300]


@given(courses(), st.data())
@settings(max_examples=40)
def test_extremes_and_traded_volume_are_those_of_a_scan(
    roots: list[Root], data: st.DataObject
) -> None:
    after, to = sorted((data.draw(instants(roots)), data.draw(instants(roots))))
    low = data.draw(st.integers(-300, 300))
    high = low + data.draw(st.integers(0, 60))
    scan = [trade for trade in trades(roots, 0, ALWAYS) if after < trade[0] <= to]
    xs = [x for _, x, _ in scan]

    assert list(trades(roots, after, to)) == scan
    assert extremes(roots, after, to) == ((max(xs), min(xs)) if xs else None)
    assert traded(roots, low, high, after, to) == sum(
        size for _, x, size in scan if low <= x <= high
    )


def test_cursor_passes_whole_nodes_without_a_split() -> None:
    root = session(0, 40, 20_000, 300)
    assert root.tree is not None
    walking = Cursor([root])

    state = walking.at((CLOSE + 5) * SECOND)

    assert state is not None
    assert state[3:] == (40, 340, -110, 2_500_000, 20_000)
    # One way down to the last trade, of those kept.
    assert len(root.tree._kept) < 12


def test_before_the_first_trade_there_is_nothing() -> None:
    roots = [session(0, 40, 900, 300)]

    assert state_at(roots, OPEN * SECOND) is None
    assert extremes(roots, 0, OPEN * SECOND) is None
    assert bars(roots, [OPEN - 60, OPEN]) == []
    assert state_at([], OPEN * SECOND) is None


def test_two_contracts_share_nothing() -> None:
    one, other = session(0, 40, 900, 300, "1"), session(0, 40, 900, 300, "2")
    alone = bars([session(0, 40, 900, 300, "1")], list(range(OPEN, CLOSE, 60)))
    bars([other], list(range(OPEN, CLOSE, 60)))

    assert bars([one], list(range(OPEN, CLOSE, 60))) == alone


def test_last_trade_of_a_node_is_its_close() -> None:
    root = session(0, 40, 900, 300)
    at, x, _ = last_trade(root, root.node)

    assert x == 140
    assert (OPEN + 22_000) * SECOND < at < CLOSE * SECOND
