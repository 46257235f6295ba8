"""Words about cases: who acts, and where a case is, as the commands of `paperdesk cases` say it."""

from collections.abc import Mapping
from typing import Any

import click

from paperdesk.cli.printing import show_one

actor_option = click.option("--as", "actor", required=True, metavar="NAME", help="Who you are.")


def say(told: Mapping[str, Any], *, as_json: bool) -> None:
    """Say where a case is, and whom it waits for."""
    if as_json:
        show_one(told, as_json=True)
        return
    waits = ", ".join(told["waiting_for"])
    clerk = f", the clerk acts at {told['clerk_at_text']}" if told["clerk_at_text"] else ""
    click.echo(
        f"{told['case_id']} is {told['state']}{f', waits for {waits}' if waits else ''}{clerk}."
    )
