"""Orders through the front door: modified and cancelled."""

import pytest
from tests.desks import AAPL, EURUSD, Client
from tests.tickets import FAR, ORDER, ORDERS, body, live, place, status


def test_modified_order_keeps_its_id(client: Client) -> None:
    order_id = place(client)

    changed = client.post(
        f"iserver/account/DU1234567/order/{order_id}", ORDER | {"price": 190.05, "quantity": 7}
    )

    assert changed.status == 200
    assert changed.json[0]["order_id"] == order_id
    (row,) = live(client)
    assert (row["price"], row["totalSize"], row["sizeAndFills"]) == ("190.05", 7.0, "0/7")


def test_modification_may_leave_contract_and_side_out(client: Client) -> None:
    order_id = place(client)
    ticket = {"orderType": "LMT", "price": 190, "quantity": 10, "tif": "GTC"}

    client.post(f"iserver/account/DU1234567/order/{order_id}", ticket)

    assert live(client)[0]["timeInForce"] == "GTC"


def test_modification_is_asked_about_as_an_order_is(client: Client) -> None:
    order_id = place(client)

    (asked,) = client.post(f"iserver/account/DU1234567/order/{order_id}", FAR).json
    assert asked["messageIds"] == ["o163"]
    changed = client.post(f"iserver/reply/{asked['id']}", {"confirmed": True})

    assert changed.json[0]["order_id"] == order_id
    assert live(client)[0]["price"] == "150.00"


def test_modification_to_the_market_fills(trader: Client) -> None:
    order_id = place(trader)

    changed = trader.post(f"iserver/account/DU1234567/order/{order_id}", ORDER | {"price": 190.30})

    assert changed.json[0]["order_status"] == "Filled"


@pytest.mark.parametrize("order_id", ["1", "999999999", "abc", "9" * 30])
def test_order_that_is_not_there_cannot_be_modified(client: Client, order_id: str) -> None:
    refused = client.post(f"iserver/account/DU1234567/order/{order_id}", ORDER)

    assert refused.status == 400
    assert refused.json == {"error": f"OrderID {order_id[:15]} doesn't exist", "statusCode": 400}


def test_filled_order_cannot_be_modified(trader: Client) -> None:
    order_id = place(trader, price=190.30)

    refused = trader.post(f"iserver/account/DU1234567/order/{order_id}", ORDER)

    assert refused.status == 200
    assert "cannot be modified" in refused.json["error"]


@pytest.mark.parametrize("changes", [{"side": "SELL", "price": 190.30}, {"conid": EURUSD}])
def test_contract_and_side_cannot_be_modified(client: Client, changes: dict[str, object]) -> None:
    order_id = place(client)

    refused = client.post(f"iserver/account/DU1234567/order/{order_id}", ORDER | changes)

    assert refused.status == 200
    assert list(refused.json) == ["error"]


def test_cancelled_order_answers_with_a_number(client: Client) -> None:
    order_id = place(client)

    cancelled = client.delete(f"iserver/account/DU1234567/order/{order_id}")

    assert cancelled.status == 200
    assert cancelled.json == {
        "msg": "Request was submitted",
        "order_id": int(order_id),
        "conid": AAPL,
        "account": "DU1234567",
    }
    assert status(client, order_id) == "Cancelled"


def test_minus_one_cancels_every_open_order(client: Client) -> None:
    ids = [place(client), place(client, price=190.05)]

    cancelled = client.delete("iserver/account/DU1234567/order/-1")

    assert cancelled.json == {
        "msg": "Request was submitted",
        "order_id": -1,
        "conid": -1,
        "account": None,
    }
    assert [status(client, order_id) for order_id in ids] == ["Cancelled", "Cancelled"]


def test_minus_one_without_orders_is_no_error(client: Client) -> None:
    assert client.delete("iserver/account/DU1234567/order/-1").status == 200


def test_order_that_is_not_there_cannot_be_cancelled(client: Client) -> None:
    refused = client.delete("iserver/account/DU1234567/order/1")

    assert refused.status == 400
    assert refused.json == {"error": "OrderID 1 doesn't exist", "statusCode": 400}


def test_order_of_another_account_is_not_there(client: Client) -> None:
    order_id = place(client)

    assert client.delete(f"iserver/account/DU1234568/order/{order_id}").status == 400
    assert client.delete(f"iserver/account/DU7654321/order/{order_id}").json["error"] == (
        "Bad Request: accountId is not valid: DU7654321"
    )


def test_filled_order_cannot_be_cancelled(trader: Client) -> None:
    order_id = place(trader, price=190.30)

    refused = trader.delete(f"iserver/account/DU1234567/order/{order_id}")

    assert refused.status == 200
    assert refused.json == {"error": "Cancel attempted when order is not in a cancellable state."}


def test_parent_takes_its_children_with_it(client: Client) -> None:
    entry = ORDER | {"cOID": "entry"}
    profit = ORDER | {"side": "SELL", "price": 195, "parentId": "entry"}
    placed = client.post(ORDERS, body(entry, profit)).json

    client.delete(f"iserver/account/DU1234567/order/{placed[0]['order_id']}")

    assert status(client, placed[1]["order_id"]) == "Cancelled"


def test_modification_of_a_wrong_type_is_refused_as_an_order_is(client: Client) -> None:
    order_id = place(client)

    refused = client.post(f"iserver/account/DU1234567/order/{order_id}", ORDER | {"price": "x"})

    assert refused.status == 400
    assert refused.json["error"] == "orders request includes parameter with incorrect type"
