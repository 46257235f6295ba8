"""Algos: which there are, what they take."""

from collections.abc import Callable
from typing import Any

import pytest

from paperdesk.api.route import BackendUnavailable, BadRequest

AAPL, SPX, EUR_USD = 265598, 416904, 12087792

Ask = Callable[..., Any]


def test_algos_are_named_alone_unless_more_is_asked(ask: Ask) -> None:
    told = ask(f"GET /iserver/contract/{AAPL}/algos")

    assert told["algos"][0] == {"name": "Adaptive", "id": "Adaptive"}
    assert len(told["algos"]) == 10


def test_algo_parameters_say_what_they_take(ask: Ask) -> None:
    told = ask(f"GET /iserver/contract/{AAPL}/algos?algos=Adaptive;Vwap&addParams=1")

    adaptive, vwap = told["algos"]
    (priority,) = adaptive["parameters"]
    assert priority.pop("description")
    assert priority == {
        "guiRank": 1,
        "defaultValue": "Normal",
        "name": "Adaptive order priority/urgency",
        "id": "adaptivePriority",
        "legalStrings": ["Urgent", "Normal", "Patient"],
        "required": "true",
        "valueClassName": "String",
    }
    assert [row["id"] for row in vwap["parameters"]] == [
        *("maxPctVol", "startTime", "endTime", "allowPastEndTime", "noTakeLiq", "speedUp"),
        *("optoutClosingAuction", "conditionalPrice"),
    ]
    assert (vwap["parameters"][0]["minValue"], vwap["parameters"][0]["maxValue"]) == (0.01, 50)
    assert "required" not in vwap["parameters"][0]


def test_algos_are_described_when_asked_and_named_case_sensitively(ask: Ask) -> None:
    assert ask(f"GET /iserver/contract/{AAPL}/algos?algos=vwap") == {"algos": []}
    (told,) = ask(f"GET /iserver/contract/{AAPL}/algos?algos=Vwap&addDescription=1")["algos"]
    assert list(told) == ["name", "id", "description"]


def test_pair_and_index_have_fewer_algos(ask: Ask) -> None:
    assert [a["id"] for a in ask(f"GET /iserver/contract/{EUR_USD}/algos")["algos"]] == ["Adaptive"]
    assert ask(f"GET /iserver/contract/{SPX}/algos") == {"algos": []}


def test_algos_of_no_contract_are_unavailable(ask: Ask) -> None:
    with pytest.raises(BackendUnavailable, match="Details currently unavailable"):
        ask("GET /iserver/contract/999999999/algos")


@pytest.mark.parametrize(
    "call",
    [
        "GET /iserver/contract/265598/algos?algos=a;b;c;d;e;f;g;h;i",
    ],
)
def test_what_makes_no_sense_is_a_bad_request(ask: Ask, call: str) -> None:
    with pytest.raises(BadRequest, match="Bad Request: "):
        ask(call)
