"""Live orders: each cell of a row, as clients parse it."""

from typing import Any

import pytest
from tests.desks import AAPL, Client, Market
from tests.tickets import MARKET, ORDER, ORDERS, body, live, place


def only(client: Client) -> dict[str, Any]:
    (row,) = live(client)
    return row


def test_row_of_a_resting_order(trader: Client) -> None:
    order_id = place(trader, cOID="my-1", price=190)

    assert only(trader) == {
        "acct": "DU1234567",
        "conidex": "265598",
        "conid": 265598,
        "account": "DU1234567",
        "orderId": int(order_id),
        "cashCcy": "USD",
        "sizeAndFills": "0/10",
        "orderDesc": "Buy 10 AAPL Limit 190.00, Day",
        "description1": "AAPL",
        "ticker": "AAPL",
        "secType": "STK",
        "listingExchange": "NASDAQ.NMS",
        "remainingQuantity": 10.0,
        "filledQuantity": 0.0,
        "totalSize": 10.0,
        "companyName": "APPLE INC",
        "status": "Submitted",
        "order_ccp_status": "Submitted",
        "outsideRTH": False,
        "origOrderType": "LIMIT",
        "supportsTaxOpt": "1",
        "lastExecutionTime": "260302150000",
        "orderType": "Limit",
        "bgColor": "#000000",
        "fgColor": "#00F000",
        "order_ref": "my-1",
        "isEventTrading": "0",
        "price": "190.00",
        "timeInForce": "CLOSE",
        "lastExecutionTime_r": 1772463600000,
        "side": "BUY",
    }


def test_row_of_a_filled_market_order(trader: Client) -> None:
    trader.post(ORDERS, body(MARKET))

    row = only(trader)

    assert row["price"] == ""
    assert row["avgPrice"] == "190.25"
    assert row["sizeAndFills"] == "10"
    assert row["orderDesc"] == "Bought 10 AAPL Market, Day"
    assert (row["remainingQuantity"], row["filledQuantity"]) == (0.0, 10.0)
    assert (row["status"], row["order_ccp_status"]) == ("Filled", "Filled")
    assert (row["bgColor"], row["fgColor"]) == ("#FFFFFF", "#000000")
    assert (row["orderType"], row["origOrderType"]) == ("Market", "MARKET")


def test_row_of_a_partly_filled_order(trader: Client, market: Market) -> None:
    market.show(AAPL, "190.20", "190.25", size=4, at=1_772_463_601_000_000)
    trader.wait(2)
    place(trader, price=190.30)

    row = only(trader)

    assert row["status"] == "Submitted"
    assert row["sizeAndFills"] == "4/10"
    assert row["avgPrice"] == "190.25"
    assert row["orderDesc"] == "Buy 10 AAPL Limit 190.30, Day"


@pytest.mark.parametrize(
    ("changes", "cells"),
    [
        (
            {"side": "SELL", "orderType": "STP", "price": 180},
            {
                "orderType": "Stop",
                "origOrderType": "STOP",
                "price": "180.00",
                "auxPrice": "180.00",
                "stop_price": "180.00",
                "orderDesc": "Sell 10 AAPL Stop 180.00, Day",
                "status": "PreSubmitted",
                "bgColor": "#FFFFFF",
                "fgColor": "#0000CC",
                "side": "SELL",
            },
        ),
        (
            {"side": "SELL", "orderType": "STOP_LIMIT", "price": 179, "auxPrice": 180},
            {
                "orderType": "Stop Limit",
                "origOrderType": "STOP_LIMIT",
                "price": "179.00",
                "auxPrice": "180.00",
                "orderDesc": "Sell 10 AAPL Stop Limit 179.00 Stop 180.00, Day",
            },
        ),
        (
            {"side": "SELL", "orderType": "TRAIL", "price": None, "trailingAmt": 5},
            {
                "orderType": "Trailing Stop",
                "origOrderType": "TRAILING_STOP",
                "price": "185.22",
                "stop_price": "185.22",
            },
        ),
        (
            {
                "side": "SELL",
                "orderType": "TRAILLMT",
                "price": 184,
                "auxPrice": 185,
                "trailingAmt": 5,
            },
            {"orderType": "Trailing Stop Limit", "origOrderType": "TRAILING_STOP_LIMIT"},
        ),
        ({"tif": "GTC"}, {"timeInForce": "GTC", "orderDesc": "Buy 10 AAPL Limit 190.10, GTC"}),
        (
            {"tif": "GTD", "goodTillDate": "20260305-20:00:00"},
            {"timeInForce": "GTD", "orderDesc": "Buy 10 AAPL Limit 190.10, GTD"},
        ),
        (
            {"conid": None, "conidex": "265598@ARCA"},
            {"conidex": "265598@ARCA", "exchange": "ARCA", "conid": 265598},
        ),
        (
            {"deactivated": True},
            {
                "status": "Inactive",
                "order_ccp_status": "Pending Submit",
                "bgColor": "#000000",
                "fgColor": "#AFAFAF",
            },
        ),
        ({"quantity": 0.5}, {"totalSize": 0.5, "sizeAndFills": "0/0.5"}),
    ],
)
def test_cells_of_other_orders(
    trader: Client, changes: dict[str, object], cells: dict[str, object]
) -> None:
    trader.post(ORDERS, body(ORDER | changes))

    row = only(trader)

    assert {name: row.get(name) for name in cells} == cells


def test_cancelled_order_keeps_what_it_was(trader: Client) -> None:
    order_id = place(trader)
    trader.delete(f"iserver/account/DU1234567/order/{order_id}")

    row = only(trader)

    assert (row["status"], row["order_ccp_status"]) == ("Cancelled", "Cancelled")
    assert (row["bgColor"], row["fgColor"]) == ("#FFFFFF", "#AA0000")
    assert row["sizeAndFills"] == "10"
    assert "order_cancellation_by_system_reason" not in row


def test_order_cancelled_by_the_system_says_why(trader: Client) -> None:
    place(trader, tif="IOC")

    row = only(trader)

    assert row["status"] == "Cancelled"
    assert row["order_cancellation_by_system_reason"]


def test_child_names_its_parent_by_number(trader: Client) -> None:
    entry = ORDER | {"cOID": "entry"}
    profit = ORDER | {"side": "SELL", "price": 195, "parentId": "entry"}
    parent = trader.post(ORDERS, body(entry, profit)).json[0]["order_id"]

    rows = live(trader)

    assert [row.get("parentId") for row in rows] == [int(parent), None]
