"""Precautions: what a user is asked before an order is taken.

Each question is looked at in a fixed order, and those that the user has suppressed count as
confirmed. Source: recorded order and literal fragments; thresholds documented in the texts.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeAlias

import msgspec

from paperdesk.base.ids import AccountId, UserName
from paperdesk.base.units import DAY, Money, Price, Size
from paperdesk.kernel.messages.orders import OrderType, Question, Side, Ticket
from paperdesk.kernel.messages.presets import Presets
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.kernel.rules import exchange_rates, tickets, triggers
from paperdesk.kernel.rules.exchange_rates import NoExchangeRate
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.kernel.state.orders import Order
from paperdesk.kernel.state.world import World

PRICE_PERCENTAGE: Final = "o163"
WITHOUT_DATA: Final = "o354"
INCREMENTS_AWAY: Final = "o382"
SIZE_LIMIT: Final = "o383"
FILLS_AT_ONCE: Final = "o403"
VALUE_LIMIT: Final = "o451"
OWN_CROSS: Final = "o2137"
FRACTION_OUTSIDE: Final = "o2165"
SIZE_CHANGE: Final = "o10138"
MARKET_ORDER: Final = "o10151"
STOP_ACTIVE: Final = "o10152"
MANDATORY_CAP: Final = "o10153"
CASH_DETAILS: Final = "o10164"
CASH_ORDER: Final = "o10223"
STOP_TYPES: Final = "o10331"
CLOSE_POSITION: Final = ""
"""IBKR's id of this question is not known."""

SURE: Final = "\nAre you sure you want to submit this order?"
PERCENT: Final = Decimal("0.01")
WIDE_SPREAD: Final = PERCENT
"""Of the middle of bid and ask."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked about: a ticket of a size, for an account and user, in a world.

    `price` is what it is expected to trade at, None where nothing is known; `stop_price` where its
    stop would stand; `presets` are the user's, `quote` is of the contract. `modifies` is the order
    that it would change.
    """

    world: World
    account_id: AccountId
    user_name: UserName
    contract: Contract
    ticket: Ticket
    size: Size
    price: Price | None
    stop_price: Price | None
    has_data: bool
    presets: Presets
    quote: Quote | None
    modifies: Order | None = None


Ask: TypeAlias = Callable[[Case], str | None]
"""Looks at a case and returns what to ask, or None."""


def questions(cases: Sequence[Case], suppressed: tuple[str, ...]) -> tuple[Question, ...]:
    """Return what is to be asked, ticket by ticket; the same text is asked once."""
    asked: dict[Question, None] = {}
    wanted = _unsuppressed(suppressed)
    for case in cases:
        for message_id, ask in wanted:
            text = ask(case)
            if text is not None:
                asked[Question(message_id, text)] = None
    return tuple(asked)


@lru_cache(maxsize=256)
def _unsuppressed(suppressed: tuple[str, ...]) -> tuple[tuple[str, Ask], ...]:
    return tuple((message_id, ask) for message_id, ask in QUESTIONS if message_id not in suppressed)


def description(contract: Contract, ticket: Ticket, size: Size) -> str:
    """Return an order in the words of a question: `BUY 1 AAPL NASDAQ.NMS`."""
    return f"{ticket.side.value} {plain(size)} {contract.local_symbol} {contract.listing_exchange}"


