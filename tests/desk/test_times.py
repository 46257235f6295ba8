import pytest

from paperdesk.desk.times import InvalidTime, duration, instant, written
from paperdesk.market.catalogue import load_catalogue

CALENDAR = load_catalogue().calendar("XNYS")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2008-09-29 09:30", "2008-09-29T09:30:00-04:00"),
        ("2008-12-01T16:00:05", "2008-12-01T16:00:05-05:00"),
        ("2008-12-01 16:00Z", "2008-12-01T11:00:00-05:00"),
    ],
)
def test_a_time_is_read_and_written(text: str, shown: str) -> None:
    assert written(CALENDAR, instant(CALENDAR, text)) == shown


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("500ms", 500_000),
        ("1.5s", 1_500_000),
        ("2h", 7_200_000_000),
        ("1d", 86_400_000_000),
        (7, 7),
    ],
)
def test_a_duration_is_read(text: str | int, microseconds: int) -> None:
    assert duration(text) == microseconds


@pytest.mark.parametrize("text", ["", "5", "5 years", "-5s", "1e3s", "٣s", "99999d"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(InvalidTime):
        duration(text)


@pytest.mark.parametrize("text", ["9999-12-31 10:00", "2100-01-02 10:00Z", "1969-12-31 10:00"])
def test_a_time_that_no_desk_comes_to_is_refused(text: str) -> None:
    with pytest.raises(InvalidTime, match="from 1970 to 2099"):
        instant(CALENDAR, text)
