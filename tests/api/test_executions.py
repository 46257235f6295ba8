"""Executions: what has traded, as clients book it."""

from typing import Any

import pytest
from tests.desks import EURUSD, Client
from tests.tickets import MARKET, ORDER, ORDERS, body

TRADES = "iserver/account/trades"


def trade(client: Client, **changes: object) -> str:
    """Trade at the market and return the order's id."""
    return str(client.post(ORDERS, body(MARKET | changes)).json[0]["order_id"])


def listed(client: Client, **query: object) -> list[dict[str, Any]]:
    client.session.trades_queried = True
    return list(client.get(TRADES, **query).json)


def test_first_list_is_empty_and_the_next_is_not(trader: Client) -> None:
    trade(trader)

    assert trader.get(f"{TRADES}/").json == []
    assert len(trader.get(f"{TRADES}/").json) == 1


def test_row_of_an_execution(trader: Client) -> None:
    order_id = trade(trader, cOID="my-1")

    (row,) = listed(trader)

    assert row == {
        "execution_id": row["execution_id"],
        "symbol": "AAPL",
        "supports_tax_opt": "1",
        "side": "B",
        "order_description": f"Bot 10 @ 190.25 on {row['exchange']}",
        "trade_time": "20260302-15:00:00",
        "trade_time_r": 1772463600000,
        "size": 10.0,
        "price": "190.25",
        "order_ref": "my-1",
        "submitter": "demo",
        "exchange": row["exchange"],
        "commission": "1.00035",
        "net_amount": 1902.5,
        "account": "DU1234567",
        "accountCode": "DU1234567",
        "account_allocation_name": "DU1234567",
        "company_name": "APPLE INC",
        "contract_description_1": "AAPL",
        "sec_type": "STK",
        "listing_exchange": "NASDAQ.NMS",
        "conid": 265598,
        "conidEx": "265598",
        "position": "10",
        "clearing_id": "IB",
        "clearing_name": "IB",
        "liquidation_trade": "0",
        "is_event_trading": "0",
        "order_id": int(order_id),
    }


def test_sale_says_so_and_leaves_the_rest_of_the_position(trader: Client) -> None:
    trade(trader)
    trade(trader, side="SELL", quantity=4)

    row = listed(trader)[-1]

    assert row["side"] == "S"
    assert row["order_description"].startswith("Sold 4 @ 190.20 on ")
    assert row["position"] == "6"
    assert row["order_ref"] == ""


def test_newest_execution_comes_last(trader: Client) -> None:
    first, second = trade(trader), trade(trader, side="SELL")

    assert [row["order_id"] for row in listed(trader)] == [int(first), int(second)]


def test_route_of_an_order_shows_in_the_conidex(trader: Client) -> None:
    trade(trader, conid=None, conidex="265598@ARCA")

    (row,) = listed(trader)

    assert row["conidEx"] == "265598@ARCA"
    assert row["exchange"] == "ARCA"


def test_pair_has_no_listing_exchange(trader: Client) -> None:
    trader.post(
        ORDERS,
        body(ORDER | {"conid": EURUSD, "orderType": "MKT", "quantity": 25_000, "price": None}),
    )

    (row,) = listed(trader)

    assert "listing_exchange" not in row
    assert row["price"] == "1.08510"
    assert row["sec_type"] == "CASH"
    assert row["symbol"] == "EUR"
    assert row["contract_description_1"] == "EUR.USD"
    assert row["exchange"] == "IDEALPRO"


def test_days_are_counted_with_today(trader: Client) -> None:
    trade(trader)
    trader.wait(24 * 3600)
    trade(trader)

    assert len(listed(trader)) == 1
    assert len(listed(trader, days=1)) == 1
    assert len(listed(trader, days="2")) == 2
    assert len(listed(trader, days=7)) == 2


@pytest.mark.parametrize("days", ["8", "-1", "x", "99999999999999999999"])
def test_days_that_are_none_are_refused(trader: Client, days: str) -> None:
    trader.get(TRADES)

    refused = trader.get(TRADES, days=days)

    assert refused.status == 400
    assert refused.json["statusCode"] == 400


def test_executions_of_another_account(trader: Client) -> None:
    trade(trader)

    assert listed(trader, accountId="DU1234568") == []
    assert len(listed(trader, accountId="DU1234567")) == 1
    assert trader.get(TRADES, accountId="DU7654321").status == 400
