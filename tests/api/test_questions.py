"""Questions: which are not asked, and answers to prompts."""

import pytest
from tests.desks import Client
from tests.tickets import FAR, ORDERS, body

SUPPRESS = "iserver/questions/suppress"


def test_suppressed_message_is_taken_as_confirmed(client: Client) -> None:
    taken = client.post(SUPPRESS, {"messageIds": ["o163", "o354"]})

    assert taken.status == 200
    assert taken.json == {"status": "submitted"}
    assert "order_id" in client.post(ORDERS, body(FAR)).json[0]


def test_reset_asks_again(client: Client) -> None:
    client.post(SUPPRESS, {"messageIds": ["o163"]})

    taken = client.post(f"{SUPPRESS}/reset")

    assert taken.json == {"status": "submitted"}
    assert client.post(ORDERS, body(FAR)).json[0]["messageIds"] == ["o163"]


def test_unknown_message_does_no_harm(client: Client) -> None:
    assert client.post(SUPPRESS, {"messageIds": ["o9999999", "x" * 500]}).status == 200


@pytest.mark.parametrize("message_ids", [[], ["o163"] * 52])
def test_empty_or_endless_list_is_an_error_of_the_backend(
    client: Client, message_ids: list[str]
) -> None:
    refused = client.post(SUPPRESS, {"messageIds": message_ids})

    assert refused.status == 500
    assert list(refused.json) == ["error"]


def test_body_is_needed(client: Client) -> None:
    assert client.post(SUPPRESS, {}).status == 400
    assert client.post(SUPPRESS).status == 400


def test_suppression_ends_with_the_brokerage_session(client: Client) -> None:
    client.post(SUPPRESS, {"messageIds": ["o163"]})
    client.session.begin_brokerage()
    client.session.accounts_queried = True

    assert client.post(ORDERS, body(FAR)).json[0]["messageIds"] == ["o163"]


def test_session_that_invents_ids_without_end_keeps_some(client: Client) -> None:
    for start in range(0, 1_000, 50):
        client.post(SUPPRESS, {"messageIds": [f"x{number}" for number in range(start, start + 50)]})

    assert len(client.session.suppressed) == 500


def test_prompt_is_answered_in_plain_text(client: Client) -> None:
    answered = client.post(
        "iserver/notification", {"orderId": 1, "reqId": "29042", "text": "Use on this order"}
    )

    assert answered.status == 200
    assert answered.body == b"Success"


def test_prompt_needs_its_number_and_a_text(client: Client) -> None:
    assert client.post("iserver/notification", {"orderId": 1}).status == 400
