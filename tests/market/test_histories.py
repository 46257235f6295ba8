from decimal import Decimal

import pytest
from tests.sources import asked, conid, source, utc

from paperdesk.base.slices import whole
from paperdesk.base.units import DAY, HOUR, MINUTE, SECOND, Instant
from paperdesk.kernel.messages.scripts import JumpScript
from paperdesk.market.source import BarsAsked, BarSize, Reading
from paperdesk.market.synthetic import SyntheticSource

MARKET = source()
APPLE = conid("AAPL")
OPEN = utc(2026, 3, 2, "14:30:00")
CLOSE = OPEN + 6 * HOUR + 30 * MINUTE


def test_bars_begin_at_the_open_and_the_last_is_cut_at_the_close() -> None:
    bars = MARKET.bars(APPLE, asked(BarSize.H4, CLOSE, 2), CLOSE)

    assert [bar.at for bar in bars] == [OPEN, OPEN + 4 * HOUR]


def test_extended_bars_begin_with_the_pre_market() -> None:
    bars = MARKET.bars(APPLE, asked(BarSize.H8, CLOSE, 2, outside_regular=True), CLOSE)

    assert bars[-1].at == utc(2026, 3, 2, "17:00:00")


def test_newest_bars_are_given_and_no_more_than_asked_for() -> None:
    bars = MARKET.bars(APPLE, asked(BarSize.M1, CLOSE, 500), CLOSE)

    assert len(bars) == 500
    assert bars[-1].at == CLOSE - MINUTE
    assert [bar.at for bar in bars] == sorted(bar.at for bar in bars)


def test_bars_before_the_start_are_not_given() -> None:
    bars = MARKET.bars(APPLE, asked(BarSize.M5, CLOSE, 500), CLOSE)
    from_noon = [bar for bar in bars if bar.at >= OPEN + 2 * HOUR]
    wanted = asked(BarSize.M5, CLOSE, 500)
    wanted = type(wanted)(size=BarSize.M5, start=OPEN + 2 * HOUR, until=CLOSE, count_max=500)

    assert MARKET.bars(APPLE, wanted, CLOSE) == from_noon


def test_running_day_grows() -> None:
    early = MARKET.bars(APPLE, asked(BarSize.D1, OPEN + HOUR, 1), OPEN + HOUR)
    late = MARKET.bars(APPLE, asked(BarSize.D1, OPEN + 5 * HOUR, 1), OPEN + 5 * HOUR)

    assert early[0].at == late[0].at == OPEN
    assert early[0].open == late[0].open
    assert early[0].volume < late[0].volume


@pytest.mark.parametrize("size", [BarSize.M1, BarSize.M30, BarSize.D1])
def test_bar_of_both_quotes_holds_the_bids_and_asks(size: BarSize) -> None:
    both, bids, asks = (
        MARKET.bars(APPLE, asked(size, CLOSE + DAY, 3, reading=reading), CLOSE + 5 * HOUR)
        for reading in (Reading.BID_ASK, Reading.BID, Reading.ASK)
    )

    assert [bar.low for bar in both] == [bar.low for bar in bids]
    assert [bar.high for bar in both] == [bar.high for bar in asks]
    assert all(bar.open < bar.close for bar in both)
    assert all(bar.low <= bar.open and bar.close <= bar.high for bar in both)


def test_index_has_levels_and_neither_quotes_nor_volume() -> None:
    index = conid("SPX")

    assert MARKET.bars(index, asked(BarSize.M1, CLOSE, 3, reading=Reading.BID), CLOSE) == []
    assert {bar.volume for bar in MARKET.bars(index, asked(BarSize.M1, CLOSE, 3), CLOSE)} == {0}


def test_before_the_first_session_there_is_nothing() -> None:
    assert MARKET.bars(APPLE, asked(BarSize.D1, utc(1998, 1, 1), 5), utc(1998, 1, 1)) == []
    assert MARKET.bars(APPLE, asked(BarSize.M1, SECOND, 5), SECOND) == []


def test_an_earlier_question_is_told_nothing_of_what_a_later_one_was() -> None:
    fresh, asked_before = source(), source()
    for size in (BarSize.M1, BarSize.H1, BarSize.D1, BarSize.W1):
        for name in ("AAPL", "EUR.JPY"):
            wanted = asked(size, CLOSE, 5)
            asked_before.bars(conid(name), wanted, CLOSE + 9 * DAY)
            asked_before.bars(conid(name), asked(size, CLOSE + 9 * DAY, 30), CLOSE + 9 * DAY)

            now = CLOSE - HOUR + 17 * SECOND

            known = fresh.bars(conid(name), wanted, now)
            assert asked_before.bars(conid(name), wanted, now) == known
            assert asked_before.bars(conid(name), wanted, now + MINUTE) == fresh.bars(
                conid(name), wanted, now + MINUTE
            )


def test_a_fund_has_no_bar_of_the_first_session_of_all() -> None:
    for reading in (Reading.TRADES, Reading.BID):
        months = MARKET.bars(conid("SPY"), asked(BarSize.MO1, CLOSE, 1_000, reading=reading), CLOSE)

        assert months[0].at == utc(1999, 1, 5, "14:30:00")


def turns(market: SyntheticSource, name: str, wanted: BarsAsked, now: Instant) -> int:
    work = market.bars_in_slices(conid(name), wanted, now)
    return sum(1 for _ in work)


@pytest.mark.parametrize("name", ["AAPL", "SPX", "SPY", "EUR.USD", "EUR.JPY"])
@pytest.mark.parametrize(
    "size", [BarSize.S5, BarSize.M1, BarSize.H1, BarSize.H8, BarSize.D1, BarSize.W1]
)
def test_only_what_is_not_kept_takes_turns(name: str, size: BarSize) -> None:
    market, now = source(), CLOSE - HOUR
    wanted = asked(size, now, 300, reading=reading_of(name))
    market.quote(conid(name), now)

    first = turns(market, name, wanted, now)
    again = turns(market, name, wanted, now)
    later = turns(market, name, asked(size, now + 1, 300, reading=reading_of(name)), now + 1)

    assert first >= 3
    assert (again, later) == (0, 0)


def reading_of(name: str) -> Reading:
    return Reading.MIDPOINT if "." in name else Reading.TRADES


@pytest.mark.parametrize("reading", [Reading.TRADES, Reading.BID_ASK])
@pytest.mark.parametrize("size", [BarSize.M1, BarSize.D1, BarSize.W1])
def test_what_changes_between_slices_changes_no_answer(reading: Reading, size: BarSize) -> None:
    market, now = source(), CLOSE
    wanted = asked(size, now, 60, reading=reading)
    before = source().bars(APPLE, wanted, now)
    script = JumpScript(conid=APPLE, start=OPEN + HOUR, change=Decimal("0.5"))
    market.quote(APPLE, now)

    work = market.bars_in_slices(APPLE, wanted, now)
    next(work)
    market.add_script(script)

    assert whole(work) == before
    scripted = market.bars(APPLE, wanted, now)
    assert scripted != before
    assert scripted == source(scripts=[script]).bars(APPLE, wanted, now)
