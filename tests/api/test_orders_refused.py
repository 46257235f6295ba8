"""Orders through the front door: what cannot be one is refused in IBKR's words."""

import pytest
from tests.desks import Client, Market, open_desk
from tests.tickets import ORDER, ORDERS, body, live, place

from paperdesk.kernel.messages.accounts import AccountKind


@pytest.mark.parametrize(
    "sent", [b"{", b"orders", b'{"orders":[{"conid":265598,}]}', b"\xff\xfe", b'{"a":NaN}']
)
def test_body_that_is_no_json_is_refused(client: Client, sent: bytes) -> None:
    refused = client.post(ORDERS, sent)

    assert refused.status == 400
    assert refused.json == {
        "error": "Failed to parse body as JSON. Content Type: application/json; charset=utf-8",
        "statusCode": 400,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": "ten"},
        {"conid": {"id": 1}},
        {"price": [190]},
        {"outsideRTH": "perhaps"},
        {"side": {}},
    ],
)
def test_field_of_a_wrong_type_is_refused(client: Client, wrong: dict[str, object]) -> None:
    refused = client.post(ORDERS, body(ORDER | wrong))

    assert refused.status == 400
    assert refused.json == {
        "error": "orders request includes parameter with incorrect type",
        "statusCode": 400,
    }


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"side": "HOLD"}, 400, "Invalid Side (must be 'BUY' or 'SELL')."),
        ({"orderType": "PEG"}, 400, "Unknown order type"),
        ({"conid": None}, 400, "conid or conidex is required"),
        ({"price": None}, 200, "Invalid order price fields"),
        ({"price": -1}, 200, "Invalid order price fields"),
        ({"tif": None}, 200, "null time in force is not supported for this order"),
        ({"tif": "OPG"}, 200, "OPG time in force is not supported for this order"),
        (
            {"conid": 999999999},
            200,
            "no sec defs returned forSecDef reqId=resolve ecReqByConid999999999",
        ),
        ({"quantity": 0}, 500, "Order size 0 is not valid. Please enter size greater than 0."),
        ({"quantity": -5}, 500, "Order size -5 is not valid. Please enter size greater than 0."),
        ({"acctId": "DU7654321"}, 400, "Bad Request: accountId is not valid: DU7654321"),
        ({"acctId": "DU1234568"}, 400, "Bad Request: accountId is not valid: DU1234568"),
    ],
)
def test_order_that_cannot_be_is_refused_in_its_words(
    client: Client, changes: dict[str, object], code: int, message: str
) -> None:
    refused = client.post(ORDERS, body(ORDER | changes))

    assert refused.status == code
    assert refused.json == {"error": message} | ({"statusCode": 400} if code == 400 else {})


@pytest.mark.parametrize(
    ("changes", "beginning"),
    [
        ({"price": 190.101}, "Invalid order price fields"),
        ({"price": 250}, "In accordance with our regulatory obligations as a broker, we cannot"),
        ({"quantity": 40_000}, "Your order is not accepted. Reason: EQUITY WITH LOAN VALUE"),
        ({"conid": 416904}, "No trading permissions."),
        ({"parentId": "nobody"}, "DU1234567 has no order nobody for a parent."),
        ({"conid": None, "conidex": "28812380;;;1/1,2/-1"}, "Your order is not accepted."),
        ({"strategy": "Vwap"}, "Your order is not accepted. Reason:"),
        ({"isClose": True, "quantity": None, "side": "SELL"}, "DU1234567 has no position in AAPL"),
        ({"orderType": "STP", "price": None}, "Invalid order price fields"),
        ({"orderType": "STOP_LIMIT"}, "Invalid order price fields"),
        ({"orderType": "TRAIL", "price": None}, "Invalid order price fields"),
        ({"tif": "GTD"}, "A GTD order needs a date"),
    ],
)
def test_order_that_is_rejected_is_an_error_with_status_200(
    client: Client, changes: dict[str, object], beginning: str
) -> None:
    refused = client.post(ORDERS, body(ORDER | changes))

    assert refused.status == 200
    assert refused.json["error"].startswith(beginning)
    assert list(refused.json) == ["error"]


def test_sixteenth_order_of_a_side_is_refused(client: Client) -> None:
    for cents in range(15):
        place(client, price=f"190.{cents:02}")

    refused = client.post(ORDERS, body(ORDER | {"price": 190.15}))

    assert refused.status == 200
    assert refused.json["error"].startswith("Your account has a minimum of 15 orders working")


def test_customer_order_id_is_taken_once(client: Client) -> None:
    place(client, cOID="mine-1")

    refused = client.post(ORDERS, body(ORDER | {"cOID": "mine-1"}))

    assert refused.status == 200
    assert refused.json == {
        "error": "Order couldn't be submitted: Local order ID=mine-1 is already registered."
    }


def test_cash_account_cannot_spend_more_than_it_has(market: Market) -> None:
    poor = Client(open_desk(market, cash="1000", kind=AccountKind.CASH))

    refused = poor.post(ORDERS, body(ORDER))

    assert refused.status == 200
    assert refused.json["error"].startswith("Your order is not accepted. Reason: AVAILABLE FUNDS")


def test_cash_account_cannot_sell_short(market: Market) -> None:
    holder = Client(open_desk(market, kind=AccountKind.CASH))

    refused = holder.post(ORDERS, body(ORDER | {"side": "SELL", "price": 190.30}))

    assert refused.status == 200
    assert refused.json["error"].startswith("Your order is not accepted. Reason:")


@pytest.mark.parametrize("account_id", ["DU7654321", "DU9", "x"])
def test_account_of_somebody_else_is_refused(client: Client, account_id: str) -> None:
    refused = client.post(f"iserver/account/{account_id}/orders", body(ORDER))

    assert refused.status == 400
    assert refused.json == {
        "error": f"Bad Request: accountId is not valid: {account_id}",
        "statusCode": 400,
    }


def test_request_without_orders_is_refused(client: Client) -> None:
    assert client.post(ORDERS, {"orders": []}).json["error"] == "Bad Request: body can't be empty"
    assert client.post(ORDERS).json["error"] == "Bad Request: body can't be empty"


def test_either_all_tickets_are_taken_or_none(client: Client) -> None:
    refused = client.post(ORDERS, body(ORDER, ORDER | {"price": 190.123}))

    assert refused.json["error"] == "Invalid order price fields"
    assert live(client) == []
