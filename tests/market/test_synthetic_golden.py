"""The bytes of generator 1: whoever changes an answer needs a new generator beside it."""

import hashlib

import pytest
from tests.sources import asked, conid, figures, source, utc

from paperdesk.base.units import DAY, HOUR, MINUTE, Instant
from paperdesk.market.source import BarsAsked, BarSize, Level, Reading

OPEN = utc(2026, 3, 2, "14:30:00")
MARKET = source("synthetic", "ecb", "wiki")
NAMES = ("AAPL", "KO", "SPX", "SPY", "SQQQ", "XLE", "VIX", "EUR.USD", "USD.JPY", "EUR.JPY")


def digest(*told: object) -> str:
    return hashlib.sha256("\n".join(str(one) for one in told).encode()).hexdigest()[:16]


def bars(name: str, wanted: BarsAsked, now: Instant) -> list[object]:
    return [(bar.at, *map(str, figures(bar))) for bar in MARKET.bars(conid(name), wanted, now)]


def years(name: str) -> str:
    return digest(*bars(name, asked(BarSize.D1, OPEN, 60), OPEN))


def minutes(name: str) -> str:
    now = OPEN + 5 * HOUR
    wanted = asked(BarSize.M5, now, 40, outside_regular=True, reading=Reading.MIDPOINT)
    trades = asked(BarSize.S5, now, 60)
    return digest(*bars(name, wanted, now), *bars(name, trades, now))


def quotes(name: str) -> str:
    instants = [OPEN - HOUR, *(OPEN + place * 7 * MINUTE for place in range(20)), OPEN + 9 * HOUR]
    return digest(*(quoted(name, at) for at in instants))


def quoted(name: str, at: Instant) -> tuple[object, ...]:
    quote = MARKET.quote(conid(name), at)
    assert quote is not None
    prices = (quote.bid, quote.bid_size, quote.ask, quote.ask_size, quote.last, quote.last_size)
    return (*map(str, prices), quote.last_at, str(quote.volume))


def touched(name: str) -> str:
    day = MARKET.day(conid(name), OPEN + HOUR)
    assert day is not None
    assert day.prior_close is not None
    found = [
        MARKET.next_touch(conid(name), [level], OPEN, OPEN + 20 * DAY)
        for level in (
            Level(Reading.TRADES, day.prior_close * 101 / 100, rising=True),
            Level(Reading.TRADES, day.prior_close * 99 / 100, rising=False),
        )
    ]
    return digest(*(touch and (touch.at, touch.index) for touch in found))


GOLDEN = {
    "AAPL": ("14fd1fc7c130d11e", "5ae20109d21ef261", "8554f5140581c1d4", "336ec55f809191ad"),
    "KO": ("ffd8784a43a4e2ea", "95a16e555571229d", "d678620f4e4233bc", "c1d1e84310e32735"),
    "SPX": ("2d5a71bd51efb19d", "00f342ef503ee12d", "5730dbea3635789b", "ff0a0136d4fe783b"),
    "SPY": ("66e440eac7a659a1", "c3ae8d8281d11395", "17a3de09429d1ba6", "e986597d1b3cd0dc"),
    "SQQQ": ("277d13fbe8995ced", "4499518c7447113b", "3b12b813add013ef", "fe0f7dbcaf3392d8"),
    "XLE": ("92090879272463e5", "7cfaf999a57b34ca", "7b2e78975cab7748", "8f3d0eb388400ee5"),
    "VIX": ("fca7ee2b25bb3148", "507ed445a0570338", "13e1d8ab64e4288f", "1bace7de4266c06f"),
    "EUR.USD": ("6b52796dd8b2328c", "13bfc1181236d456", "c14dd653dfa74d7e", "103c7be7ee948415"),
    "USD.JPY": ("805e4e75884d1e45", "a85f88d91143e35f", "a42bb314f9ad1442", "2c0f04dd2950fc8e"),
    "EUR.JPY": ("6e3d6849b2a00cb2", "b4e03c425dda4999", "bec401541714b20c", "706fcbebf612c681"),
}


@pytest.mark.parametrize("name", NAMES)
def test_generator_1_gives_the_bytes_it_has_always_given(name: str) -> None:
    assert (years(name), minutes(name), quotes(name), touched(name)) == GOLDEN[name]
