"""Market data through the front door: pre-flights, lines, unsubscribing."""

import pytest
from tests.desks import AAPL, Client, Market, open_desk

SNAPSHOT = "iserver/marketdata/snapshot"
IDENTITY = {"conidEx": "265598", "conid": 265598, "6119": "q14", "server_id": "q14"}


def test_first_request_opens_the_line_and_shows_no_prices(client: Client) -> None:
    first = client.get(f"{SNAPSHOT}?conids=265598&fields=31,84")

    assert first.status == 200
    assert first.json == [IDENTITY]


def test_next_request_has_values(client: Client) -> None:
    client.get(SNAPSHOT, conids=AAPL, fields="31,84,86")

    (row,) = client.get(SNAPSHOT, conids=AAPL, fields="31,84,86").json

    assert row == IDENTITY | {
        "_updated": 1772463600000,
        "6509": "RpB",
        "31": "C190.22",
        "84": "190.20",
        "86": "190.25",
    }


def test_field_not_asked_before_comes_with_the_request_after(client: Client) -> None:
    client.get(SNAPSHOT, conids=AAPL, fields="84")

    (second,) = client.get(SNAPSHOT, conids=AAPL, fields="84,86").json
    (third,) = client.get(SNAPSHOT, conids=AAPL, fields="84,86").json

    assert ("84" in second, "86" in second) == (True, False)
    assert ("84" in third, "86" in third) == (True, True)


@pytest.mark.parametrize(
    "query",
    [
        "conids=265598,12087792&fields=84",
        "conids=265598%2C12087792&fields=84",
        "conids=265598&conids=12087792&fields=84",
        "CONIDS=265598,%2012087792&Fields=84",
        "conids=265598,12087792,265598&fields=84",
    ],
)
def test_lists_are_taken_however_they_are_spelt(client: Client, query: str) -> None:
    client.get(f"{SNAPSHOT}?{query}")

    rows = client.get(f"{SNAPSHOT}/?{query}").json

    assert [(row["conid"], row["84"]) for row in rows] == [
        (265598, "190.20"),
        (12087792, "1.08500"),
    ]


def test_fields_may_be_left_out(client: Client) -> None:
    client.get(SNAPSHOT, conids=AAPL)

    assert client.get(SNAPSHOT, conids=AAPL).json == [
        IDENTITY | {"_updated": 1772463600000, "6509": "RpB"}
    ]


def test_unknown_fields_are_ignored_and_those_without_value_absent(client: Client) -> None:
    for _ in range(2):
        found = client.get(SNAPSHOT, conids=AAPL, fields="84,123456789,zz,7308,70")

    (row,) = found.json
    assert row.keys() == {*IDENTITY, "_updated", "6509", "84"}


def test_exchange_is_echoed(client: Client) -> None:
    client.get(f"{SNAPSHOT}?conids=265598@ARCA&fields=84")

    (row,) = client.get(f"{SNAPSHOT}?conids=265598@ARCA&fields=84").json

    assert (row["conidEx"], row["conid"], row["84"]) == ("265598@ARCA", 265598, "190.20")


@pytest.mark.parametrize("conid", ["0", "999999999"])
def test_contract_nobody_knows_is_no_error(client: Client, conid: str) -> None:
    for _ in range(2):
        found = client.get(SNAPSHOT, conids=conid, fields="31")

    assert found.status == 200
    (row,) = found.json
    assert row["conid"] == int(conid)
    assert "31" not in row


def test_contract_without_data_says_so(client: Client) -> None:
    for _ in range(2):
        found = client.get(SNAPSHOT, conids="272093", fields="31,84")

    (row,) = found.json
    assert row["31"] == "N/A"
    assert row["55"] == "-"
    assert "6509" not in row


