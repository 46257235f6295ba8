"""Orders through the front door: placed and taken."""

import pytest
from tests.desks import AAPL, EURUSD, Client, Market, open_desk
from tests.tickets import MARKET, ORDER, ORDERS, body, live, status

from paperdesk.base.units import SECOND


def test_resting_order_is_submitted_and_its_id_is_a_text(client: Client) -> None:
    placed = client.post(ORDERS, body(ORDER))

    assert placed.status == 200
    (row,) = placed.json
    assert row["order_id"].isdigit()
    assert row == {
        "order_id": row["order_id"],
        "order_status": "Submitted",
        "encrypt_message": "1",
    }


def test_marketable_order_is_filled_at_once(trader: Client) -> None:
    placed = trader.post(ORDERS, body(MARKET))

    assert placed.json[0]["order_status"] == "Filled"


def test_customer_order_id_comes_back(client: Client) -> None:
    placed = client.post(ORDERS, body(ORDER | {"cOID": "mine-1"}))

    assert placed.json[0]["local_order_id"] == "mine-1"


def test_order_of_a_paused_ticket_is_inactive(client: Client) -> None:
    placed = client.post(ORDERS, body(ORDER | {"deactivated": True}))

    assert placed.json[0]["order_status"] == "Inactive"


@pytest.mark.parametrize("sent", [ORDER, [ORDER], {"orders": [ORDER]}])
def test_older_path_takes_a_bare_order_an_array_or_both(client: Client, sent: object) -> None:
    placed = client.post("iserver/account/DU1234567/order", sent)

    assert placed.json[0]["order_status"] == "Submitted"
    assert len(live(client)) == 1


@pytest.mark.parametrize("sent", [[], {"orders": []}, b" [ ] "])
def test_older_path_needs_an_order(client: Client, sent: object) -> None:
    refused = client.post("iserver/account/DU1234567/order", sent)

    assert refused.status == 400
    assert refused.json["error"] == "Bad Request: body can't be empty"


def test_numbers_and_truth_may_be_texts(client: Client) -> None:
    order = ORDER | {
        "conid": str(AAPL),
        "price": "190.1",
        "quantity": "10",
        "side": "Buy",
        "outsideRTH": "True",
    }

    placed = client.post(ORDERS, body(order))

    assert placed.json[0]["order_status"] == "Submitted"
    assert live(client)[0]["outsideRTH"] is True


def test_orders_need_the_accounts_first(market: Market) -> None:
    client = Client(open_desk(market), warm=False)

    refused = client.post(ORDERS, body(ORDER))

    assert refused.status == 400
    assert refused.json == {
        "error": "Bad Request: Please query /accounts first",
        "statusCode": 400,
    }


def test_bracket_answers_one_row_a_ticket_in_order(client: Client) -> None:
    entry = ORDER | {"cOID": "entry"}
    profit = ORDER | {"side": "SELL", "price": 195, "parentId": "entry"}
    loss = ORDER | {"side": "SELL", "orderType": "STP", "price": 185, "parentId": "entry"}
    client.post("iserver/questions/suppress", {"messageIds": ["o10331"]})

    placed = client.post(ORDERS, body(entry, profit, loss)).json

    assert [row["order_status"] for row in placed] == ["Submitted", "PreSubmitted", "PreSubmitted"]
    assert placed[0]["local_order_id"] == "entry"
    assert [row.get("parent_order_id") for row in placed] == [
        None,
        placed[0]["order_id"],
        placed[0]["order_id"],
    ]


def test_group_shares_its_id_and_a_fill_cancels_the_other(trader: Client) -> None:
    first = ORDER | {"isSingleGroup": True}
    second = first | {"price": 190.05}

    placed = trader.post(ORDERS, body(first, second)).json
    assert placed[0]["oca_group_id"] == placed[1]["oca_group_id"]
    ticket = body(first | {"price": 190.30})["orders"][0]
    trader.post(f"iserver/account/DU1234567/order/{placed[0]['order_id']}", ticket)

    assert status(trader, placed[0]["order_id"]) == "Filled"
    assert status(trader, placed[1]["order_id"]) == "Cancelled"


def test_bracket_that_calls_itself_a_group_is_a_bracket(trader: Client) -> None:
    entry = MARKET | {"cOID": "entry", "isSingleGroup": True}
    exits = [
        ORDER | {"side": "SELL", "price": price, "parentId": "entry", "isSingleGroup": True}
        for price in (195, 196)
    ]

    placed = trader.post(ORDERS, body(entry, *exits)).json

    assert [row["order_status"] for row in placed] == ["Filled", "Submitted", "Submitted"]


def test_order_for_a_closed_market_is_held_and_says_until_when(market: Market) -> None:
    night = Client(open_desk(market, at=1_772_463_600 * SECOND - 12 * 3600 * SECOND))

    placed = night.post(ORDERS, body(ORDER)).json

    assert placed[0]["order_status"] == "PreSubmitted"
    assert placed[0]["warning_message"] == (
        "Warning: your order will not be placed at the exchange until"
        " 2026-03-02 09:30:00 US/Eastern."
    )


def test_money_buys_as_many_shares_as_it_is_enough_for(trader: Client) -> None:
    asked = trader.post(
        ORDERS,
        body(ORDER | {"orderType": "MKT", "price": None, "quantity": None, "cashQty": 400}),
    ).json
    assert asked[0]["messageIds"] == ["o10223"]

    placed = trader.post(f"iserver/reply/{asked[0]['id']}", {"confirmed": True}).json

    row = trader.get(f"iserver/account/order/status/{placed[0]['order_id']}").json
    assert row["order_status"] == "Filled"
    assert row["cum_fill"] == "2.1024"


def test_conversion_is_listed_in_money(trader: Client) -> None:
    trader.post("iserver/questions/suppress", {"messageIds": ["o10223", "o10164"]})
    conversion = {
        "conid": EURUSD,
        "side": "BUY",
        "orderType": "LMT",
        "price": 1.08,
        "tif": "DAY",
        "isCcyConv": True,
        "fxQty": 2400,
    }

    placed = trader.post(ORDERS, body(conversion)).json

    assert placed[0]["order_status"] == "Submitted"
    (row,) = live(trader)
    assert row["sizeAndFills"] == "2.4K USD"
    assert row["cashCcy"] == "USD"
    assert row["totalCashSize"] == 2400.0
    assert row["listingExchange"] == "FXCONV"
    assert row["secType"] == "CASH"
    assert row["description1"] == "EUR.USD"
