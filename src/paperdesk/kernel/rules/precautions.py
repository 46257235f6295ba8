"""Precautions: what a user is asked before an order is taken.

Each question is looked at in a fixed order, and those that the user has suppressed count as
confirmed. Source: recorded order and literal fragments; thresholds documented in the texts.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final

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


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked about: a ticket of a size, for an account and user, in a world.

    `price` is what it is expected to trade at, None where nothing is known; `stop_price` where its
    stop would stand. `modifies` is the order that it would change.
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
    modifies: Order | None = None

    @property
    def presets(self) -> Presets:
        """The thresholds of the user."""
        return self.world.presets.of(self.user_name)

    @property
    def quote(self) -> Quote | None:
        """What the market shows of the contract."""
        return self.world.quotes.by_conid.get(self.contract.conid)


def questions(cases: Sequence[Case], suppressed: Sequence[str]) -> tuple[Question, ...]:
    """Return what is to be asked, ticket by ticket; the same text is asked once."""
    asked: dict[Question, None] = {}
    for case in cases:
        for ask in QUESTIONS:
            for question in ask(case):
                if question.message_id not in suppressed or not question.message_id:
                    asked[question] = None
    return tuple(asked)


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


def _close_position(case: Case) -> Iterator[Question]:
    ticket = case.ticket
    if not ticket.is_closing or case.modifies is not None:
        return
    sides = case.world.orders.index.open_by_side
    key = (case.account_id, case.contract.conid)
    if (*key, True) in sides or (*key, False) in sides:
        yield Question(
            CLOSE_POSITION,
            "Would you like to cancel all open orders and then place new closing order?",
        )


def _price_percentage(case: Case) -> Iterator[Question]:
    ticket, most = case.ticket, case.presets.percentage
    if ticket.limit_price is None or ticket.order_type is OrderType.TRAIL_LIMIT or not most:
        return
    reference = reference_price(case.quote)
    if reference is None or not reference:
        return
    if abs(ticket.limit_price - reference) > reference * most * PERCENT:
        shown = f"{ticket.limit_price:.{case.contract.decimals}f}"
        yield Question(
            PRICE_PERCENTAGE,
            f'The following order "{description(case.contract, ticket, case.size)} @ {shown}"'
            f" price exceeds \nthe Percentage constraint of {plain(most)}%.{SURE}",
        )


def _increments_away(case: Case) -> Iterator[Question]:
    ticket, most = case.ticket, case.presets.increments
    reference = reference_price(case.quote) if most else None
    if ticket.limit_price is None or reference is None:
        return
    increment = case.contract.increment_at(ticket.limit_price)
    if abs(ticket.limit_price - reference) > most * increment:
        yield Question(
            INCREMENTS_AWAY,
            f'The following order "{description(case.contract, ticket, case.size)}" price'
            f" exceeds the Tick Size Limit of {plain(most)}.{SURE}",
        )


def _size_limit(case: Case) -> Iterator[Question]:
    most = case.presets.size
    if case.contract.security_type is SecurityType.FOREX or not most or case.size <= most:
        return
    yield Question(
        SIZE_LIMIT,
        f"The following order {description(case.contract, case.ticket, case.size)}"
        f" size exceeds the Size Limit of {plain(most)}.{SURE}",
    )


def _value_limit(case: Case) -> Iterator[Question]:
    most = case.presets.value
    if not most or case.price is None:
        return
    base = case.world.accounts.by_id[case.account_id].base_currency
    value = _in_base(case, case.size * case.price * case.contract.multiplier, base)
    if value is None or value <= most:
        return
    yield Question(
        VALUE_LIMIT,
        f"The following order {description(case.contract, case.ticket, case.size)}"
        f" value estimate of {value:,.2f} {base} exceeds"
        f" \nthe Total Value Limit of {most:,.0f} {base}.{SURE}",
    )


def _in_base(case: Case, value: Money, base: str) -> Money | None:
    currency = case.contract.currency
    if currency == base:
        return value
    try:
        return value * exchange_rates.rate(case.world, currency, base)
    except NoExchangeRate:
        return None


def _without_data(case: Case) -> Iterator[Question]:
    if not case.has_data:
        yield Question(
            WITHOUT_DATA,
            "You are submitting an order without market data. We strongly recommend against this"
            f" as it may result in erroneous and unexpected trades.{SURE}",
        )


def _size_change(case: Case) -> Iterator[Question]:
    most = case.presets.size_change
    if case.modifies is not None and most and case.size - case.modifies.size > most:
        yield Question(
            SIZE_CHANGE,
            "The following order size modification exceeds the size modification limit of"
            f" {plain(most)}.{SURE}",
        )


def _own_cross(case: Case) -> Iterator[Question]:
    """Ask before an order that could trade with one of the account's own."""
    ticket = case.ticket
    if not case.presets.own_crosses or ticket.parent or case.stop_price is not None:
        return
    buys = ticket.side is Side.BUY
    side = (case.account_id, case.contract.conid, not buys)
    for other in case.world.orders.index.open_by_side.get(side, {}).values():
        if other.is_in_market and not other.awaits_trigger and _cross(ticket, other):
            yield Question(
                OWN_CROSS,
                f"The following order {description(case.contract, ticket, case.size)} is on the"
                f" other side of your open order {other.order_id} and could trade with it.{SURE}",
            )
            return


