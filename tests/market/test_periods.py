import pytest
from tests.sources import asked, conid, figures, source, utc

from paperdesk.market.source import BarSize, Reading

MARKET = source()
FRIDAY_EVENING = utc(2026, 3, 7, "12:00:00")


@pytest.mark.parametrize("name", ["AAPL", "IBM", "SQQQ", "SPX", "EUR.USD"])
@pytest.mark.parametrize("reading", [Reading.TRADES, Reading.BID, Reading.ASK, Reading.MIDPOINT])
@pytest.mark.parametrize("extended", [False, True])
def test_a_week_is_its_days(name: str, reading: Reading, *, extended: bool) -> None:
    week = asked(BarSize.W1, FRIDAY_EVENING, 1, reading=reading, outside_regular=extended)
    days = asked(BarSize.D1, FRIDAY_EVENING, 5, reading=reading, outside_regular=extended)

    told = [figures(bar)[:4] for bar in MARKET.bars(conid(name), week, FRIDAY_EVENING)]
    inside = MARKET.bars(conid(name), days, FRIDAY_EVENING)

    if name == "SPX" and reading is not Reading.TRADES:
        assert not told
        assert not inside
        return
    assert told == [
        (
            inside[0].open,
            max(bar.high for bar in inside),
            min(bar.low for bar in inside),
            inside[-1].close,
        )
    ]
