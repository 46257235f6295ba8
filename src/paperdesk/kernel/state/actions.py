"""Corporate actions: how splits and dividends change the ledger."""

from paperdesk.base.units import Size, quotient
from paperdesk.kernel.messages.actions import DividendAccrued, DividendPaid, SharesSplit
from paperdesk.kernel.state.ledger import House, Ledger, Posting, add, forget_idle, post


def shares_split(ledger: Ledger, event: SharesSplit) -> None:
    """Turn a position into new shares; its cost stays, but for what is paid out."""
    book = ledger.books[event.account_id]
    position = book.positions[event.conid]
    post(
        ledger,
        [
            Posting(House.MARKET.value, event.conid, -event.size_change),
            Posting(House.MARKET.value, event.currency, -event.cash),
            Posting(event.account_id, event.currency, event.cash),
        ],
    )
    numerator, denominator = Size(event.numerator), Size(event.denominator)
    position.size += event.size_change
    position.cost -= event.cash
    position.traded += event.cash
    position.marked_size = quotient(position.marked_size * numerator, denominator)
    position.marked_price = quotient(position.marked_price * denominator, numerator)
    position.changed_at = event.at
    forget_idle(book, position)


def dividend_accrued(ledger: Ledger, event: DividendAccrued) -> None:
    """Remember a dividend until it is paid."""
    add(ledger.books[event.account_id].dividends, event.currency, event.amount)
    due = ledger.dividends.setdefault(event.pays_at, {}).setdefault(event.account_id, {})
    add(due, event.currency, event.amount)


def dividend_paid(ledger: Ledger, event: DividendPaid) -> None:
    """Pay what has accrued, settled at once."""
    book = ledger.books[event.account_id]
    post(
        ledger,
        [
            Posting(event.account_id, event.currency, event.amount),
            Posting(House.DIVIDENDS.value, event.currency, -event.amount),
        ],
    )
    add(book.dividends, event.currency, -event.amount)
    add(book.sma_moves, event.currency, event.amount)
    due = ledger.dividends[event.due_at]
    left = due[event.account_id].pop(event.currency)
    assert left == event.amount, "what is paid is what had accrued"
    if not due[event.account_id]:
        del due[event.account_id]
    if not due:
        del ledger.dividends[event.due_at]
