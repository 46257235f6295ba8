from bisect import bisect_right
from collections.abc import Callable, Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from paperdesk.market.lattice import profile
from paperdesk.market.touches import Reader, Step, first_touch, next_touch, trailing_touch
from paperdesk.market.tree import Root, Tree, printed
from paperdesk.market.walk import trades

SECOND = 1_000_000
DAY = 86_400
OPEN = 1_767_277_800  # 2026-01-01 14:30 UTC
FIRST_CELL = OPEN - 3_600
ALWAYS = 1 << 60
STANDING = 7


def course(n: int, reach: int) -> list[Root]:
    """Return two days with a gap of prices between them; the first has auctions."""
    roots: list[Root] = []
    for day, o in ((0, 0), (1, reach // 3 + 9)):
        a, b = OPEN + DAY * day, OPEN + DAY * day + 23_400
        node = (a, b, o, o + reach, o - reach // 2, o + reach // 4, n * 100, n)
        roots.append(Root(node, Tree(1, 7, "1", profile("us_regular", a, b))))
    return [
        printed(OPEN * SECOND, 0, 900),
        roots[0],
        printed((OPEN + 23_400) * SECOND - 1, reach // 4 - 1, 900),
        roots[1],
    ]


COURSES = [course(n, reach) for n, reach in ((4, 40), (60, 300), (2_500, 700))]
TAPES = [list(trades(roots, 0, ALWAYS)) for roots in COURSES]

places = st.integers(0, len(COURSES) - 1)
moments = st.integers((OPEN - 7_200) * SECOND, (OPEN + DAY + 30_000) * SECOND)
windows = st.tuples(moments, moments).map(lambda pair: tuple(sorted(pair)))
xs = st.integers(-400, 1_000)


@given(places, windows, xs, st.sampled_from(["up", "down", "both"]))
@settings(max_examples=60)
def test_next_touch_is_the_first_of_a_scan(
    place: int, window: tuple[int, int], x: int, which: str
) -> None:
    after, before = window
    up = None if which == "down" else x + (40 if which == "both" else 0)
    down = None if which == "up" else x
    wanted = next(
        (
            (at, price)
            for at, price, _ in TAPES[place]
            if after < at <= before
            and ((up is not None and price >= up) or (down is not None and price <= down))
        ),
        None,
    )

    assert next_touch(COURSES[place], up, down, after, before) == wanted


def seen(
    place: int, spans: list[tuple[int, int]], window: tuple[int, int], *, quotes: bool
) -> Iterator[tuple[int, int, int]]:
    """Give instant, span and x of all that may touch: trades, and what stands at a start."""
    events = [(at, 0, k) for k, (at, _, _) in enumerate(TAPES[place])]
    events += [(start, 1, k) for k, (start, _) in enumerate(spans)] if quotes else []
    starts = [start for start, _ in spans]
    x = STANDING
    for at, kind, k in sorted(events):
        span = k
        if kind == 0:
            x = TAPES[place][k][1]
            span = bisect_right(starts, at) - 1
        if window[0] < at <= window[1] and span >= 0 and spans[span][1] > at:
            yield at, span, x


cells = st.lists(st.booleans(), min_size=140, max_size=140).map(
    lambda kept: [
        ((FIRST_CELL + 900 * k) * SECOND, (FIRST_CELL + 900 * k + 900) * SECOND)
        for k, keep in enumerate(kept)
        if keep
    ]
)


@given(places, cells, windows, xs, st.randoms(use_true_random=False), st.booleans(), st.booleans())
@settings(max_examples=60)
def test_levels_that_change_by_cell_are_touched_first_where_a_scan_says(  # noqa: PLR0913, PLR0917
    place: int,
    spans: list[tuple[int, int]],
    window: tuple[int, int],
    x: int,
    random: Callable[[], float],
    rising: bool,
    quotes: bool,
) -> None:
    levels = [x + random.randint(-30, 30) for _ in spans]  # type: ignore[attr-defined]
    steps = [
        Step(start, end, level if rising else None, None if rising else level)
        for (start, end), level in zip(spans, levels, strict=True)
    ]
    wanted = next(
        (
            (at, price)
            for at, span, price in seen(place, spans, window, quotes=quotes)
            if (price >= levels[span] if rising else price <= levels[span])
        ),
        None,
    )

    found = first_touch(COURSES[place], steps, *window, STANDING if quotes else None)

    assert found == wanted


def grid(spread: int, phase: int) -> Callable[[int], int]:
    """Return a reading such as a bid's."""
    return lambda x: (x - phase) // (4 * spread) * spread


@given(
    places,
    cells,
    windows,
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 8)), min_size=140, max_size=140),
    st.integers(1, 90),
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=60)
def test_trailing_level_is_touched_first_where_a_scan_says(  # noqa: PLR0913, PLR0917
    place: int,
    spans: list[tuple[int, int]],
    window: tuple[int, int],
    grids: list[tuple[int, int]],
    trail: int,
    rising: bool,
    quotes: bool,
) -> None:
    readers = [Reader(start, end, grid(*g)) for (start, end), g in zip(spans, grids, strict=False)]

    def level(extreme: int) -> int:
        return extreme + trail if rising else extreme - trail

    extreme, wanted = 2, None
    for at, span, x in seen(place, spans, window, quotes=quotes):
        price = readers[span].read(x)
        extreme = min(extreme, price) if rising else max(extreme, price)
        if price >= level(extreme) if rising else price <= level(extreme):
            wanted = (at, x, extreme)
            break

    found = trailing_touch(
        COURSES[place],
        readers,
        2,
        level,
        *window,
        rising=rising,
        standing=STANDING if quotes else None,
    )

    assert found == wanted


def test_quote_touches_at_the_start_of_a_cell_in_which_what_stands_reads_lower() -> None:
    night = (OPEN - 1_800) * SECOND
    steps = [
        Step(night, night + 900 * SECOND, None, 6),
        Step(night + 900 * SECOND, ALWAYS, None, 7),
    ]

    found = first_touch(course(60, 300), steps, night, ALWAYS, STANDING)

    assert found == (night + 900 * SECOND, 7)


def test_search_enters_only_what_reaches_the_level() -> None:
    roots = course(400_000, 700)
    tree = roots[1].tree
    assert tree is not None
    before = dict(tree._kept)

    assert next_touch(roots[:2], 701, None, 0, ALWAYS) is None
    assert tree._kept == before
    assert next_touch(roots[:2], 700, None, 0, ALWAYS) is not None
    assert len(tree._kept) < 12
