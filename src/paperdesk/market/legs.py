"""Legs: which currency pairs have a path of their own, and how the others are made of them."""

from typing import Final, NamedTuple

from paperdesk.base.units import Currency
from paperdesk.kernel.state.contracts import Contract

EURO_LEGS: Final = ("USD", "SEK", "NOK", "DKK", "PLN", "HUF", "CZK", "RON")
"""Currencies whose leg is against the euro; those of all others are against the dollar.

So a currency that is held to the dollar or the euro is held to it within the day too.
"""


class Leg(NamedTuple):
    """A pair with a path of its own, in or against its direction."""

    base: Currency
    quote: Currency
    is_direct: bool


def leg_of(contract: Contract) -> bool:
    """Say whether a pair has a path of its own."""
    legs = legs_of(contract.base, contract.currency)
    return len(legs) == 1 and legs[0].is_direct


def legs_of(base: Currency, quote: Currency) -> tuple[Leg, ...]:
    """Return the legs whose product (or, against its direction, quotient) is a pair's rate."""
    to_base, to_quote = _from_euro(base), _from_euro(quote)
    while to_base and to_quote and to_base[0] == to_quote[0]:
        to_base, to_quote = to_base[1:], to_quote[1:]
    return (*(_turned(leg) for leg in reversed(to_base)), *to_quote)


def _from_euro(currency: Currency) -> tuple[Leg, ...]:
    """Return the legs whose product is how much of a currency one euro is."""
    if currency == "EUR":
        return ()
    if currency in EURO_LEGS:
        return (Leg("EUR", currency, is_direct=True),)
    dollar = Leg("EUR", "USD", is_direct=True)
    if currency in DEARER:
        return dollar, Leg(currency, "USD", is_direct=False)
    return dollar, Leg("USD", currency, is_direct=True)


DEARER: Final = ("GBP", "AUD", "NZD")
"""Currencies that are quoted in dollars and not the other way round."""


def _turned(leg: Leg) -> Leg:
    return Leg(leg.base, leg.quote, not leg.is_direct)
