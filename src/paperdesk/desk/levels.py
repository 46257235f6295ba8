"""Levels: at which prices the orders of one contract come to trade or move.

Of all orders that wait for one price to reach one side only the first in line has a level; each
trailing stop has its own.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from paperdesk.base.ids import AccountId
from paperdesk.base.units import Price
from paperdesk.kernel.messages.orders import Side, TrailUnit
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.kernel.rules.crossings import is_crossed
from paperdesk.kernel.rules.hours import works_outside
from paperdesk.kernel.rules.triggers import PERCENT, trigger_price
from paperdesk.kernel.state.books import Book
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.kernel.state.ladders import Ladder
from paperdesk.kernel.state.orders import Order
from paperdesk.market.source import Level, Reading

ALL: Final = Decimal("Infinity")
ANY_PRICE: Final = -1


class Levels(msgspec.Struct, frozen=True):
    """What the orders of a contract wait for.

    `at_any_price` says that an order waits for nothing but the next quote. `whole` are the indices
    of levels whose orders trade all at once or not at all, with ANY_PRICE for those of no price.
    """

    levels: tuple[Level, ...]
    at_any_price: bool
    whole: tuple[int, ...] = ()


def levels_of(book: Book, contract: Contract) -> Levels:
    """Return the levels of a contract's book."""
    found: list[Level] = []
    whole: list[int] = []
    at_any_price = False
    for ladder, reading, rising in _ladders(book, contract):
        for first in _in_line(ladder):
            place, price = len(found), _price(first[0])
            if price is None:
                at_any_price, place = True, ANY_PRICE
            else:
                regular_only = not any(works_outside(contract, order.ticket) for order in first)
                found.append(Level(reading, price, rising, regular_only))
            if _are_whole(first):
                whole.append(place)
    found += [_trailing_level(order, contract) for order in trailing(book)]
    return Levels(tuple(found), at_any_price, tuple(whole))


def _in_line(ladder: Ladder) -> Iterator[list[Order]]:
    """Yield the orders of the best price, and the first of those that have to wait for none."""
    key = ladder.best()
    if key is None:
        return
    first = ladder.reached(key)
    yield first
    if _are_whole(first):
        for order in ladder.reached(ALL)[len(first) :]:
            if not _are_whole([order]):
                yield [order]
                return


def _are_whole(orders: Sequence[Order]) -> bool:
    return all(order.ticket.is_all_or_none and not order.awaits_trigger for order in orders)


def _price(order: Order) -> Price | None:
    return order.stop_price if order.awaits_trigger else order.limit_price


def owners_reached(book: Book, contract: Contract, quote: Quote) -> list[AccountId]:
    """Return the accounts whose orders a quote or each other may trade or fire, each once."""
    rising = trigger_price(contract, Side.BUY, quote)
    falling = trigger_price(contract, Side.SELL, quote)
    reached: list[Order] = []
    for ladder, price, is_negated in (
        (book.buys, quote.ask, True),
        (book.sells, quote.bid, False),
        (book.buy_stops, rising, False),
        (book.sell_stops, falling, True),
    ):
        if price is not None:
            reached += ladder.reached(price.copy_negate() if is_negated else price)
    if is_crossed(book):
        for ladder, other in ((book.buys, book.sells), (book.sells, book.buys)):
            best = other.best()
            reached += [] if best is None else ladder.reached(best.copy_negate())
    return list(dict.fromkeys(order.account_id for order in reached))


def trailing(book: Book) -> list[Order]:
    """Return the trailing stops of a book."""
    if book.buy_trails.best() is None and book.sell_trails.best() is None:
        return []
    return [*book.buy_trails.reached(ALL), *book.sell_trails.reached(ALL)]


def trigger_reading(contract: Contract, side: Side) -> Reading:
    """Return which price fires and moves a stop; see `kernel.rules.triggers`."""
    if contract.security_type is not SecurityType.FOREX:
        return Reading.TRADES
    return Reading.BID if side is Side.BUY else Reading.ASK


def stands_at(level: Level, quote: Quote) -> bool:
    """Say whether a quote stands where a limit trades. What trades touch is no standing matter."""
    if level.reading is Reading.ASK and not level.rising:
        return quote.ask is not None and quote.ask <= level.price
    if level.reading is Reading.BID and level.rising:
        return quote.bid is not None and quote.bid >= level.price
    return False


def _ladders(book: Book, contract: Contract) -> Iterator[tuple[Ladder, Reading, bool]]:
    yield book.buys, Reading.ASK, False
    yield book.sells, Reading.BID, True
    yield book.buy_stops, trigger_reading(contract, Side.BUY), True
    yield book.sell_stops, trigger_reading(contract, Side.SELL), False


def _trailing_level(order: Order, contract: Contract) -> Level:
    price, trail = order.stop_price, order.ticket.trail
    assert price is not None
    assert trail is not None
    is_fraction = order.ticket.trail_unit is TrailUnit.PERCENT
    return Level(
        trigger_reading(contract, order.side),
        price,
        order.is_buy,
        not works_outside(contract, order.ticket),
        trail * PERCENT if is_fraction else trail,
        is_fraction,
    )
