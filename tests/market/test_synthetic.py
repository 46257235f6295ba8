from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources import asked, conid, figures, joined, price, source, utc

from paperdesk.base.ids import Conid
from paperdesk.base.units import HOUR, MINUTE, SECOND
from paperdesk.market.lenses import QUOTED
from paperdesk.market.source import Bar, BarSize, Level, Reading

OPEN = utc(2026, 3, 2, "14:30:00")
CLOSE = OPEN + 6 * HOUR + 30 * MINUTE
EVENING = CLOSE + 5 * HOUR
NAMES = ("AAPL", "NVR", "SPX", "SPY", "SQQQ", "XLK", "EUR.USD", "USD.JPY", "EUR.JPY")
MARKET = source("synthetic", "ecb")

names = st.sampled_from(NAMES)
instants = st.integers(OPEN - 6 * HOUR, EVENING)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize(
    ("size", "count"),
    [(BarSize.M1, 1440), (BarSize.M3, 480), (BarSize.M30, 48), (BarSize.H4, 7)],
)
def test_bars_of_every_size_make_the_day(
    name: str, outside: bool, size: BarSize, count: int
) -> None:
    now = EVENING
    (day,) = MARKET.bars(conid(name), asked(BarSize.D1, now, 1, outside_regular=outside), now)
    parts = MARKET.bars(conid(name), asked(size, now, count, outside_regular=outside), now)

    assert figures(joined([bar for bar in parts if bar.at >= day.at])) == figures(day)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("reading", [Reading.TRADES, *QUOTED])
def test_bars_of_a_reading_are_those_of_its_smaller_bars(name: str, reading: Reading) -> None:
    until = OPEN + 2 * HOUR
    large = MARKET.bars(conid(name), asked(BarSize.M15, until, 4, reading=reading), until)
    small = MARKET.bars(conid(name), asked(BarSize.S15, until, 240, reading=reading), until)

    for bar in large:
        inside = [one for one in small if bar.at <= one.at < bar.at + 15 * MINUTE]
        assert figures(joined(inside)) == figures(bar)


@pytest.mark.parametrize("name", NAMES)
def test_weeks_and_months_are_made_of_days(name: str) -> None:
    now = utc(2026, 3, 2, "01:00:00")
    days = MARKET.bars(conid(name), asked(BarSize.D1, now, 20), now)
    (month,) = MARKET.bars(conid(name), asked(BarSize.MO1, now, 1), now)
    (week,) = MARKET.bars(conid(name), asked(BarSize.W1, now, 1), now)

    assert joined([day for day in days if day.at >= month.at]) == month
    assert joined([day for day in days if day.at >= week.at]) == week


@given(names, instants)
@settings(max_examples=40)
def test_quote_is_what_the_running_bar_closes_at(name: str, at: int) -> None:
    quote = MARKET.quote(conid(name), at)
    assert quote is not None
    for reading in (Reading.TRADES, *QUOTED):
        expected = price(reading, quote)
        if expected is None:
            continue
        wanted = asked(BarSize.S5, at + 1, 1, outside_regular=True, reading=reading)
        bars = MARKET.bars(conid(name), wanted, at)
        assert bars[-1].close == expected


@given(names, instants)
@settings(max_examples=30)
def test_quote_is_in_order_and_on_the_grid(name: str, at: int) -> None:
    quote = MARKET.quote(conid(name), at)
    assert quote is not None
    if quote.bid is None or quote.ask is None:
        return
    increment = {"USD.JPY": "0.005", "EUR.JPY": "0.005", "EUR.USD": "0.00005"}.get(name, "0.01")
    assert quote.bid < quote.ask
    assert quote.bid % Decimal(increment) == 0
    assert quote.ask % Decimal(increment) == 0
    assert quote.bid_size > 0
    assert quote.ask_size > 0
    if quote.last is not None and quote.is_regular:
        assert quote.last > 0


@given(st.lists(st.tuples(names, instants), min_size=2, max_size=6))
@settings(max_examples=10)
def test_order_of_questions_changes_no_answer(questions: list[tuple[str, int]]) -> None:
    forward = [MARKET.quote(conid(name), at) for name, at in questions]
    backward = [MARKET.quote(conid(name), at) for name, at in reversed(questions)]

    assert forward == backward[::-1]


def test_fresh_source_gives_the_same_answers() -> None:
    fresh = source("synthetic", "ecb")

    for name in reversed(NAMES):
        for at in (CLOSE - HOUR, OPEN + MINUTE):
            assert fresh.quote(conid(name), at) == MARKET.quote(conid(name), at)
            assert fresh.day(conid(name), at) == MARKET.day(conid(name), at)


