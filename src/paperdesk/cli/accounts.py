"""`paperdesk accounts`: what is traded on a desk, and money that comes in."""

from pathlib import Path

import click

from paperdesk.cli.at_hand import at_hand, at_hand_options
from paperdesk.cli.printing import json_option, show, show_one

EPILOG = """\b
Examples:
  paperdesk accounts list
  paperdesk accounts open --cash 50000
  paperdesk accounts open DU7654321 --cash-account --currency EUR
  paperdesk accounts deposit DU1234567 2500 --currency EUR

They work on a desk that runs, at once, and on one that does not. `paperdesk users` says who trades
which of them."""


@click.group(epilog=EPILOG)
def command() -> None:
    """List and open accounts, and put money into them."""


@command.command("list")
@at_hand_options
@json_option
def list_accounts(desk: str, data_dir: Path, control_url: str, as_json: bool) -> None:
    """List the accounts of a desk with the users who trade them."""
    with at_hand(data_dir, desk, control_url) as found:
        rows = found.ask("GET", "/accounts")
    names = ("account_id", "kind", "base_currency", "title", "user_names")
    shown = rows if as_json else [{name: row[name] for name in names} for row in rows]
    show(shown, as_json=as_json, empty="This desk has no accounts.")


@command.command("open")
@click.argument("account", default="")
@click.option("--cash", default="1000000", show_default=True, help="What it begins with.")
@click.option("--currency", default="USD", show_default=True, help="Its base currency.")
@click.option("--cash-account", is_flag=True, help="It borrows nothing.")
@click.option("--live", is_flag=True, help="A live account; others are for paper trading.")
@click.option("--title", default="", help="What people call it.")
@at_hand_options
@json_option
def open_account(  # one parameter an option
    account: str,
    cash: str,
    currency: str,
    cash_account: bool,
    live: bool,
    title: str,
    desk: str,
    data_dir: Path,
    control_url: str,
    as_json: bool,
) -> None:
    """Open ACCOUNT, such as DU7654321; the next free id where none is named."""
    body = {
        "account_id": account,
        "kind": "CASH" if cash_account else "MARGIN",
        "currency": currency,
        "cash": cash,
        "title": title,
        "is_paper": not live,
    }
    with at_hand(data_dir, desk, control_url) as found:
        told = found.ask("POST", "/accounts", body)
    if as_json:
        show_one(told, as_json=True)
        return
    name = told["account_id"]
    click.echo(
        f"{name} is open; `paperdesk users change NAME --account {name}` lets NAME trade it."
    )


@command.command("deposit")
@click.argument("account")
@click.argument("amount")
@click.option("--currency", default="USD", show_default=True, help="Of the money.")
@at_hand_options
@json_option
def deposit(  # one parameter an option
    account: str,
    amount: str,
    currency: str,
    desk: str,
    data_dir: Path,
    control_url: str,
    as_json: bool,
) -> None:
    """Put AMOUNT into ACCOUNT, settled at once."""
    body = {"currency": currency, "amount": amount}
    with at_hand(data_dir, desk, control_url) as found:
        told = found.ask("POST", f"/accounts/{account}/deposits", body)
    if as_json:
        show_one(told, as_json=True)
        return
    click.echo(f"{account} has {amount} {currency} more.")
