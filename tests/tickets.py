"""Tickets for tests: the usual order as a client writes it, and what is often done with it."""

from typing import Any, Final

from tests.desks import AAPL, Client

ORDERS: Final = "iserver/account/DU1234567/orders"
ORDER: Final[dict[str, Any]] = {
    "conid": AAPL,
    "side": "BUY",
    "orderType": "LMT",
    "quantity": 10,
    "price": 190.10,
    "tif": "DAY",
}
FAR: Final[dict[str, Any]] = ORDER | {"price": 150}
MARKET: Final[dict[str, Any]] = {name: ORDER[name] for name in ORDER if name != "price"} | {
    "orderType": "MKT"
}


def body(*orders: dict[str, Any]) -> dict[str, Any]:
    """Return the body of an order request; a field of None is left out."""
    return {
        "orders": [
            {name: value for name, value in order.items() if value is not None} for order in orders
        ]
    }


def place(client: Client, **changes: object) -> str:
    """Place the usual order with changes and return its id."""
    placed = client.post(ORDERS, body(ORDER | changes))
    assert placed.status == 200, placed
    return str(placed.json[0]["order_id"])


def live(client: Client) -> list[dict[str, Any]]:
    """List the live orders as clients do who know that the first list is empty."""
    client.get("iserver/account/orders", force="true")
    return list(client.get("iserver/account/orders").json["orders"])


def status(client: Client, order_id: str) -> str:
    """Return how an order stands."""
    return str(client.get(f"iserver/account/order/status/{order_id}").json["order_status"])