def test_since_leaves_out_what_is_older(client: Client) -> None:
    client.get(SNAPSHOT, conids=AAPL, fields="84")

    old = client.get(SNAPSHOT, conids=AAPL, fields="84", since=1772463600000).json
    new = client.get(SNAPSHOT, conids=AAPL, fields="84", since=1772463599999).json

    assert old == [IDENTITY]
    assert new[0]["84"] == "190.20"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "conids=",
        "conids=AAPL",
        "conids=265598@",
        "conids=265598@A%20B",
        "conids=265598@ABCDEFGHIJKLM",
        "conids=-1",
        "conids=99999999999",
        "conids=265598%3B",
        "conids=" + ",".join(str(number) for number in range(1, 102)),
        "conids=265598&fields=" + ",".join(str(number) for number in range(7000, 7051)),
    ],
)
def test_what_cannot_be_asked_is_refused(client: Client, query: str) -> None:
    refused = client.get(f"{SNAPSHOT}?{query}")

    assert refused.status == 400
    assert refused.json["statusCode"] == 400


def test_accounts_come_first(market: Market) -> None:
    client = Client(open_desk(market), warm=False)

    refused = client.get(SNAPSHOT, conids=AAPL)

    assert refused.json["error"] == "Bad Request: Please query /accounts first"


def test_user_has_a_hundred_lines(client: Client) -> None:
    client.get(SNAPSHOT, conids=",".join(str(conid) for conid in range(1, 101)))
    for _ in range(3):
        found = client.get(SNAPSHOT, conids=AAPL, fields="84")
    assert found.json == [IDENTITY]

    client.post("iserver/marketdata/unsubscribe", {"conid": 50})
    for _ in range(2):
        found = client.get(SNAPSHOT, conids=AAPL, fields="84")

    assert found.json[0]["84"] == "190.20"


def test_line_that_nobody_asks_for_is_free_after_ten_minutes(client: Client) -> None:
    client.get(SNAPSHOT, conids=",".join(str(conid) for conid in range(1, 101)))
    client.wait(600)

    for _ in range(2):
        found = client.get(SNAPSHOT, conids=AAPL, fields="84")

    assert found.json[0]["84"] == "190.20"
    assert len(client.session.subscriptions) == 1


def test_line_that_rested_ten_minutes_starts_anew(client: Client) -> None:
    for _ in range(2):
        client.get(SNAPSHOT, conids=AAPL, fields="84")
    client.wait(600)

    assert client.get(SNAPSHOT, conids=AAPL, fields="84").json == [IDENTITY]
    assert client.get(SNAPSHOT, conids=AAPL, fields="84").json[0]["84"] == "190.20"


def test_unsubscribing_closes_the_line(client: Client) -> None:
    client.get(SNAPSHOT, conids=AAPL, fields="84")

    closed = client.post("iserver/marketdata/unsubscribe", {"conid": AAPL})

    assert closed.status == 200
    assert closed.json == {"success": True}
    assert client.get(SNAPSHOT, conids=AAPL, fields="84").json == [IDENTITY]


def test_unsubscribing_takes_every_route_of_a_contract(client: Client) -> None:
    client.get(f"{SNAPSHOT}?conids=265598@ARCA,265598@NYSE")

    assert client.post("iserver/marketdata/unsubscribe", {"conid": "265598"}).status == 200
    assert client.session.subscriptions == {}


def test_unsubscribing_what_is_not_open_is_an_error_of_the_backend(client: Client) -> None:
    refused = client.post("iserver/marketdata/unsubscribe", {"conid": AAPL})

    assert refused.status == 500
    assert refused.json == {"error": "unknown"}


def test_unsubscribing_needs_a_conid(client: Client) -> None:
    assert client.post("iserver/marketdata/unsubscribe", {}).status == 400
    assert client.post("iserver/marketdata/unsubscribe", {"conid": "x"}).status == 400


def test_unsubscribing_from_all(client: Client) -> None:
    client.get(SNAPSHOT, conids="265598,12087792")

    closed = client.get("iserver/marketdata/unsubscribeall")

    assert closed.json == {"unsubscribed": True}
    assert client.session.subscriptions == {}
    assert client.post("iserver/marketdata/unsubscribeall").status == 405
