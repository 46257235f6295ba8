import pytest
from tests.sources import catalogue

from paperdesk.market.legs import Leg, leg_of, legs_of


@pytest.mark.parametrize(
    ("pair", "legs"),
    [
        ("EURUSD", "EUR.USD"),
        ("USDJPY", "USD.JPY"),
        ("GBPUSD", "GBP.USD"),
        ("EURJPY", "EUR.USD USD.JPY"),
        ("EURGBP", "EUR.USD /GBP.USD"),
        ("GBPJPY", "GBP.USD USD.JPY"),
        ("USDSEK", "/EUR.USD EUR.SEK"),
        ("NOKSEK", "/EUR.NOK EUR.SEK"),
        ("SEKJPY", "/EUR.SEK EUR.USD USD.JPY"),
        ("CNHHKD", "/USD.CNH USD.HKD"),
    ],
)
def test_pair_is_made_of_the_fewest_legs(pair: str, legs: str) -> None:
    def told(leg: Leg) -> str:
        return f"{'' if leg.is_direct else '/'}{leg.base}.{leg.quote}"

    assert " ".join(told(leg) for leg in legs_of(pair[:3], pair[3:])) == legs


def test_every_leg_of_a_pair_is_a_contract() -> None:
    for contract in catalogue().contracts():
        if contract.base:
            for leg in legs_of(contract.base, contract.currency):
                pair = catalogue().fx_pair(leg.base, leg.quote)
                assert pair is not None
                assert leg_of(pair)
