"""Corporate actions: positions follow splits, dividends accrue on their ex-day.

They take effect before the session of the ex-day begins. Source: documented (orders for a split
share are cancelled, they stay as they are when a dividend goes off, short positions pay); days to
payment, and cash for parts too small to be held, are judged.
"""

from collections.abc import Iterator
from typing import Final

from paperdesk.base.errors import TimeRunsBackwards
from paperdesk.base.ids import AccountId, Conid
from paperdesk.base.units import ZERO, Instant, Size, down_to_step, quotient
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.actions import (
    ApplyActions,
    Dividend,
    DividendAccrued,
    SharesSplit,
    Split,
)
from paperdesk.kernel.rules.outcomes import cancel
from paperdesk.kernel.rules.stands import mark
from paperdesk.kernel.state.contracts import Contract
from paperdesk.kernel.state.positions import Position
from paperdesk.kernel.state.world import World

PAYMENT_SESSIONS: Final = 15
"""From ex-day to payment: about three weeks, as is usual in the US."""

SPLIT_REASON: Final = "The shares have been split."


def apply_actions(world: World, command: ApplyActions) -> Iterator[Event]:
    """Let splits and dividends take effect.

    Raises:
        TimeRunsBackwards: the instant has passed.
        UnknownContract: an action is of no contract of the catalogue.
    """
    if command.at < world.now:
        raise TimeRunsBackwards(f"Desk time is {world.now} and cannot go back to {command.at}.")
    for action in command.actions:
        world.contract(action.conid)

    for action in command.actions:
        if isinstance(action, Split):
            yield from _split(world, action, command.at)
        else:
            yield from _accrue(world, action, command.at)


def _split(world: World, action: Split, at: Instant) -> Iterator[Event]:
    contract = world.contract(action.conid)
    for account_id, position in _holders(world, action.conid):
        # Quotes are those of the session before, in old shares.
        old = mark(world, position)
        size, rest = _split_size(action, contract, position.size)
        price = quotient(old * action.denominator, Size(action.numerator))
        yield SharesSplit(
            at=at,
            account_id=account_id,
            conid=action.conid,
            numerator=action.numerator,
            denominator=action.denominator,
            size_change=size - position.size,
            currency=position.currency,
            cash=rest * price * contract.multiplier,
        )
    # The index is rebuilt by a restart: its accounts have no order of their own.
    for _, orders in sorted(world.orders.index.open_by_account.items()):
        for order in list(orders.values()):
            if order.conid == action.conid and order.is_open:
                yield from cancel(world, order, SPLIT_REASON)


def _split_size(action: Split, contract: Contract, size: Size) -> tuple[Size, Size]:
    """Return what a position becomes, and the part of a share that is paid out instead."""
    exact = quotient(size * action.numerator, Size(action.denominator))
    held = down_to_step(abs(exact), contract.size_increment)
    signed = held if exact >= ZERO else -held
    return signed, exact - signed


def _accrue(world: World, action: Dividend, at: Instant) -> Iterator[Event]:
    contract = world.contract(action.conid)
    calendar = world.contracts.calendar(contract)
    day, _ = calendar.local(at)
    pays_at = calendar.instant(calendar.session_after(day, PAYMENT_SESSIONS).day, 0)
    for account_id, position in _holders(world, action.conid):
        yield DividendAccrued(
            at=at,
            account_id=account_id,
            conid=action.conid,
            currency=position.currency,
            amount=position.size * action.amount * contract.multiplier,
            pays_at=pays_at,
        )


def _holders(world: World, conid: Conid) -> list[tuple[AccountId, Position]]:
    return [
        (account_id, position)
        for account_id, book in world.ledger.books.items()
        if (position := book.positions.get(conid)) is not None
        and position.size
        and not position.is_virtual
    ]
