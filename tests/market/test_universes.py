from tests.sources import catalogue, conid

from paperdesk.base.ids import Conid
from paperdesk.market.combined import CombinedCourse
from paperdesk.market.courses import PrimaryCourse
from paperdesk.market.mapped import MappedCourse
from paperdesk.market.pairs import PairCourse
from paperdesk.market.universes import Universe, sector_name


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


def test_sector_has_a_factor_of_its_own() -> None:
    assert sector_name("SECT_TECH") == "factor/sector/tech"
