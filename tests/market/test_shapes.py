from hypothesis import given
from hypothesis import strategies as st

from paperdesk.market.arith import read_data
from paperdesk.market.shapes import shaped

words = st.tuples(*[st.integers(0, 65_535)] * 16)


def test_one_half_of_each_shape_reaches_the_high_and_one_the_low() -> None:
    table = read_data("shapes.bin", b"PDS1")

    assert len(table) == 8 * 8 * 8 * 64 * 7
    for place in range(0, len(table), 7):
        _, p1, q1, p2, q2, _, _ = table[place : place + 7]
        assert 255 in (p1, p2)
        assert 255 in (q1, q2)


def test_shapes_of_a_cell_ascend_by_their_middle() -> None:
    table = read_data("shapes.bin", b"PDS1")

    for cell in range(512):
        middles = table[cell * 448 : cell * 448 + 448 : 7]
        assert list(middles) == sorted(middles)


@given(
    st.integers(-10_000, 10_000),
    st.tuples(*[st.integers(0, 5_000)] * 3),
    st.integers(1, 65_535),
    st.integers(0, 65_535),
    words,
)
def test_halves_are_bars_whose_union_is_the_bar(
    low: int, above: tuple[int, int, int], f: int, u: int, d: tuple[int, ...]
) -> None:
    high = low + max(above) + 1
    o, c = low + above[0], low + above[1]

    h1, l1, middle, opening, h2, l2 = shaped((0, 2, o, high, low, c, 100, 100), f, u, d)

    assert l1 <= min(o, middle) <= max(o, middle) <= h1
    assert l2 <= min(opening, c) <= max(opening, c) <= h2
    assert (max(h1, h2), min(l1, l2)) == (high, low)
    assert abs(opening - middle) <= 1


@given(st.integers(1, 65_535), st.integers(0, 65_535), st.integers(0, 65_535), words)
def test_middle_rises_with_the_rank(f: int, u: int, more: int, d: tuple[int, ...]) -> None:
    node = (0, 2, 400, 1_000, 0, 600, 100, 100)
    higher = min(u + more, 65_535)

    # Between shapes of other ends the middle is moved by them: a tenth of the range at most.
    assert shaped(node, f, u, d)[2] <= shaped(node, f, higher, d)[2] + 130
