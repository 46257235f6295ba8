"""Trading: what a quote does to the orders of its contract.

Trailing stops move, stops fire, orders trade by price, then time. All of it goes by the quote that
the world has of the contract.
"""

from collections.abc import Callable, Generator, Iterator
from typing import Final

import msgspec

from paperdesk.base.errors import OutsideCalendar
from paperdesk.base.ids import Conid
from paperdesk.base.units import ONE, ZERO, Price, Size, down_to_step, is_multiple
from paperdesk.kernel.matching import alone, touch
from paperdesk.kernel.matching.offers import Offer
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.orders import OrderFilled, OrderTriggered, Side, TrailMoved
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.kernel.rules import commissions, hours, settlement, triggers, venues
from paperdesk.kernel.rules.crossings import CROSSING_EXCHANGE, Crossing, crossing, is_crossed
from paperdesk.kernel.rules.exchange_rates import NoExchangeRate
from paperdesk.kernel.rules.outcomes import after_fill, cancel, checked, shortfall
from paperdesk.kernel.state.books import Book
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.kernel.state.orders import Order, Taken
from paperdesk.kernel.state.world import World

FILL_MODELS: Final[dict[str, Callable[[Side, Quote, Taken | None], Offer | None]]] = {
    "alone": alone.offered,
    "touch": touch.offered,
}

CASH_SPENT: Final = "The cash quantity has been spent."
NOT_AT_ONCE: Final = "The order could not be filled immediately."


def is_touched(book: Book, contract: Contract, quote: Quote) -> bool:
    """Say whether a quote may trade, trigger or move any order; cheap, and seldom wrongly yes."""
    bid, ask = quote.bid, quote.ask
    if ask is not None:
        key = book.buys.best()
        if key is not None and key <= ask.copy_negate():
            return True
    if bid is not None:
        key = book.sells.best()
        if key is not None and key <= bid:
            return True
    return _stops_touched(book, contract, quote)


def _stops_touched(book: Book, contract: Contract, quote: Quote) -> bool:
    if not book.has_stops:
        return False
    rising = triggers.trigger_price(contract, Side.BUY, quote)
    falling = triggers.trigger_price(contract, Side.SELL, quote)
    if rising is not None:
        key, trail = book.buy_stops.best(), book.buy_trails.best()
        if key is not None and (key <= rising or (trail is not None and trail < -rising)):
            return True
    if falling is not None:
        key, trail = book.sell_stops.best(), book.sell_trails.best()
        if key is not None and (key <= -falling or (trail is not None and trail < falling)):
            return True
    return False


def trade(world: World, conid: Conid) -> Iterator[Event]:
    """Move, trigger and trade whatever the contract's quote reaches."""
    quote = world.quotes.by_conid.get(conid)
    if quote is not None and quote.is_open and not quote.is_halted:
        contract = world.contract(conid)
        yield from _move_trails(world, contract, quote)
        while True:
            triggered = yield from _trigger(world, contract, quote)
            crossed = yield from _cross(world, contract, quote)
            bought = yield from _match(world, contract, quote, Side.BUY)
            sold = yield from _match(world, contract, quote, Side.SELL)
            if not (triggered or crossed or bought or sold):
                break
    yield from _end_immediate(world, conid)


def arrive(world: World, conid: Conid) -> Iterator[Event]:
    """Let orders that have just come to a contract trade, and end those that may not rest."""
    quote = world.quotes.by_conid.get(conid)
    book = world.orders.books.get(conid)
    if book is None:
        return
    contract = world.contract(conid)
    if quote is not None and (is_touched(book, contract, quote) or is_crossed(book)):
        yield from trade(world, conid)
    elif book.immediate:
        yield from _end_immediate(world, conid)


def may_trade(contract: Contract, order: Order, quote: Quote) -> bool:
    """Say whether a quote is one of the hours that an order works in."""
    return quote.is_regular or hours.works_outside(contract, order.ticket)


def _move_trails(world: World, contract: Contract, quote: Quote) -> Iterator[Event]:
    for side in (Side.BUY, Side.SELL):
        book = world.orders.books.get(contract.conid)
        if book is None or not book.has_stops:
            continue
        reference = triggers.trigger_price(contract, side, quote)
        if reference is None:
            continue
        trails, key = (
            (book.buy_trails, -reference) if side is Side.BUY else (book.sell_trails, reference)
        )
        for order in trails.reached(key):
            if _is_fair(world, contract, order, quote):
                yield from move_trail(world, contract, order, reference)


def move_trail(world: World, contract: Contract, order: Order, reference: Price) -> Iterator[Event]:
    """Let a trailing stop follow a trigger price, if it is a better one than before."""
    place = triggers.moved(contract, order, reference)
    if place is not None:
        stop, limit = place
        yield TrailMoved(at=world.now, order_id=order.order_id, stop_price=stop, limit_price=limit)


def _is_fair(world: World, contract: Contract, order: Order, quote: Quote) -> bool:
    """Say whether a trigger price was made in the hours that an order works in."""
    if not may_trade(contract, order, quote):
        return False
    if contract.security_type is SecurityType.FOREX:
        return True
    extended = hours.works_outside(contract, order.ticket)
    session = world.contracts.calendar(contract).session_at(quote.at)
    return session is None or quote.last_at >= session.start(extended=extended)


