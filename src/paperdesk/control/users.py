"""Users and accounts: added, changed and listed while the desk runs.

A user who is added has a password at once and can sign in. What is changed of a user holds from the
next sign-in on: a session that is open goes on as it was opened.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import msgspec

from paperdesk.base.errors import InvalidAmount, Refusal, UnknownAccount, UnknownUser
from paperdesk.base.ids import AccountId, UserName
from paperdesk.base.units import ZERO, is_multiple
from paperdesk.control.operations import Asked, Body, Operations
from paperdesk.kernel.messages.accounts import (
    ALL_DATA,
    AccountKind,
    AddUser,
    DepositCash,
    OpenAccount,
)
from paperdesk.kernel.rules import accounts as rules
from paperdesk.kernel.state.accounts import Account, User

if TYPE_CHECKING:
    from paperdesk.kernel.messages import Command

operations = Operations()

CASH: Final = Decimal(1_000_000)
FIRST_NUMBER: Final = 1_234_567


class UserExists(Refusal):
    """A user name is one person's alone."""

    code = "user_exists"


class NewAccount(Body, kw_only=True):
    """An account to be opened; a free id is found where none is given."""

    account_id: str = ""
    kind: AccountKind = AccountKind.MARGIN
    currency: str = "USD"
    cash: Decimal = CASH
    title: str = ""
    is_paper: bool = True


class NewUser(Body, kw_only=True):
    """A user to be added, with an account that is there or is opened for it."""

    user_name: str
    account_id: str = ""
    kind: AccountKind = AccountKind.MARGIN
    currency: str = "USD"
    cash: Decimal = CASH
    is_paper: bool = True
    may_trade: bool = True
    subscriptions: tuple[str, ...] = ALL_DATA


class UserChange(Body, kw_only=True):
    """What is to be different with a user; what is left out stays."""

    account_ids: tuple[AccountId, ...] | None = None
    may_trade: bool | None = None
    subscriptions: tuple[str, ...] | None = None
    password: str | None = None


class Deposit(Body, kw_only=True):
    """Money that comes into an account."""

    currency: str
    amount: Decimal


@operations.put("GET", "/desks/{desk}/users")
def list_users(asked: Asked) -> list[dict[str, Any]]:
    """List who can sign in, with accounts and permissions."""
    return [_user(user) for user in asked.desk.world.accounts.users.values()]


@operations.put("POST", "/desks/{desk}/users", NewUser)
def add_user(asked: Asked) -> dict[str, Any]:
    """Add a user, with an account and a password."""
    desk, new = asked.desk, asked.body
    name = UserName(new.user_name)
    if name in desk.world.accounts.users:
        raise UserExists(f"{desk.name} has a user {name} already.")
    # Whatever can be refused is refused before the account is opened.
    added = AddUser(
        user_name=name,
        account_ids=(),
        is_paper=new.is_paper,
        may_trade=new.may_trade,
        subscriptions=new.subscriptions,
    )
    next(rules.add_user(desk.world, added))
    account = NewAccount(
        account_id=new.account_id,
        kind=new.kind,
        currency=new.currency,
        cash=new.cash,
        title=name,
        is_paper=new.is_paper,
    )
    account_id = AccountId(new.account_id)
    commands: list[Command] = []
    if account_id not in desk.world.accounts.by_id:
        account_id, commands = _opening(asked, account)
    desk.execute_together([*commands, msgspec.structs.replace(added, account_ids=(account_id,))])
    told, passwords = _user(desk.world.accounts.users[name]), asked.control.passwords
    if passwords is not None:
        passwords.ensure(name)
        told["password"] = passwords.printable(name)
    return told


