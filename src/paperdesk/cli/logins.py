"""`paperdesk logins`: notifications of people who sign in to a running desk."""

import click

from paperdesk.cli.controls import Controls, control_url_option
from paperdesk.cli.printing import json_option, show

EPILOG = """\b
Examples:
  paperdesk users factor demo --push     ask demo for an answer to a notification
  paperdesk logins list                  who waits for an answer
  paperdesk logins approve 1             what a touch on the phone would do
  paperdesk logins deny 1"""


@click.group(epilog=EPILOG)
def command() -> None:
    """List the logins that wait for an answer to a notification, and give it."""


@command.command("list")
@control_url_option
@json_option
def list_logins(control_url: str, as_json: bool) -> None:
    """List the notifications that wait for an answer."""
    control = Controls(control_url)
    rows = control.ask("GET", f"/desks/{control.desk()}/logins")
    show(rows, as_json=as_json, empty="Nobody waits for an answer.")


@command.command("approve")
@click.argument("number", type=click.IntRange(1))
@control_url_option
def approve(number: int, control_url: str) -> None:
    """Approve the notification NUMBER: its user comes in."""
    _answer(number, "approve", control_url)


@command.command("deny")
@click.argument("number", type=click.IntRange(1))
@control_url_option
def deny(number: int, control_url: str) -> None:
    """Deny the notification NUMBER: that counts as a wrong password."""
    _answer(number, "deny", control_url)


def _answer(number: int, operation: str, control_url: str) -> None:
    control = Controls(control_url)
    told = control.ask("POST", f"/desks/{control.desk()}/logins/{number}/{operation}")
    click.echo(f"The login of {told['user_name']} is {told['reply']}.")
