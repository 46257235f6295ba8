"""Schedules: weekly patterns with exceptions, and the days round today as instants."""

from collections.abc import Callable
from typing import Any

import pytest

from paperdesk.api.route import BadRequest

AAPL, SPX = 265598, 416904

Ask = Callable[..., Any]


def test_weekly_schedule_names_days_of_the_week_by_dates_of_2000(ask: Ask) -> None:
    (venue,) = ask("GET /trsrv/secdef/schedule?assetClass=STK&symbol=AAPL")

    assert (venue["exchange"], venue["timezone"]) == ("NASDAQ", "America/New_York")
    assert venue["id"].startswith("p")
    assert venue["tradeVenueId"].startswith("v")
    saturday, _, monday = venue["schedules"][:3]
    assert saturday["tradingScheduleDate"] == "20000101"
    assert saturday["sessions"] == []
    assert monday == {
        "clearingCycleEndTime": "2000",
        "tradingScheduleDate": "20000103",
        "sessions": [{"openingTime": "0930", "closingTime": "1600", "prop": "LIQUID"}],
        "tradingtimes": [{"openingTime": "0400", "closingTime": "2000", "cancelDayOrders": "Y"}],
    }


def test_weekly_schedule_lists_holidays_and_half_days_by_their_own_dates(ask: Ask) -> None:
    (venue,) = ask("GET /trsrv/secdef/schedule?assetClass=STK&symbol=SPY&exchange=ARCA")

    dates = {row["tradingScheduleDate"]: row for row in venue["schedules"]}
    assert dates["20261126"]["sessions"] == []
    assert dates["20261127"]["sessions"][0]["closingTime"] == "1300"
    assert dates["20261127"]["tradingtimes"][0]["closingTime"] == "1700"
    assert "20261125" not in dates
    assert [date for date in dates if date < "2001"] == [f"2000010{n}" for n in range(1, 8)]


def test_filter_chooses_exchanges_and_each_has_its_own_extended_hours(ask: Ask) -> None:
    venues = ask(
        "GET /trsrv/secdef/schedule?assetClass=STK&symbol=AAPL&exchange=NASDAQ"
        "&exchangeFilter=IEX,LTSE,OVERNIGHT,IDEALPRO"
    )

    hours = {
        venue["exchange"]: (
            venue["schedules"][2]["tradingtimes"][0]["openingTime"],
            venue["schedules"][2]["tradingtimes"][0]["closingTime"],
            len(venue["schedules"][2]["sessions"]),
        )
        for venue in venues
    }
    assert hours == {
        "IEX": ("0800", "1700", 1),
        "LTSE": ("0930", "1600", 1),
        "OVERNIGHT": ("2000", "0350", 0),
    }


@pytest.mark.parametrize("symbol", ["EUR", "EUR.USD"])
@pytest.mark.parametrize("asset_class", ["CASH", "SWP"])
def test_forex_week_runs_from_evening_to_evening(ask: Ask, asset_class: str, symbol: str) -> None:
    (venue,) = ask(f"GET /trsrv/secdef/schedule?assetClass={asset_class}&symbol={symbol}")

    monday = venue["schedules"][2]
    assert monday["sessions"] == [{"openingTime": "1715", "closingTime": "1700", "prop": "LIQUID"}]
    assert "20261225" in {row["tradingScheduleDate"] for row in venue["schedules"]}


@pytest.mark.parametrize(
    "parameters",
    ["assetClass=STK&symbol=ZZZZ", "assetClass=FUT&symbol=ES", "assetClass=STK&symbol=SPX"],
)
def test_schedule_of_what_is_not_there_is_empty(ask: Ask, parameters: str) -> None:
    assert ask(f"GET /trsrv/secdef/schedule?{parameters}") == []


def test_conid_says_which_contract_of_a_symbol_is_meant(ask: Ask) -> None:
    (venue,) = ask(f"GET /trsrv/secdef/schedule?assetClass=IND&symbol=X&conid={SPX}")

    assert venue["exchange"] == "CBOE"


def test_trading_schedule_has_six_days_round_today_in_seconds(ask: Ask) -> None:
    told = ask(f"GET /contract/trading-schedule?conid={AAPL}")

    assert told["exchange_time_zone"] == "US/Eastern"
    assert list(told["schedules"]) == [
        "20261123",
        "20261124",
        "20261125",
        "20261127",
        "20261130",
        "20261201",
    ]
    assert told["schedules"]["20261124"] == {
        "liquid_hours": [{"opening": 1795530600, "closing": 1795554000}],
        "extended_hours": [
            {"cancel_daily_orders": True, "opening": 1795510800, "closing": 1795568400}
        ],
    }
    half = told["schedules"]["20261127"]
    assert half["liquid_hours"][0]["closing"] - half["liquid_hours"][0]["opening"] == 3.5 * 3600


def test_overnight_exchange_has_no_liquid_hours(ask: Ask) -> None:
    told = ask(f"GET /contract/trading-schedule?conid={AAPL}&exchange=OVERNIGHT")

    assert told["schedules"]["20261124"] == {
        "extended_hours": [
            {"cancel_daily_orders": True, "opening": 1795482000, "closing": 1795510200}
        ]
    }


@pytest.mark.parametrize(
    "call",
    [
        "GET /trsrv/secdef/schedule?symbol=AAPL",
        "GET /trsrv/secdef/schedule?assetClass=STK",
        "GET /trsrv/secdef/schedule?assetClass=XYZ&symbol=AAPL",
        "GET /trsrv/secdef/schedule?assetClass=STK&symbol=SPY",
        "GET /contract/trading-schedule",
        "GET /contract/trading-schedule?conid=0",
        "GET /contract/trading-schedule?conid=999999999",
    ],
)
def test_what_makes_no_sense_is_a_bad_request(ask: Ask, call: str) -> None:
    with pytest.raises(BadRequest, match="Bad Request: "):
        ask(call)


def test_exchange_may_be_named_as_it_once_was(ask: Ask) -> None:
    venues = ask(
        "GET /trsrv/secdef/schedule?assetClass=STK&symbol=AAPL&exchangeFilter=ISLAND,NASDAQ,NOWHERE"
    )

    assert [venue["exchange"] for venue in venues] == ["NASDAQ"]
