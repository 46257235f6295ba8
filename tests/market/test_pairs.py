from tests.sources import catalogue, conid

from paperdesk.base.calendar import day_of
from paperdesk.base.units import SECOND
from paperdesk.market.anchors import shipped_layers
from paperdesk.market.days import TreeDay
from paperdesk.market.fixings import fixing_instant
from paperdesk.market.nodes import is_valid
from paperdesk.market.pairs import PairCourse
from paperdesk.market.universes import Universe

UNIVERSE = Universe(1, 7, catalogue(), shipped_layers(["ecb"], catalogue()))


def euro() -> PairCourse:
    found = UNIVERSE.course(conid("EUR.USD"))
    assert isinstance(found, PairCourse)
    return found


def test_path_is_at_the_fixing_to_the_unit() -> None:
    course = euro()
    day = day_of(2026, 10, 29)
    path = course.day(course.place(day))
    assert path is not None

    x = path.stands(fixing_instant(day))

    assert x is not None
    assert x * course.unit(0) == course._fixings.rate(course.place(day))


def test_session_goes_on_where_the_last_one_ended() -> None:
    course = euro()
    for place in range(3_000, 3_040):
        before, path = course.day(place - 1), course.day(place)
        assert isinstance(before, TreeDay)
        assert isinstance(path, TreeDay)
        assert path.roots[0].node[2] == before.roots[-1].node[5]
        assert path.roots[0].node[5] == path.roots[1].node[2]
        assert all(is_valid(root.node) for root in path.roots)
        assert path.roots[0].node[1] * SECOND == fixing_instant(path.session.day)
