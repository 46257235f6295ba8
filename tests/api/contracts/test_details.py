"""Details: what /iserver says of one contract."""

from collections.abc import Callable
from typing import Any

import pytest

from paperdesk.api.route import BadRequest

AAPL, SPY = 265598, 756733

Ask = Callable[..., Any]


def test_details_are_in_snake_case_and_keep_nulls(ask: Ask) -> None:
    told = ask(f"GET /iserver/contract/{AAPL}/info")

    assert told.pop("valid_exchanges").startswith("SMART,AMEX,NYSE,CBOE,PHLX")
    assert told == {
        "cfi_code": "",
        "symbol": "AAPL",
        "cusip": None,
        "expiry_full": None,
        "con_id": 265598,
        "maturity_date": None,
        "industry": "Computers",
        "instrument_type": "STK",
        "has_related_contracts": True,
        "trading_class": "NMS",
        "allow_sell_long": False,
        "is_zero_commission_security": False,
        "local_symbol": "AAPL",
        "contract_clarification_type": None,
        "classifier": None,
        "currency": "USD",
        "text": None,
        "underlying_con_id": 0,
        "r_t_h": True,
        "multiplier": None,
        "underlying_issuer": None,
        "contract_month": None,
        "company_name": "APPLE INC",
        "smart_available": True,
        "exchange": "SMART",
        "category": "Computers",
    }


def test_fund_has_no_industry(ask: Ask) -> None:
    told = ask(f"GET /iserver/contract/{SPY}/info")

    assert "industry" not in told
    assert "category" not in told


@pytest.mark.parametrize(
    "call",
    [
        "GET /iserver/contract/999999999/info",
        "GET /iserver/contract/abc/info",
    ],
)
def test_what_makes_no_sense_is_a_bad_request(ask: Ask, call: str) -> None:
    with pytest.raises(BadRequest, match="Bad Request: "):
        ask(call)
