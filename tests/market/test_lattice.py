import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdesk.market.lattice import PROFILES, UNITS, Profile, cut, profile

NINE_THIRTY = 34_200
FOUR = 57_600


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        (NINE_THIRTY, FOUR, 46_800),  # 9:30 to 16:00 at 13:00
        (34_200, 46_800, 39_600),  # 9:30 to 13:00 at 11:00, the lower of two
        (36_000, 39_600, 37_800),  # an hour at its half
        (36_000, 37_800, 36_900),
        (36_000, 36_900, 36_300),  # three times five minutes: the lower of two
        (36_300, 36_900, 36_600),
        (36_000, 36_300, 36_120),
        (36_000, 36_060, 36_030),
        (36_000, 36_015, 36_005),
        (36_000, 36_005, 36_002),
        (36_000, 36_002, 36_001),
        (36_001, 36_061, 36_060),  # the coarsest unit goes before the middle
    ],
)
def test_interval_is_cut_at_the_coarsest_unit_nearest_to_the_middle(
    a: int, b: int, wanted: int
) -> None:
    assert cut(a, b) == wanted


@given(st.integers(-(10**9), 10**10), st.integers(2, 10**6))
def test_cut_is_what_a_search_of_all_multiples_finds(a: int, length: int) -> None:
    b = a + length
    unit = next(u for u in UNITS if (a // u + 1) * u < b)
    multiples = list(range((a // unit + 1) * unit, min(b, a + 10**7), unit))

    assert cut(a, b) == min(multiples, key=lambda m: (abs(2 * m - a - b), m))


@pytest.mark.parametrize("kind", PROFILES)
def test_profile_adds_something_every_minute_and_ends_with_the_session(kind: str) -> None:
    variance, volume = profile(kind, NINE_THIRTY, FOUR)[1:]

    for table in (variance, volume):
        assert len(table) == 391
        assert table[0] == 0
        assert all(low < high for low, high in itertools.pairwise(table))


def test_regular_session_is_busy_at_both_ends() -> None:
    _, variance, volume = profile("us_regular", NINE_THIRTY, FOUR)
    halves = [(volume[i + 30] - volume[i]) * 13 / volume[-1] for i in range(0, 390, 30)]

    assert variance[30] * 13 / variance[-1] == pytest.approx(1.99, abs=0.01)
    assert halves[0] == pytest.approx(1.49, abs=0.01)
    assert min(halves) == pytest.approx(0.82, abs=0.01)
    assert halves[12] == pytest.approx(1.47, abs=0.01)


def test_half_day_has_the_same_shape_shortened() -> None:
    whole, half = (profile("us_regular", 0, end).volume for end in (23_400, 11_700))

    for part in (1, 2, 3):
        assert half[195 * part // 5] / half[-1] == pytest.approx(
            whole[390 * part // 5] / whole[-1], abs=2e-4
        )


def test_currencies_go_by_the_hours_of_the_centres_whatever_the_session() -> None:
    early, late = profile("fx", 0, 86_400), profile("fx", 7_200, 86_400)

    assert late.variance[60] == early.variance[180] - early.variance[120]


def test_shares_are_linear_between_the_points_of_the_grid() -> None:
    steps = Profile(0, (0, 1, 4), (0, 3, 4))

    assert steps.shares(0, 60, 120) == (16_384, 49_152)
    assert steps.shares(0, 30, 120) == (8_192, 24_576)
    assert steps.shares(30, 60, 120) == (9_362, 39_321)


def test_short_intervals_go_by_time() -> None:
    assert Profile(0, (0, 1, 4), (0, 3, 4)).shares(30, 45, 90) == (16_384, 16_384)


def test_where_the_profile_has_nothing_shares_go_by_time() -> None:
    assert Profile(0, (0, 1), (0, 1)).shares(3_600, 3_700, 4_000) == (16_384, 16_384)
    assert Profile(3_600, (0, 1), (0, 1)).shares(0, 100, 400) == (16_384, 16_384)
    assert Profile(0, (0, 1), (0, 1)).shares(0, 60, 400) == (65_535, 65_535)
