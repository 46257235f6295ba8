"""`paperdesk users`: who can sign in to a desk, and for which accounts."""

from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from paperdesk.cli import second_factors
from paperdesk.cli.at_hand import at_hand, at_hand_options
from paperdesk.cli.places import data_dir_option, desk_option
from paperdesk.cli.printing import json_option, show, show_one

EPILOG = """\b
Examples:
  paperdesk users list
  paperdesk users add ann --account DU7654321 --cash 50000
  paperdesk users change ann --account DU7654321 --account DU7654322
  paperdesk users password ann
  paperdesk users totp ann
  paperdesk users factor ann --code 246810

They work on a desk that runs, where a new user can sign in at once, and on one that does not. Users
and accounts belong to a desk, passwords to the data directory."""


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
@click.option("--live", is_flag=True, help="A live user name; others trade on paper.")
@click.option("--no-trading", is_flag=True, help="Looks at its accounts and never trades them.")
@at_hand_options
@json_option
def add(  # one parameter an option
    name: str,
    account: str,
    cash: str,
    currency: str,
    cash_account: bool,
    live: bool,
    no_trading: bool,
    desk: str,
    data_dir: Path,
    control_url: str,
    as_json: bool,
) -> None:
    """Add the user NAME to a desk, with an account and a password."""
    body = {
        "user_name": name,
        "account_id": account,
        "kind": "CASH" if cash_account else "MARGIN",
        "currency": currency,
        "cash": str(_amount(cash)),
        "is_paper": not live,
        "may_trade": not no_trading,
    }
    with at_hand(data_dir, desk, control_url) as found:
        told = found.ask("POST", "/users", body)
        runs = found.runs
    if as_json:
        show_one(told, as_json=True)
        return
    does = "looks at" if no_trading else "trades"
    click.echo(
        f"{name} {does} {', '.join(told['account_ids'])}; "
        f"password {told['password'] or 'as before'}."
    )
    if runs:
        click.echo(f"The desk runs: {name} can sign in now.")
    else:
        click.echo(f"Start the desk with `paperdesk serve --desk {desk} --login {name}`.")


@command.command("change")
@click.argument("name")
@click.option("--account", "accounts", multiple=True, metavar="ID", help="All that it trades.")
@click.option("--trading/--no-trading", default=None, help="Whether it may trade at all.")
@at_hand_options
@json_option
def change(  # one parameter an option
    name: str,
    accounts: tuple[str, ...],
    trading: bool | None,
    desk: str,
    data_dir: Path,
    control_url: str,
    as_json: bool,
) -> None:
    """Change which accounts the user NAME trades, from the next sign-in on."""
    given = {"account_ids": accounts or None, "may_trade": trading}
    body = {key: value for key, value in given.items() if value is not None}
    if not body:
        raise click.UsageError("Say what to change: --account, --trading or --no-trading.")
    with at_hand(data_dir, desk, control_url) as found:
        told = found.ask("POST", f"/users/{name}", body)
    if as_json:
        show_one(told, as_json=True)
        return
    does = "trades" if told["may_trade"] else "looks at"
    click.echo(f"{name} {does} {', '.join(told['account_ids'])}.")


@command.command("password")
@click.argument("name")
@click.password_option(envvar="PAPERDESK_PASSWORD", help="Asked for when left out.")
@data_dir_option
def password(name: str, password: str, data_dir: Path) -> None:
    """Give the user NAME another password, from the next login on."""
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
