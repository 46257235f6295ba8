"""Chains: strikes, concrete contracts and bond filters."""

from collections.abc import Callable
from typing import Any

import pytest

from paperdesk.api.route import BackendRefused, BadRequest

Ask = Callable[..., Any]


@pytest.mark.parametrize("month", ["JAN27", "202701", "999999"])
def test_strikes_of_no_chain_are_two_empty_lists(ask: Ask, month: str) -> None:
    told = ask(f"GET /iserver/secdef/strikes?conid=265598&sectype=OPT&month={month}")

    assert told == {"call": [], "put": []}


def test_plain_conid_is_described_as_an_object(ask: Ask) -> None:
    told = ask("GET /iserver/secdef/info?conid=8314")

    assert told.pop("validExchanges").startswith("SMART,AMEX,NYSE")
    assert told == {
        "conid": 8314,
        "ticker": "IBM",
        "secType": "STK",
        "listingExchange": "NYSE",
        "exchange": "SMART",
        "companyName": "INTL BUSINESS MACHINES CORP",
        "currency": "USD",
        "priceRendering": None,
        "maturityDate": None,
        "right": "?",
        "strike": 0.0,
    }


def test_derivatives_that_do_not_exist_are_an_empty_list(ask: Ask) -> None:
    call = "GET /iserver/secdef/info?conid=265598&secType=OPT&month=jan27&strike=195&right=C"

    assert ask(call) == []
    assert ask("GET /iserver/secdef/info?conid=2147483647&sectype=BOND&issuerId=e1") == []


def test_unknown_contract_has_no_details_in_the_literal_words(ask: Ask) -> None:
    with pytest.raises(BackendRefused) as refused:
        ask("GET /iserver/secdef/info?conid=999999999")

    assert refused.value.message == (
        '{"reason":"Details currently unavailable. Please try again later and contact client '
        'services if the issue persists."}'
    )


def test_issuer_without_bonds_has_no_filters(ask: Ask) -> None:
    told = ask("GET /iserver/secdef/bond-filters?symbol=BOND&issuerId=e1359061")

    assert told == {"bondFilters": []}


@pytest.mark.parametrize(
    "call",
    [
        "GET /iserver/secdef/strikes?sectype=OPT&month=JAN27",
        "GET /iserver/secdef/strikes?conid=265598&month=JAN27",
        "GET /iserver/secdef/strikes?conid=265598&sectype=OPT",
        "GET /iserver/secdef/info",
        "GET /iserver/secdef/info?conid=265598&sectype=OPT",
        "GET /iserver/secdef/info?conid=265598&sectype=OPT&month=202701",
        "GET /iserver/secdef/info?conid=265598&month=JANUA",
        "GET /iserver/secdef/bond-filters?symbol=BOND",
    ],
)
def test_what_makes_no_sense_is_a_bad_request(ask: Ask, call: str) -> None:
    with pytest.raises(BadRequest, match="Bad Request: "):
        ask(call)
