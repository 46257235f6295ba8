import pytest
from tests.sources import catalogue, conid

from paperdesk.base.ids import Conid
from paperdesk.market.combined import CombinedCourse
from paperdesk.market.courses import PrimaryCourse
from paperdesk.market.mapped import MappedCourse
from paperdesk.market.pairs import PairCourse
from paperdesk.market.universes import Universe


def test_every_contract_has_a_course() -> None:
    universe = Universe(1, 7, catalogue(), ())
    kinds = {
        "AAPL": PrimaryCourse,
        "SPX": PrimaryCourse,
        "SPY": MappedCourse,
        "XSP": MappedCourse,
        "EUR.USD": PairCourse,
        "EUR.JPY": CombinedCourse,
    }

    for name, kind in kinds.items():
        assert isinstance(universe.course(conid(name)), kind), name
    assert universe.course(Conid(999_999_999)) is None


def test_course_that_was_forgotten_comes_back_the_same() -> None:
    universe = Universe(1, 7, catalogue(), ())
    first = universe.course(conid("KO"))
    assert first is not None
    told = first.daily(6_000)
    universe._courses.clear()

    again = universe.course(conid("KO"))

    assert again is not None
    assert again is not first
    assert again.daily(6_000) == told


@pytest.mark.parametrize("name", ["AAPL", "SPX", "SPY", "XSP", "EUR.USD", "EUR.JPY", "SEK.JPY"])
def test_course_is_the_same_warmed_or_not(name: str) -> None:
    cold, warm = Universe(1, 7, catalogue(), ()), Universe(1, 7, catalogue(), ())

    turns = sum(1 for _ in warm.warmed(conid(name)))
    courses = [universe.course(conid(name)) for universe in (cold, warm)]

    told = [
        [course.bar(place, extended=False) for place in (2, 4_000, 6_800, 7_100)]
        for course in courses
        if course is not None
    ]
    assert turns > 20
    assert len(told) == 2
    assert told[0] == told[1]
    assert list(warm.warmed(conid(name))) == []


def test_nothing_is_warmed_of_what_is_no_contract() -> None:
    assert list(Universe(1, 7, catalogue(), ()).warmed(Conid(999_999_999))) == []
