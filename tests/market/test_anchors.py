from decimal import Decimal

import pytest
from tests.sources import asked, catalogue, conid, source, utc

from paperdesk.base.calendar import day_of
from paperdesk.market.anchors import shipped_layers
from paperdesk.market.layers import days_of
from paperdesk.market.series import NOT_QUOTED
from paperdesk.market.source import BarSize

NOW = utc(2013, 3, 2)


def test_wiki_has_five_stocks_and_their_days() -> None:
    (wiki,) = shipped_layers(["wiki"], catalogue())

    spans = {
        symbol: days_of(wiki, conid(symbol)) for symbol in ("AAPL", "MSFT", "IBM", "GOOG", "FB")
    }

    assert spans["AAPL"] == (day_of(2000, 3, 1), day_of(2013, 3, 1))
    assert spans["FB"] == (day_of(2012, 5, 18), day_of(2013, 3, 1))
    assert len(wiki.conids()) == 5


def test_ecb_has_the_fixings_of_a_day() -> None:
    (ecb,) = shipped_layers(["ecb"], catalogue())
    told = ecb.rates("USD")
    assert told is not None
    days, rates, decimals = told

    assert (days[0], rates[0], decimals) == (day_of(1999, 1, 4), 11_789, 4)
    assert (days[-1], rates[-1]) == (day_of(2026, 10, 30), 11_172)
    roubles = ecb.rates("RUB")
    assert roubles is not None
    assert roubles[1][-1] == NOT_QUOTED
    assert ecb.rates("XXX") is None


@pytest.mark.parametrize("symbol", ["AAPL", "MSFT", "IBM", "GOOG", "FB"])
def test_every_shipped_bar_comes_back(symbol: str) -> None:
    (wiki,) = shipped_layers(["wiki"], catalogue())
    real = wiki.bars(conid(symbol))
    assert real is not None
    bars, market = real.bars, source("wiki")
    course = market._universe.course(conid(symbol))
    assert course is not None

    for index, day in enumerate(bars.at):
        daily = course.daily(course.place(day))
        assert daily is not None
        told = (daily.open, daily.high, daily.low, daily.close)
        given = (bars.open[index], bars.high[index], bars.low[index], bars.close[index])
        assert [number * daily.step for number in told] == [
            number * real.unit for number in given
        ], day
        assert daily.volume == bars.volume[index]


def test_history_is_adjusted_for_splits_known_when_asked() -> None:
    market, apple = source("wiki"), conid("AAPL")
    eve = utc(2005, 2, 26)

    before = market.bars(apple, asked(BarSize.D1, eve, 3), eve)
    after = market.bars(apple, asked(BarSize.D1, eve, 3), utc(2005, 3, 1))

    assert [str(bar.close) for bar in before] == ["88.23", "88.93", "88.99"]
    assert [bar.close * 2 for bar in after] == [bar.close for bar in before]
    assert [bar.volume for bar in after] == [bar.volume * 2 for bar in before]
    day = market.day(apple, utc(2005, 2, 28, "18:00:00"))
    assert day is not None
    assert day.prior_close == Decimal("44.495")


def test_real_days_say_where_they_are_from_and_others_that_they_are_invented() -> None:
    market, apple = source("wiki"), conid("AAPL")

    assert market.origin(apple, day_of(2008, 9, 29)) == "replay: wiki"
    assert market.origin(apple, day_of(2013, 3, 4)) == "synthetic"


def test_series_goes_on_from_the_last_real_close() -> None:
    market = source("wiki")

    last, following = market.bars(
        conid("AAPL"), asked(BarSize.D1, utc(2013, 3, 5), 2), utc(2013, 3, 5)
    )

    assert last.close == Decimal("430.47")
    assert abs(following.open / last.close - 1) < Decimal("0.1")


def test_dividends_and_splits_of_real_days_are_told() -> None:
    market = source("wiki")

    (dividend,) = market.actions(conid("AAPL"), day_of(2012, 8, 9))
    (split,) = market.actions(conid("MSFT"), day_of(2003, 2, 18))

    assert getattr(dividend, "amount", None) == Decimal("2.65")
    assert (getattr(split, "numerator", 0), getattr(split, "denominator", 0)) == (2, 1)


def test_unknown_layer_is_an_error() -> None:
    with pytest.raises(KeyError, match="no layer moon"):
        shipped_layers(["synthetic", "moon"], catalogue())
