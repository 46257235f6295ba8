"""Accounts: opened, given to users, and credited."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from paperdesk.base.errors import (
    AccountExists,
    InvalidAmount,
    InvalidName,
    UnknownAccount,
    UnknownUser,
)
from paperdesk.base.ids import AccountId, UserName
from paperdesk.base.units import ZERO, is_multiple
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.accounts import (
    AccountOpened,
    AddUser,
    CashDeposited,
    DepositCash,
    OpenAccount,
    UserAdded,
)
from paperdesk.kernel.messages.presets import PresetsSet, SetPresets
from paperdesk.kernel.rules import exchange_rates
from paperdesk.kernel.state.accounts import Account
from paperdesk.kernel.state.world import World

DEPOSIT_MAX: Final = Decimal(1_000_000_000_000)
DEPOSIT_STEP: Final = Decimal("0.01")
FIRST_USER_ID: Final = 100_000_001
MARKET_CURRENCY: Final = "USD"
CURRENCY_LETTERS: Final = 3
ACCOUNT_ID: Final = re.compile(r"[A-Za-z0-9]{1,20}", re.ASCII)
USER_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,39}", re.ASCII)
SUBSCRIPTION: Final = re.compile(r"all|[A-Z]{2,8}", re.ASCII)
CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)


def open_account(world: World, command: OpenAccount) -> Iterator[Event]:
    """Open an account.

    Raises:
        AccountExists: there is one with the id.
        InvalidName: the id could not stand in a path, or the currency is none that shares of the
            United States, which every account may hold, can be valued in.
    """
    if not ACCOUNT_ID.fullmatch(command.account_id):
        raise InvalidName(
            f"{command.account_id[:40]!r} is no account id: at most 20 letters and digits."
        )
    if not CURRENCY.fullmatch(command.base_currency):
        raise InvalidName(f"{command.base_currency[:40]!r} is no currency: three letters.")
    if not exchange_rates.is_convertible(world, MARKET_CURRENCY, command.base_currency):
        raise InvalidName(f"No pair leads from {MARKET_CURRENCY} to {command.base_currency}.")
    if command.account_id in world.accounts.by_id:
        raise AccountExists(f"There is an account {command.account_id} already.")

    yield AccountOpened(
        at=world.now,
        account_id=command.account_id,
        kind=command.kind,
        base_currency=command.base_currency,
        title=command.title,
    )


def add_user(world: World, command: AddUser) -> Iterator[Event]:
    """Let a user name trade accounts, instead of those that it could before.

    Raises:
        InvalidName: the name is not one that can be typed and printed, or a subscription is none.
        UnknownAccount: one of the accounts is not open.
    """
    if not USER_NAME.fullmatch(command.user_name):
        raise InvalidName(
            f"{command.user_name[:40]!r} is no user name: at most 40 letters, digits, dots, "
            "dashes, underscores and @."
        )
    for account_id in command.account_ids:
        account_of(world, account_id)
    for name in command.subscriptions:
        if not SUBSCRIPTION.fullmatch(name):
            raise InvalidName(
                f"{name[:40]!r} is no market data subscription: say all, or security types as STK."
            )
    known = world.accounts.users.get(command.user_name)
    user_id = FIRST_USER_ID + len(world.accounts.users) if known is None else known.user_id

    yield UserAdded(
        at=world.now,
        user_name=command.user_name,
        user_id=user_id,
        account_ids=command.account_ids,
        is_paper=command.is_paper,
        may_trade=command.may_trade,
        subscriptions=command.subscriptions,
    )


def deposit_cash(world: World, command: DepositCash) -> Iterator[Event]:
    """Put money into an account, settled at once.

    Raises:
        UnknownAccount: the account is not open.
        InvalidAmount: the amount is not positive, more than a desk holds, or finer than a cent, or
            the currency has no rate to the account's base currency.
    """
    account = account_of(world, command.account_id)
    amount = command.amount
    if not (amount.is_finite() and ZERO < amount <= DEPOSIT_MAX):
        raise InvalidAmount(f"A deposit is more than 0 and at most {DEPOSIT_MAX}, not {amount}.")
    if not is_multiple(amount, DEPOSIT_STEP):
        raise InvalidAmount(f"{amount} is not a multiple of {DEPOSIT_STEP}.")
    if len(command.currency) != CURRENCY_LETTERS:
        raise InvalidAmount(f"{command.currency} is not a currency.")
    if not exchange_rates.is_convertible(world, command.currency, account.base_currency):
        raise InvalidAmount(f"No pair leads from {command.currency} to {account.base_currency}.")

    yield CashDeposited(
        at=world.now,
        account_id=command.account_id,
        currency=command.currency,
        amount=amount,
    )


def set_presets(world: World, command: SetPresets) -> Iterator[Event]:
    """Change a user's thresholds.

    Raises:
        UnknownUser: there is no such user name.
        InvalidAmount: a threshold is negative or no number.
    """
    user_of(world, command.user_name)
    presets = command.presets
    for threshold in (
        presets.percentage,
        presets.size,
        presets.value,
        presets.increments,
        presets.size_change,
    ):
        if not (threshold.is_finite() and threshold >= ZERO):
            raise InvalidAmount(f"A threshold is 0 (off) or more, not {threshold}.")

    yield PresetsSet(at=world.now, user_name=command.user_name, presets=presets)


def account_of(world: World, account_id: AccountId) -> Account:
    """Return an account.

    Raises:
        UnknownAccount: it is not open.
    """
    account = world.accounts.by_id.get(account_id)
    if account is None:
        raise UnknownAccount(f"There is no account {account_id}.")
    return account


def user_of(world: World, user_name: UserName) -> None:
    """Make sure that a user name is known.

    Raises:
        UnknownUser: it is not.
    """
    if user_name not in world.accounts.users:
        raise UnknownUser(f"There is no user {user_name}.")
