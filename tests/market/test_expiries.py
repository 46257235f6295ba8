"""In which months options are listed, by the exchanges' rules."""

import pytest

from paperdesk.base.calendar import Calendar, civil, day_of
from paperdesk.market.catalogue import Catalogue, OptionClass, load_catalogue
from paperdesk.market.expiries import last_friday, months, third_friday

MONTHLY = OptionClass(underlying="X", trading_class="X", monthlies=4, weeklies=0, leaps_years=0)
WEEKLY = OptionClass(underlying="Y", trading_class="Y", monthlies=4, weeklies=6, leaps_years=2)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def calendar(catalogue: Catalogue) -> Calendar:
    return catalogue.calendar("XNYS")


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [(2026, 12, (2026, 12, 18)), (2027, 1, (2027, 1, 15)), (2030, 4, (2030, 4, 18))],
)
def test_monthly_expiry_is_the_third_friday_or_the_session_before(
    calendar: Calendar, year: int, month: int, expected: tuple[int, int, int]
) -> None:
    assert civil(third_friday(year, month, calendar)) == expected


def test_last_weekly_expiry_of_a_month_is_its_last_friday_or_the_session_before(
    calendar: Calendar,
) -> None:
    assert civil(last_friday(2026, 11, calendar)) == (2026, 11, 27)
    assert civil(last_friday(2026, 12, calendar)) == (2026, 12, 24)


def test_month_is_listed_through_the_day_of_its_last_expiry(calendar: Calendar) -> None:
    expiry = day_of(2026, 11, 20)

    assert months([MONTHLY], calendar, expiry)[0] == (2026, 11)
    assert months([MONTHLY], calendar, expiry + 1)[0] == (2026, 12)
    assert months([WEEKLY], calendar, day_of(2026, 11, 27))[0] == (2026, 11)
    assert months([WEEKLY], calendar, day_of(2026, 11, 28))[0] == (2026, 12)


def test_nearest_months_are_followed_by_the_quarterly_cycle(calendar: Calendar) -> None:
    assert months([MONTHLY], calendar, day_of(2026, 11, 24)) == [
        (2026, 12),
        (2027, 1),
        (2027, 3),
        (2027, 6),
    ]


def test_weeklies_and_januaries_add_their_months(calendar: Calendar) -> None:
    assert months([WEEKLY], calendar, day_of(2026, 11, 24)) == [
        (2026, 11),
        (2026, 12),
        (2027, 1),
        (2027, 3),
        (2027, 6),
        (2028, 1),
    ]


def test_classes_of_one_underlying_are_put_together(calendar: Calendar) -> None:
    daily = OptionClass(underlying="X", trading_class="W", monthlies=0, weeklies=8, leaps_years=0)

    assert months([MONTHLY, daily], calendar, day_of(2026, 11, 24))[:3] == [
        (2026, 11),
        (2026, 12),
        (2027, 1),
    ]
    assert months([], calendar, day_of(2026, 11, 24)) == []


def test_everything_with_options_has_a_month_on_any_day(
    catalogue: Catalogue, calendar: Calendar
) -> None:
    for today in range(day_of(2026, 11, 1), day_of(2027, 2, 1)):
        for symbol in ("AAPL", "SPX", "VIX", "AOS"):
            (contract,) = catalogue.by_symbol(symbol)
            listed = months(catalogue.option_classes(contract), calendar, today)
            assert listed == sorted(set(listed))
            assert listed[0] >= civil(today)[:2]
