"""What tests of sources share: a catalogue read once, instants by date, and bars asked for."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from paperdesk.base.calendar import day_of
from paperdesk.base.ids import Conid
from paperdesk.base.units import SECOND, Instant
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.kernel.messages.scripts import Script
from paperdesk.market.anchors import shipped_layers
from paperdesk.market.catalogue import Catalogue, load_catalogue
from paperdesk.market.source import Bar, BarsAsked, BarSize, Reading
from paperdesk.market.synthetic import SyntheticSource

SEED = 7
NEW_YORK_WINTER = 5 * 3600
NEW_YORK_SUMMER = 4 * 3600


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    return load_catalogue()


def source(*layers: str, seed: int = SEED, scripts: Sequence[Script] = ()) -> SyntheticSource:
    return SyntheticSource(1, seed, catalogue(), shipped_layers(layers, catalogue()), scripts)


def conid(name: str) -> Conid:
    """Return the conid of a symbol, or of a pair as `EUR.USD`."""
    base, _, quote = name.partition(".")
    if quote:
        pair = catalogue().fx_pair(base, quote)
        assert pair is not None
        return pair.conid
    return catalogue().by_symbol(name)[0].conid


def utc(year: int, month: int, day: int, clock: str = "00:00:00") -> Instant:
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    return (day_of(year, month, day) * 86_400 + hours * 3600 + minutes * 60 + seconds) * SECOND


def asked(
    size: BarSize,
    until: Instant,
    count: int,
    *,
    outside_regular: bool = False,
    reading: Reading = Reading.TRADES,
) -> BarsAsked:
    return BarsAsked(
        size=size,
        start=0,
        until=until,
        count_max=count,
        outside_regular=outside_regular,
        reading=reading,
    )


def price(reading: Reading, quote: Quote) -> Decimal | None:
    """Return what a quote says of a reading."""
    if reading is Reading.TRADES:
        return quote.last
    if quote.bid is None or quote.ask is None:
        return None
    if reading is Reading.BID:
        return quote.bid
    return quote.ask if reading is Reading.ASK else (quote.bid + quote.ask) / 2


def joined(bars: list[Bar]) -> Bar:
    """Return the bar of bars."""
    volume, trades = Decimal(0), 0
    for bar in bars:
        volume += bar.volume
        trades += bar.trades
    high, low = max(bar.high for bar in bars), min(bar.low for bar in bars)
    return Bar(bars[0].at, bars[0].open, high, low, bars[-1].close, volume, trades)


def figures(bar: Bar) -> tuple[Decimal | int, ...]:
    """Return a bar without its start: of a quiet day the first bars are missing."""
    return bar.open, bar.high, bar.low, bar.close, bar.volume, bar.trades
