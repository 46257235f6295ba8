"""Schedules: when contracts trade, as weekly patterns with exceptions or as instants."""

import zlib
from collections.abc import Sequence
from typing import Final

import msgspec

from paperdesk.api.formats import day_text
from paperdesk.api.route import BadRequest, Call, Empty, Evidence, Routes, Tier, Wire, conid
from paperdesk.base.calendar import DAYS_A_WEEK, Calendar, Session, day_of, weekday
from paperdesk.base.ids import Conid
from paperdesk.base.units import DAY, SECOND, Day, Instant
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.market.catalogue import Catalogue, Exchange

routes = Routes(Tier.SESSION)

ASSET_CLASSES: Final = {
    "STK": SecurityType.STOCK,
    "IND": SecurityType.INDEX,
    "CASH": SecurityType.FOREX,
    "SWP": SecurityType.FOREX,
    "OPT": None,
    "FUT": None,
    "CFD": None,
    "WAR": None,
    "FND": None,
    "BND": None,
    "ICS": None,
}
"""What may be asked for, and what of it the catalogue holds."""

ANY_SATURDAY: Final = day_of(2000, 1, 1)
DAYS_BEHIND: Final = 31
DAYS_AHEAD: Final = 366
SESSIONS_BEFORE: Final = 1
SESSIONS_SHOWN: Final = 6
SECONDS_A_DAY: Final = DAY // SECOND
NUMBERS: Final = 100_000

WIRE_ZONES: Final = {"America/New_York": "US/Eastern", "America/Chicago": "US/Central"}

Hours = tuple[int, int]
"""Local seconds of the day from and to; negative or beyond a day for another one's."""


class LiquidTime(Wire):
    """Regular hours of a day, `HHMM`."""

    opening_time: str
    closing_time: str
    prop: str = "LIQUID"


class TradingTime(Wire):
    """All hours of a day, `HHMM`, and whether day orders end with them."""

    opening_time: str
    closing_time: str
    cancel_day_orders: str


class DaySchedule(Wire, rename=None):
    """The hours of one date, or of one day of the week (20000101 is any Saturday)."""

    clearing_cycle_end_time: str = msgspec.field(name="clearingCycleEndTime")
    trading_schedule_date: str = msgspec.field(name="tradingScheduleDate")
    sessions: list[LiquidTime]
    tradingtimes: list[TradingTime]


class Venue(Wire):
    """An exchange and its hours."""

    id: str
    trade_venue_id: str
    exchange: str
    description: str
    timezone: str
    schedules: list[DaySchedule]


class LiquidHours(Wire, rename=None):
    """Regular hours in seconds since 1970."""

    opening: int
    closing: int


class ExtendedHours(Wire, rename=None):
    """All hours in seconds since 1970."""

    cancel_daily_orders: bool
    opening: int
    closing: int


class DayHours(Wire, rename=None, kw_only=True):
    """One day's hours; a venue without regular hours does not name them."""

    liquid_hours: list[LiquidHours] | msgspec.UnsetType = msgspec.UNSET
    extended_hours: list[ExtendedHours]


class TradingSchedule(Wire, rename=None):
    """About six trading days by their dates."""

    exchange_time_zone: str
    schedules: dict[str, DayHours]


@routes.get("/trsrv/secdef/schedule", evidence=Evidence.RECORDED)
def weekly(call: Call[Empty]) -> list[Venue]:
    """List the hours of a symbol's exchanges: each day of the week, then dates that differ."""
    asset_class = call.query.text("assetClass").upper()
    symbol = call.query.text("symbol").upper()
    if not asset_class or not symbol:
        raise BadRequest("Bad Request: assetClass and symbol are required")
    if asset_class not in ASSET_CLASSES:
        raise BadRequest("Bad Request: assetClass is not valid")
    catalogue = call.desk.catalogue
    contract = _contract(catalogue, ASSET_CLASSES[asset_class], symbol, call.query.integer("conid"))
    if contract is None:
        return []
    exchange = call.query.text("exchange").upper()
    if not exchange and contract.stock_type in {"ETF", "ETN"}:
        # Recorded for SPY: a fund's symbol alone does not name its exchange.
        raise BadRequest("Bad Request: exchange is required")
    codes = [code.upper() for code in call.query.items("exchangeFilter")]
    venues = _venues(catalogue, contract, codes or [exchange or contract.primary_exchange])
    calendar = catalogue.calendar(contract.calendar)
    return weekly_schedules(venues, calendar, calendar.local(call.desk.now)[0])


@routes.get("/contract/trading-schedule", evidence=Evidence.RECORDED)
def trading_schedule(call: Call[Empty]) -> TradingSchedule:
    """Tell the hours of the trading days round today as instants."""
    catalogue = call.desk.catalogue
    contract = catalogue.find(conid(call.query.text("conid")))
    if contract is None:
        raise BadRequest("Bad Request: conid is not valid")
    calendar = catalogue.calendar(contract.calendar)
    exchange = catalogue.exchange(call.query.text("exchange").upper())
    today = calendar.local(call.desk.now)[0]
    first = calendar.session_before(today, SESSIONS_BEFORE)
    shown = [first, *(calendar.session_after(first.day, n) for n in range(1, SESSIONS_SHOWN))]
    return TradingSchedule(
        exchange_time_zone=WIRE_ZONES.get(calendar.zone.name, calendar.zone.name),
        schedules={day_text(row.day): _day_hours(row, calendar, exchange) for row in shown},
    )


