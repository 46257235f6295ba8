from fractions import Fraction
from itertools import pairwise

import pytest
from tests.sources import asked, catalogue, conid, source, utc

from paperdesk.base.calendar import day_of
from paperdesk.market.anchors import shipped_layers
from paperdesk.market.fixings import fixing_instant, real_fixings
from paperdesk.market.source import BarSize, Reading

MARKET = source("ecb")


@pytest.mark.parametrize(
    ("day", "clock"),
    [((2026, 1, 5), "13:15:00"), ((2026, 3, 27), "13:15:00"), ((2026, 3, 30), "12:15:00")],
)
def test_bank_fixes_at_a_quarter_past_two_in_frankfurt(
    day: tuple[int, int, int], clock: str
) -> None:
    assert fixing_instant(day_of(*day)) == utc(*day, clock)


@pytest.mark.parametrize(
    "name", ["EUR.USD", "USD.JPY", "GBP.USD", "EUR.JPY", "EUR.GBP", "AUD.NZD", "EUR.HKD", "SEK.JPY"]
)
@pytest.mark.parametrize("date", [(1999, 3, 1), (2008, 9, 29), (2026, 10, 29)])
def test_rate_of_the_bank_is_within_the_quote_of_its_instant(
    name: str, date: tuple[int, int, int]
) -> None:
    base, _, quote = name.partition(".")
    day = day_of(*date)
    real = real_fixings(shipped_layers(["ecb"], catalogue()), base, quote, [day])[0].rate

    shown = MARKET.quote(conid(name), fixing_instant(day))

    assert shown is not None
    assert shown.bid is not None
    assert shown.ask is not None
    assert Fraction(shown.bid) <= real <= Fraction(shown.ask)
    assert MARKET.origin(conid(name), day) == "replay: ecb"


def test_rates_go_on_after_the_last_fixing() -> None:
    now = utc(2026, 12, 1)
    bars = MARKET.bars(conid("EUR.USD"), asked(BarSize.D1, now, 30, reading=Reading.MIDPOINT), now)

    assert MARKET.origin(conid("EUR.USD"), day_of(2026, 11, 20)) == "synthetic"
    assert all(abs(bar.close / bars[0].open - 1) < 1 for bar in bars)
    closes = [bar.close for bar in bars]
    assert max(abs(float(b / a) - 1) for a, b in pairwise(closes)) < 0.05
