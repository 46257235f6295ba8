"""Quotes: what the market shows of a contract at an instant. Observed, never kept."""

from typing import ClassVar

import msgspec

from paperdesk.base.ids import Conid
from paperdesk.base.units import Instant, Price, Size
from paperdesk.kernel.messages import Command, Event


class Quote(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Best prices and last trade of a contract at an instant.

    `bid` and `ask` are None where that side is empty (halted, closed, index); sizes are shares
    or units. `last` is the last trade at or before `at` (for an index its level), None before the
    first one ever; FX has none. `is_open` says whether the contract trades now in any session,
    `is_regular` whether it is regular hours, `is_halted` that trading is stopped inside a session.
    `volume` is what has traded in the session's day so far. `closing_middle` is the middle of bid
    and ask when the market of something that has no trades (a currency pair) closed; None while
    it is open. Money is worth that much until it opens again.
    """

    conid: Conid
    at: Instant
    bid: Price | None
    bid_size: Size
    ask: Price | None
    ask_size: Size
    last: Price | None
    last_size: Size
    last_at: Instant
    volume: Size
    is_open: bool
    is_regular: bool
    is_halted: bool = False
    closing_middle: Price | None = None


class RecordQuote(Command, frozen=True):
    """Tell the desk what the market shows."""

    quote: Quote


class QuoteRecorded(Event, frozen=True):
    """The market has shown a quote."""

    kept: ClassVar[bool] = False

    quote: Quote