@operations.put("POST", "/desks/{desk}/users/{user}", UserChange)
def change_user(asked: Asked) -> dict[str, Any]:
    """Change what a user may do, from the next sign-in on, or the password."""
    desk, change = asked.desk, asked.body
    user = desk.world.accounts.users.get(UserName(asked.path["user"]))
    if user is None:
        raise UnknownUser(f"There is no user {asked.path['user'][:80]!r}.")
    changed = AddUser(
        user_name=user.user_name,
        account_ids=user.account_ids if change.account_ids is None else change.account_ids,
        is_paper=user.is_paper,
        may_trade=user.may_trade if change.may_trade is None else change.may_trade,
        subscriptions=user.subscriptions if change.subscriptions is None else change.subscriptions,
    )
    if not changed.account_ids:
        raise UnknownAccount("A user has at least one account.")
    next(rules.add_user(desk.world, changed))
    if change.password is not None and asked.control.passwords is not None:
        asked.control.passwords.set(user.user_name, change.password)
    desk.execute(changed)
    return _user(desk.world.accounts.users[user.user_name])


@operations.put("GET", "/desks/{desk}/accounts")
def list_accounts(asked: Asked) -> list[dict[str, Any]]:
    """List the accounts of the desk, with the users who trade them."""
    return [_account(asked, account) for account in asked.desk.world.accounts.by_id.values()]


@operations.put("POST", "/desks/{desk}/accounts", NewAccount)
def open_account(asked: Asked) -> dict[str, Any]:
    """Open an account; no user trades it yet."""
    account_id, commands = _opening(asked, asked.body)
    asked.desk.execute_together(commands)
    return _account(asked, asked.desk.world.accounts.by_id[account_id])


@operations.put("POST", "/desks/{desk}/accounts/{account}/deposits", Deposit)
def deposit(asked: Asked) -> dict[str, Any]:
    """Put money into an account, settled at once."""
    account_id, given = AccountId(asked.path["account"]), asked.body
    asked.desk.execute(
        DepositCash(account_id=account_id, currency=given.currency, amount=given.amount)
    )
    return _account(asked, asked.desk.world.accounts.by_id[account_id])


def _opening(asked: Asked, new: NewAccount) -> tuple[AccountId, list["Command"]]:
    """Return the commands that open an account; none of them is refused after the first."""
    world = asked.desk.world
    _check_cash(new.cash)
    account_id = AccountId(new.account_id or _free_id(list(world.accounts.by_id), new.is_paper))
    opened = OpenAccount(
        account_id=account_id, kind=new.kind, base_currency=new.currency, title=new.title
    )
    next(rules.open_account(world, opened))
    commands: list[Command] = [opened]
    if new.cash:
        commands.append(DepositCash(account_id=account_id, currency=new.currency, amount=new.cash))
    return account_id, commands


def _check_cash(amount: Decimal) -> None:
    if not (amount.is_finite() and ZERO <= amount <= rules.DEPOSIT_MAX):
        raise InvalidAmount(f"Cash is from 0 to {rules.DEPOSIT_MAX}, not {amount}.")
    if not is_multiple(amount, rules.DEPOSIT_STEP):
        raise InvalidAmount(f"{amount} is not a multiple of {rules.DEPOSIT_STEP}.")


def _free_id(taken: list[AccountId], is_paper: bool) -> str:  # noqa: FBT001 - a field's value
    """Return the first id after those of the desk; paper accounts begin with D."""
    letters = "DU" if is_paper else "U"
    numbers = [
        int(name.removeprefix(letters))
        for name in taken
        if name.startswith(letters) and name.removeprefix(letters).isdigit()
    ]
    return f"{letters}{max(numbers, default=FIRST_NUMBER - 1) + 1}"


def _user(user: User) -> dict[str, Any]:
    return {
        "user_name": user.user_name,
        "account_ids": list(user.account_ids),
        "is_paper": user.is_paper,
        "may_trade": user.may_trade,
        "subscriptions": list(user.subscriptions),
    }


def _account(asked: Asked, account: Account) -> dict[str, Any]:
    world = asked.desk.world
    return {
        "account_id": account.account_id,
        "kind": account.kind.value,
        "base_currency": account.base_currency,
        "title": account.title,
        "opened_at": account.opened_at,
        "user_names": [
            user.user_name
            for user in world.accounts.users.values()
            if account.account_id in user.account_ids
        ],
    }
