"""Fields: how each of them is written, and when it is absent."""

from decimal import Decimal

import msgspec
import pytest
from tests.desks import AAPL, EURUSD, NO_FACTS, SPX, Market, open_desk

from paperdesk.api.fields import FIELDS, RAW, Cell, look_at
from paperdesk.api.snapshots import values
from paperdesk.base.ids import Conid
from paperdesk.base.units import SECOND
from paperdesk.market.source import DaySoFar

NOW = 1_772_463_600 * SECOND
DAY = DaySoFar(
    day=20514,
    open=Decimal("188.00"),
    high=Decimal("191.02"),
    low=Decimal("187.50"),
    last=Decimal("190.22"),
    close=None,
    prior_close=Decimal("189.00"),
    volume=Decimal(24_200_000),
    trades=90_000,
)


def shown(market: Market, *tags: str, conid: Conid = AAPL) -> dict[str, Cell]:
    """Return the values of fields, those that come unasked left out."""
    look = look_at(open_desk(market), conid, NOW)
    assert look is not None
    return {tag: cell for tag, cell in values(look, tags).items() if tag != "6509"}


@pytest.fixture
def market() -> Market:
    market = Market()
    market.days[AAPL] = DAY
    return market


@pytest.mark.parametrize(
    ("tag", "cell"),
    [
        ("31", "190.22"),
        ("55", "AAPL"),
        ("58", "APPLE INC"),
        ("70", "191.02"),
        ("71", "187.50"),
        ("82", "1.22"),
        ("83", 0.65),
        ("84", "190.20"),
        ("85", "1,000"),
        ("86", "190.25"),
        ("87", "24.2M"),
        ("88", "1,000"),
        ("6004", "SMART"),
        ("6008", 265598),
        ("6070", "STK"),
        ("7051", "APPLE INC"),
        ("7057", "T"),
        ("7058", "T"),
        ("7059", "100"),
        ("7068", "T"),
        ("7094", "265598@SMART"),
        ("7184", "1"),
        ("7219", "AAPL"),
        ("7221", "NASDAQ.NMS"),
        ("7295", "188.00"),
        ("7635", "190.22"),
        ("7682", "2.22"),
        ("7741", "189.00"),
        ("7762", "24200000"),
        ("7768", "1"),
    ],
)
def test_field_of_a_stock(market: Market, tag: str, cell: Cell) -> None:
    assert shown(market, tag)[tag] == cell


def test_volume_brings_its_number_along(market: Market) -> None:
    assert shown(market, "87") == {"87": "24.2M", "87_raw": 24200000.0}


def test_last_price_of_another_day_is_marked_as_a_close(market: Market) -> None:
    market.days[AAPL] = msgspec.structs.replace(DAY, last=None)

    assert shown(market, "31")["31"] == "C190.22"


def test_last_price_is_marked_while_trading_is_halted(market: Market) -> None:
    market.show(AAPL, None, None, last="190.22", is_halted=True)

    assert shown(market, "31", "84", "85", "86", "88", "7057") == {"31": "H190.22"}


@pytest.mark.parametrize(("is_open", "code"), [(True, "RpB"), (False, "ZB")])
def test_availability_is_real_time_in_hours_and_frozen_outside(
    market: Market, is_open: bool, code: str
) -> None:
    market.show(AAPL, "190.20", "190.25", last="190.22", is_open=is_open)
    look = look_at(open_desk(market), AAPL, NOW)
    assert look is not None

    assert values(look, ())["6509"] == code


def test_close_of_today_shows_once_it_is_known(market: Market) -> None:
    assert shown(market, "7296") == {}

    market.days[AAPL] = msgspec.structs.replace(DAY, close=Decimal("190.00"))

    assert shown(market, "7296") == {"7296": "190.00"}


def test_change_of_a_falling_price_has_a_sign(market: Market) -> None:
    market.days[AAPL] = msgspec.structs.replace(DAY, prior_close=Decimal("191.22"))

    assert shown(market, "82", "83") == {"82": "-1.00", "83": -0.52}


def test_pair_has_no_trades_and_no_volume(market: Market) -> None:
    tags = ("31", "84", "86", "87", "7059", "7762", "7057", "82")

    assert shown(market, *tags, conid=EURUSD) == {"84": "1.08500", "86": "1.08510"}


def test_index_has_a_level_and_no_market(market: Market) -> None:
    market.show(SPX, None, None, last="6000.25")
    tags = ("31", "84", "86", "85", "88", "87", "7184", "7768", "7636")

    assert shown(market, *tags, conid=SPX) == {"31": "C6000.25", "7184": "0", "7768": "0"}


def test_facts_of_the_daily_rows(market: Market) -> None:
    market.facts_of[AAPL] = msgspec.structs.replace(
        NO_FACTS,
        high_52_weeks=Decimal("260.10"),
        low_52_weeks=Decimal("164.08"),
        average_volume_90_days=Decimal(51_200_000),
        ema_20=Decimal("180.0000"),
        ema_50=Decimal("200.0000"),
        volatility_30_days=Decimal("0.3194"),
        beta=Decimal("1.2345"),
        dividend_trailing=Decimal("1.04"),
    )
    tags = ("7293", "7294", "7282", "7677", "7681", "7676", "7724", "7087", "7718", "7287", "7672")

    assert shown(market, *tags) == {
        "7293": "260.10",
        "7294": "164.08",
        "7282": "51.2M",
        "7282_raw": 51200000.0,
        "7677": "180.00",
        "7681": "5.7%",
        "7676": "200.00",
        "7724": "-4.9%",
        "7087": "31.9%",
        "7718": "1.23",
        "7287": "0.55%",
        "7672": "1.04",
    }


def test_no_fact_is_absent_and_never_null(market: Market) -> None:
    found = shown(market, *FIELDS)

    assert None not in found.values()
    assert not {"7293", "7282", "7087", "7718", "7287", "7674", "7678"} & found.keys()


def test_what_has_a_raw_number_is_a_field_itself() -> None:
    assert RAW.keys() <= FIELDS.keys()


def test_contract_without_data_has_no_look(market: Market) -> None:
    assert look_at(open_desk(market), Conid(272093), NOW) is None
    assert look_at(open_desk(market), Conid(1), NOW) is None
