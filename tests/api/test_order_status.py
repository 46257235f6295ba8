"""Order status: each cell, in the spelling that differs from the live orders."""

from typing import Any

from tests.desks import AAPL, Client, Market
from tests.tickets import MARKET, ORDER, ORDERS, body, place


def status_of(client: Client, order_id: str) -> dict[str, Any]:
    return dict(client.get(f"iserver/account/order/status/{order_id}").json)


def test_status_of_a_filled_market_order(trader: Client) -> None:
    order_id = trader.post(ORDERS, body(MARKET | {"quantity": 1})).json[0]["order_id"]

    assert status_of(trader, order_id) == {
        "sub_type": None,
        "request_id": str(int(order_id) % 100_000_000),
        "server_id": "0",
        "order_id": int(order_id),
        "conidex": "265598",
        "conid": 265598,
        "symbol": "AAPL",
        "side": "B",
        "contract_description_1": "AAPL",
        "listing_exchange": "NASDAQ.NMS",
        "option_acct": "c",
        "company_name": "APPLE INC",
        "size": "0.0",
        "total_size": "1.0",
        "currency": "USD",
        "account": "DU1234567",
        "order_type": "MARKET",
        "limit_price": "",
        "cum_fill": "1.0",
        "order_status": "Filled",
        "order_ccp_status": "2",
        "order_status_description": "Order Filled",
        "tif": "DAY",
        "fg_color": "#FFFFFF",
        "bg_color": "#000000",
        "order_not_editable": True,
        "editable_fields": "\x1e",
        "cannot_cancel_order": True,
        "deactivate_order": False,
        "sec_type": "STK",
        "available_chart_periods": "#R|1",
        "order_description": "Bought 1 Market, Day",
        "order_description_with_contract": "Bought 1 AAPL Market, Day",
        "clearing_id": "IB",
        "clearing_name": "IB",
        "alert_active": 1,
        "child_order_type": "0",
        "order_clearing_account": "DU1234567",
        "size_and_fills": "1",
        "exit_strategy_display_price": "190.25",
        "exit_strategy_chart_description": "Bought 1 @ 190.25",
        "average_price": "190.25",
        "exit_strategy_tool_availability": "1",
        "allowed_duplicate_opposite": True,
        "order_time": "260302150000",
    }


def test_status_of_a_working_limit_order(trader: Client) -> None:
    row = status_of(trader, place(trader, side="SELL", price=190.30, outsideRTH=True))

    assert row["side"] == "S"
    assert row["limit_price"] == "190.30"
    assert row["order_status_description"] == "Order Submitted"
    assert row["order_ccp_status"] == "0"
    assert row["order_not_editable"] is False
    assert row["cannot_cancel_order"] is False
    assert row["editable_fields"] == "limit_price\x1esize\x1etif\x1e"
    assert row["outside_rth"] is True
    assert "average_price" not in row


def test_status_of_a_partly_filled_order(trader: Client, market: Market) -> None:
    market.show(AAPL, "190.20", "190.25", size=4, at=1_772_463_601_000_000)
    trader.wait(2)
    row = status_of(trader, place(trader, price=190.30))

    assert row["order_ccp_status"] == "1"
    assert (row["size"], row["cum_fill"], row["total_size"]) == ("6.0", "4.0", "10.0")
    assert row["size_and_fills"] == "4/10"


def test_status_prints_the_time_in_force_as_it_was_sent(trader: Client) -> None:
    assert status_of(trader, place(trader, tif="GTC"))["tif"] == "GTC"


def test_status_of_a_stop(trader: Client) -> None:
    stop = ORDER | {"side": "SELL", "orderType": "STP", "price": 180}
    order_id = trader.post(ORDERS, body(stop)).json[0]["order_id"]

    row = status_of(trader, order_id)

    assert row["order_type"] == "STOP"
    assert row["stop_price"] == "180.00"
    assert row["limit_price"] == ""
    assert row["order_status"] == "PreSubmitted"


def test_status_of_a_cancelled_order(trader: Client) -> None:
    order_id = place(trader)
    trader.delete(f"iserver/account/DU1234567/order/{order_id}")

    row = status_of(trader, order_id)

    assert row["order_status"] == "Cancelled"
    assert row["order_ccp_status"] == "4"
    assert row["order_status_description"] == "Order Cancelled"
    assert row["editable_fields"] == "\x1e"


def test_status_of_a_group_and_of_a_child(trader: Client) -> None:
    entry = ORDER | {"cOID": "entry"}
    profit = ORDER | {"side": "SELL", "price": 195, "parentId": "entry"}
    parent, child = (row["order_id"] for row in trader.post(ORDERS, body(entry, profit)).json)

    row = status_of(trader, child)

    assert row["parent_order_id"] == int(parent)
    assert row["oca_group_id"] == parent
    assert row["child_order_type"] == "3"
    assert status_of(trader, parent)["order_ref"] == "entry"
