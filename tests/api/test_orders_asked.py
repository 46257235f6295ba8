"""Orders through the front door: what is asked before they are taken."""

import pytest
from tests.desks import Client, Market
from tests.tickets import FAR, MARKET, ORDER, ORDERS, body, live, place, status

from paperdesk.base.ids import UserName


def test_far_limit_is_asked_about(client: Client) -> None:
    (asked,) = client.post(ORDERS, body(FAR)).json

    question = (
        'The following order "BUY 10 AAPL NASDAQ.NMS @ 150.00" price exceeds \n'
        "the Percentage constraint of 3%.\nAre you sure you want to submit this order?"
    )
    assert asked == {
        "id": asked["id"],
        "message": [question],
        "isSuppressed": False,
        "messageIds": ["o163"],
        "messageOptions": ["Yes", "No"],
    }
    assert len(asked["id"]) == 36
    assert live(client) == []


def test_questions_come_one_after_another(client: Client, market: Market) -> None:
    silent = ORDER | {"conid": 272093, "price": 400, "quantity": 600}
    asked = client.post(ORDERS, body(silent)).json
    order = []
    while "messageIds" in asked[0]:
        order += asked[0]["messageIds"]
        asked = client.post(f"iserver/reply/{asked[0]['id']}", {"confirmed": True}).json

    assert order == ["o383", "o451", "o354", "o10153"]
    assert asked[0]["order_status"] == "Submitted"


def test_cap_question_has_options_of_its_own(client: Client) -> None:
    client.post("iserver/questions/suppress", {"messageIds": ["o354"]})

    (asked,) = client.post(ORDERS, body(ORDER | {"conid": 272093, "price": 400})).json

    assert asked["messageIds"] == ["o10153"]
    assert asked["isSuppressible"] is True
    assert asked["defaultSuppressionOption"] == "Accept and Continue"
    assert asked["messageOptions"] == ["Decline", "Accept and Continue"]


def test_confirmed_question_places_the_order(client: Client) -> None:
    (asked,) = client.post(ORDERS, body(FAR)).json

    placed = client.post(f"iserver/reply/{asked['id']}", {"confirmed": True})

    assert placed.status == 200
    assert placed.json[0]["order_status"] == "Submitted"
    assert live(client)[0]["price"] == "150.00"


def test_declined_question_drops_the_order_and_is_gone(client: Client) -> None:
    (asked,) = client.post(ORDERS, body(FAR)).json

    declined = client.post(f"iserver/reply/{asked['id']}", {"confirmed": False})
    again = client.post(f"iserver/reply/{asked['id']}", {"confirmed": True})

    assert declined.status == 400
    assert declined.json == {"error": "order not confirmed", "statusCode": 400}
    assert again.status == 400
    assert again.json == {"error": f"reply id not found: '{asked['id']}'", "statusCode": 400}
    assert live(client) == []


def test_question_is_answered_once(client: Client) -> None:
    (asked,) = client.post(ORDERS, body(FAR)).json
    client.post(f"iserver/reply/{asked['id']}", {"confirmed": True})

    again = client.post(f"iserver/reply/{asked['id']}", {"confirmed": True})

    assert again.status == 400
    assert len(live(client)) == 1


def test_another_order_makes_a_question_void(client: Client) -> None:
    (asked,) = client.post(ORDERS, body(FAR)).json
    place(client)

    late = client.post(f"iserver/reply/{asked['id']}", {"confirmed": True})

    assert late.status == 503
    assert late.json["statusCode"] == 503
    assert len(live(client)) == 1


@pytest.mark.parametrize("changes", [{"quantity": -1}, {"quantity": 10**9}, {"conid": 1}])
def test_order_that_is_refused_makes_a_question_void_all_the_same(
    client: Client, changes: dict[str, int]
) -> None:
    (asked,) = client.post(ORDERS, body(FAR)).json

    refused = client.post(ORDERS, body(ORDER | changes))

    assert "error" in refused.json
    assert client.post(f"iserver/reply/{asked['id']}", {"confirmed": True}).status == 503


def test_refused_change_or_cancellation_makes_a_question_void(client: Client) -> None:
    for request in (client.post, client.delete):
        (asked,) = client.post(ORDERS, body(FAR)).json
        more = (ORDER,) if request == client.post else ()

        assert "error" in request("iserver/account/DU1234567/order/1", *more).json

        assert client.post(f"iserver/reply/{asked['id']}", {"confirmed": True}).status == 503


def test_cancelling_makes_a_question_void_too(client: Client) -> None:
    order_id = place(client)
    (asked,) = client.post(ORDERS, body(FAR)).json
    client.delete(f"iserver/account/DU1234567/order/{order_id}")

    assert client.post(f"iserver/reply/{asked['id']}", {"confirmed": True}).status == 503


def test_question_of_nobody_is_not_found(client: Client) -> None:
    unknown = client.post("iserver/reply/abc", {"confirmed": True})

    assert unknown.status == 400
    assert unknown.json["error"] == "reply id not found: 'abc'"


def test_question_of_another_user_is_not_found(client: Client) -> None:
    other = Client(client.desk, user_name=UserName("other"))
    (asked,) = client.post(ORDERS, body(FAR)).json

    assert other.post(f"iserver/reply/{asked['id']}", {"confirmed": True}).status == 400


def test_suppressed_question_is_not_asked(client: Client) -> None:
    client.post("iserver/questions/suppress", {"messageIds": ["o163"]})

    placed = client.post(ORDERS, body(FAR))

    assert placed.json[0]["order_status"] == "Submitted"


def test_usual_market_order_is_placed(client: Client) -> None:
    (placed,) = client.post(ORDERS, body(MARKET)).json

    assert placed["order_status"] == "Filled"


def test_stop_order_is_asked_about(client: Client) -> None:
    stop = ORDER | {"side": "SELL", "orderType": "STP", "price": 180}
    (asked,) = client.post(ORDERS, body(stop)).json

    assert asked["messageIds"] == ["o10331"]
    assert asked["message"][0].startswith("You are about to submit a stop order.")


def test_closing_a_position_asks_first_and_takes_whole_brackets_away(client: Client) -> None:
    client.post("iserver/questions/suppress", {"messageIds": ["o10331"]})
    client.post(ORDERS, body(MARKET))
    entry = ORDER | {"cOID": "entry", "price": 189}
    profit = ORDER | {"side": "SELL", "price": 195, "parentId": "entry"}
    loss = ORDER | {"side": "SELL", "orderType": "STP", "price": 185, "parentId": "entry"}
    ids = [row["order_id"] for row in client.post(ORDERS, body(entry, profit, loss)).json]

    closing = MARKET | {"side": "SELL", "quantity": None, "isClose": True}
    (asked,) = client.post(ORDERS, body(closing)).json
    placed = client.post(f"iserver/reply/{asked['id']}", {"confirmed": True}).json

    assert asked["message"] == [
        "Would you like to cancel all open orders and then place new closing order?"
    ]
    assert placed[0]["order_status"] == "Filled"
    assert [status(client, order_id) for order_id in ids] == ["Cancelled"] * 3
