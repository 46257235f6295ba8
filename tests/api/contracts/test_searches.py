"""Searches: by symbol, by name, and what they open."""

from collections.abc import Callable
from typing import Any

import pytest

from paperdesk.api.contracts.searches import month_text
from paperdesk.api.route import BadRequest, SoftError
from paperdesk.auth.sessions import Session
from paperdesk.base.ids import Conid

AAPL = 265598

Ask = Callable[..., Any]


def test_search_gives_conid_as_text_and_option_months(ask: Ask, session: Session) -> None:
    (row,) = ask("GET /iserver/secdef/search?symbol=AAPL")

    options = row["sections"].pop(1)
    assert row == {
        "conid": "265598",
        "companyHeader": "APPLE INC - NASDAQ",
        "companyName": "APPLE INC",
        "symbol": "AAPL",
        "description": "NASDAQ",
        "restricted": None,
        "fop": None,
        "opt": None,
        "war": None,
        "sections": [{"secType": "STK"}, {"secType": "BAG"}],
    }
    assert options["secType"] == "OPT"
    assert options["months"] == "NOV26;DEC26;JAN27;FEB27;MAR27;JUN27;SEP27;DEC27;JAN28;JAN29"
    assert options["exchange"].startswith("SMART;AMEX;CBOE")
    assert session.searched == {AAPL}


def test_search_may_be_posted(ask: Ask) -> None:
    (row,) = ask("POST /iserver/secdef/search", {"symbol": "IBM", "secType": "STK", "name": False})

    assert row["conid"] == "8314"


@pytest.mark.parametrize("kind", ["", "&secType=IND"])
def test_index_row_is_restricted_in_the_recorded_way(ask: Ask, kind: str) -> None:
    (row,) = ask(f"GET /iserver/secdef/search?symbol=SPX{kind}")

    assert (row["conid"], row["restricted"], row["description"]) == ("416904", "IND", "CBOE")
    assert row["sections"][0] == {"secType": "IND", "exchange": "CBOE;"}
    assert row["sections"][1]["months"].startswith("NOV26;DEC26;JAN27")


@pytest.mark.parametrize("symbol", ["EUR.USD", "EUR"])
def test_pairs_are_found_when_asked_for(ask: Ask, symbol: str) -> None:
    rows = ask(f"GET /iserver/secdef/search?symbol={symbol}&secType=CASH")

    assert rows[0]["conid"] == "12087792"
    assert rows[0]["symbol"] == "EUR.USD"
    assert rows[0]["sections"] == [{"secType": "CASH", "exchange": "IDEALPRO;"}]
    assert len(rows) == (1 if symbol == "EUR.USD" else 21)


def test_pair_spelt_whole_is_found_without_a_security_type(ask: Ask) -> None:
    (row,) = ask("GET /iserver/secdef/search?symbol=aud.usd")

    assert (row["conid"], row["symbol"]) == ("14433401", "AUD.USD")


def test_pair_is_no_stock(ask: Ask) -> None:
    with pytest.raises(SoftError, match="No symbol found"):
        ask("GET /iserver/secdef/search?symbol=AUD.USD&secType=STK")


@pytest.mark.parametrize(
    "parameters",
    ["symbol=ZZZZQQ", "symbol=AAPL&secType=FUT", "symbol=AAPL&secType=NOPE", "symbol=EUR"],
)
def test_search_without_a_match_is_a_soft_error(ask: Ask, parameters: str) -> None:
    with pytest.raises(SoftError, match="No symbol found"):
        ask(f"GET /iserver/secdef/search?{parameters}")


def test_search_by_name_gives_less_and_closes_the_chain(ask: Ask, session: Session) -> None:
    session.searched.add(Conid(AAPL))

    rows = ask("GET /iserver/secdef/search?symbol=APPLE&name=True")

    assert rows == [
        {
            "conid": "265598",
            "companyHeader": "APPLE INC - NASDAQ",
            "companyName": "APPLE INC",
            "symbol": "AAPL",
        }
    ]
    assert session.searched == set()


@pytest.mark.parametrize(
    ("month", "text"), [((2027, 1), "JAN27"), ((2026, 12), "DEC26"), ((2009, 9), "SEP09")]
)
def test_months_are_written_in_five_letters(month: tuple[int, int], text: str) -> None:
    assert month_text(month) == text


@pytest.mark.parametrize(
    "call",
    [
        "GET /iserver/secdef/search",
        "GET /iserver/secdef/search?symbol=%20",
    ],
)
def test_what_makes_no_sense_is_a_bad_request(ask: Ask, call: str) -> None:
    with pytest.raises(BadRequest, match="Bad Request: "):
        ask(call)
