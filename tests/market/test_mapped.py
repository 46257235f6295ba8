import pytest
from tests.sources import catalogue, conid

from paperdesk.market.courses import Course
from paperdesk.market.universes import Universe

UNIVERSE = Universe(1, 7, catalogue(), ())


def course(name: str) -> Course:
    found = UNIVERSE.course(conid(name))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("fund", "index", "multiple"), [("TQQQ", "NDX", 3), ("SQQQ", "NDX", -3), ("SH", "SPX", -1)]
)
def test_leveraged_fund_makes_a_multiple_of_the_days_move(
    fund: str, index: str, multiple: int
) -> None:
    leveraged, base = course(fund), course(index)
    for place in range(6_900, 6_960):
        shares = leveraged.shares(place - 1, place)
        before = leveraged.close(place - 1) / float(shares)
        move = leveraged.close(place) / before - 1
        expected = multiple * (base.close(place) / base.close(place - 1) - 1)
        # Distributions of a few tenths of a per cent, and fees.
        assert abs(move - expected) < 0.02


@pytest.mark.parametrize("fund", ["SPY", "TQQQ", "SQQQ", "TMF", "NVDL", "FXE"])
def test_close_of_the_path_is_the_close_of_the_recursion(fund: str) -> None:
    mapped = course(fund)
    for place in (5_000, 6_000, 6_500, 6_950):
        daily = mapped.daily(place)
        assert daily is not None
        told = float(daily.close * daily.step)
        # A currency fund closes an hour before the currencies do.
        assert abs(told / mapped.close(place) - 1) < (0.01 if fund == "FXE" else 0.002)


def test_inverse_fund_is_high_when_its_index_is_low() -> None:
    inverse = course("SQQQ").daily(6_900)

    assert inverse is not None
    assert inverse.low <= min(inverse.open, inverse.close)
    assert inverse.high >= max(inverse.open, inverse.close)


def test_price_at_the_reference_is_the_familiar_one() -> None:
    spy = course("SPY")
    reference = spy.place(20_453)

    assert abs(spy.close(reference) - 670) < 0.01


def test_decaying_fund_has_joined_its_shares_over_the_years() -> None:
    fund = course("UVXY")
    fund.close(5_000)

    assert fund.shares(5_000, 6_700) < 1
    assert all(split.numerator < split.denominator for split in fund.splits)


def test_small_index_is_a_fraction_of_the_large_one() -> None:
    mini, large = course("XSP"), course("SPX")

    for place in (6_000, 6_900):
        assert abs(mini.close(place) / large.close(place) - 0.1) < 0.00001
