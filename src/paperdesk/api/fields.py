"""Fields: the numbered columns of market data, and how each is written.

One function a field: a look at a contract in, the cell out, or None where the field has no value
(then it is absent on the wire, never null). Numbers are strings with the contract's decimals
unless the table of the real service says otherwise (83, 6008 and the `_raw` companions).
"""

from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from typing import Final

from paperdesk.api.formats import abbreviated, commas, percent, price_text
from paperdesk.base.ids import Conid
from paperdesk.base.units import ONE, ZERO, Instant, Price
from paperdesk.desk.desk import Desk
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.kernel.state.quotes import mark
from paperdesk.market.catalogue import MarketParameters
from paperdesk.market.source import DaySoFar, Facts

Cell = str | int | float

HUNDRED: Final = Decimal(100)
CENT: Final = Decimal("0.01")


class Look:
    """What the market shows of a contract at one tick."""

    is_delayed = False
    """Whether it is shown later than it was, to somebody without a subscription."""

    def __init__(self, desk: Desk, contract: Contract, quote: Quote, day: DaySoFar | None) -> None:
        """Keep quote and day; slower facts are asked for when a field needs them."""
        self._desk = desk
        self.contract = contract
        self.quote = quote
        self.day = day

    @cached_property
    def facts(self) -> Facts:
        """What the daily rows tell."""
        return self._desk.source.facts(self.contract.conid, self.quote.at)

    @cached_property
    def parameters(self) -> MarketParameters:
        """The contract's estimates in the catalogue."""
        return self._desk.catalogue.parameters(self.contract.conid)

    @property
    def reference(self) -> Price | None:
        """The price that changes are counted from the prior close to: last trade, else middle."""
        return self.quote.last if self.quote.last is not None else mark(self.quote)

    @property
    def has_traded_today(self) -> bool:
        """Whether there was a trade in the session's day that runs, or that ran last."""
        return self.day is not None and self.day.last is not None

    def price(self, price: Price | None) -> str | None:
        """Return a price with the contract's decimals."""
        return None if price is None else price_text(price, self.contract.decimals)


def look_at(desk: Desk, conid: Conid, at: Instant) -> Look | None:
    """Return what the market shows of a contract at an instant; None without data."""
    contract = desk.catalogue.find(conid)
    if contract is None:
        return None
    quote = desk.source.quote(conid, at)
    return None if quote is None else Look(desk, contract, quote, desk.source.day(conid, at))


Tell = Callable[[Look], Cell | None]


def _last(look: Look) -> Cell | None:
    last = look.quote.last
    if last is None:
        return None
    prefix = "H" if look.quote.is_halted else "" if look.has_traded_today else "C"
    return f"{prefix}{look.price(last)}"


def _change(look: Look) -> Price | None:
    close = None if look.day is None else look.day.prior_close
    return None if close is None or look.reference is None else look.reference - close


def _change_percent(look: Look) -> Cell | None:
    change = _change(look)
    close = None if look.day is None else look.day.prior_close
    if change is None or not close:
        return None
    return float((change / close * HUNDRED).quantize(CENT))


def _since_open(look: Look) -> Cell | None:
    opened = None if look.day is None else look.day.open
    return None if opened is None or look.reference is None else look.price(look.reference - opened)


def _of_day(name: str) -> Tell:
    def tell(look: Look) -> Cell | None:
        return None if look.day is None else look.price(getattr(look.day, name))

    return tell


def _of_facts(name: str) -> Tell:
    def tell(look: Look) -> Cell | None:
        return look.price(getattr(look.facts, name))

    return tell


def _against(name: str) -> Tell:
    def tell(look: Look) -> Cell | None:
        average = getattr(look.facts, name)
        if not average or look.reference is None:
            return None
        return percent(look.reference / average - ONE, 1)

    return tell


def _volume(look: Look) -> Decimal | None:
    has_volume = look.contract.security_type is SecurityType.STOCK
    return look.quote.volume if has_volume and look.quote.last is not None else None


def _volume_short(look: Look) -> Cell | None:
    volume = _volume(look)
    return None if volume is None else abbreviated(volume)


def _volume_raw(look: Look) -> Cell | None:
    volume = _volume(look)
    return None if volume is None else float(volume)


def _volume_full(look: Look) -> Cell | None:
    volume = _volume(look)
    return None if volume is None else str(int(volume))


def _average_volume(look: Look) -> Cell | None:
    volume = look.facts.average_volume_90_days
    return abbreviated(volume) if volume else None


def _average_volume_raw(look: Look) -> Cell | None:
    volume = look.facts.average_volume_90_days
    return float(volume) if volume else None


def _bid_size(look: Look) -> Cell | None:
    return None if look.quote.bid is None else commas(look.quote.bid_size)


def _ask_size(look: Look) -> Cell | None:
    return None if look.quote.ask is None else commas(look.quote.ask_size)


def _last_size(look: Look) -> Cell | None:
    return (
        None
        if look.quote.last is None or not look.quote.last_size
        else commas(look.quote.last_size)
    )


def _availability(look: Look) -> Cell:
    """Real time while the contract trades, frozen values of the close outside its hours.

    Both have letters of their own for those who see it with delay.
    """
    if look.is_delayed:
        return "DpB" if look.quote.is_open else "YB"
    return "RpB" if look.quote.is_open else "ZB"


