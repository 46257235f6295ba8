import pytest
from tests.sources import catalogue

from paperdesk.market.leaders import leader_of, multiple_of


@pytest.mark.parametrize(
    ("symbol", "leader", "multiple"),
    [
        ("SPY", "SPX", 1.0),
        ("SQQQ", "NDX", -3.0),
        ("XSP", "SPX", 1.0),
        ("TMF", "TLT", 3.0),
        ("IAU", "GLD", 1.0),
        ("FXE", "EUR.USD", 1.0),
        ("IBB", "XBI", 0.8),
        ("NVDL", "NVDA", 2.0),
        ("GLD", None, 1.0),
        ("AAPL", None, 1.0),
        ("SPX", None, 1.0),
    ],
)
def test_fund_follows_the_path_of_its_factor(
    symbol: str, leader: str | None, multiple: float
) -> None:
    contract = catalogue().by_symbol(symbol)[0]
    parameters = catalogue().parameters(contract.conid)

    assert leader_of(contract, parameters) == leader
    if leader is not None:
        base, _, quote = leader.partition(".")
        pair = catalogue().fx_pair(base, quote)
        other = pair or catalogue().by_symbol(leader)[0]
        assert multiple_of(parameters, catalogue().parameters(other.conid)) == multiple
