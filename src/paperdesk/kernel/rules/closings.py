"""Closings: what the books do by the clock.

At 00:00 in New York money settles and dividends are paid. Before a session begins corporate actions
take effect, which the desk brings (`rules/actions.py`). At the close of the regular session equity
is kept for the next day and the special memorandum is worked out. At 17:00 the daily profit of
currencies starts again, at 20:30 realised profit, five minutes before midnight the daily profit of
stock.

Source: documented; 17:00 for currencies is judged.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from paperdesk.base.calendar import Calendar
from paperdesk.base.ids import Conid
from paperdesk.base.units import MINUTE, SECOND, ZERO, Day, Instant, Price
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.actions import DividendPaid
from paperdesk.kernel.messages.ledger import (
    AccountMarked,
    CashSettled,
    PositionsMarked,
    RealisedCut,
)
from paperdesk.kernel.rules import exchange_rates, margin, stands
from paperdesk.kernel.rules.settlement import STOCK_CALENDAR
from paperdesk.kernel.state.positions import Position
from paperdesk.kernel.state.world import World

MINUTE_SECONDS: Final = MINUTE // SECOND
MIDNIGHT: Final = 0
FX_MARK: Final = 17 * 60 * MINUTE_SECONDS
REALISED_CUT: Final = (20 * 60 + 30) * MINUTE_SECONDS
STOCK_MARK: Final = (23 * 60 + 55) * MINUTE_SECONDS
DAILY: Final = (MIDNIGHT, FX_MARK, REALISED_CUT, STOCK_MARK)


def next_due(world: World, after: Instant) -> Instant | None:
    """Return the first instant after another at which the books may have something to do."""
    calendar = world.contracts.calendars.get(STOCK_CALENDAR)
    ledger = world.ledger
    first = min((at for at in (*ledger.pending, *ledger.dividends) if at > after), default=None)
    if calendar is None:
        return first
    day, _ = calendar.local(after)
    for local_day in (day, day + 1):
        for at in _times(calendar, local_day):
            if at > after:
                return at if first is None else min(first, at)
    return first


@lru_cache(maxsize=64)
def _times(calendar: Calendar, day: Day) -> tuple[Instant, ...]:
    """Return when the books have something to do on a day in New York, ascending."""
    times = [calendar.instant(day, second) for second in DAILY]
    session = calendar.session(day)
    if session is not None:
        times += (session.pre_open, session.close)
    return tuple(sorted(times))


def needed(world: World) -> Iterator[Conid]:
    """Yield the contracts whose quotes the books look at: all that is held, and its currencies."""
    for account_id, book in world.ledger.books.items():
        yield from book.positions
        base = world.accounts.by_id[account_id].base_currency
        yield from exchange_rates.needed(world, stands.currencies_of(book), base)


def due(world: World, at: Instant) -> Iterator[Event]:
    """Do what the books have to do at an instant.

    Quotes should be those of the instant for everything that `needed` names.
    """
    yield from _settle(world, at)
    yield from _pay_dividends(world, at)
    calendar = world.contracts.calendars.get(STOCK_CALENDAR)
    if calendar is None:
        return
    day, into_day = calendar.local(at)
    session = calendar.session(day)
    if session is not None and session.close == at:
        yield from _mark_accounts(world, at)
    second = into_day // SECOND
    if second == FX_MARK:
        yield from _mark_positions(world, at, virtual=True)
    elif second == REALISED_CUT:
        yield from _cut(world, at)
    elif second == STOCK_MARK:
        yield from _mark_positions(world, at, virtual=False)


def _settle(world: World, at: Instant) -> Iterator[Event]:
    for due_at in sorted(due_at for due_at in world.ledger.pending if due_at <= at):
        rows = [
            (account_id, currency, unsettled.receivable, unsettled.payable)
            for account_id, moves in world.ledger.pending[due_at].items()
            for currency, unsettled in moves.items()
        ]
        for account_id, currency, received, paid in rows:
            yield CashSettled(
                at=at,
                due_at=due_at,
                account_id=account_id,
                currency=currency,
                received=received,
                paid=paid,
            )


def _pay_dividends(world: World, at: Instant) -> Iterator[Event]:
    for due_at in sorted(due_at for due_at in world.ledger.dividends if due_at <= at):
        rows = [
            (account_id, currency, amount)
            for account_id, amounts in world.ledger.dividends[due_at].items()
            for currency, amount in amounts.items()
        ]
        for account_id, currency, amount in rows:
            yield DividendPaid(
                at=at, account_id=account_id, currency=currency, amount=amount, due_at=due_at
            )


def _mark_accounts(world: World, at: Instant) -> Iterator[Event]:
    for account_id, book in list(world.ledger.books.items()):
        try:
            values = margin.values(world, account_id)
        except exchange_rates.NoExchangeRate:
            continue  # Nothing can be said of the account today; yesterday's figures stand.
        equity = values.equity_with_loan
        sma = max(values.sma, equity - values.reg_t_margin)
        has_traded = book.positions or book.sma_moves
        if has_traded or (equity, sma) != (values.previous_equity_with_loan, values.sma):
            yield AccountMarked(at=at, account_id=account_id, equity_with_loan=equity, sma=sma)


def _mark_positions(world: World, at: Instant, *, virtual: bool) -> Iterator[Event]:
    prices: dict[Conid, Price] = {}
    for position in _positions(world):
        if position.is_virtual is virtual and position.conid not in prices:
            prices[position.conid] = stands.mark(world, position)
    if prices:
        yield PositionsMarked(at=at, prices=prices)


def _cut(world: World, at: Instant) -> Iterator[Event]:
    if world.ledger.charges or any(row.realised != ZERO for row in _positions(world)):
        yield RealisedCut(at=at)


def _positions(world: World) -> Iterator[Position]:
    for book in world.ledger.books.values():
        yield from book.positions.values()
