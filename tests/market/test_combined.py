import pytest
from tests.market.test_pairs import UNIVERSE
from tests.sources import catalogue, conid

from paperdesk.market.combined import CombinedCourse
from paperdesk.market.hidden import spanned
from paperdesk.market.universes import Universe


def cross(name: str) -> CombinedCourse:
    found = UNIVERSE.course(conid(name))
    assert isinstance(found, CombinedCourse)
    return found


def test_day_is_never_beyond_what_its_legs_allow() -> None:
    course = cross("EUR.JPY")
    for place in range(6_000, 6_005):
        daily, bounds = course.daily(place), course.bounds(place, extended=False)
        assert daily is not None
        assert bounds is not None
        assert bounds[1] <= daily.low * daily.step
        assert daily.high * daily.step <= bounds[0]


def test_day_comes_from_where_its_legs_come_from() -> None:
    course = cross("EUR.JPY")

    assert course.origin(6_000) == "replay: ecb"
    assert course.origin(len(course.days) - 1) == "synthetic"


@pytest.mark.parametrize("name", ["EUR.JPY", "SEK.JPY"])
def test_bar_of_a_week_is_that_of_its_days(name: str) -> None:
    places = range(6_500, 6_505)
    by_day, at_once = (Universe(1, 7, catalogue(), ()).course(conid(name)) for _ in range(2))
    assert by_day is not None
    assert at_once is not None
    days = [by_day.bar(place, extended=False) for place in places]

    week = at_once.spanned(places, extended=False)

    assert week is not None
    assert not any(map(at_once.is_known, places))
    assert week[:4] == spanned([day for day in days if day is not None])[:4]
    assert by_day.spanned(places, extended=False) == spanned([day for day in days if day])
    assert at_once.spanned(places, extended=False) == week
