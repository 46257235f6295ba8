"""History through the front door: bars of the drawn market, Monday at ten in New York."""

from typing import Any

import pytest
from tests.desks import AAPL, SPX, Client, Reply, open_desk, synthetic

HISTORY = "iserver/marketdata/history"
TEN = 1_772_463_600_000
OPEN = 1_772_461_800_000
MINUTE = 60_000


@pytest.fixture
def charts() -> Client:
    """Return the user at a desk with the drawn market, which has a past."""
    return Client(open_desk(synthetic()))


def history(client: Client, **query: object) -> dict[str, Any]:
    answer = client.get(HISTORY, **{"conid": AAPL, **query})
    assert answer.status == 200, answer
    return dict(answer.json)


def starts(answer: dict[str, Any]) -> list[int]:
    return [bar["t"] for bar in answer["data"]]


def test_answer_has_what_a_chart_needs(charts: Client) -> None:
    answer = history(charts, period="1d", bar="5min")

    assert {name: cell for name, cell in answer.items() if name not in {"data", "serverId"}} == {
        "symbol": "AAPL",
        "text": "APPLE INC",
        "priceFactor": 100,
        "startTime": "20260302-14:30:00",
        "high": answer["high"],
        "low": answer["low"],
        "timePeriod": "1d",
        "barLength": 300,
        "mdAvailability": "S",
        "mktDataDelay": 0,
        "outsideRth": False,
        "tradingDayDuration": 390,
        "volumeFactor": 1,
        "priceDisplayRule": 1,
        "priceDisplayValue": "2",
        "chartPanStartTime": "20260302-15:00:00",
        "direction": -1,
        "negativeCapable": False,
        "messageVersion": 2,
        "points": 5,
        "travelTime": 48,
    }
    assert answer["serverId"].isdigit()
    assert starts(answer) == [OPEN + 5 * MINUTE * number for number in range(6)]
    assert answer["data"][0].keys() == {"o", "c", "h", "l", "v", "t"}


def test_extremes_name_price_volume_and_minute(charts: Client) -> None:
    answer = history(charts, period="1d", bar="1min")

    highest = max(answer["data"], key=lambda bar: bar["h"])
    minute = (highest["t"] - OPEN) // MINUTE
    assert answer["high"] == f"{round(highest['h'] * 100)}/{highest['v']}/{minute}"


def test_bars_hold_together(charts: Client) -> None:
    for bar in history(charts, period="1w", bar="15min")["data"]:
        assert bar["l"] <= min(bar["o"], bar["c"]) <= max(bar["o"], bar["c"]) <= bar["h"]
        assert bar["v"] >= 0


@pytest.mark.parametrize(
    ("period", "bar", "seconds", "count"),
    [
        ("1min", "1min", 60, 1),
        ("1h", "1min", 60, 60),
        ("1h", "8h", 28_800, 1),
        ("2h", "5min", 300, 24),
        ("1d", "1min", 60, 30),
        ("1d", "8h", 28_800, 1),
        ("2d", "1h", 3600, 8),
        ("1w", "10min", 600, 195),
        ("1w", "1w", 604_800, 1),
        ("1m", "1h", 3600, 133),
        ("1m", "1m", 2_678_400, 1),
        ("3m", "2h", 7200, 238),
        ("3m", "1m", 2_678_400, 3),
        ("6m", "4h", 14_400, 246),
        ("1y", "8h", 28_800, 251),
        ("1y", "1w", 604_800, 53),
        ("2y", "1d", 86_400, 500),
        ("15y", "1w", 604_800, 783),
        ("15y", "1m", 2_678_400, 180),
    ],
)
def test_period_and_bar_make_the_count(
    charts: Client, period: str, bar: str, seconds: int, count: int
) -> None:
    answer = history(charts, period=period, bar=bar)

    assert answer["barLength"] == seconds
    assert answer["timePeriod"] == period
    assert len(answer["data"]) == count
    assert answer["points"] == count - 1
    assert starts(answer) == sorted(set(starts(answer)))


