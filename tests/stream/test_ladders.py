"""Ladders: the rungs of a contract's market, shown anew when they change."""

import pytest
from tests.desks import AAPL, SPX, Client, Market, Socket

from paperdesk.base.ids import AccountId
from paperdesk.stream.subscriber import NOT_POSSIBLE

SBD = "sbd+DU1234567+265598"


@pytest.fixture
def socket(client: Client) -> Socket:
    return client.socket()


def test_ladder_shows_ask_last_and_bid(socket: Socket) -> None:
    assert socket.ask(SBD) == [
        {
            "topic": "sbd+DU1234567+265598",
            "data": [
                {"row": 0, "focus": 0, "price": "190.25", "ask": "1000"},
                {"row": 1, "focus": 1, "price": "100 @ 190.22"},
                {"row": 2, "focus": 0, "price": "190.20", "bid": "1000"},
            ],
        }
    ]


def test_last_trade_at_the_ask_shares_its_rung(market: Market, socket: Socket) -> None:
    market.show(AAPL, "190.20", "190.25", last="190.25")

    (frame,) = socket.ask(SBD)

    assert frame["data"] == [
        {"row": 0, "focus": 1, "price": "100 @ 190.25", "ask": "1000"},
        {"row": 1, "focus": 0, "price": "190.20", "bid": "1000"},
    ]


def test_ladder_is_shown_again_when_it_changes(
    client: Client, market: Market, socket: Socket
) -> None:
    socket.ask(SBD)
    client.wait(5)
    assert socket.receive(SBD) == []

    market.show(AAPL, "190.21", "190.25", last="190.22", at=client.desk.now + 1_000_000)
    client.wait(1.5)

    (frame,) = socket.receive(SBD)
    assert frame["data"][2]["price"] == "190.21"


def test_exchange_is_echoed(socket: Socket) -> None:
    (frame,) = socket.ask("sbd+DU1234567+265598+NASDAQ")

    assert frame["topic"] == "sbd+DU1234567+265598+NASDAQ"


def test_index_has_one_rung_and_what_has_no_data_none(market: Market, socket: Socket) -> None:
    market.show(SPX, None, None, last="6000.25")

    (index,) = socket.ask("sbd+DU1234567+416904")
    (silent,) = socket.ask("sbd+DU1234567+272093")

    assert index["data"] == [{"row": 0, "focus": 1, "price": "100 @ 6000.25"}]
    assert silent["data"] == []


def test_account_sees_one_ladder_at_a_time(socket: Socket) -> None:
    socket.ask(SBD)
    socket.ask("sbd+DU1234567+12087792")
    socket.ask("sbd+DU1234568+265598")

    assert [line.target for line in socket.subscriber.lines.values()] == [
        "DU1234567+12087792",
        "DU1234568+265598",
    ]


@pytest.mark.parametrize("word", ["ubd+DU1234567", "ubd+DU1234567+{}", "ubd+DU1234567+265598"])
def test_ladder_is_taken_away_without_a_word(socket: Socket, word: str) -> None:
    socket.ask(SBD)

    assert socket.ask(word) == []
    assert socket.subscriber.lines == {}


@pytest.mark.parametrize("target", ["DU1234567+AAPL", "DU1234567+999999999", "DU1234567"])
def test_nothing_is_shown_of_what_is_no_contract(socket: Socket, target: str) -> None:
    assert socket.ask(f"sbd+{target}") == []


def test_ladder_of_somebody_elses_account_is_refused(socket: Socket) -> None:
    (refused,) = socket.ask("sbd+DU7654321+265598")

    assert refused == {"error": "accountId is not valid: DU7654321", "code": 2}


def test_a_user_sees_three_ladders_at_once(client: Client) -> None:
    client.session.account_ids = tuple(AccountId(f"DU{number}") for number in range(1, 6))
    socket = client.socket()
    shown = [socket.ask(f"sbd+DU{number}+265598")[0]["topic"] for number in range(1, 4)]

    assert shown == [f"sbd+DU{number}+265598" for number in range(1, 4)]
    assert socket.ask("sbd+DU4+265598") == [{"error": "Too Many Requests", "code": NOT_POSSIBLE}]

    socket.ask("ubd+DU1")

    assert socket.ask("sbd+DU4+265598")[0]["topic"] == "sbd+DU4+265598"


def test_ladder_needs_a_subscription(client: Client, socket: Socket) -> None:
    client.session.market_data = ("IND",)

    assert socket.ask("sbd+DU1234567+265598") == [
        {"error": "No market data permissions", "code": 2}
    ]
