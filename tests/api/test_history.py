"""History: periods, bars and windows as clients spell them."""

import pytest

from paperdesk.api import history
from paperdesk.api.route import BadRequest
from paperdesk.market.source import BarSize


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("1min", 1, "min"),
        ("8h", 8, "h"),
        ("1000d", 1000, "d"),
        ("792w", 792, "w"),
        ("15y", 15, "y"),
    ],
)
def test_period_is_a_number_and_a_unit(text: str, count: int, unit: str) -> None:
    assert history.period_of(text) == history.Period(count, unit, text)


@pytest.mark.parametrize(
    "text", ["", "1D", "0d", "1001d", "16y", "9h", "31min", "-1d", "week", "1 d"]
)
def test_period_that_is_not_understood_is_a_week(text: str) -> None:
    assert history.period_of(text) == history.Period(1, "w", "1w")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1min", BarSize.M1),
        ("5mins", BarSize.M5),
        ("30S", BarSize.S30),
        ("1h", BarSize.H1),
        ("1d", BarSize.D1),
        ("1w", BarSize.W1),
        ("1m", BarSize.MO1),
    ],
)
def test_bar_is_taken_in_every_spelling(text: str, size: BarSize) -> None:
    assert history.bar_of(text, history.period_of("1w")) is size


@pytest.mark.parametrize("text", ["1D", "7min", "5 Mins", "2days"])
def test_bar_with_a_wrong_unit_is_the_default_of_the_period(text: str) -> None:
    assert history.bar_of(text, history.period_of("1d")) is BarSize.M1
    assert history.bar_of(text, history.period_of("1w")) is BarSize.M15
    assert history.bar_of(text, history.period_of("1m")) is BarSize.M30
    assert history.bar_of(text, history.period_of("1y")) is BarSize.D1
    assert history.bar_of(text, history.period_of("3y")) is BarSize.W1


@pytest.mark.parametrize("text", ["7parsec", "min", "x", "1min1min", "9999999d"])
def test_bar_that_is_no_bar_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        history.bar_of(text, history.period_of("1d"))


def test_start_time_is_an_instant_in_utc() -> None:
    assert history.instant_of("20260908-13:58:11") == 1_788_875_891_000_000


@pytest.mark.parametrize("text", ["", "20260908", "2026-09-08 13:58:11", "20260231-00:00:00"])
def test_start_time_that_is_none_is_not_looked_at(text: str) -> None:
    assert history.instant_of(text) is None
