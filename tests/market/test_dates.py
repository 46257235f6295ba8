import pytest
from tests.sources import catalogue

from paperdesk.base.calendar import day_of
from paperdesk.market.dates import Clock, DateOrder, fixed_zone, guess_order

NOON = day_of(2024, 1, 2) * 86_400 + 12 * 3600


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["2024-01-02"], DateOrder.YEAR_FIRST),
        (["20240102"], DateOrder.YEAR_FIRST),
        (["01/02/2024"], DateOrder.MONTH_FIRST),
        (["01/02/2024", "13/02/2024"], DateOrder.DAY_FIRST),
        (["02.01.2024"], DateOrder.DAY_FIRST),
        (["1704205800"], DateOrder.EPOCH),
    ],
)
def test_order_is_guessed_from_the_dates(dates: list[str], order: DateOrder) -> None:
    assert guess_order(dates) is order


@pytest.mark.parametrize(
    ("order", "date", "clock"),
    [
        (DateOrder.YEAR_FIRST, "2024-01-02T12:00:00Z", ""),
        (DateOrder.YEAR_FIRST, "2024-01-02 07:00:00-05:00", ""),
        (DateOrder.YEAR_FIRST, "2024-01-02", "07:00"),
        (DateOrder.YEAR_FIRST, "20240102", "070000"),
        (DateOrder.MONTH_FIRST, "1/2/24", "7:00 am"),
        (DateOrder.DAY_FIRST, "02-Jan-2024", "07:00:00.000"),
        (DateOrder.EPOCH, "1704196800", ""),
    ],
)
def test_times_are_new_yorks_unless_they_say_so(order: DateOrder, date: str, clock: str) -> None:
    zone = catalogue().calendar("XNYS").zone

    assert Clock(order, zone, is_daily=False).second(date, clock) == NOON


def test_zone_is_named_by_its_offset() -> None:
    zone = fixed_zone("+02:00")

    assert Clock(DateOrder.YEAR_FIRST, zone, is_daily=False).second("2024-01-02", "14:00") == NOON
    assert fixed_zone("Mars") is None


@pytest.mark.parametrize("date", ["", "yesterday", "2024-02-30", "2024-01-02 nonsense"])
def test_what_is_no_time_is_an_error(date: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Clock(DateOrder.YEAR_FIRST, None, is_daily=False).second(date, "")
