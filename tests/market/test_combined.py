from tests.market.test_pairs import UNIVERSE
from tests.sources import conid

from paperdesk.market.combined import CombinedCourse


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