def _trigger(world: World, contract: Contract, quote: Quote) -> Generator[Event, None, bool]:
    """Fire the stops that are reached, and say whether there were any."""
    fired = False
    for side in (Side.BUY, Side.SELL):
        book = world.orders.books.get(contract.conid)
        if book is None or not book.has_stops:
            continue
        reference = triggers.trigger_price(contract, side, quote)
        if reference is None:
            continue
        stops, key = (
            (book.buy_stops, reference) if side is Side.BUY else (book.sell_stops, -reference)
        )
        for order in stops.reached(key):
            in_place = order.is_in_market and order.awaits_trigger
            if in_place and _is_fair(world, contract, order, quote):
                fired = True
                yield OrderTriggered(at=world.now, order_id=order.order_id, quote=quote)
                yield from checked(world, order)
    return fired


def _cross(world: World, contract: Contract, quote: Quote) -> Generator[Event, None, bool]:
    """Trade orders of the desk with each other, and say whether any did."""
    crossed = False
    while True:
        pair = _next_crossing(world, contract, quote)
        if pair is None:
            return crossed
        crossed = True
        for order in (pair.first, pair.second):
            filled = _execution(world, contract, order, quote, pair.offer)
            assert filled is not None, "both were looked at"
            yield msgspec.structs.replace(filled, is_crossing=True, exchange=CROSSING_EXCHANGE)
        for order in (pair.first, pair.second):
            yield from after_fill(world, order, pair.offer.size)
            yield from _end_spent(world, contract, order, pair.offer.price)


def _next_crossing(world: World, contract: Contract, quote: Quote) -> Crossing | None:
    """Return the best two orders of the desk that can trade with each other now, or None."""

    def size_of(order: Order, offer: Offer) -> Size:
        if shortfall(world, order, offer.price) is not None:
            return ZERO
        filled = _execution(world, contract, order, quote, offer)
        return ZERO if filled is None else filled.size

    book = world.orders.books.get(contract.conid)
    if book is None or not is_crossed(book):
        return None
    return crossing(book, quote, size_of)


def _match(
    world: World, contract: Contract, quote: Quote, side: Side
) -> Generator[Event, None, bool]:
    """Trade the orders of a side until none is reached or nothing is offered; say if any did."""
    traded = False
    while True:
        filled = _next_execution(world, contract, quote, side)
        if filled is None:
            return traded
        traded = True
        order = world.orders.by_id[filled.order_id]
        if order.accepted_at != world.now or not is_multiple(order.workable, ONE):
            # It has waited, or may be a fraction: what others have traded may leave too little.
            yield from checked(world, order, filled.price)
            if not order.is_open:
                continue
        yield filled
        yield from after_fill(world, order, filled.size)
        yield from _end_spent(world, contract, order, filled.price)


def _next_execution(
    world: World, contract: Contract, quote: Quote, side: Side
) -> OrderFilled | None:
    """Return the next execution of a side: of the best price, then the oldest, that can trade."""
    book = world.orders.books.get(contract.conid)
    ladder = None if book is None else book.buys if side is Side.BUY else book.sells
    if ladder is None or ladder.best() is None:
        return None
    fill_model = FILL_MODELS[world.models.fill]
    offer = fill_model(side, quote, world.orders.taken(quote.conid, side))
    if offer is None:
        return None
    key = -offer.price if side is Side.BUY else offer.price
    first = ladder.first(key)
    if first is None:
        return None
    filled = _execution(world, contract, first, quote, offer)
    for order in ladder.reached(key) if filled is None else ():
        filled = _execution(world, contract, order, quote, offer)
        if filled is not None:
            break
    return filled


def _fill_size(contract: Contract, order: Order, offer: Offer) -> Size:
    """Return how much of an order an offer trades, 0 for nothing."""
    size = min(order.workable, offer.size)
    ticket = order.ticket
    if ticket.cash is not None:
        spent = order.filled_value * contract.multiplier
        size = min(size, _affordable(contract, ticket.cash - spent, offer.price))
    if ticket.is_all_or_none and size < order.workable:
        return ZERO
    return size


def _affordable(contract: Contract, cash: Price, price: Price) -> Size:
    return max(ZERO, down_to_step(cash / (price * contract.multiplier), contract.size_increment))


def _end_spent(world: World, contract: Contract, order: Order, price: Price) -> Iterator[Event]:
    """Cancel what is left of a cash order whose money is spent."""
    cash = order.ticket.cash
    if cash is None or not order.is_open:
        return
    spent = order.filled_value * contract.multiplier
    if not _affordable(contract, cash - spent, price):
        yield from cancel(world, order, CASH_SPENT)


def _execution(
    world: World, contract: Contract, order: Order, quote: Quote, offer: Offer
) -> OrderFilled | None:
    """Return the execution of an order against an offer; None where it cannot trade."""
    size, now = _fill_size(contract, order, offer), world.now
    if not size or not may_trade(contract, order, quote):
        return None
    try:
        cost = commissions.commission(world, contract, order, offer.price, size, now)
        settles_at = settlement.settles_at(world, contract, now)
        costs = commissions.in_currency(world, cost, contract.currency)
    except (NoExchangeRate, OutsideCalendar):
        return None
    return OrderFilled(
        at=world.now,
        execution_id=world.orders.next_execution_id(),
        order_id=order.order_id,
        account_id=order.account_id,
        conid=order.conid,
        side=order.side,
        price=offer.price,
        size=size,
        currency=contract.currency,
        commission=cost.amount,
        fees=cost.fees,
        commission_currency=cost.currency,
        settles_at=settles_at,
        exchange=venues.venue(world, contract, order, size),
        quote=quote,
        costs=costs,
    )


def _end_immediate(world: World, conid: Conid) -> Iterator[Event]:
    """Cancel what is left of orders that may not rest."""
    book = world.orders.books.get(conid)
    for order in () if book is None else list(book.immediate.values()):
        if order.is_open:
            yield from cancel(world, order, NOT_AT_ONCE)
