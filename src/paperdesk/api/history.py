"""History: bars of a contract, as REST and the stream's smh answer them."""

import re
from decimal import Decimal
from itertools import count
from typing import Final

import msgspec

from paperdesk.api.formats import dashed_time
from paperdesk.api.route import CONID_DIGITS_MAX, BackendRefused, BadRequest, SoftError, Wire
from paperdesk.base.calendar import Calendar, add_months, day_of
from paperdesk.base.ids import Conid
from paperdesk.base.slices import Slices
from paperdesk.base.units import DAY, HOUR, MILLISECOND, MINUTE, SECOND, Duration, Instant
from paperdesk.desk.desk import Desk
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.market.histories import SECONDS
from paperdesk.market.source import Bar, BarsAsked, BarSize, Reading

BARS_MAX: Final = 1000
DEFAULT_PERIOD: Final = "1w"

PERIOD_UNITS: Final = {
    "s": 86_400,
    "min": 30,
    "h": 8,
    "d": 1000,
    "w": 792,
    "m": 182,
    "y": 15,
}
"""Units of a period and the most of each; upper case and other words are not understood."""

BAR_SECONDS: Final[dict[BarSize, int]] = SECONDS | {
    BarSize.D1: 86_400,
    BarSize.W1: 604_800,
    BarSize.MO1: 2_678_400,
}

BAR_NAMES: Final = (
    {size.value: size for size in BarSize}
    | {f"{size.value}s": size for size in BarSize if size.value.endswith("min")}
    | {
        "1secs": BarSize.S1,
        "5secs": BarSize.S5,
        "10secs": BarSize.S10,
        "15secs": BarSize.S15,
        "30secs": BarSize.S30,
        "1S": BarSize.S1,
        "5S": BarSize.S5,
        "10S": BarSize.S10,
        "15S": BarSize.S15,
        "30S": BarSize.S30,
        "1hrs": BarSize.H1,
        "2hrs": BarSize.H2,
        "3hrs": BarSize.H3,
        "4hrs": BarSize.H4,
        "8hrs": BarSize.H8,
    }
)
"""How clients spell the sizes: `5min`, the beta service's `5mins`, the document's `30S`."""

LIKE_A_BAR: Final = re.compile(
    r"\d{1,4}\s*(s|secs?|min|mins|h|hrs?|d|days?|w|weeks?|m|months?)", re.IGNORECASE
)
PERIOD: Final = re.compile(r"(\d{1,5})(s|min|h|d|w|m|y)")
INSTANT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})-(\d{2}):(\d{2}):(\d{2})")

READINGS: Final = {
    "": Reading.TRADES,
    "last": Reading.TRADES,
    "trades": Reading.TRADES,
    "t": Reading.TRADES,
    "midpoint": Reading.MIDPOINT,
    "m": Reading.MIDPOINT,
    "bid_ask": Reading.BID_ASK,
    "bid": Reading.BID,
    "ask": Reading.ASK,
}


class Period(msgspec.Struct, frozen=True):
    """How far back history reaches: `count` of a unit of PERIOD_UNITS; `text` is echoed."""

    count: int
    unit: str
    text: str


class HistoryAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A question for history, understood; `delay` is how late its user sees the market."""

    contract: Contract
    period: Period
    size: BarSize
    end: Instant
    reading: Reading
    outside_regular: bool
    delay: Duration = 0


class WireBar(msgspec.Struct, frozen=True, gc=False):
    """A bar on the wire; `t` is its start in milliseconds."""

    o: float
    c: float
    h: float
    l: float  # noqa: E741 - the wire's name
    v: float
    t: int


class History(Wire):
    """Bars and what a chart needs to draw them."""

    server_id: str
    symbol: str
    text: str
    price_factor: int
    start_time: str
    high: str
    low: str
    time_period: str
    bar_length: int
    md_availability: str
    mkt_data_delay: int
    outside_rth: bool
    trading_day_duration: int
    volume_factor: int
    price_display_rule: int
    price_display_value: str
    chart_pan_start_time: str
    direction: int
    negative_capable: bool
    message_version: int
    data: list[WireBar]
    points: int
    travel_time: int


def default_bar(period: Period) -> BarSize:
    """Return the bar that is taken where none is asked for, by the length of the period."""
    days = period.count * {"s": 0, "min": 0, "h": 0, "d": 1, "w": 7, "m": 31, "y": 366}[period.unit]
    for most, size in ((1, BarSize.M1), (7, BarSize.M15), (31, BarSize.M30), (732, BarSize.D1)):
        if days <= most:
            return size
    return BarSize.W1


def period_of(text: str) -> Period:
    """Return a period; what is not understood gives the default window of a week."""
    match = PERIOD.fullmatch(text)
    if match is None:
        return Period(1, "w", DEFAULT_PERIOD)
    number, unit = int(match[1]), match[2]
    if not 1 <= number <= PERIOD_UNITS[unit]:
        return Period(1, "w", DEFAULT_PERIOD)
    return Period(number, unit, text)


def bar_of(text: str, period: Period) -> BarSize:
    """Return a bar size; one that only misspells its unit gives the period's default.

    Raises:
        BadRequest: the text is no bar size at all.

    Source:
        recorded for upper-case and wrong units (default window, status 200); judged for text that
        is no size.
    """
    if not text:
        return default_bar(period)
    size = BAR_NAMES.get(text)
    if size is not None:
        return size
    if LIKE_A_BAR.fullmatch(text) is None:
        raise BadRequest("Bad Request: bar is not valid")
    return default_bar(period)


def instant_of(text: str) -> Instant | None:
    """Return the instant of `YYYYMMDD-HH:MM:SS` in UTC, None for anything else."""
    match = INSTANT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups())
    try:
        midnight = day_of(year, month, day) * DAY
    except ValueError:
        return None
    return midnight + hour * HOUR + minute * MINUTE + second * SECOND


def window_start(asked: HistoryAsked, calendar: Calendar) -> tuple[Instant, int]:
    """Return where the window begins, and the most bars in it.

    Minutes and hours count trading time, so that the window reaches into the session before where
    today's is too short; days count sessions, with the running one as the last; weeks, months and
    years count the calendar.
    """
    period = asked.period
    if period.unit in SHORT_UNITS:
        length = period.count * SHORT_UNITS[period.unit]
        bars = max(1, -(-length // (BAR_SECONDS[asked.size] * SECOND)))
        return asked.end - length - SHORT_REACH, min(bars, BARS_MAX)
    if period.unit == "d":
        return _sessions_back(asked, calendar), BARS_MAX
    months = {"w": 0, "m": period.count, "y": 12 * period.count}[period.unit]
    if not months:
        return asked.end - period.count * 7 * DAY, BARS_MAX
    day, of_day = divmod(asked.end, DAY)
    return add_months(day, -months) * DAY + of_day, BARS_MAX


SHORT_UNITS: Final[dict[str, Duration]] = {"s": SECOND, "min": MINUTE, "h": HOUR}
SHORT_REACH: Final[Duration] = 10 * DAY
"""The longest time without trading that a short window looks across."""


def _sessions_back(asked: HistoryAsked, calendar: Calendar) -> Instant:
    session = calendar.session_at(asked.end, extended=asked.outside_regular)
    if session is None:
        session = calendar.previous_session(asked.end)
    for _ in range(asked.period.count - 1):
        session = calendar.previous_session(session.pre_open)
    return session.pre_open if asked.outside_regular else session.open


def answer(desk: Desk, asked: HistoryAsked, travel_ms: int = 0) -> Slices[History]:
    """Return the history that is asked for, as it is known when it is asked for.

    Raises:
        SoftError: there are no bars in the window.
    """
    calendar = desk.world.contracts.calendar(asked.contract)
    known = desk.now - asked.delay
    asked = msgspec.structs.replace(asked, end=min(asked.end, known))
    start, most = window_start(asked, calendar)
    # What ends now has the bar that begins now; what ends earlier ends before the next one.
    until = asked.end + 1 if asked.end == known else asked.end
    bars = yield from desk.source.bars_in_slices(
        asked.contract.conid,
        BarsAsked(
            size=asked.size,
            start=start,
            until=until,
            count_max=most,
            outside_regular=asked.outside_regular,
            reading=asked.reading,
        ),
        known,
    )
    if not bars:
        raise SoftError("No data.")
    return _wire(asked, bars, calendar, travel_ms)


def _wire(asked: HistoryAsked, bars: list[Bar], calendar: Calendar, travel_ms: int) -> History:
    contract = asked.contract
    factor = 10**contract.decimals
    first = bars[0].at
    session = calendar.session_at(first, extended=True)
    stamps = [_stamp(asked, bar, calendar) for bar in bars]
    began = stamps[0] if session is None or asked.size in DAILY else session.open
    highest = max(bars, key=lambda bar: bar.high)
    lowest = min(bars, key=lambda bar: bar.low)
    return History(
        server_id=str(next(_servers)),
        symbol=contract.symbol,
        text=contract.name,
        price_factor=factor,
        start_time=dashed_time(min(began, first) if asked.outside_regular else began),
        high=_extreme(highest.high, factor, highest, first),
        low=_extreme(lowest.low, factor, lowest, first),
        time_period=asked.period.text,
        bar_length=BAR_SECONDS[asked.size],
        md_availability="S",
        mkt_data_delay=asked.delay // SECOND,
        outside_rth=asked.outside_regular,
        trading_day_duration=_day_minutes(asked),
        volume_factor=1,
        price_display_rule=1,
        price_display_value=str(contract.decimals),
        chart_pan_start_time=dashed_time(asked.end),
        direction=-1,
        negative_capable=False,
        message_version=2,
        data=[
            WireBar(
                o=float(bar.open),
                c=float(bar.close),
                h=float(bar.high),
                l=float(bar.low),
                v=float(bar.volume),
                t=at // MILLISECOND,
            )
            for bar, at in zip(bars, stamps, strict=True)
        ],
        points=len(bars) - 1,
        travel_time=travel_ms,
    )


DAILY: Final = frozenset({BarSize.D1, BarSize.W1, BarSize.MO1})


def _stamp(asked: HistoryAsked, bar: Bar, calendar: Calendar) -> Instant:
    """Return when a bar is said to begin: whole days of all hours at midnight UTC of their date.

    Source: recorded. A market without extended hours has the same bars either way.
    """
    if not asked.outside_regular or asked.size not in DAILY:
        return bar.at
    session = calendar.session_at(bar.at)
    if session is None or session.pre_open == session.open:
        return bar.at
    return session.day * DAY


_servers = count(20_477)


def _extreme(price: Decimal, factor: int, bar: Bar, first: Instant) -> str:
    return f"{int(price * factor)}/{float(bar.volume)}/{(bar.at - first) // MINUTE}"


def _day_minutes(asked: HistoryAsked) -> int:
    """Return the minutes of a trading day: regular hours of a stock, else round the clock."""
    is_regular = not asked.outside_regular
    is_forex = asked.contract.security_type is SecurityType.FOREX
    return REGULAR_MINUTES if is_regular and not is_forex else CLOCK_MINUTES


REGULAR_MINUTES: Final = 390
CLOCK_MINUTES: Final = 1440


def reading_of(text: str, contract: Contract) -> Reading:
    """Return what bars are of; unknown words mean trades, and FX has no trades but a midpoint."""
    reading = READINGS.get(text.lower(), Reading.TRADES)
    if contract.security_type is SecurityType.FOREX and reading is Reading.TRADES:
        return Reading.MIDPOINT
    return reading


def contract_of(desk: Desk, text: str) -> Contract:
    """Return the contract of `conid` or `conid@EXCHANGE`.

    Raises:
        BadRequest: the text is no conid.
        BackendRefused: no contract has it.
    """
    digits = text.partition("@")[0]
    if not (digits.isascii() and digits.isdigit() and len(digits) <= CONID_DIGITS_MAX):
        raise BadRequest("Bad Request: conid is not valid")
    contract = desk.catalogue.find(Conid(int(digits)))
    if contract is None:
        raise BackendRefused("Chart data unavailable")
    return contract