def _volatility(look: Look) -> Cell | None:
    volatility = look.facts.volatility_30_days
    return None if volatility is None else percent(volatility, 1)


def _beta(look: Look) -> Cell | None:
    beta = look.facts.beta
    return None if beta is None else str(beta.quantize(CENT))


def _dividend(name: str) -> Tell:
    def tell(look: Look) -> Cell | None:
        amount = getattr(look.facts, name)
        return None if not amount else str(amount.quantize(CENT))

    return tell


def _dividend_yield(look: Look) -> Cell | None:
    amount = look.facts.dividend_trailing
    return percent(amount / look.reference, 2) if amount and look.reference else None


def _letter(look: Look) -> Cell | None:
    if look.contract.security_type is not SecurityType.STOCK:
        return None
    return LETTERS.get(look.contract.primary_exchange)


def _shortable(look: Look) -> Decimal | None:
    """A fifth of a usual day's volume can be borrowed. Judged: nothing public tells real stocks."""
    volume = Decimal(look.contract.average_daily_volume)
    is_stock = look.contract.security_type is SecurityType.STOCK
    return (volume / 5).to_integral_value() if is_stock and look.contract.is_shortable else None


def _shortable_shares(look: Look) -> Cell | None:
    shares = _shortable(look)
    return None if shares is None else abbreviated(shares)


def _borrow_rate(look: Look) -> Cell | None:
    """General collateral, a quarter of a per cent a year."""
    return None if _shortable(look) is None else "0.25%"


def _difficulty(look: Look) -> Cell | None:
    shares = _shortable(look)
    if shares is None:
        return None
    return "Shortable" if shares > ZERO else "Not available"


def _text(tell: Callable[[Contract], str]) -> Tell:
    def told(look: Look) -> Cell | None:
        return tell(look.contract) or None

    return told


LETTERS: Final = {
    "AMEX": "A",
    "ARCA": "P",
    "BATS": "Z",
    "IEX": "V",
    "NASDAQ": "T",
    "NYSE": "N",
}

FIELDS: Final[dict[str, Tell]] = {
    "31": _last,
    "55": _text(lambda contract: contract.symbol),
    "58": _text(lambda contract: contract.name),
    "70": _of_day("high"),
    "71": _of_day("low"),
    "82": lambda look: look.price(_change(look)),
    "83": _change_percent,
    "84": lambda look: look.price(look.quote.bid),
    "85": _ask_size,
    "86": lambda look: look.price(look.quote.ask),
    "87": _volume_short,
    "88": _bid_size,
    "6004": lambda look: look.contract.exchanges[0] if look.contract.exchanges else None,
    "6008": lambda look: look.contract.conid,
    "6070": lambda look: look.contract.security_type.value,
    "6508": lambda _: "&serviceID1=122&serviceID2=123&serviceID3=203&serviceID4=775&serviceID5=204",
    "6509": _availability,
    "7051": _text(lambda contract: contract.name),
    "7057": lambda look: _letter(look) if look.quote.ask is not None else None,
    "7058": lambda look: _letter(look) if look.quote.last is not None else None,
    "7059": _last_size,
    "7068": lambda look: _letter(look) if look.quote.bid is not None else None,
    "7087": _volatility,
    "7088": _volatility,
    "7094": lambda look: f"{look.contract.conid}@SMART",
    "7184": lambda look: "1" if look.contract.is_tradable else "0",
    "7219": _text(lambda contract: contract.local_symbol),
    "7220": _text(lambda contract: contract.primary_exchange),
    "7221": _text(lambda contract: contract.listing_exchange),
    "7280": _text(lambda contract: contract.group),
    "7281": _text(lambda contract: contract.sector_group),
    "7282": _average_volume,
    "7284": _volatility,
    "7286": _dividend("dividend_trailing"),
    "7287": _dividend_yield,
    "7293": _of_facts("high_52_weeks"),
    "7294": _of_facts("low_52_weeks"),
    "7295": _of_day("open"),
    "7296": _of_day("close"),
    "7635": lambda look: look.price(mark(look.quote)),
    "7636": _shortable_shares,
    "7637": _borrow_rate,
    "7644": _difficulty,
    "7671": _dividend("dividend_next"),
    "7672": _dividend("dividend_trailing"),
    "7674": _of_facts("ema_200"),
    "7675": _of_facts("ema_100"),
    "7676": _of_facts("ema_50"),
    "7677": _of_facts("ema_20"),
    "7678": _against("ema_200"),
    "7679": _against("ema_100"),
    "7681": _against("ema_20"),
    "7682": _since_open,
    "7718": _beta,
    "7724": _against("ema_50"),
    "7741": _of_day("prior_close"),
    "7762": _volume_full,
    "7768": lambda look: "1" if look.contract.is_tradable else "0",
    "7992": _of_facts("high_26_weeks"),
    "7993": _of_facts("low_26_weeks"),
    "7994": _of_facts("high_13_weeks"),
    "7995": _of_facts("low_13_weeks"),
}
"""What each field shows. Tags that are not here (options, bonds, ratings) have no value yet."""

RAW: Final[dict[str, Tell]] = {"87": _volume_raw, "7282": _average_volume_raw}
"""The unrounded number that comes along as `<tag>_raw`."""

ALWAYS: Final = ("6509",)
"""Fields that come without being asked for."""