@pytest.mark.parametrize(
    ("period", "seconds"),
    [
        ("1min", 60),
        ("1h", 60),
        ("1d", 60),
        ("1w", 900),
        ("1m", 1800),
        ("3m", 86_400),
        ("6m", 86_400),
        ("1y", 86_400),
        ("2y", 86_400),
        ("3y", 604_800),
        ("15y", 604_800),
    ],
)
def test_bar_that_is_left_out_is_the_default_of_the_period(
    charts: Client, period: str, seconds: int
) -> None:
    assert history(charts, period=period)["barLength"] == seconds


def test_period_that_is_left_out_is_a_week(charts: Client) -> None:
    answer = history(charts)

    assert answer["timePeriod"] == "1w"
    assert answer["barLength"] == 900


@pytest.mark.parametrize("period", ["1D", "week", "17y", "0d"])
def test_period_that_is_not_understood_is_a_week(charts: Client, period: str) -> None:
    assert history(charts, period=period, bar="1h")["timePeriod"] == "1w"


def test_more_than_a_thousand_bars_are_cut_to_the_newest(charts: Client) -> None:
    answer = history(charts, period="5w", bar="1min")

    assert len(answer["data"]) == 1000
    assert answer["points"] == 999
    assert starts(answer)[-1] == TEN - MINUTE


def test_running_bar_is_the_last(charts: Client) -> None:
    answer = history(charts, period="1d", bar="1h")

    assert starts(answer) == [OPEN]


def test_daily_bars_are_stamped_at_the_open(charts: Client) -> None:
    answer = history(charts, period="1m", bar="1d")

    assert all(start % (24 * 60 * MINUTE) == 14.5 * 60 * MINUTE for start in starts(answer))


