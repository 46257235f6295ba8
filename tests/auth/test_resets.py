"""Nights in all three regions, above all those in which the hour changes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from paperdesk.auth.resets import LASTS_MAX, LASTS_MIN, Profile, Turn, lasts, turnings
from paperdesk.base.calendar import day_of
from paperdesk.base.regions import PLACES, Region, zone
from paperdesk.base.units import DAY, HOUR, SECOND

CHANGES = [
    (Region.US, "2026-03-08"),
    (Region.US, "2026-11-01"),
    (Region.US, "2027-03-14"),
    (Region.US, "2027-11-07"),
    (Region.EUROPE, "2026-03-29"),
    (Region.EUROPE, "2026-10-25"),
    (Region.EUROPE, "2027-03-28"),
    (Region.EUROPE, "2027-10-31"),
]
"""Every change of the hour of two years. Hong Kong has none, and is looked at on the same days."""

NIGHTS = [*CHANGES, *((Region.ASIA, date) for _, date in CHANGES)]


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


def found(region: Region, date: str, profile: Profile = Profile.ON) -> dict[Turn, int]:
    year, month, day = map(int, date.split("-"))
    return {turn: at for at, turn in turnings(region, profile, 7, day_of(year, month, day))}


@pytest.mark.parametrize(("region", "date"), NIGHTS)
@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_night_is_at_the_regions_own_hours(region: Region, date: str, days: int) -> None:
    """Around each change, what the zone database says of the first of two equal hours."""
    place = ZoneInfo(PLACES[region].zone)
    day = datetime.fromisoformat(date) + timedelta(days=days)

    night = found(region, day.date().isoformat())

    for turn, hour in ((Turn.MIDNIGHT, 0), (Turn.RESET_BEGINS, 1)):
        local = day.replace(hour=hour, tzinfo=place, fold=0)
        assert night[turn] == int(local.timestamp()) * SECOND


def test_new_york_has_one_oclock_twice_and_resets_at_the_first() -> None:
    night = found(Region.US, "2026-11-01")

    assert night[Turn.MIDNIGHT] == utc("2026-11-01 04:00")
    assert night[Turn.RESET_BEGINS] == utc("2026-11-01 05:00")
    following = found(Region.US, "2026-11-02")
    assert following[Turn.RESET_BEGINS] == utc("2026-11-02 06:00")
    assert following[Turn.RESET_BEGINS] - night[Turn.RESET_BEGINS] == 25 * HOUR


def test_zurich_is_five_hours_ahead_between_the_two_changes() -> None:
    dates = ["2026-03-07", "2026-03-10", "2026-03-29", "2026-03-31"]
    dates += ["2026-10-24", "2026-10-26", "2026-11-01", "2026-11-03"]
    distances = {}
    for date in dates:
        west, east = (found(region, date) for region in (Region.US, Region.EUROPE))
        distances[date] = (west[Turn.RESET_BEGINS] - east[Turn.RESET_BEGINS]) // HOUR

    assert distances == {
        "2026-03-07": 6,
        "2026-03-10": 5,
        "2026-03-29": 5,
        "2026-03-31": 6,
        "2026-10-24": 6,
        "2026-10-26": 5,
        "2026-11-01": 5,
        "2026-11-03": 6,
    }


@pytest.mark.parametrize(
    ("region", "winter", "summer"),
    [
        (Region.US, "2026-01-15 05:00", "2026-07-15 04:00"),
        (Region.EUROPE, "2026-01-14 23:00", "2026-07-14 22:00"),
        (Region.ASIA, "2026-01-14 16:00", "2026-07-14 16:00"),
    ],
)
def test_midnight_in_universal_time(region: Region, winter: str, summer: str) -> None:
    assert found(region, "2026-01-15")[Turn.MIDNIGHT] == utc(winter)
    assert found(region, "2026-07-15")[Turn.MIDNIGHT] == utc(summer)


@pytest.mark.parametrize("region", Region)
@pytest.mark.parametrize("year", [2026, 2027])
def test_every_local_day_has_one_night_and_they_are_in_order(region: Region, year: int) -> None:
    first = day_of(year, 1, 1)
    all_of_them = [
        row for day in range(first, first + 365) for row in turnings(region, Profile.ON, 7, day)
    ]

    assert all_of_them == sorted(all_of_them, key=lambda row: row[0])
    assert [turn for _, turn in all_of_them] == 365 * [
        Turn.MIDNIGHT,
        Turn.RESET_BEGINS,
        Turn.RESET_ENDS,
    ]
    midnights = [at for at, turn in all_of_them if turn is Turn.MIDNIGHT]
    gaps = {after - before for before, after in pairwise(midnights)}
    assert gaps == ({DAY} if region is Region.ASIA else {DAY - HOUR, DAY, DAY + HOUR})
    assert all(zone(region).local(at)[1] == 0 for at in midnights)


def test_the_older_rule_has_both_at_midnight() -> None:
    night = found(Region.US, "2026-07-15", Profile.LEGACY)

    assert night[Turn.MIDNIGHT] == night[Turn.RESET_BEGINS] == utc("2026-07-15 04:00")
    assert list(night) == [Turn.MIDNIGHT, Turn.RESET_BEGINS, Turn.RESET_ENDS]


def test_resets_can_be_switched_off() -> None:
    assert found(Region.US, "2026-07-15", Profile.OFF) == {}


def test_each_night_takes_its_own_time_and_the_same_on_every_run() -> None:
    first = day_of(2026, 1, 1)
    drawn = [lasts(Region.US, 7, day) for day in range(first, first + 400)]

    assert drawn == [lasts(Region.US, 7, day) for day in range(first, first + 400)]
    assert min(drawn) >= LASTS_MIN
    assert max(drawn) <= LASTS_MAX
    assert max(drawn) - min(drawn) > 3 * 60 * SECOND
    assert drawn[:5] != [lasts(Region.US, 8, day) for day in range(first, first + 5)]
    assert drawn[:5] != [lasts(Region.EUROPE, 7, day) for day in range(first, first + 5)]
    assert drawn[0] == 177 * SECOND
