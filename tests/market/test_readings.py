import itertools
from bisect import bisect_right

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdesk.market.draws import Draws
from paperdesk.market.lattice import profile
from paperdesk.market.readings import (
    CELL,
    CLASSES,
    LEAST_X,
    READ,
    Cell,
    Liquidity,
    Side,
    ask,
    bid,
    cell_at,
    last,
    midpoint,
    quoted_bars,
    read_bars,
    readers,
    renewed_at,
    shown_size,
    steps,
)
from paperdesk.market.source import Reading
from paperdesk.market.touches import first_touch, trailing_touch
from paperdesk.market.tree import Node, Root, Tree
from paperdesk.market.walk import trades

SECOND = 1_000_000
OPEN = 1_767_277_800  # 2026-01-01 14:30 UTC
CLOSE = OPEN + 23_400
ALWAYS = 1 << 60
BOOK = Draws(1, 7, "265598", "book")
MID = CLASSES[2]

cells = st.integers(1, 40).flatmap(
    lambda spread: st.builds(Cell, st.just(spread), st.integers(0, spread - 1), st.booleans())
)
levels = st.integers(-4_000, 4_000)
readings = st.sampled_from(list(READ))


@pytest.mark.parametrize(
    ("x", "wanted"),
    [
        (40, (10, 10, 11, 21)),  # at the bid
        (41, (10, 10, 11, 21)),
        (42, (10, 11, 11, 21)),  # at the ask
        (43, (10, 11, 11, 21)),
        (44, (11, 11, 12, 23)),
        (-1, (-1, 0, 0, -1)),
    ],
)
def test_spread_of_one_trades_half_at_the_bid_and_half_at_the_ask(
    x: int, wanted: tuple[int, int, int, int]
) -> None:
    cell = Cell(1, 0)

    assert (bid(x, cell), last(x, cell), ask(x, cell), midpoint(x, cell)) == wanted


def test_wide_spread_trades_inside_it_too() -> None:
    cell = Cell(4, 1)

    assert [last(x, cell) for x in range(4, 20)] == [1] * 4 + [2] * 4 + [3] * 4 + [5] * 4
    assert {bid(x, cell) for x in range(4, 20)} == {1}
    assert {ask(x, cell) for x in range(4, 20)} == {5}


@given(levels, cells)
def test_last_is_within_bid_and_ask(x: int, cell: Cell) -> None:
    assert bid(x, cell) < ask(x, cell)
    assert bid(x, cell) <= last(x, cell) <= ask(x, cell)
    assert bid(x, cell) + ask(x, cell) == midpoint(x, cell)


@given(levels, st.integers(0, 50), cells, readings)
def test_no_reading_falls_when_x_rises(x: int, more: int, cell: Cell, reading: Reading) -> None:
    read = READ[reading]

    assert read(x, cell) <= read(x + more, cell)


@given(levels, cells, readings)
def test_least_x_is_the_first_to_read_a_price(price: int, cell: Cell, reading: Reading) -> None:
    x = LEAST_X[reading](price, cell)

    assert READ[reading](x, cell) >= price
    assert READ[reading](x - 1, cell) < price


@given(levels, cells)
def test_any_real_price_is_met_on_an_anchored_day(price: int, cell: Cell) -> None:
    anchored = cell._replace(is_anchored=True)

    assert {last(4 * price + k, anchored) for k in (-2, -1, 0, 1)} == {price}


def test_cells_are_drawn_from_the_class_and_stay_for_a_quarter_of_an_hour() -> None:
    drawn = [cell_at(BOOK, CELL * k, MID) for k in range(400)]

    assert {cell.spread for cell in drawn} == {2, 3, 4, 5, 6, 7, 8, 9, 10}
    assert all(0 <= cell.phase < cell.spread for cell in drawn)
    assert sorted(cell.spread for cell in drawn)[200] == 3
    assert cell_at(BOOK, 899, MID) == cell_at(BOOK, 0, MID) == drawn[0]
    assert cell_at(BOOK, 0, MID, is_anchored=True) == (*drawn[0][:2], True)
    assert cell_at(BOOK, 0, CLASSES[0]) == (1, 0, False)


def test_spread_widens_by_a_factor_and_is_never_nothing() -> None:
    plain, wide, narrow = (cell_at(BOOK, 0, MID, factor).spread for factor in (256, 768, 1))

    assert (wide, narrow) == (3 * plain, 1)


def day(n: int = 2_500) -> list[Root]:
    node = (OPEN, CLOSE, 4_000, 4_500, 3_800, 4_200, n * 100, n)
    return [Root(node, Tree(1, 7, "1", profile("us_regular", OPEN, CLOSE)))]


def cell_of(second: int) -> Cell:
    return cell_at(BOOK, second, MID)


