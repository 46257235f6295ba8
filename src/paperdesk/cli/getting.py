"""`paperdesk get`: ask a running desk one question."""

import sys
from pathlib import Path

import click
import msgspec

from paperdesk.cli.calls import Gateway, Reply, url_option
from paperdesk.cli.certificates import authority_file
from paperdesk.cli.places import data_dir_option
from paperdesk.cli.printing import json_text

EPILOG = """\b
Examples:
  paperdesk get iserver/accounts
  paperdesk get 'iserver/secdef/search?symbol=AAPL'
  paperdesk get iserver/marketdata/snapshot conids=265598 fields=31,84,86
  paperdesk get portfolio/DU1234567/positions/0
  paperdesk get --post tickle
  paperdesk get --body '{"confirmed": true}' iserver/reply/QUESTION_ID

The answer goes to standard output and nothing else does. The exit code is 0 for a good answer,
1 where the desk refuses and 2 where it cannot be asked."""


@click.command(epilog=EPILOG)
@click.argument("path")
@click.argument("query", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--post", is_flag=True, help="Ask with POST, without a body.")
@click.option("--body", help="Ask with POST and this JSON.")
@url_option
@data_dir_option
def command(
    path: str, query: tuple[str, ...], post: bool, body: str | None, url: str, data_dir: Path
) -> None:
    """Ask a running desk one question and print the answer as JSON.

    PATH is an operation of the API, such as `iserver/accounts`; NAME=VALUE become its query.
    """
    gateway = Gateway(url, authority_file(data_dir))
    try:
        content = None if body is None else msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise click.BadParameter(f"not JSON: {error}", param_hint="--body") from error
    method = "POST" if post or body is not None else "GET"
    reply = gateway.call(method, path, _query(query), content)
    click.echo(_shown(reply))
    if not reply.is_good:
        click.echo(f"The desk refused: status {reply.status}.{_advice(reply)}", err=True)
        sys.exit(1)


def _query(pairs: tuple[str, ...]) -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise click.BadParameter(f"{pair!r} is not NAME=VALUE.", param_hint="NAME=VALUE")
    return dict(pair.split("=", 1) for pair in pairs)


def _shown(reply: Reply) -> str:
    return reply.text if reply.value is None else json_text(reply.value)


def _advice(reply: Reply) -> str:
    """Say what usually helps, for refusals that everybody meets once."""
    if reply.status == 401:  # noqa: PLR2004
        return " Sign in on its login page, or start it with `paperdesk serve --login demo`."
    if "no bridge" in reply.text:
        return " Open the brokerage session first: `paperdesk get --post iserver/auth/ssodh/init`."
    if "/accounts first" in reply.text:
        return " As with IBKR: `paperdesk get iserver/accounts` once, then again."
    if reply.status == 429:  # noqa: PLR2004
        return " One request too many: see `paperdesk pacing show`."
    if reply.status == 404:  # noqa: PLR2004
        return " `paperdesk routes` lists every operation."
    return ""
