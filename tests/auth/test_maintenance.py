from datetime import UTC, datetime

import pytest

from paperdesk.auth.maintenance import Part, turnings, window_at, windows
from paperdesk.auth.resets import Turn
from paperdesk.base.calendar import day_of
from paperdesk.base.regions import Region
from paperdesk.base.units import HOUR, MINUTE, SECOND

SATURDAY = day_of(2026, 9, 12)


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


@pytest.mark.parametrize(
    ("region", "begins"),
    [
        (Region.US, "2026-09-12 23:00"),
        (Region.EUROPE, "2026-09-12 17:00"),
        (Region.ASIA, "2026-09-12 11:00"),
    ],
)
def test_the_web_api_closes_on_the_regions_saturday_evening(region: Region, begins: str) -> None:
    at = utc(begins)

    assert list(turnings(region, SATURDAY)) == [(at, Turn.CLOSES), (at + 4 * HOUR, Turn.REOPENS)]
    assert list(turnings(region, SATURDAY + 1)) == []
    assert window_at(Part.WEB_API, region, at - 1) is None
    assert window_at(Part.WEB_API, region, at) is not None
    assert window_at(Part.WEB_API, region, at + 4 * HOUR - 1) is not None
    assert window_at(Part.WEB_API, region, at + 4 * HOUR) is None


@pytest.mark.parametrize(
    ("service", "at", "minutes_left"),
    [
        # New York, four hours behind: account management at 18:00, longer on Sunday and Tuesday.
        (Part.ACCOUNT_MANAGEMENT, "2026-09-09 21:59:59", None),
        (Part.ACCOUNT_MANAGEMENT, "2026-09-09 22:00:00", 1),
        (Part.ACCOUNT_MANAGEMENT, "2026-09-09 22:01:00", None),
        (Part.ACCOUNT_MANAGEMENT, "2026-09-08 22:01:00", 29),
        (Part.ACCOUNT_MANAGEMENT, "2026-09-13 22:00:00", 30),
        (Part.ACCOUNT_MANAGEMENT, "2026-09-13 22:30:00", None),
        # Banking around midnight, all Saturday, and on Sunday until 15:00.
        (Part.BANKING, "2026-09-10 03:44:59", None),
        (Part.BANKING, "2026-09-10 03:45:00", 45),
        (Part.BANKING, "2026-09-10 04:29:00", 1),
        (Part.BANKING, "2026-09-10 04:30:00", None),
        (Part.BANKING, "2026-09-12 04:00:00", 24 * 60),
        (Part.BANKING, "2026-09-12 16:00:00", 12 * 60),
        (Part.BANKING, "2026-09-13 04:10:00", 14 * 60 + 50),
        (Part.BANKING, "2026-09-13 18:59:00", 1),
        (Part.BANKING, "2026-09-13 19:00:00", None),
    ],
)
@pytest.mark.parametrize("region", Region)
def test_other_services_have_new_yorks_hours_everywhere(
    region: Region, service: Part, at: str, minutes_left: int | None
) -> None:
    window = window_at(service, region, utc(at))

    if minutes_left is None:
        assert window is None
    else:
        assert window is not None
        assert window.ends - utc(at) == minutes_left * MINUTE


def test_the_hours_stay_where_they_are_when_the_hour_changes() -> None:
    for date in ("2026-03-08", "2026-11-01"):
        year, month, day = map(int, date.split("-"))
        (usual, longer) = windows(Part.ACCOUNT_MANAGEMENT, Region.US, day_of(year, month, day))
        offset = 4 if date == "2026-03-08" else 5
        assert usual.begins == longer.begins == utc(f"{date} {18 + offset}:00")
