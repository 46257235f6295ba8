"""`paperdesk users`: who can sign in to a desk, and for which accounts."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from paperdesk.cli import second_factors
from paperdesk.cli.places import data_dir_option, desk_option
from paperdesk.cli.printing import json_option, show

if TYPE_CHECKING:
    from paperdesk.kernel.messages import Command

EPILOG = """\b
Examples:
  paperdesk users list
  paperdesk users add ann --account DU7654321 --cash 50000
  paperdesk users password ann
  paperdesk users totp ann
  paperdesk users factor ann --code 246810

Users and accounts belong to a desk, passwords to the data directory. A running desk does not notice
a change: stop it first, and start it again with `--login NAME`."""


@click.group(epilog=EPILOG)
def command() -> None:
    """List who can sign in, add somebody, change a password."""


@command.command("list")
@desk_option
@data_dir_option
@json_option
def list_users(desk: str, data_dir: Path, as_json: bool) -> None:
    """List the users of a desk with their accounts."""
    from paperdesk.server.credentials import Credentials

    credentials = Credentials(data_dir)
    rows = []
    for user_name, accounts in _users(data_dir, desk).items():
        made_up = credentials.printable(user_name)
        own = "chosen by you" if credentials.has(user_name) else "made at the next start"
        rows.append({"user": user_name, "accounts": accounts, "password": made_up or own})
    show(rows, as_json=as_json, empty="This desk has no users.")


@command.command("add")
@click.argument("name")
@click.option("--account", default="", metavar="ID", help="Such as DU7654321, new or not.")
@click.option("--cash", default="1000000", show_default=True, help="Cash of a new account.")
@click.option("--currency", default="USD", show_default=True, help="Currency of a new account.")
@click.option("--cash-account", is_flag=True, help="A new account borrows nothing.")
@desk_option
@data_dir_option
def add(  # one parameter an option
    name: str, account: str, cash: str, currency: str, cash_account: bool, desk: str, data_dir: Path
) -> None:
    """Add the user NAME to a desk that is not running, with an account."""
    from paperdesk.base.ids import AccountId, UserName
    from paperdesk.desk.manifests import existing
    from paperdesk.desk.scenario import DeskOptions, open_desk
    from paperdesk.kernel.messages.accounts import AccountKind, AddUser, DepositCash, OpenAccount
    from paperdesk.server.clock import wall
    from paperdesk.server.credentials import Credentials

    existing(data_dir, desk)
    amount = _amount(cash)
    opened = open_desk(DeskOptions(wall=wall(), data_dir=data_dir, name=desk))
    try:
        world = opened.world
        account_id = AccountId(account or _free_account(list(world.accounts.by_id)))
        if UserName(name) in world.accounts.users:
            raise click.ClickException(f"{desk} has a user {name} already.")
        commands: list[Command] = []
        if account_id not in world.accounts.by_id:
            kind = AccountKind.CASH if cash_account else AccountKind.MARGIN
            commands.append(
                OpenAccount(account_id=account_id, kind=kind, base_currency=currency, title=name)
            )
            if amount:
                commands.append(
                    DepositCash(account_id=account_id, currency=currency, amount=amount)
                )
        commands.append(AddUser(user_name=UserName(name), account_ids=(account_id,)))
        opened.execute_together(commands)
    finally:
        opened.close()
    credentials = Credentials(data_dir)
    credentials.ensure(name)
    shown = credentials.printable(name)
    click.echo(f"{name} trades {account_id}; password {shown or 'as before'}.")
    click.echo(f"Start the desk with `paperdesk serve --desk {desk} --login {name}`.")


@command.command("password")
@click.argument("name")
@click.password_option(envvar="PAPERDESK_PASSWORD", help="Asked for when left out.")
@data_dir_option
def password(name: str, password: str, data_dir: Path) -> None:
    """Give the user NAME another password, from the next start of the desk on."""
    from paperdesk.server.credentials import Credentials

    credentials = Credentials(data_dir)
    if not credentials.has(name):
        raise click.ClickException(
            f"No desk in {data_dir} has a user {name} yet. `paperdesk users add {name}` adds one."
        )
    credentials.set(name, password)
    click.echo(f"{name} has a new password.")


command.add_command(second_factors.totp)
command.add_command(second_factors.factor)


def _users(data_dir: Path, desk: str) -> dict[str, list[str]]:
    """Return the users that the desk's journal tells of, with their accounts."""
    from paperdesk.desk.manifests import existing
    from paperdesk.kernel.messages.accounts import UserAdded
    from paperdesk.store.files import read
    from paperdesk.store.upcast import Reader

    reader = Reader(known={UserAdded.__name__: UserAdded})
    users: dict[str, list[str]] = {}
    for record in read(existing(data_dir, desk).journal):
        if record.kind == UserAdded.__name__:
            for event in reader.events(record):
                assert isinstance(event, UserAdded)
                users[event.user_name] = list(event.account_ids)
    return users


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise click.BadParameter(f"{text!r} is no amount.", param_hint="--cash") from error
    if not amount.is_finite() or amount < 0:
        raise click.BadParameter("An amount is zero or more.", param_hint="--cash")
    return amount


def _free_account(taken: list[str]) -> str:
    """Return the first paper account id after those of the desk."""
    numbers = [int(name[2:]) for name in taken if name.startswith("DU") and name[2:].isdigit()]
    return f"DU{max(numbers, default=1_234_566) + 1}"
