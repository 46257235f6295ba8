"""Accounts and user names: opened by the scenario, later by registration."""

from enum import Enum
from typing import Final

from paperdesk.base.ids import AccountId, UserName
from paperdesk.base.units import Currency, Money
from paperdesk.kernel.messages import Command, Event


class AccountKind(Enum):
    """Whether an account may borrow."""

    CASH = "CASH"
    MARGIN = "MARGIN"


class OpenAccount(Command, frozen=True):
    """Open an account."""

    account_id: AccountId
    kind: AccountKind
    base_currency: Currency
    title: str


ALL_DATA: Final = ("all",)
"""Market data subscriptions of somebody who sees every market as it is."""


class AddUser(Command, frozen=True):
    """Let a user name trade accounts. The password's hash is kept by whoever checks it.

    Without `may_trade` it looks at its accounts and never opens a brokerage session.
    `subscriptions` are the security types whose markets it sees as they are, `("all",)` for every
    one; others it sees with delay.
    """

    user_name: UserName
    account_ids: tuple[AccountId, ...]
    is_paper: bool = True
    may_trade: bool = True
    subscriptions: tuple[str, ...] = ALL_DATA


class DepositCash(Command, frozen=True):
    """Put money into an account, settled at once."""

    account_id: AccountId
    currency: Currency
    amount: Money


class AccountOpened(Event, frozen=True):
    """An account exists."""

    account_id: AccountId
    kind: AccountKind
    base_currency: Currency
    title: str


class UserAdded(Event, frozen=True, omit_defaults=True):
    """A user name exists and may trade these accounts; the first is selected at sign-in.

    What journals of earlier releases do not say is what everybody had then.
    """

    user_name: UserName
    user_id: int
    account_ids: tuple[AccountId, ...]
    is_paper: bool
    may_trade: bool = True
    subscriptions: tuple[str, ...] = ALL_DATA


class CashDeposited(Event, frozen=True):
    """Money has come from the bank."""

    account_id: AccountId
    currency: Currency
    amount: Money
