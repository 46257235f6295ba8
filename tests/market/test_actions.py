from decimal import Decimal
from fractions import Fraction

import pytest

from paperdesk.base.calendar import day_of
from paperdesk.market.actions import Band, Split, Splits, adjusted, ex_places
from paperdesk.market.arith import log


def test_splits_between_two_sessions_multiply() -> None:
    splits = Splits([Split(20, 1, 10), Split(10, 2, 1)])

    assert splits.between(5, 15) == 2
    assert splits.between(9, 10) == 2
    assert splits.between(10, 19) == 1
    assert splits.between(5, 25) == Fraction(1, 5)
    assert splits.at(10) == Split(10, 2, 1)
    assert splits.at(11) is None


@pytest.mark.parametrize(
    ("price", "shares", "now"),
    [
        ("88.99", Fraction(2), "44.495"),
        ("10", Fraction(3), "3.3333"),
        ("7", Fraction(1, 10), "70.00"),
    ],
)
def test_price_of_then_in_shares_of_now(price: str, shares: Fraction, now: str) -> None:
    assert adjusted(Decimal(price), shares) == Decimal(now)


def test_dividends_fall_on_sessions_as_often_as_they_are_paid() -> None:
    days = [day for day in range(day_of(2024, 1, 1), day_of(2026, 1, 1)) if day % 7 not in (2, 3)]

    assert len(ex_places(days, "Q", [1, 7])) == 8
    assert len(ex_places(days, "M", [1, 7])) in {23, 24}
    assert ex_places(days, "", [1, 7]) == []


def test_price_that_stays_far_above_splits_and_one_far_below_is_joined() -> None:
    rising = Band(100.0, log(100.0), is_forward=True)
    falling = Band(100.0, log(100.0), is_forward=True)

    up = [rising.step(place, log(900.0)) for place in range(60)]
    down = [falling.step(place, log(2.0)) for place in range(60)]

    assert up[-1] is not None
    assert up[-1].place == 60
    assert up[-1].numerator > up[-1].denominator == 1
    assert up[:-1] == [None] * 59
    assert down[-1] is not None
    assert down[-1].denominator > down[-1].numerator == 1


def test_going_back_a_low_price_comes_from_a_later_split() -> None:
    band = Band(100.0, log(100.0), is_forward=False)

    found = [band.step(place, log(2.0)) for place in range(100, 40, -1)]

    assert found[-1] is not None
    assert found[-1].place == 41
    assert found[-1].numerator > 1
