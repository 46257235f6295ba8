import pytest
from tests.sources import catalogue, conid

from paperdesk.base.slices import whole
from paperdesk.market.spine import StateReturns
from paperdesk.market.spines import MARKET, Spines, pair_subject, sector_name


def test_sector_has_a_factor_of_its_own() -> None:
    assert sector_name("SECT_TECH") == "factor/sector/tech"


def test_pair_is_drawn_by_its_currencies() -> None:
    assert pair_subject(catalogue().contract(conid("EUR.USD"))) == "factor/fx/EUR.USD"


def test_factor_has_one_spine() -> None:
    spines = Spines((1, 7), catalogue())
    days = spines.days(catalogue().contract(conid("AAPL")))

    assert spines.returns(MARKET, days) is spines.returns(MARKET, days)


@pytest.mark.parametrize("name", ["AAPL", "VIX", "EUR.USD"])
def test_spine_grows_in_slices_and_is_then_as_it_would_be(name: str) -> None:
    spines, contract = Spines((1, 7), catalogue()), catalogue().contract(conid(name))
    rows = spines.reference(contract) + 1

    whole(spines.grown(contract))
    grown = spines.taken(contract)
    begun = spines.taken(contract)

    assert len(grown.own.close) == rows
    assert len(begun.own.close) == 0
    begun.own.extend(rows)
    assert begun.own.close == grown.own.close
    assert begun.paid == grown.paid
    assert isinstance(grown.own, StateReturns) is (name == "VIX")
