"""Previews: what an order would cost and do, in a what-if answer."""

import pytest
from tests.desks import EURUSD, Client, Market, open_desk
from tests.tickets import MARKET, ORDER, ORDERS, body, live

from paperdesk.api.previews import warning
from paperdesk.kernel.messages.accounts import AccountKind
from paperdesk.kernel.messages.orders import Question

WHATIF = f"{ORDERS}/whatif"


def test_preview_of_a_limit_order(trader: Client) -> None:
    trader.post(ORDERS, body(MARKET | {"quantity": 22}))

    shown = trader.post(WHATIF, body(ORDER | {"quantity": 1, "price": 190.20}))

    assert shown.status == 200
    preview = shown.json
    assert preview["amount"] == {
        "amount": "190.20 USD (1 Shares)",
        "commission": "1 USD",
        "total": "191.20 USD",
    }
    assert preview["position"] == {"current": "22", "change": "1", "after": "23"}
    assert preview["initial"] == {"current": "1,046", "change": "48", "after": "1,094"}
    assert preview["equity"]["current"] == "999,998"
    assert (preview["warn"], preview["warns"]) == (None, [])
    assert (preview["error"], preview["errors"]) == (None, [])
    assert preview["accruedInterest"] is None
    assert preview["action"] == "order_submit_issue"
    assert preview["cqe"] == {"post_payload": {"snapshots": []}}
    assert [len(part) for part in preview["order_id"].split(".")] == [8, 8, 8, 4]


def test_preview_places_nothing_and_asks_nothing(client: Client) -> None:
    shown = client.post(WHATIF, body(MARKET))

    assert shown.json["warn"].startswith("23/<h4>Market Order Confirmation</h4>")
    assert shown.json["warns"] == [shown.json["warn"]]
    assert live(client) == []


def test_preview_on_the_older_path(client: Client) -> None:
    shown = client.post("iserver/account/DU1234567/order/whatif", ORDER)

    assert shown.json["amount"]["amount"] == "1,901.00 USD (10 Shares)"


def test_preview_of_a_sale_gives_what_is_left(trader: Client) -> None:
    shown = trader.post(WHATIF, body(ORDER | {"side": "SELL", "price": 190.30})).json

    assert shown["amount"]["total"] == "1,902.00 USD"
    assert shown["position"] == {"current": "0", "change": "-10", "after": "-10"}


def test_preview_of_a_pair_counts_its_base_currency(trader: Client) -> None:
    shown = trader.post(
        WHATIF, body(ORDER | {"conid": EURUSD, "quantity": 25_000, "price": 1.085})
    ).json

    assert shown["amount"]["amount"] == "27,125.00 USD (25,000 EUR)"
    assert shown["amount"]["commission"] == "2 USD"


def test_order_that_cannot_be_paid_for_has_no_figures_but_its_funds(market: Market) -> None:
    poor = Client(open_desk(market, cash="67", kind=AccountKind.CASH, asks=False))

    shown = poor.post(WHATIF, body(ORDER | {"quantity": 1, "price": 190})).json

    assert [shown[name] for name in ("equity", "initial", "maintenance", "position")] == [None] * 4
    assert shown["error"].startswith("Your order is not accepted. Reason:")
    assert shown["errors"] == [shown["error"]]
    assert shown["action"] == "convert_from_base_currency"
    assert shown["data"] == [
        {"V": ["0"], "L": "Current Position", "N": "CURRENT_POS"},
        {"V": ["1"], "L": "Post-Trade Position*", "N": "AFTER_POS"},
        {"V": ["67"], "L": "Available Funds", "N": "CURRENT_FUNDS"},
        {"V": ["-124"], "L": "Post Trade Available Funds*", "N": "AFTER_FUNDS"},
    ]
    assert shown["cqe"]["query"] == {
        "account_id": "DU1234567",
        "sec_type": "STK",
        "order_currency": "USD",
        "exchange": "SMART",
        "conid": 265598,
        "order_total": "191",
        "order_id": shown["order_id"],
    }
    assert shown["cqe"]["request_method"] == "GET"


def test_order_that_cannot_be_has_its_reason(client: Client) -> None:
    shown = client.post(WHATIF, body(ORDER | {"price": 190.123}))

    assert shown.status == 200
    assert "minimum price variation" in shown.json["error"]
    assert shown.json["equity"] is None
    assert shown.json["amount"] == {"amount": "NA", "commission": "NA", "total": "NA"}


@pytest.mark.parametrize("conid", [0, 999999999])
def test_contract_nobody_knows_is_refused(client: Client, conid: int) -> None:
    refused = client.post(WHATIF, body(ORDER | {"conid": conid}))

    assert refused.status == 400
    assert refused.json["statusCode"] == 400


def test_size_of_nothing_is_refused(client: Client) -> None:
    refused = client.post(WHATIF, body(ORDER | {"quantity": 0}))

    assert refused.status == 500
    assert refused.json == {"error": "Order size 0 is not valid. Please enter size greater than 0."}


def test_account_of_somebody_else_is_refused(client: Client) -> None:
    assert client.post("iserver/account/DU7654321/orders/whatif", body(ORDER)).status == 400


@pytest.mark.parametrize(
    ("message_id", "beginning"),
    [
        ("o354", "21/You are trying to submit an order without having market data"),
        ("o10151", "23/<h4>Market Order Confirmation</h4>T"),
        ("o10153", "26/T"),
        ("o163", "163/T"),
        ("", "0/T"),
    ],
)
def test_warning_has_a_number_of_its_own(message_id: str, beginning: str) -> None:
    assert warning(Question(message_id, "Text")).startswith(beginning)