def _cross(ticket: Ticket, other: Order) -> bool:
    mine, theirs = ticket.limit_price, other.limit_price
    if mine is None or theirs is None:
        return True
    return mine >= theirs if ticket.side is Side.BUY else mine <= theirs


def _fraction_outside(case: Case) -> Iterator[Question]:
    if case.ticket.outside_regular and tickets.is_fraction(case.contract, case.size):
        yield Question(
            FRACTION_OUTSIDE,
            "This instrument does not support trading in fractions outside regular trading hours:"
            f" the order will work inside them alone.{SURE}",
        )


def _stops(case: Case) -> Iterator[Question]:
    order_type = case.ticket.order_type
    if not case.presets.stops or order_type in PLAIN_TYPES:
        return
    yield Question(
        STOP_TYPES,
        "You are about to submit a stop order. Please be aware of the various stop order types"
        f" available and the risks associated with each one.{SURE}",
    )
    if order_type is OrderType.STOP or order_type is OrderType.TRAIL:
        yield Question(
            STOP_ACTIVE,
            "A Stop Order - i.e. a Stop (Market) Order - is an instruction to buy or sell at the"
            ' market price once your trigger ("stop") price is reached. From then on no price is'
            f" promised.{SURE}",
        )


def _market_order(case: Case) -> Iterator[Question]:
    if case.presets.market_orders and case.ticket.order_type is OrderType.MARKET:
        yield Question(
            MARKET_ORDER,
            "A Market Order is an instruction to trade your order at any available price in the"
            f" market. No price is promised.{SURE}",
        )


def _fills_at_once(case: Case) -> Iterator[Question]:
    quote, stop = case.quote, case.stop_price
    if quote is None or stop is None:
        return
    reference = triggers.trigger_price(case.contract, case.ticket.side, quote)
    if reference is not None and triggers.is_reached(case.ticket.side, stop, reference):
        yield Question(
            FILLS_AT_ONCE, f"This order will most likely trigger and fill immediately.{SURE}"
        )


def _cash_quantity(case: Case) -> Iterator[Question]:
    if case.ticket.cash is None:
        return
    before = case.world.orders.index.cash_order_at.get(case.user_name)
    if before is not None and case.world.now - before < DAY:
        yield Question(
            CASH_DETAILS,
            "Traders are responsible for understanding cash quantity details, which are provided"
            " on a best efforts basis only.",
        )
        return
    yield Question(
        CASH_ORDER,
        "<h4>Cash Quantity Order Confirmation</h4>Orders that express size using a monetary value"
        " (cash quantity) are provided on a non-guaranteed basis. The order is cancelled once the"
        " amount has been spent, or collected.",
    )


def _mandatory_cap(case: Case) -> Iterator[Question]:
    """Tell of a cap, as recorded for orders without market data."""
    if not case.has_data and case.ticket.order_type in CAPPED_TYPES:
        yield Question(
            MANDATORY_CAP,
            "<h4>Confirm Mandatory Cap Price</h4>To avoid trading at a price that is not consistent"
            " with a fair and orderly market, IB may set a cap (for a buy order) or floor (for a"
            " sell order).",
        )


PLAIN_TYPES: Final = (OrderType.MARKET, OrderType.LIMIT)
CAPPED_TYPES: Final = (OrderType.LIMIT, OrderType.MARKET, OrderType.STOP)

QUESTIONS: Final[tuple[Callable[[Case], Iterator[Question]], ...]] = (
    _close_position,
    _price_percentage,
    _increments_away,
    _size_limit,
    _value_limit,
    _size_change,
    _without_data,
    _own_cross,
    _fraction_outside,
    _stops,
    _market_order,
    _fills_at_once,
    _cash_quantity,
    _mandatory_cap,
)
"""In the order in which they are asked, which is recorded for those that have a recording."""
