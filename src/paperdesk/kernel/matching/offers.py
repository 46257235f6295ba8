"""Offers: what a quote has for an order of a side, whichever model says how much of it."""

import msgspec

from paperdesk.base.units import Price, Size


class Offer(msgspec.Struct, frozen=True, gc=False):
    """A price at which somebody trades, and how much at most."""

    price: Price
    size: Size
