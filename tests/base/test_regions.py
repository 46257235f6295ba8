from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from paperdesk.base.regions import PLACES, Region, zone
from paperdesk.base.units import DAY, HOUR, SECOND

FROM, TO = 631_324_800, 4_102_444_800
"""January 1990 and January 2100."""


@pytest.mark.parametrize("region", Region)
def test_local_time_is_that_of_the_zone_database(region: Region) -> None:
    told = ZoneInfo(PLACES[region].zone)
    step = 5 * 3_600

    wrong = []
    for at in range(FROM, TO, step):
        offset = datetime.fromtimestamp(at, told).utcoffset()
        assert offset is not None
        if zone(region).offset(at * SECOND) != int(offset.total_seconds()) * SECOND:
            wrong.append(at)

    assert wrong == []


@pytest.mark.parametrize("region", [Region.US, Region.EUROPE])
@pytest.mark.parametrize("year", [2026, 2027])
def test_the_hour_changes_at_the_very_instant(region: Region, year: int) -> None:
    told = ZoneInfo(PLACES[region].zone)
    begins = int(datetime(year, 1, 1, tzinfo=told).timestamp()) * SECOND
    changes = [at for at in zone(region).changes if begins < at < begins + 366 * DAY]

    assert len(changes) == 2
    for at in changes:
        before = datetime.fromtimestamp(at // SECOND - 1, told).utcoffset()
        after = datetime.fromtimestamp(at // SECOND, told).utcoffset()
        assert before is not None
        assert after is not None
        assert abs((after - before).total_seconds()) * SECOND == HOUR