def _contract(
    catalogue: Catalogue, of: SecurityType | None, symbol: str, wanted: int | None
) -> Contract | None:
    if wanted is not None:
        found = catalogue.find(Conid(wanted))
        if found is not None and found.security_type is of:
            return found
    base, _, quote = symbol.partition(".")
    if of is SecurityType.FOREX and quote:
        return catalogue.fx_pair(base, quote)
    return next((row for row in catalogue.by_symbol(symbol) if row.security_type is of), None)


def _venues(catalogue: Catalogue, contract: Contract, codes: list[str]) -> list[Exchange]:
    """Return those of the exchanges that trade a contract, each once, under their present names."""
    named = [catalogue.exchange(code) for code in (contract.primary_exchange, *contract.exchanges)]
    own = {exchange.code: exchange for exchange in named if exchange}
    asked = [catalogue.exchange(code) for code in codes]
    found = {exchange.code: exchange for exchange in asked if exchange and exchange.code in own}
    return list(found.values())


def weekly_schedules(venues: Sequence[Exchange], calendar: Calendar, today: Day) -> list[Venue]:
    """Return each exchange's hours: seven days of the week, then dates about today that differ."""
    week = [_usual(calendar, ANY_SATURDAY + ahead, today) for ahead in range(DAYS_A_WEEK)]
    open_on = {weekday(shown) for shown, day in week if calendar.is_session(day)}
    unusual = [
        day
        for day in range(today - DAYS_BEHIND, today + DAYS_AHEAD)
        if calendar.is_session(day) is not (weekday(day) in open_on) or calendar.is_early_close(day)
    ]
    return [_venue(exchange, calendar, week, unusual) for exchange in venues]


def _usual(calendar: Calendar, shown: Day, today: Day) -> tuple[Day, Day]:
    """Return a day of the week as it is shown, and the next one that is no exception."""
    first = today + (weekday(shown) - weekday(today)) % DAYS_A_WEEK
    for day in range(first, first + DAYS_AHEAD, DAYS_A_WEEK):
        if calendar.is_session(day) and not calendar.is_early_close(day):
            return shown, day
    return shown, first


def _venue(
    exchange: Exchange, calendar: Calendar, week: list[tuple[Day, Day]], unusual: list[Day]
) -> Venue:
    usual = [_dated(_date(calendar, exchange, day), shown) for shown, day in week]
    number = zlib.crc32(exchange.code.encode("ascii")) % NUMBERS
    return Venue(
        id=f"p{NUMBERS + number}",
        trade_venue_id=f"v{number}",
        exchange=exchange.code,
        description=exchange.name,
        timezone=calendar.zone.name,
        schedules=usual + [_date(calendar, exchange, day) for day in unusual],
    )


def _dated(row: DaySchedule, day: Day) -> DaySchedule:
    return msgspec.structs.replace(row, trading_schedule_date=day_text(day))


def _date(calendar: Calendar, exchange: Exchange, day: Day) -> DaySchedule:
    session = calendar.session(day)
    if session is None:
        closed = TradingTime(opening_time="0000", closing_time="0000", cancel_day_orders="N")
        return DaySchedule("0000", day_text(day), [], [closed])
    liquid, extended = hours(session, calendar, exchange)
    opening, closing = _clock(extended[0]), _clock(extended[1])
    return DaySchedule(
        closing,
        day_text(day),
        [LiquidTime(_clock(liquid[0]), _clock(liquid[1]))] if liquid else [],
        [TradingTime(opening, closing, "Y")],
    )


def hours(
    session: Session, calendar: Calendar, exchange: Exchange | None
) -> tuple[Hours | None, Hours]:
    """Return a session's regular and all hours at an exchange, in local seconds of its day.

    An exchange with shorter extended hours than the market cuts them; one that has only hours of
    its own outside the market's (overnight) has no regular ones.
    """
    regular = _edges(calendar, session, extended=False)
    whole = _edges(calendar, session, extended=True)
    if exchange is None or session.pre_open == session.open or exchange.code == "SMART":
        return regular, whole
    own = exchange.extended_hours
    if exchange.regular_hours is None and own is not None:
        return None, (own[0] - SECONDS_A_DAY if own[0] > own[1] else own[0], own[1])
    if own is None or own[0] > own[1]:
        return regular, regular
    return regular, (max(whole[0], own[0]), max(regular[1], min(whole[1], own[1])))


def _edges(calendar: Calendar, session: Session, *, extended: bool) -> Hours:
    start, end = session.start(extended=extended), session.end(extended=extended)
    midnight = -session.day * SECONDS_A_DAY
    return midnight + _wall(calendar, start), midnight + _wall(calendar, end)


def _wall(calendar: Calendar, at: Instant) -> int:
    return (at + calendar.offset(at)) // SECOND


def _clock(second: int) -> str:
    minutes = second % SECONDS_A_DAY // 60
    return f"{minutes // 60:02}{minutes % 60:02}"


def _day_hours(session: Session, calendar: Calendar, exchange: Exchange | None) -> DayHours:
    liquid, extended = hours(session, calendar, exchange)
    opening, closing = (calendar.instant(session.day, edge) // SECOND for edge in extended)
    told = DayHours(
        extended_hours=[ExtendedHours(cancel_daily_orders=True, opening=opening, closing=closing)]
    )
    if liquid is not None:
        opening, closing = (calendar.instant(session.day, edge) // SECOND for edge in liquid)
        told.liquid_hours = [LiquidHours(opening=opening, closing=closing)]
    return told
