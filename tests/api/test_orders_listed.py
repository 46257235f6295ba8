"""Orders through the front door: listed, filtered, looked at."""

import pytest
from tests.desks import Client
from tests.tickets import live, place


def test_first_list_of_a_session_is_empty(client: Client) -> None:
    place(client)

    assert client.get("iserver/account/orders").json == {"orders": [], "snapshot": False}
    listed = client.get("iserver/account/orders/").json
    assert listed["snapshot"] is True
    assert len(listed["orders"]) == 1


def test_forced_list_is_empty_and_the_next_is_not(client: Client) -> None:
    place(client)
    client.get("iserver/account/orders")

    assert client.get("iserver/account/orders?force=true").json["orders"] == []
    assert len(client.get("iserver/account/orders?force=false").json["orders"]) == 1


def test_open_orders_come_first_and_the_newest_of_each(trader: Client) -> None:
    first, second = place(trader), place(trader, price=190.05)
    done = place(trader, price=190.30)

    assert [str(row["orderId"]) for row in live(trader)] == [second, first, done]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ("submitted", 1),
        ("Submitted", 1),
        ("filled", 1),
        ("Filled,Submitted", 2),
        ("filled%2Csubmitted", 2),
        ("pre_submitted", 0),
        ("PreSubmitted", 0),
        ("inactive,pending_submit,pending_cancel,cancelled", 0),
        ("pre_cancelled,warn_state", 0),
        ("sort_by_time", 2),
        ("nonsense", 2),
    ],
)
def test_list_is_filtered_by_status_in_both_spellings(
    trader: Client, filters: str, count: int
) -> None:
    place(trader)
    place(trader, price=190.30)
    trader.get("iserver/account/orders")

    found = trader.get(f"iserver/account/orders?filters={filters}").json["orders"]

    assert len(found) == count


def test_list_sorted_by_time_begins_with_the_last_change(trader: Client) -> None:
    done = place(trader, price=190.30)
    trader.wait(1)
    first = place(trader)
    trader.wait(1)
    second = place(trader, price=190.05)
    trader.wait(1)
    trader.delete(f"iserver/account/DU1234567/order/{first}")
    trader.get("iserver/account/orders")

    found = trader.get("iserver/account/orders?Filters=sort_by_time").json["orders"]

    assert [str(row["orderId"]) for row in found] == [first, second, done]


def test_list_of_one_account(client: Client) -> None:
    place(client)
    client.get("iserver/account/orders")

    assert len(client.get("iserver/account/orders?accountId=DU1234567").json["orders"]) == 1
    assert client.get("iserver/account/orders?accountId=DU1234568").json["orders"] == []
    assert client.get("iserver/account/orders?accountId=DU7654321").status == 400


def test_orders_of_yesterday_are_gone_from_the_list(trader: Client) -> None:
    place(trader, price=190.30)
    kept = place(trader, tif="GTC")

    trader.wait(24 * 3600)

    assert [str(row["orderId"]) for row in live(trader)] == [kept]


@pytest.mark.parametrize("order_id", ["999", "abc", "-1", "9" * 40])
def test_status_of_no_order_is_unavailable(client: Client, order_id: str) -> None:
    unknown = client.get(f"iserver/account/order/status/{order_id}")

    assert unknown.status == 503
    assert unknown.json == {"error": f"Order {order_id[:15]} is not found", "statusCode": 503}


def test_status_of_somebody_elses_order_is_unavailable(client: Client) -> None:
    order_id = place(client)
    client.session.account_ids = client.session.account_ids[1:]

    assert client.get(f"iserver/account/order/status/{order_id}").status == 503
