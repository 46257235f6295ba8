"""Quotes: what the market shows, and what resting orders make of it."""

from collections.abc import Iterator

from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.quotes import QuoteRecorded, RecordQuote
from paperdesk.kernel.rules.crossings import is_crossed
from paperdesk.kernel.rules.trading import is_touched, trade
from paperdesk.kernel.state.world import World


def record_quote(world: World, command: RecordQuote) -> Iterator[Event]:
    """Remember what the market shows, and trade what it reaches.

    Raises:
        UnknownContract: no contract has the quote's conid.
    """
    quote = command.quote
    contract = world.contract(quote.conid)

    yield QuoteRecorded(at=world.now, quote=quote)
    book = world.orders.books.get(quote.conid)
    if book is None or not quote.is_open:
        return
    if is_touched(book, contract, quote) or is_crossed(book):
        yield from trade(world, quote.conid)
