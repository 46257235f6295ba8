"""Rules: what orders a contract takes and what they begin with."""

from collections.abc import Callable
from typing import Any

import pytest

from paperdesk.api.route import BadRequest

AAPL, SPX, EUR_USD = 265598, 416904, 12087792

Ask = Callable[..., Any]


def test_rules_of_a_stock_are_the_recorded_ones(ask: Ask) -> None:
    told = ask("POST /iserver/contract/rules", {"conid": "265598"})

    assert told == {
        "algoEligible": True,
        "allOrNoneEligible": True,
        "overnightEligible": True,
        "costReport": False,
        "canTradeAcctIds": ["DU1234567", "DU7654321"],
        "error": None,
        "orderTypes": [
            *("limit", "midprice", "market", "stop", "stop_limit", "mit", "lit", "trailing_stop"),
            *("trailing_stop_limit", "relative", "marketonclose", "limitonclose"),
        ],
        "ibAlgoTypes": [
            *("limit", "stop_limit", "lit", "trailing_stop_limit", "relative", "marketonclose"),
            "limitonclose",
        ],
        "fraqTypes": [
            *("limit", "market", "stop", "stop_limit", "mit", "lit", "trailing_stop"),
            "trailing_stop_limit",
        ],
        "forceOrderPreview": False,
        "cqtTypes": [
            *("limit", "market", "stop", "stop_limit", "mit", "lit", "trailing_stop"),
            "trailing_stop_limit",
        ],
        "orderDefaults": {"LMT": {"LP": "197.93"}},
        "orderTypesOutside": ["limit", "stop_limit", "lit", "trailing_stop_limit", "relative"],
        "defaultSize": 100,
        "cashSize": 0.0,
        "sizeIncrement": 100,
        "tifTypes": [
            "IOC/MARKET,LIMIT,RELATIVE,MARKETONCLOSE,MIDPRICE,LIMITONCLOSE,MKT_PROTECT,STPPRT,a",
            "GTC/o,a",
            "OPG/LIMIT,MARKET,a",
            "GTD/o,a",
            "DAY/o,a",
        ],
        "tifDefaults": {"TIF": "DAY", "SIZE": "100.00"},
        "limitPrice": 197.93,
        "stopprice": 197.93,
        "orderOrigination": None,
        "preview": True,
        "displaySize": None,
        "fraqInt": 4,
        "cashCcy": "USD",
        "cashQtyIncr": 500,
        "priceMagnifier": None,
        "negativeCapable": False,
        "incrementType": 1,
        "incrementRules": [{"lowerEdge": 0.0, "increment": 0.01}],
        "hasSecondary": True,
        "increment": 0.01,
        "incrementDigits": 2,
    }


def test_seller_begins_at_the_bid_and_a_change_names_its_types(ask: Ask) -> None:
    told = ask(
        "POST /iserver/contract/rules",
        {"conid": AAPL, "isBuy": "false", "modifyOrder": True, "orderId": 12},
    )

    assert told["limitPrice"] == 197.92
    assert told["modTypes"] == told["orderTypes"]


@pytest.mark.parametrize("sent", [{"conid": 0}, {}, {"conid": 999_999_999}])
def test_rules_of_no_contract_are_a_bad_request(ask: Ask, sent: dict[str, int]) -> None:
    with pytest.raises(BadRequest):
        ask("POST /iserver/contract/rules", sent)


def test_directed_order_has_fewer_types(ask: Ask) -> None:
    told = ask("POST /iserver/contract/rules", {"conid": AAPL, "exchange": "OVERNIGHT"})

    assert told["orderTypes"] == ["limit"]
    assert told["tifTypes"] == ["DAY/o", "OVT/o", "OND/o"]
    assert (told["algoEligible"], told["ibAlgoTypes"], told["fraqTypes"]) == (False, [], [])


def test_rules_without_a_quote_begin_with_a_market_order(ask: Ask) -> None:
    told = ask("POST /iserver/contract/rules", {"conid": EUR_USD})

    assert told["orderDefaults"] == {"MKT": {}}
    assert told["limitPrice"] is None
    assert (told["increment"], told["incrementDigits"]) == (0.00005, 5)
    assert (told["defaultSize"], told["sizeIncrement"]) == (20_000, 1)
    assert told["tifTypes"] == ["IOC/MARKET,LIMIT,RELATIVE", "GTC/o", "GTD/o", "DAY/o"]


def test_index_takes_no_orders(ask: Ask) -> None:
    told = ask("POST /iserver/contract/rules", {"conid": SPX})

    assert (told["orderTypes"], told["tifTypes"], told["canTradeAcctIds"]) == ([], [], [])


def test_info_and_rules_are_both_in_one_object(ask: Ask) -> None:
    told = ask(f"GET /iserver/contract/{AAPL}/info-and-rules?isBuy=False")

    assert (told["con_id"], told["industry"]) == (265598, "Computers")
    assert told["rules"]["limitPrice"] == 197.92
    assert told["rules"]["stopprice"] == 197.92


@pytest.mark.parametrize(
    "call",
    [
        "GET /iserver/contract/999999999/info-and-rules",
    ],
)
def test_what_makes_no_sense_is_a_bad_request(ask: Ask, call: str) -> None:
    with pytest.raises(BadRequest, match="Bad Request: "):
        ask(call)