@given(names, instants)
@settings(max_examples=20)
def test_nothing_after_now_is_in_a_bar(name: str, now: int) -> None:
    late = asked(BarSize.M5, EVENING, 30, outside_regular=True)

    bars = MARKET.bars(conid(name), late, now)

    assert all(bar.at <= now for bar in bars)
    later = MARKET.bars(conid(name), late, EVENING)
    known = [bar for bar in bars if bar.at + 5 * MINUTE <= now]
    finished: list[Bar] = [bar for bar in later if bar.at in {one.at for one in known}]
    assert not finished or finished == known[-len(finished) :]


def test_day_so_far_is_the_day_of_bars() -> None:
    at = OPEN + 3 * HOUR + 7 * SECOND
    for name in ("AAPL", "SPY", "SPX"):
        so_far = MARKET.day(conid(name), at)
        (bar,) = MARKET.bars(conid(name), asked(BarSize.D1, at + 1, 1), at)
        assert so_far is not None
        assert (so_far.open, so_far.high, so_far.low, so_far.last) == figures(bar)[:4]
        assert (so_far.volume, so_far.trades) == (bar.volume, bar.trades)


def test_fund_is_its_index_times_a_factor_of_the_day() -> None:
    index, fund = conid("SPX"), conid("SPY")
    ratios = []
    for minutes in (10, 100, 300):
        level = MARKET.quote(index, OPEN + minutes * MINUTE)
        share = MARKET.quote(fund, OPEN + minutes * MINUTE)
        assert level is not None
        assert level.last is not None
        assert share is not None
        assert share.bid is not None
        assert share.ask is not None
        ratios.append((share.bid + share.ask) / 2 / level.last)

    assert max(ratios) / min(ratios) - 1 < Decimal("0.00003")


def test_pairs_are_triangular_to_an_increment() -> None:
    for minutes in range(0, 360, 37):
        at = OPEN + minutes * MINUTE
        middle = {}
        for name in ("EUR.USD", "USD.JPY", "EUR.JPY"):
            quote = MARKET.quote(conid(name), at)
            assert quote is not None
            middle[name] = price(Reading.MIDPOINT, quote)
        euro, yen, cross = middle["EUR.USD"], middle["USD.JPY"], middle["EUR.JPY"]
        assert euro is not None
        assert yen is not None
        assert cross is not None
        assert abs(euro * yen - cross) <= Decimal("0.005") * 2


@pytest.mark.parametrize(
    ("name", "size"), [("AAPL", "0.01"), ("EUR.USD", "0.00005"), ("SPX", "0.01")]
)
def test_levels_of_a_familiar_name_are_familiar_at_the_reference_day(name: str, size: str) -> None:
    familiar = {"AAPL": "270", "SPX": "6720"}
    now = utc(2026, 1, 1)
    (day,) = MARKET.bars(conid(name), asked(BarSize.D1, now, 1), now)

    if name in familiar:
        assert abs(day.close - Decimal(familiar[name])) <= Decimal(size)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seed_is_another_market(seed: int) -> None:
    other = source(seed=seed)

    assert other.quote(conid("AAPL"), OPEN + HOUR) != MARKET.quote(conid("AAPL"), OPEN + HOUR)


def test_stepping_is_told_by_the_next_tick_or_the_next_opening() -> None:
    apple, index, pair = conid("AAPL"), conid("SPX"), conid("EUR.USD")

    assert MARKET.next_tick(apple, OPEN, 500_000) == OPEN + 500_000
    assert MARKET.next_tick(apple, EVENING, SECOND) == utc(2026, 3, 3, "09:00:00")
    assert MARKET.next_tick(index, CLOSE, SECOND) == OPEN + 24 * HOUR
    assert MARKET.next_tick(index, OPEN - HOUR, SECOND) == OPEN
    weekend, sunday = utc(2026, 3, 6, "22:30:00"), utc(2026, 3, 8, "21:15:00")
    assert MARKET.next_tick(pair, weekend, SECOND) == sunday


def test_unknown_contract_has_no_data() -> None:
    nobody = Conid(999_999_999)
    level = Level(Reading.TRADES, Decimal(1), rising=True)

    assert MARKET.quote(nobody, OPEN) is None
    assert MARKET.day(nobody, OPEN) is None
    assert MARKET.next_touch(nobody, [level], OPEN, CLOSE) is None
    assert MARKET.bars(nobody, asked(BarSize.D1, CLOSE, 5), CLOSE) == []
    assert MARKET.actions(nobody, 20_500) == []
