"""Corporate actions: what companies do to those who hold their shares."""

from typing import TypeAlias

import msgspec

from paperdesk.base.ids import AccountId, Conid
from paperdesk.base.units import Currency, Instant, Money, Size
from paperdesk.kernel.messages import Command, Event


class Split(msgspec.Struct, frozen=True, tag=True):
    """Each `denominator` shares are `numerator` from the session that begins on."""

    conid: Conid
    numerator: int
    denominator: int


class Dividend(msgspec.Struct, frozen=True, tag=True):
    """Who held a share before the session that begins will be paid an amount of its currency."""

    conid: Conid
    amount: Money


Action: TypeAlias = Split | Dividend


class ApplyActions(Command, frozen=True):
    """A session begins at an instant; before it does, these actions take effect, in order."""

    at: Instant
    actions: tuple[Action, ...]


class SharesSplit(Event, frozen=True):
    """An account's shares have become others.

    `size_change` is what has come to its position (negative where shares became fewer or a short
    position more), `cash` what was paid for a part of a share too small to be held.
    """

    account_id: AccountId
    conid: Conid
    numerator: int
    denominator: int
    size_change: Size
    currency: Currency
    cash: Money


class DividendAccrued(Event, frozen=True):
    """An account will be paid for shares it has held, or will pay for those it owed."""

    account_id: AccountId
    conid: Conid
    currency: Currency
    amount: Money
    pays_at: Instant


class DividendPaid(Event, frozen=True):
    """What had accrued has been paid; `due_at` is when it had to be."""

    account_id: AccountId
    currency: Currency
    amount: Money
    due_at: Instant
