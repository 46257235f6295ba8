"""What the tests of the API share: a market that stands, and a client who has signed in."""

import pytest
from tests.desks import Client, Market, open_desk


@pytest.fixture
def market() -> Market:
    """Show AAPL at 190.20 to 190.25 and the euro at 1.08500 to 1.08510."""
    return Market()


@pytest.fixture
def client(market: Market) -> Client:
    """Return the user `demo` with the precautions of a new user."""
    return Client(open_desk(market))


@pytest.fixture
def trader(market: Market) -> Client:
    """Return the user `demo` who is asked nothing."""
    return Client(open_desk(market, asks=False))