def plain(number: Decimal) -> str:
    """Return a number without exponent and without zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def reference_price(quote: Quote | None) -> Price | None:
    """Return what limits are compared with: the middle of bid and ask, else the last trade."""
    if quote is None:
        return None
    if quote.bid is not None and quote.ask is not None:
        return (quote.bid + quote.ask) / 2
    return quote.last if quote.last is not None else quote.bid or quote.ask


def _close_position(case: Case) -> str | None:
    if not case.ticket.is_closing or case.modifies is not None:
        return None
    sides = case.world.orders.index.open_by_side
    key = (case.account_id, case.contract.conid)
    if (*key, True) not in sides and (*key, False) not in sides:
        return None
    return "Would you like to cancel all open orders and then place new closing order?"


def _price_percentage(case: Case) -> str | None:
    ticket, most = case.ticket, case.presets.percentage
    if ticket.limit_price is None or ticket.order_type is OrderType.TRAIL_LIMIT or not most:
        return None
    reference = reference_price(case.quote)
    if reference is None or not reference:
        return None
    if abs(ticket.limit_price - reference) <= reference * most * PERCENT:
        return None
    shown = f"{ticket.limit_price:.{case.contract.decimals}f}"
    return (
        f'The following order "{description(case.contract, ticket, case.size)} @ {shown}"'
        f" price exceeds \nthe Percentage constraint of {plain(most)}%.{SURE}"
    )


def _increments_away(case: Case) -> str | None:
    ticket, most = case.ticket, case.presets.increments
    if not most or ticket.limit_price is None:
        return None
    reference = reference_price(case.quote)
    increment = case.contract.increment_at(ticket.limit_price)
    if reference is None or abs(ticket.limit_price - reference) <= most * increment:
        return None
    return (
        f'The following order "{description(case.contract, ticket, case.size)}" price'
        f" exceeds the Tick Size Limit of {plain(most)}.{SURE}"
    )


def _size_limit(case: Case) -> str | None:
    most = case.presets.size
    if case.contract.security_type is SecurityType.FOREX or not most or case.size <= most:
        return None
    return (
        f"The following order {description(case.contract, case.ticket, case.size)}"
        f" size exceeds the Size Limit of {plain(most)}.{SURE}"
    )


def _value_limit(case: Case) -> str | None:
    most = case.presets.value
    if not most or case.price is None:
        return None
    base = case.world.accounts.by_id[case.account_id].base_currency
    value = _in_base(case, case.size * case.price * case.contract.multiplier, base)
    if value is None or value <= most:
        return None
    return (
        f"The following order {description(case.contract, case.ticket, case.size)}"
        f" value estimate of {value:,.2f} {base} exceeds"
        f" \nthe Total Value Limit of {most:,.0f} {base}.{SURE}"
    )


def _in_base(case: Case, value: Money, base: str) -> Money | None:
    currency = case.contract.currency
    if currency == base:
        return value
    try:
        return value * exchange_rates.rate(case.world, currency, base)
    except NoExchangeRate:
        return None


def _without_data(case: Case) -> str | None:
    if case.has_data:
        return None
    return (
        "You are submitting an order without market data. We strongly recommend against this"
        f" as it may result in erroneous and unexpected trades.{SURE}"
    )


def _size_change(case: Case) -> str | None:
    most = case.presets.size_change
    if case.modifies is None or not most or case.size - case.modifies.size <= most:
        return None
    return (
        "The following order size modification exceeds the size modification limit of"
        f" {plain(most)}.{SURE}"
    )


def _own_cross(case: Case) -> str | None:
    """Ask before an order that could trade with one of the account's own.

    One that closes a position takes them off the market first.
    """
    ticket = case.ticket
    if not case.presets.own_crosses or ticket.parent or case.stop_price is not None:
        return None
    if ticket.is_closing and case.modifies is None:
        return None
    for other in _opposite(case):
        if other.is_in_market and not other.awaits_trigger and _cross(ticket, other):
            return (
                f"The following order {description(case.contract, ticket, case.size)} is on the"
                f" other side of your open order {other.order_id} and could trade with it.{SURE}"
            )
    return None


def _opposite(case: Case) -> Iterable[Order]:
    """Return the account's orders on the other side, none where nobody's best one is reached."""
    ticket = case.ticket
    buys = ticket.side is Side.BUY
    book = case.world.orders.books.get(ticket.conid)
    best = None if book is None else (book.sells if buys else book.buys).best()
    limit = ticket.limit_price
    if best is None or (limit is not None and best > (limit if buys else limit.copy_negate())):
        return ()
    side = (case.account_id, ticket.conid, not buys)
    return case.world.orders.index.open_by_side.get(side, {}).values()


def _cross(ticket: Ticket, other: Order) -> bool:
    mine, theirs = ticket.limit_price, other.limit_price
    if mine is None or theirs is None:
        return True
    return mine >= theirs if ticket.side is Side.BUY else mine <= theirs


def _fraction_outside(case: Case) -> str | None:
    is_asked = case.presets.fractions_outside and case.ticket.outside_regular
    if not is_asked or not tickets.is_fraction(case.contract, case.size):
        return None
    return (
        "This instrument does not support trading in fractions outside regular trading hours:"
        f" the order will work inside them alone.{SURE}"
    )


def _stop_types(case: Case) -> str | None:
    if case.stop_price is None or not case.presets.stops:
        return None
    return (
        "You are about to submit a stop order. Please be aware of the various stop order types"
        f" available and the risks associated with each one.{SURE}"
    )


def _stop_active(case: Case) -> str | None:
    presets = case.presets
    if case.stop_price is None or case.ticket.limit_price is not None:
        return None
    if not presets.stops or presets.stop_question != "always":
        return None
    return (
        "A Stop Order - i.e. a Stop (Market) Order - is an instruction to buy or sell at the"
        ' market price once your trigger ("stop") price is reached. From then on no price is'
        f" promised.{SURE}"
    )


def _market_order(case: Case) -> str | None:
    presets = case.presets
    if case.ticket.order_type is not OrderType.MARKET or not presets.market_orders:
        return None
    if presets.market_order_question != "always" and not _is_unusual(case.quote):
        return None
    return (
        "A Market Order is an instruction to trade your order at any available price in the"
        f" market. No price is promised.{SURE}"
    )


def _is_unusual(quote: Quote | None) -> bool:
    """Say whether a market order has much to lose: out of hours, or across a wide spread."""
    if quote is None:
        return False
    if not quote.is_regular or quote.bid is None or quote.ask is None:
        return True
    return (quote.ask - quote.bid) * 2 > (quote.ask + quote.bid) * WIDE_SPREAD


def _fills_at_once(case: Case) -> str | None:
    quote, stop = case.quote, case.stop_price
    if quote is None or stop is None:
        return None
    reference = triggers.trigger_price(case.contract, case.ticket.side, quote)
    if reference is None or not triggers.is_reached(case.ticket.side, stop, reference):
        return None
    return f"This order will most likely trigger and fill immediately.{SURE}"


def _cash_details(case: Case) -> str | None:
    if case.ticket.cash is None or not _is_used_to_cash(case):
        return None
    return (
        "Traders are responsible for understanding cash quantity details, which are provided"
        " on a best efforts basis only."
    )


def _cash_order(case: Case) -> str | None:
    if case.ticket.cash is None or _is_used_to_cash(case):
        return None
    return (
        "<h4>Cash Quantity Order Confirmation</h4>Orders that express size using a monetary value"
        " (cash quantity) are provided on a non-guaranteed basis. The order is cancelled once the"
        " amount has been spent, or collected."
    )


def _is_used_to_cash(case: Case) -> bool:
    """Say whether the user has sized an order by money within a day."""
    before = case.world.orders.index.cash_order_at.get(case.user_name)
    return before is not None and case.world.now - before < DAY


def _mandatory_cap(case: Case) -> str | None:
    """Tell of a cap, as recorded for orders without market data."""
    if case.has_data or case.ticket.order_type not in CAPPED_TYPES:
        return None
    return (
        "<h4>Confirm Mandatory Cap Price</h4>To avoid trading at a price that is not consistent"
        " with a fair and orderly market, IB may set a cap (for a buy order) or floor (for a"
        " sell order)."
    )


CAPPED_TYPES: Final = (OrderType.LIMIT, OrderType.MARKET, OrderType.STOP)

QUESTIONS: Final[tuple[tuple[str, Ask], ...]] = (
    (CLOSE_POSITION, _close_position),
    (PRICE_PERCENTAGE, _price_percentage),
    (INCREMENTS_AWAY, _increments_away),
    (SIZE_LIMIT, _size_limit),
    (VALUE_LIMIT, _value_limit),
    (SIZE_CHANGE, _size_change),
    (WITHOUT_DATA, _without_data),
    (OWN_CROSS, _own_cross),
    (FRACTION_OUTSIDE, _fraction_outside),
    (STOP_TYPES, _stop_types),
    (STOP_ACTIVE, _stop_active),
    (MARKET_ORDER, _market_order),
    (FILLS_AT_ONCE, _fills_at_once),
    (CASH_DETAILS, _cash_details),
    (CASH_ORDER, _cash_order),
    (MANDATORY_CAP, _mandatory_cap),
)
"""In the order in which they are asked, which is recorded for those that have a recording."""
