"""What a source of prices must do. Every question names its contract and its instant."""

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

import msgspec

from paperdesk.base.ids import Conid
from paperdesk.base.slices import Slices
from paperdesk.base.units import Day, Duration, Instant, Price, Size
from paperdesk.kernel.messages.actions import Action
from paperdesk.kernel.messages.quotes import Quote


class Reading(Enum):
    """Which of a contract's prices is meant. All are monotone readings of one hidden path."""

    TRADES = "trades"
    BID = "bid"
    ASK = "ask"
    MIDPOINT = "midpoint"
    BID_ASK = "bid_ask"
    """Bars of both: open is the mean bid, close the mean ask, low the lowest bid, high the highest
    ask. Not a level that can be touched."""


class BarSize(Enum):
    """The sizes a bar can have; the value is its wire-independent name."""

    S1 = "1s"
    S5 = "5s"
    S10 = "10s"
    S15 = "15s"
    S30 = "30s"
    M1 = "1min"
    M2 = "2min"
    M3 = "3min"
    M5 = "5min"
    M10 = "10min"
    M15 = "15min"
    M20 = "20min"
    M30 = "30min"
    H1 = "1h"
    H2 = "2h"
    H3 = "3h"
    H4 = "4h"
    H8 = "8h"
    D1 = "1d"
    W1 = "1w"
    MO1 = "1m"


class BarsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Bars of one size that start in `[start, until)`, newest `count_max` of them.

    Intraday bars are aligned to the session's open (regular or, with `outside_regular`, the
    pre-market's); a bar covers `[at, at + size)` cut at the session's end. Daily bars are one
    a session, stamped at its (regular, or extended) open. The last bar may be running.
    """

    size: BarSize
    start: Instant
    until: Instant
    count_max: int = 1000
    outside_regular: bool = False
    reading: Reading = Reading.TRADES


class Bar(msgspec.Struct, frozen=True, gc=False):
    """Open, high, low, close, volume and number of trades of the period that starts `at`."""

    at: Instant
    open: Price
    high: Price
    low: Price
    close: Price
    volume: Size
    trades: int


class DaySoFar(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The session's day up to an instant.

    `open`, `high`, `low`, `volume` and `trades` are of regular hours so far (None and 0 before
    they began); `last` is the last trade in any hours; `prior_close` the regular close of the
    session before; `close` today's regular close once it is known.
    """

    day: Day
    open: Price | None
    high: Price | None
    low: Price | None
    last: Price | None
    close: Price | None
    prior_close: Price | None
    volume: Size
    trades: int


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What daily rows alone tell of a contract, as of the session before `at`."""

    high_52_weeks: Price | None
    low_52_weeks: Price | None
    high_26_weeks: Price | None
    low_26_weeks: Price | None
    high_13_weeks: Price | None
    low_13_weeks: Price | None
    average_volume_90_days: Size
    ema_20: Price | None
    ema_50: Price | None
    ema_100: Price | None
    ema_200: Price | None
    volatility_30_days: Price | None
    """Yearly, as a fraction: 0.25 is 25 %."""
    beta: Price | None
    dividend_trailing: Price | None
    """Paid per share in the last twelve months, in the contract's currency."""
    dividend_next: Price | None
    """Expected per share in the next twelve months."""


class Level(msgspec.Struct, frozen=True):
    """A price at which something happens.

    With `rising` the level is touched when the reading is at or above the price, otherwise when
    it is at or below it. `regular_only` looks at regular hours alone. With `trail` the level
    moves: `rising=False` follows the highest reading so far down by `trail` (a trailing sell
    stop; `price` is where it stands now), `rising=True` the lowest one up; `trail_is_fraction`
    makes `trail` a fraction of the reading (0.05 is 5 %).
    """

    reading: Reading
    price: Price
    rising: bool
    regular_only: bool = True
    trail: Price | None = None
    trail_is_fraction: bool = False


class Touch(msgspec.Struct, frozen=True):
    """The first instant at which one of the levels asked for is touched, and which."""

    at: Instant
    index: int


class Source(Protocol):
    """Prices of contracts, as far as the asking instant reaches; `next_touch` alone looks ahead."""

    def quote(self, conid: Conid, at: Instant) -> Quote | None:
        """Return what the market shows, or None for a contract without data."""

    def day(self, conid: Conid, at: Instant) -> DaySoFar | None:
        """Return the session's day up to an instant; outside sessions the one before."""

    def bars(self, conid: Conid, asked: BarsAsked, now: Instant) -> list[Bar]:
        """Return bars, oldest first, with nothing that happens after `now` in them."""

    def bars_in_slices(self, conid: Conid, asked: BarsAsked, now: Instant) -> Slices[list[Bar]]:
        """Return the same, worked out in slices; what is kept takes none."""

    def next_touch(
        self, conid: Conid, levels: Sequence[Level], after: Instant, before: Instant
    ) -> Touch | None:
        """Return the earliest touch in `(after, before]`, or None."""

    def extremes(
        self, conid: Conid, reading: Reading, after: Instant, to: Instant, *, regular_only: bool
    ) -> tuple[Price, Price] | None:
        """Return the highest and lowest value of a reading in `(after, to]`, or None."""

    def facts(self, conid: Conid, at: Instant) -> Facts:
        """Return what daily rows tell."""

    def actions(self, conid: Conid, day: Day) -> Sequence[Action]:
        """Return what takes effect before a day's session begins: dividends, then a split."""

    def origin(self, conid: Conid, day: Day) -> str:
        """Say where a day's prices come from: `synthetic`, `replay: ecb`, `import: FILE`."""

    def next_tick(self, conid: Conid, after: Instant, size: Duration) -> Instant:
        """Return the next multiple of `size` at which the quote may differ from now's.

        Subscriptions are stepped by it: a closed contract returns the next opening.
        """
