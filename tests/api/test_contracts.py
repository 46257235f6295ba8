"""Contracts through their handlers: what is found, told, scheduled and ruled, byte for byte."""

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest

from paperdesk.api import contracts as area
from paperdesk.api.contracts.searches import month_text
from paperdesk.api.leniency import body, query
from paperdesk.api.route import (
    BackendRefused,
    BackendUnavailable,
    BadRequest,
    Call,
    Evidence,
    Route,
    SoftError,
    Tier,
)
from paperdesk.auth.sessions import Session
from paperdesk.base.calendar import day_of
from paperdesk.base.ids import AccountId, Conid, UserName
from paperdesk.base.units import HOUR, Instant
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.market.catalogue import Catalogue, load_catalogue

if TYPE_CHECKING:
    from paperdesk.desk.desk import Desk

AAPL, IBM, SPY, SPX, EUR_USD = 265598, 8314, 756733, 416904, 12087792
TUESDAY_NOON: Instant = day_of(2026, 11, 24) * 24 * HOUR + 17 * HOUR

encode = msgspec.json.Encoder(decimal_format="number").encode

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def session() -> Session:
    return Session(
        session_id="0" * 32,
        brokerage_id="65",
        user_name=UserName("demo"),
        account_ids=(AccountId("DU1234567"), AccountId("DU7654321")),
        is_paper=True,
        signed_in_at=0,
        last_used_at=0,
        selected=AccountId("DU1234567"),
    )


@pytest.fixture
def quotes() -> dict[int, Quote]:
    return {
        AAPL: Quote(
            conid=Conid(AAPL),
            at=TUESDAY_NOON,
            bid=Decimal("197.92"),
            bid_size=Decimal(400),
            ask=Decimal("197.93"),
            ask_size=Decimal(200),
            last=Decimal("197.925"),
            last_size=Decimal(10),
            last_at=TUESDAY_NOON,
            volume=Decimal(1_000_000),
            is_open=True,
            is_regular=True,
        )
    }


@pytest.fixture
def ask(catalogue: Catalogue, session: Session, quotes: dict[int, Quote]) -> Ask:
    desk = SimpleNamespace(catalogue=catalogue, now=TUESDAY_NOON, quote=quotes.get)

    def asked(call: str, sent: object = None) -> Any:  # noqa: ANN401 - as JSON is
        """Ask as a client does: `GET /path?query`; the answer is decoded JSON."""
        method, _, target = call.partition(" ")
        path, _, parameters = target.partition("?")
        route, found = routed(method, path)
        raw = b"" if sent is None else encode(sent)
        made = Call(
            desk=cast("Desk", desk),
            session=session,
            path=found,
            query=query(parameters.encode()),
            body=body(route.body, raw),
            now=0,
        )
        return msgspec.json.decode(encode(route.handler(made)))

    return asked


def routed(method: str, path: str) -> tuple[Route, dict[str, str]]:
    parts = path.split("/")
    for table in area.TABLES:
        for route in table.routes:
            pattern = route.path.split("/")
            if route.method != method or len(pattern) != len(parts):
                continue
            pairs = list(zip(pattern, parts, strict=True))
            if all(p == q or p.startswith("{") for p, q in pairs):
                return route, {p[1:-1]: q for p, q in pairs if p.startswith("{")}
    raise AssertionError(f"no route for {method} {path}")


def test_area_has_its_sixteen_operations() -> None:
    rows = {
        (route.method, route.path, table.tier, route.evidence)
        for table in area.TABLES
        for route in table.routes
    }

    assert {(method, path) for method, path, _, _ in rows} == {
        ("GET", "/contract/trading-schedule"),
        ("POST", "/iserver/contract/rules"),
        ("GET", "/iserver/contract/{conid}/algos"),
        ("GET", "/iserver/contract/{conid}/info"),
        ("GET", "/iserver/contract/{conid}/info-and-rules"),
        ("GET", "/iserver/secdef/bond-filters"),
        ("GET", "/iserver/secdef/info"),
        ("GET", "/iserver/secdef/search"),
        ("POST", "/iserver/secdef/search"),
        ("GET", "/iserver/secdef/strikes"),
        ("GET", "/trsrv/all-conids"),
        ("GET", "/trsrv/futures"),
        ("GET", "/trsrv/secdef"),
        ("POST", "/trsrv/secdef"),
        ("GET", "/trsrv/secdef/schedule"),
        ("GET", "/trsrv/stocks"),
    }
    assert all(
        tier is (Tier.BROKERAGE if path.startswith("/iserver") else Tier.SESSION)
        for _, path, tier, _ in rows
    )
    assert all(evidence is Evidence.RECORDED for _, _, _, evidence in rows)


# --- listings ------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    "call",
    [
        "GET /trsrv/stocks",
        "GET /trsrv/stocks?symbols=",
        "GET /trsrv/futures",
        "GET /trsrv/secdef",
        "GET /trsrv/secdef?conids=abc",
        "GET /trsrv/all-conids",
        "GET /trsrv/secdef/schedule?symbol=AAPL",
        "GET /trsrv/secdef/schedule?assetClass=STK",
        "GET /trsrv/secdef/schedule?assetClass=XYZ&symbol=AAPL",
        "GET /trsrv/secdef/schedule?assetClass=STK&symbol=SPY",
        "GET /contract/trading-schedule",
        "GET /contract/trading-schedule?conid=0",
        "GET /contract/trading-schedule?conid=999999999",
        "GET /iserver/secdef/search",
        "GET /iserver/secdef/search?symbol=%20",
        "GET /iserver/secdef/strikes?sectype=OPT&month=JAN27",
        "GET /iserver/secdef/strikes?conid=265598&month=JAN27",
        "GET /iserver/secdef/strikes?conid=265598&sectype=OPT",
        "GET /iserver/secdef/info",
        "GET /iserver/secdef/info?conid=265598&sectype=OPT",
        "GET /iserver/secdef/info?conid=265598&sectype=OPT&month=202701",
        "GET /iserver/secdef/info?conid=265598&month=JANUA",
        "GET /iserver/secdef/bond-filters?symbol=BOND",
        "GET /iserver/contract/999999999/info",
        "GET /iserver/contract/abc/info",
        "GET /iserver/contract/999999999/info-and-rules",
        "GET /iserver/contract/265598/algos?algos=a;b;c;d;e;f;g;h;i",
    ],
)
def test_what_makes_no_sense_is_a_bad_request(ask: Ask, call: str) -> None:
    with pytest.raises(BadRequest, match="Bad Request: "):
        ask(call)


def test_futures_of_a_catalogue_without_any_are_nothing(ask: Ask) -> None:
    assert ask("GET /trsrv/futures?symbols=ES,ZZZZ") == {}


def test_definition_is_what_the_recordings_hold(ask: Ask) -> None:
    (row,) = ask(f"GET /trsrv/secdef?conids={AAPL}")["secdef"]

    assert row.pop("allExchanges").startswith("AMEX,NYSE,CBOE,PHLX,ISE,CHX,ARCA,NASDAQ,")
    assert row == {
        "conid": 265598,
        "currency": "USD",
        "time": 1,
        "chineseName": None,
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


# --- schedules -----------------------------------------------------------------------------------


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


# --- searches ------------------------------------------------------------------------------------


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


# --- chains --------------------------------------------------------------------------------------


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


# --- details and rules ---------------------------------------------------------------------------


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


# --- algos ---------------------------------------------------------------------------------------


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