def test_summer_opens_an_hour_earlier_in_utc(charts: Client) -> None:
    answer = history(charts, period="1w", bar="1d", startTime="20250711-23:00:00")

    assert {start // MINUTE % 1440 for start in starts(answer)} == {810}


def test_start_time_is_the_end_of_the_window(charts: Client) -> None:
    answer = history(charts, period="2h", bar="5min", startTime="20260227-18:00:00")

    assert len(answer["data"]) == 24
    assert answer["chartPanStartTime"] == "20260227-18:00:00"
    assert starts(answer)[-1] == 1_772_215_200_000 - 5 * MINUTE


def test_bars_of_the_past_are_whole_wherever_the_window_ends(charts: Client) -> None:
    inside = history(charts, period="1d", bar="1d", startTime="20260227-18:00:00")["data"][-1]
    after = history(charts, period="1d", bar="1d", startTime="20260228-00:00:00")["data"][-1]

    assert inside == after


def test_window_never_ends_in_the_future(charts: Client) -> None:
    now = history(charts, period="1d", bar="5min")
    future = history(charts, period="1d", bar="5min", startTime="20300101-00:00:00")

    assert future["data"] == now["data"]


def test_start_time_that_is_none_is_not_looked_at(charts: Client) -> None:
    assert starts(history(charts, period="1d", bar="5min", startTime="yesterday"))[0] == OPEN


def test_hours_outside_regular_ones_on_request(charts: Client) -> None:
    regular = history(charts, period="1d", bar="30min")
    extended = history(charts, period="1d", bar="30min", outsideRth="True")

    assert extended["outsideRth"] is True
    assert len(extended["data"]) > len(regular["data"])
    assert starts(extended)[0] == OPEN - 330 * MINUTE
    assert extended["tradingDayDuration"] == 1440


def test_days_of_all_hours_begin_at_midnight(charts: Client) -> None:
    regular = history(charts, period="3d", bar="1d")
    extended = history(charts, period="3d", bar="1d", outsideRth="True")

    assert [at - at % (1440 * MINUTE) for at in starts(regular)] == starts(extended)
    assert starts(extended)[0] != starts(regular)[0]
    assert extended["startTime"].endswith("-00:00:00")


@pytest.mark.parametrize("source", ["Last", "trades", "Trades", "nonsense", ""])
def test_source_that_is_not_known_means_trades(charts: Client, source: str) -> None:
    trades = history(charts, period="1d", bar="5min")["data"]

    assert history(charts, period="1d", bar="5min", source=source)["data"] == trades


def test_bids_are_below_asks_and_the_middle_between(charts: Client) -> None:
    bid, middle, ask = (
        history(charts, period="1d", bar="5min", Source=source)["data"]
        for source in ("bid", "midpoint", "ask")
    )

    for low, mid, high in zip(bid, middle, ask, strict=True):
        assert low["c"] <= mid["c"] <= high["c"]
    assert bid != ask


def test_bid_ask_holds_means_and_extremes_of_both(charts: Client) -> None:
    bid = history(charts, period="1d", bar="5min", source="bid")["data"]
    both = history(charts, period="1d", bar="5min", source="Bid_Ask")["data"]

    assert [bar["l"] for bar in both] == [bar["l"] for bar in bid]


def test_exchange_may_be_in_the_conid(charts: Client) -> None:
    assert history(charts, conid="265598@SMART", period="1d", bar="1h")["symbol"] == "AAPL"


def test_index_has_bars_too(charts: Client) -> None:
    answer = history(charts, conid=SPX, period="1w", bar="1d")

    assert answer["symbol"] == "SPX"
    assert len(answer["data"]) == 5


def refused(client: Client, **query: object) -> Reply:
    return client.get(HISTORY, **query)


def test_other_direction_has_no_data(charts: Client) -> None:
    answer = refused(charts, conid=AAPL, period="1d", bar="5min", direction=1)

    assert answer.status == 200
    assert answer.json == {"error": "Chart data unavailable"}
    assert history(charts, period="1d", bar="5min", direction=-1)["points"] == 5


def test_contract_nobody_knows_is_an_error_of_the_backend(charts: Client) -> None:
    answer = refused(charts, conid=999999999, period="1d")

    assert answer.status == 500
    assert answer.json == {"error": "Chart data unavailable"}


@pytest.mark.parametrize("conid", ["", "AAPL", "-1", "99999999999"])
def test_conid_that_is_none_is_refused(charts: Client, conid: str) -> None:
    assert refused(charts, conid=conid).status == 400


@pytest.mark.parametrize("bar", ["7parsec", "x", "1min1min"])
def test_bar_that_is_none_is_refused(charts: Client, bar: str) -> None:
    answer = refused(charts, conid=AAPL, period="1d", bar=bar)

    assert answer.status == 400
    assert answer.json["error"] == "Bad Request: bar is not valid"


def test_contract_without_bars_has_no_data(client: Client) -> None:
    answer = refused(client, conid=AAPL, period="1d", bar="5min")

    assert answer.status == 200
    assert answer.json == {"error": "No data."}


# The beta service


def test_beta_service_needs_its_bridge(charts: Client) -> None:
    answer = charts.get("hmds/history", conid=AAPL)

    assert answer.status == 404
    assert answer.body.startswith(b"<html>")


def test_beta_service_answers_in_its_own_shape(charts: Client) -> None:
    charts.post("hmds/auth/init")

    answer = charts.get("hmds/history", conid=AAPL, period="1d", bar="5mins", barType="Last").json

    assert answer["points"] == len(answer["data"]) == 6
    assert answer["startTime"] == "20260302-14:30:00"
    assert answer["startTimeVal"] == OPEN
    assert answer["endTime"] == "20260302-15:00:00"
    assert answer["endTimeVal"] == TEN
    assert answer["mktDataDelay"] == 0


def test_beta_service_reads_the_ask(charts: Client) -> None:
    charts.post("hmds/auth/init")

    asks = charts.get("hmds/history", conid=AAPL, period="1d", bar="5mins", barType="Ask").json

    assert asks["data"] == history(charts, period="1d", bar="5min", source="ask")["data"]


@pytest.mark.parametrize("begins", ["", "20260302-15:00:00"])
def test_who_has_no_subscription_gets_what_a_quarter_of_an_hour_ago_knew(begins: str) -> None:
    late, live = (Client(open_desk(synthetic())) for _ in range(2))
    late.session.market_data = ()

    told = history(late, period="1d", bar="5min", startTime=begins)
    known = history(live, period="1d", bar="5min", startTime="20260302-14:45:00")

    assert told["mktDataDelay"] == 900
    assert told["data"] == known["data"]
    assert starts(told) == [OPEN + 5 * MINUTE * number for number in range(3)]
    assert told["chartPanStartTime"] == "20260302-14:45:00"


def test_currencies_are_late_for_nobody(charts: Client) -> None:
    charts.session.market_data = ()

    assert history(charts, conid=12087792, period="1d", bar="5min")["mktDataDelay"] == 0
