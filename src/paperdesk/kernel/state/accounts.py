"""Accounts and user names."""

import msgspec

from paperdesk.base.ids import AccountId, UserName
from paperdesk.base.units import Currency, Instant
from paperdesk.kernel.messages.accounts import ALL_DATA, AccountKind, AccountOpened, UserAdded


class Account(msgspec.Struct, kw_only=True):
    """A pool of equity with an IBKR account id."""

    account_id: AccountId
    kind: AccountKind
    base_currency: Currency
    title: str
    opened_at: Instant


class User(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Who signs in, which accounts it may trade or look at, and which markets it sees undelayed.

    See `AddUser`.
    """

    user_name: UserName
    user_id: int
    account_ids: tuple[AccountId, ...]
    is_paper: bool
    may_trade: bool = True
    subscriptions: tuple[str, ...] = ALL_DATA


class Accounts(msgspec.Struct):
    """Every account and user name of the desk."""

    by_id: dict[AccountId, Account] = {}
    users: dict[UserName, User] = {}


def opened(accounts: Accounts, event: AccountOpened) -> None:
    """Remember an account."""
    accounts.by_id[event.account_id] = Account(
        account_id=event.account_id,
        kind=event.kind,
        base_currency=event.base_currency,
        title=event.title,
        opened_at=event.at,
    )


def user_added(accounts: Accounts, event: UserAdded) -> None:
    """Remember a user name, or what it may trade from now on."""
    accounts.users[event.user_name] = User(
        user_name=event.user_name,
        user_id=event.user_id,
        account_ids=event.account_ids,
        is_paper=event.is_paper,
        may_trade=event.may_trade,
        subscriptions=event.subscriptions,
    )
