"""Notifications: told unasked, to whom it concerns."""

from tests.desks import FOREIGN, Client
from tests.tickets import MARKET, ORDERS, body, place

GTC = {
    "topic": "ntf",
    "args": [
        {
            "id": "118",
            "text": (
                "Order BUY 10 AAPL NASDAQ.NMS Limit 190.10 will be automatically canceled at"
                " 20260630 16:00:00 US/Eastern"
            ),
            "title": None,
            "url": None,
        }
    ],
}


def test_end_of_an_order_without_one_is_told(trader: Client) -> None:
    socket = trader.socket()

    place(trader, tif="GTC")

    assert socket.receive() == [GTC]


def test_every_socket_of_the_owner_is_told(trader: Client) -> None:
    sockets = [trader.socket(), trader.socket()]

    place(trader, tif="GTC")

    assert [socket.receive("ntf") for socket in sockets] == [[GTC], [GTC]]


def test_other_orders_are_not_worth_a_word(trader: Client) -> None:
    socket = trader.socket()

    place(trader)
    place(trader, tif="GTD", goodTillDate="20260309-20:00:00")
    trader.post(ORDERS, body(MARKET | {"tif": "GTC"}))

    assert socket.receive("ntf") == []


def test_other_users_are_not_told(trader: Client) -> None:
    other = Client(trader.desk)
    other.session.account_ids = (FOREIGN,)
    socket = other.socket()

    place(trader, tif="GTC")

    assert socket.receive("ntf") == []
