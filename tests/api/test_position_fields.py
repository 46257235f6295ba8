"""Position fields: what an account holds, among the market data of a contract."""

import pytest
from tests.desks import AAPL, DU1, DU2, Client, Market
from tests.tickets import MARKET, ORDERS, body

from paperdesk.api.fields import Cell, look_at
from paperdesk.api.position_fields import POSITION_FIELDS, position_values
from paperdesk.base.ids import AccountId


def shown(client: Client, *tags: str, account_id: AccountId = DU1) -> dict[str, Cell]:
    look = look_at(client.desk, AAPL, client.desk.now)
    assert look is not None
    return position_values(look, tags, client.desk.world, account_id)


@pytest.fixture
def holder(trader: Client, market: Market) -> Client:
    """Return who bought 100 at 190.25 and sees it at 195.00 now."""
    trader.post(ORDERS, body(MARKET | {"quantity": 100}))
    market.show(AAPL, "195.00", "195.10", last="195.00", at=trader.desk.now + 1_000_000)
    trader.wait(2)
    return trader


@pytest.mark.parametrize(
    ("tag", "cell"),
    [
        ("73", "19,500.00"),
        ("74", "190.26"),
        ("75", "474.00"),
        ("76", "100"),
        ("77", "474.00"),
        ("78", "474.00"),
        ("79", "0.00"),
        ("80", "2.49%"),
        ("7292", "19,026.00"),
    ],
)
def test_field_of_a_long_position(holder: Client, tag: str, cell: str) -> None:
    assert shown(holder, tag)[tag] == cell


def test_rounded_fields_bring_their_number_along(holder: Client) -> None:
    found = shown(holder, "78", "7292")

    assert found["78_raw"] == pytest.approx(473.9965)
    assert found["7292_raw"] == pytest.approx(19026.0035)


def test_short_position_is_negative(trader: Client) -> None:
    trader.post(ORDERS, body(MARKET | {"side": "SELL"}))

    assert shown(trader, "76", "73") == {"76": "-10", "73": "-1,902.20"}


def test_account_without_position_has_none_of_them(holder: Client) -> None:
    assert shown(holder, *POSITION_FIELDS, account_id=DU2) == {}


def test_fields_that_were_not_asked_for_stay_away(holder: Client) -> None:
    assert shown(holder, "31", "76") == {"76": "100"}
