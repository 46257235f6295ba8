"""Listings: stocks by symbol, definitions by conid, all conids of an exchange."""

from collections.abc import Callable
from typing import Any

import pytest

from paperdesk.api.route import BadRequest

AAPL, IBM = 265598, 8314

Ask = Callable[..., Any]


def test_stocks_are_keyed_by_the_symbols_asked_for(ask: Ask) -> None:
    told = ask("GET /trsrv/stocks?symbols=AAPL%2CZZZZ")

    assert told == {
        "AAPL": [
            {
                "name": "APPLE INC",
                "chineseName": None,
                "assetClass": "STK",
                "contracts": [{"conid": 265598, "exchange": "NASDAQ", "isUS": True}],
            }
        ],
        "ZZZZ": [],
    }


def test_symbol_of_the_past_leads_to_todays_stock(ask: Ask) -> None:
    told = ask("GET /trsrv/stocks?symbols=FB")

    assert told["FB"][0]["contracts"][0]["conid"] == 107113386


def test_index_is_no_stock(ask: Ask) -> None:
    assert ask("GET /trsrv/stocks?symbols=SPX") == {"SPX": []}


def test_futures_of_a_catalogue_without_any_are_nothing(ask: Ask) -> None:
    assert ask("GET /trsrv/futures?symbols=ES,ZZZZ") == {}


def test_definition_is_what_the_recordings_hold(ask: Ask) -> None:
    (row,) = ask(f"GET /trsrv/secdef?conids={AAPL}")["secdef"]

    assert row.pop("allExchanges").startswith("AMEX,NYSE,CBOE,PHLX,ISE,CHX,ARCA,NASDAQ,")
    assert row == {
        "conid": 265598,
        "currency": "USD",
        "time": 1,
        "listingExchange": "NASDAQ",
        "countryCode": "US",
        "name": "APPLE INC",
        "assetClass": "STK",
        "expiry": None,
        "lastTradingDay": None,
        "group": "Computers",
        "putOrCall": None,
        "sector": "Technology",
        "sectorGroup": "Computers",
        "strike": "0",
        "ticker": "AAPL",
        "undConid": 0,
        "multiplier": 0.0,
        "type": "COMMON",
        "undComp": None,
        "undSym": None,
        "hasOptions": True,
        "fullName": "AAPL",
        "isUS": True,
        "incrementRules": [{"lowerEdge": 0.0, "increment": 0.01}],
        "displayRule": {
            "magnification": 0,
            "displayRuleStep": [{"decimalDigits": 2, "lowerEdge": 0.0, "wholeDigits": 4}],
        },
        "isEventContract": False,
        "crossCurrency": None,
        "baseCurrency": None,
        "pageSize": 100,
    }


def test_definitions_leave_out_what_does_not_exist(ask: Ask) -> None:
    told = ask(f"GET /trsrv/secdef?conids={AAPL},999999999&conids={IBM},{AAPL}")

    assert [row["ticker"] for row in told["secdef"]] == ["AAPL", "IBM"]
    assert ask("GET /trsrv/secdef?conids=999999999") == {"secdef": []}


def test_definitions_may_be_posted_and_numbers_be_texts(ask: Ask) -> None:
    told = ask("POST /trsrv/secdef", {"conids": [AAPL, "12087792"]})

    assert [row["fullName"] for row in told["secdef"]] == ["AAPL", "EUR.USD"]
    assert [row["baseCurrency"] for row in told["secdef"]] == [None, "EUR"]


def test_more_than_two_hundred_definitions_are_refused(ask: Ask) -> None:
    conids = ",".join(str(number) for number in range(1, 202))

    with pytest.raises(BadRequest, match="200"):
        ask(f"GET /trsrv/secdef?conids={conids}")
    with pytest.raises(BadRequest, match="200"):
        ask(f"GET /trsrv/stocks?symbols={conids}")


def test_all_conids_of_an_exchange_are_its_primary_listings(ask: Ask) -> None:
    rows = ask("GET /trsrv/all-conids?exchange=NASDAQ")

    assert {"ticker": "AAPL", "conid": 265598, "exchange": "NMS"} in rows
    assert [row["conid"] for row in rows] == sorted(row["conid"] for row in rows)
    assert "IBM" not in {row["ticker"] for row in rows}
    assert len(rows) > 150
    assert ask("GET /trsrv/all-conids?exchange=NOWHERE") == []
    assert len(ask("GET /trsrv/all-conids?exchange=IDEALPRO&assetClass=CASH")) == 101


@pytest.mark.parametrize(
    "call",
    [
        "GET /trsrv/stocks",
        "GET /trsrv/stocks?symbols=",
        "GET /trsrv/futures",
        "GET /trsrv/secdef",
        "GET /trsrv/secdef?conids=abc",
        "GET /trsrv/all-conids",
    ],
)
def test_what_makes_no_sense_is_a_bad_request(ask: Ask, call: str) -> None:
    with pytest.raises(BadRequest, match="Bad Request: "):
        ask(call)
