"""Accounts and user names: opened by the scenario, later by registration."""

from enum import Enum

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


class AddUser(Command, frozen=True):
    """Let a user name trade accounts. The password's hash is kept by whoever checks it."""

    user_name: UserName
    account_ids: tuple[AccountId, ...]
    is_paper: bool = True


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


class UserAdded(Event, frozen=True):
    """A user name exists and may trade these accounts; the first is selected at sign-in."""

    user_name: UserName
    user_id: int
    account_ids: tuple[AccountId, ...]
    is_paper: bool


class CashDeposited(Event, frozen=True):
    """Money has come from the bank."""

    account_id: AccountId
    currency: Currency
    amount: Money
