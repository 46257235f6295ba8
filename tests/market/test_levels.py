from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources import asked, conid, price, source, utc

from paperdesk.base.units import DAY, HOUR, MINUTE, SECOND, Instant
from paperdesk.market.lenses import ONE, QUOTED, Linear, trades_view
from paperdesk.market.levels import thresholds
from paperdesk.market.source import BarSize, Level, Reading, Touch

OPEN = utc(2026, 3, 2, "14:30:00")
MARKET = source("synthetic", "ecb")
NAMES = ("AAPL", "NVR", "SPY", "SQQQ", "EUR.USD", "EUR.JPY")
SPAN = 90 * SECOND

names = st.sampled_from(NAMES)
starts = st.integers(0, 370).map(lambda minutes: OPEN + minutes * MINUTE)
moves = st.integers(1, 40).map(lambda n: Decimal(n) / 20_000)


def at_price(name: str, reading: Reading, at: Instant) -> Decimal:
    quote = MARKET.quote(conid(name), at)
    assert quote is not None
    found = price(reading, quote)
    assert found is not None
    return found


def touches(name: str, level: Level, at: Instant) -> bool:
    now = at_price(name, level.reading, at)
    return now >= level.price if level.rising else now <= level.price


@given(names, st.sampled_from(QUOTED), st.booleans(), starts, moves)
@settings(max_examples=40)
def test_touch_is_the_first_instant_of_a_scan(
    name: str, reading: Reading, rising: bool, start: Instant, move: Decimal
) -> None:
    begun = at_price(name, reading, start)
    level = Level(reading, begun * (1 + move if rising else 1 - move), rising)

    touch = MARKET.next_touch(conid(name), [level], start, start + SPAN)

    instants = range(start + SECOND // 4, start + SPAN + 1, SECOND // 4)
    scanned = next((at for at in instants if touches(name, level, at)), None)
    if touch is None:
        assert scanned is None
        return
    assert touches(name, level, touch.at)
    assert not touches(name, level, touch.at - 1)
    assert scanned is None or touch.at <= scanned


@given(names, st.sampled_from(QUOTED), st.booleans(), starts, moves)
@settings(max_examples=30)
def test_trailing_level_is_touched_where_a_scan_finds_it(
    name: str, reading: Reading, rising: bool, start: Instant, move: Decimal
) -> None:
    begun = at_price(name, reading, start)
    trail = begun * move
    stands = begun + trail if rising else begun - trail
    level = Level(reading, stands, rising, trail=trail)

    touch = MARKET.next_touch(conid(name), [level], start, start + SPAN)

    end = start + SPAN if touch is None else touch.at - 1
    reach = MARKET.extremes(conid(name), reading, start, end, regular_only=True)
    if touch is None:
        assert reach is not None
        assert reach[0] - reach[1] < trail + abs(reach[0] - begun) + trail
        return
    extreme = begun if reach is None else (min if rising else max)(begun, reach[1 if rising else 0])
    now = at_price(name, reading, touch.at)
    far = min(extreme, now) if rising else max(extreme, now)
    assert now >= far + trail if rising else now <= far - trail


@given(names, st.sampled_from(QUOTED), starts)
@settings(max_examples=30)
def test_extremes_are_those_of_the_bars(name: str, reading: Reading, start: Instant) -> None:
    until = start + 10 * MINUTE
    found = MARKET.extremes(conid(name), reading, start - 1, until - 1, regular_only=True)
    bars = MARKET.bars(conid(name), asked(BarSize.S5, until, 120, reading=reading), until - 1)
    inside = [bar for bar in bars if bar.at >= start]

    assert found == (max(bar.high for bar in inside), min(bar.low for bar in inside))


def test_of_several_levels_the_first_touched_is_told() -> None:
    begun = at_price("AAPL", Reading.ASK, OPEN + HOUR)
    levels = [
        Level(Reading.ASK, begun * 2, rising=True),
        Level(Reading.ASK, begun * Decimal("1.0005"), rising=True),
        Level(Reading.BID, begun * Decimal("0.9"), rising=False),
    ]

    together = MARKET.next_touch(conid("AAPL"), levels, OPEN + HOUR, OPEN + 30 * DAY)
    alone = MARKET.next_touch(conid("AAPL"), levels[1:2], OPEN + HOUR, OPEN + 30 * DAY)

    assert together is not None
    assert alone is not None
    assert together == Touch(alone.at, 1)


@pytest.mark.parametrize("name", ["AAPL", "SPY", "EUR.JPY"])
def test_price_that_is_never_reached_is_not_touched_in_a_year(name: str) -> None:
    level = Level(Reading.MIDPOINT, Decimal(1_000_000), rising=True, regular_only=False)

    assert MARKET.next_touch(conid(name), [level], OPEN, OPEN + 365 * DAY) is None


def test_index_is_touched_in_its_own_hours_alone() -> None:
    level = Level(Reading.TRADES, Decimal(1), rising=True, regular_only=False)
    before_open = OPEN - 2 * HOUR

    touch = MARKET.next_touch(conid("SPX"), [level], before_open, OPEN + HOUR)

    assert touch is not None
    assert touch.at >= OPEN


def test_threshold_of_a_falling_view_is_on_the_other_side() -> None:
    rising = trades_view(Decimal("0.01"), ONE)
    falling = trades_view(Decimal("0.01"), Linear(-1, 10_000, 1))

    assert thresholds(rising, Decimal("1.00"), None) == (398, None)
    assert thresholds(rising, None, Decimal("1.00")) == (None, 401)
    assert thresholds(falling, Decimal("1.00"), None) == (None, 9_602)
    assert thresholds(falling, None, Decimal("1.00")) == (9_599, None)
