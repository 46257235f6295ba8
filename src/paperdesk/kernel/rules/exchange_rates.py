"""Exchange rates: what one unit of a currency is worth in another, by the middle of the market.

Source: documented (base equivalents go by the middle); crossing by US dollar, then euro, judged.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from paperdesk.base.errors import Refusal
from paperdesk.base.ids import Conid
from paperdesk.base.units import ONE, ZERO, Currency, Money, quotient
from paperdesk.kernel.state.world import World

CROSSES: Final[tuple[Currency, ...]] = ("USD", "EUR")
"""Through which currencies a rate is taken that no pair shows, in this order."""

RATE_STEP: Final = Decimal("0.000000000001")


class NoExchangeRate(Refusal):
    """No pair that the desk has a price of leads from one currency to the other."""

    code = "no_exchange_rate"


def rate(world: World, from_currency: Currency, to_currency: Currency) -> Decimal:
    """Return how many units of one currency one unit of another is worth.

    Raises:
        NoExchangeRate: the pairs that lead there have no price.
    """
    found = _direct(world, from_currency, to_currency)
    for cross in CROSSES if found is None else ():
        first = _direct(world, from_currency, cross)
        second = _direct(world, cross, to_currency)
        if first is not None and second is not None:
            return first * second
    if found is None:
        raise NoExchangeRate(f"No price leads from {from_currency} to {to_currency}.")
    return found


def converted(
    world: World, amounts: Iterable[tuple[Currency, Money]], to_currency: Currency
) -> Money:
    """Return the sum of amounts in one currency.

    Raises:
        NoExchangeRate: the pairs that lead there have no price.
    """
    total = ZERO
    for currency, amount in amounts:
        if currency == to_currency:
            total += amount
        elif amount:
            total += amount * rate(world, currency, to_currency)
    return total


def needed(world: World, currencies: Iterable[Currency], to_currency: Currency) -> Iterator[Conid]:
    """Yield the pairs whose prices must be known to convert currencies into one."""
    for currency in currencies:
        if currency != to_currency:
            yield from _pairs_between(world, currency, to_currency)


def is_convertible(world: World, from_currency: Currency, to_currency: Currency) -> bool:
    """Say whether there are pairs that lead from one currency to another, priced or not."""
    return from_currency == to_currency or any(_pairs_between(world, from_currency, to_currency))


def _pairs_between(world: World, one: Currency, other: Currency) -> Iterator[Conid]:
    pair = _pair(world, one, other)
    if pair is not None:
        yield pair
        return
    for cross in CROSSES:
        first, second = _pair(world, one, cross), _pair(world, cross, other)
        if first is not None and second is not None:
            yield from (first, second)
            return


def _pair(world: World, one: Currency, other: Currency) -> Conid | None:
    pairs = world.contracts.pairs
    conid = pairs.get((one, other))
    return pairs.get((other, one)) if conid is None else conid


def _direct(world: World, one: Currency, other: Currency) -> Decimal | None:
    if one == other:
        return ONE
    conid = world.contracts.pairs.get((one, other))
    if conid is not None:
        return world.quotes.mark(conid)
    conid = world.contracts.pairs.get((other, one))
    price = None if conid is None else world.quotes.mark(conid)
    return None if not price else quotient(ONE, price, RATE_STEP)