@given(st.sampled_from([5, 60, 900, 1_800, 23_400]), readings, st.integers(0, 23_400))
@settings(max_examples=30)
def test_bars_of_a_reading_are_the_read_tape_grouped(
    size: int, reading: Reading, passed: int
) -> None:
    until = (OPEN + passed) * SECOND
    edges = list(range(OPEN, CLOSE + 1, size))
    groups: dict[int, list[tuple[int, int]]] = {}
    for at, x, volume in trades(day(), 0, until):
        second = at // SECOND
        price = READ[reading](x, cell_of(second))
        groups.setdefault(bisect_right(edges, second), []).append((price, volume))
    wanted: list[Node] = []
    for k, group in sorted(groups.items()):
        prices = [price for price, _ in group]
        ends = prices[0], max(prices), min(prices), prices[-1]
        wanted.append((edges[k - 1], edges[k], *ends, sum(v for _, v in group), len(group)))

    assert read_bars(day(), edges, cell_of, reading, until) == wanted


def test_quote_has_a_bar_for_every_interval_and_opens_with_what_stands() -> None:
    edges = list(range(OPEN - 3_600, CLOSE + 1, 300))
    made = quoted_bars(day(60), edges, cell_of, Reading.BID, 4_001)

    assert [b[:2] for b in made] == list(itertools.pairwise(edges))
    before = [b for b in made if b[1] <= OPEN]
    assert all(set(b[2:6]) == {bid(4_001, cell_of(b[0]))} for b in before)
    for earlier, later in itertools.pairwise(made):
        if later[0] % CELL:
            assert later[2] == earlier[5]
    assert {b[6:] for b in made} == {(0, 0)}


def test_quote_has_no_bar_that_has_not_begun() -> None:
    edges = [OPEN, OPEN + 60, OPEN + 120]

    assert len(quoted_bars(day(), edges, cell_of, Reading.ASK, 0, (OPEN + 60) * SECOND)) == 2
    assert len(quoted_bars(day(), edges, cell_of, Reading.ASK, 0, (OPEN + 60) * SECOND - 1)) == 1


@given(readings, st.integers(-60, 60), st.booleans())
def test_level_of_a_reading_is_touched_when_its_bars_reach_it(
    reading: Reading,
    away: int,
    rising: bool,
) -> None:
    unit = 2 if reading is Reading.MIDPOINT else 1
    price = (1_000 + away) * unit
    spans = [(a * SECOND, (a + CELL) * SECOND, cell_of(a)) for a in range(OPEN, CLOSE, CELL)]
    edges = list(range(OPEN, CLOSE + 1, 60))
    made = quoted_bars(day(), edges, cell_of, reading, 4_000)
    reached = [b for b in made if (b[3] >= price if rising else b[4] <= price)]

    found = first_touch(
        day(), steps(spans, reading, price, rising=rising), OPEN * SECOND - 1, ALWAYS, 4_000
    )

    assert (found is None) == (not reached)
    if found is not None:
        assert reached[0][0] <= found[0] // SECOND < reached[0][1]


def test_trailing_stop_follows_the_highest_bid() -> None:
    spans = [(a * SECOND, (a + CELL) * SECOND, cell_of(a)) for a in range(OPEN, CLOSE, CELL)]
    start = bid(4_000, cell_of(OPEN))

    found = trailing_touch(
        day(),
        readers(spans, Reading.BID),
        start,
        lambda high: high - 40,
        OPEN * SECOND,
        ALWAYS,
        rising=False,
        standing=4_000,
    )

    assert found is not None
    at, x, high = found
    seen = quoted_bars(day(), list(range(OPEN, CLOSE + 1, 60)), cell_of, Reading.BID, 4_000, at)
    assert high == max(b[3] for b in seen)
    assert bid(x, cell_of(at // SECOND)) <= high - 40


@given(
    st.integers(-100, 100_000),
    st.sampled_from(CLASSES),
    st.sampled_from(Side),
    st.integers(0, 10**15),
)
def test_shown_size_is_a_lot_at_least_and_stays_until_it_is_renewed(
    price: int, liquidity: Liquidity, side: Side, at: int
) -> None:
    since = renewed_at(price, at, liquidity)
    shown = shown_size(BOOK, price, side, at, liquidity)

    assert since <= at < since + liquidity.period * SECOND
    assert shown >= 1
    assert shown == shown_size(BOOK, price, side, since, liquidity)
    assert shown == shown_size(BOOK, price, side, since + liquidity.period * SECOND - 1, liquidity)


def test_shown_sizes_are_of_the_class() -> None:
    sizes = sorted(shown_size(BOOK, p, Side.ASK, 0, CLASSES[0]) for p in range(1_000))

    assert sizes[500] == 4
    assert (sizes[0], sizes[-1]) == (1, 36)
    assert shown_size(BOOK, 500, Side.BID, 0, CLASSES[0]) != shown_size(
        BOOK, 500, Side.ASK, 0, CLASSES[0]
    )


def test_levels_behind_the_touch_show_more() -> None:
    means = [
        sum(shown_size(BOOK, p, Side.BID, 0, CLASSES[0], distance) for p in range(500)) / 500
        for distance in (0, 3, 20)
    ]

    assert means[0] < means[2] < means[1]
