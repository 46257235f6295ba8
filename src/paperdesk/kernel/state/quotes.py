"""Quotes: the last one of each contract that was looked at. Observed, rebuilt from the source."""

import msgspec

from paperdesk.base.ids import Conid
from paperdesk.base.units import Price
from paperdesk.kernel.messages.quotes import Quote, QuoteRecorded


class Quotes(msgspec.Struct):
    """The last quote of each contract that somebody needed."""

    by_conid: dict[Conid, Quote] = {}

    def mark(self, conid: Conid) -> Price | None:
        """Return what a position is valued at: the last trade, kept within bid and ask.

        Source: judged, after users' findings; see the reference on marks.
        """
        quote = self.by_conid.get(conid)
        return None if quote is None else mark(quote)


def mark(quote: Quote) -> Price | None:
    """Return the last trade kept within bid and ask; without a trade the middle of the two.

    Of a closed market without trades it is the middle of when it closed.
    """
    last, bid, ask = quote.last, quote.bid, quote.ask
    if last is None:
        if bid is not None and ask is not None:
            return (bid + ask) / 2
        return bid or ask or quote.closing_middle
    if ask is not None and last > ask:
        return ask
    if bid is not None and last < bid:
        return bid
    return last


def recorded(quotes: Quotes, event: QuoteRecorded) -> None:
    """Remember the quote in place of the one before."""
    quotes.by_conid[event.quote.conid] = event.quote
