"""The list of commands: a name, a line of help, and where the command is."""

from importlib import import_module
from typing import Any, Final

import click

from paperdesk import __version__
from paperdesk.base.errors import Refusal

COMMANDS: Final = {
    "serve": ("serving", "Start a desk and listen for clients."),
    "watch": ("watching", "Show live quotes and orders of a running desk."),
    "get": ("getting", "Ask a running desk one question and print the answer."),
    "users": ("users", "List who can sign in, add somebody, change a password."),
    "accounts": ("accounts", "List and open accounts, and put money into them."),
    "consumers": ("consumers", "Register programs that sign in by OAuth, ready for ibind."),
    "clients": ("clients", "List and change clients of OAuth 2.0, and rotate their keys."),
    "cases": ("cases", "Play every role in the applications of vendors and firms."),
    "logins": ("logins", "List and answer the notifications of people who sign in."),
    "desk": ("desks", "List, look into, fork and delete desks."),
    "sessions": ("sessions", "List, end and provoke sessions, and say why others have ended."),
    "pacing": ("pacing", "Show and change how strictly requests are counted."),
    "journal": ("journals", "Verify, show and export what happened on a desk."),
    "data": ("data", "Say what is real in the market, and bring prices of your own."),
    "tls": ("certificates", "Show the local certificate authority and how to trust it."),
    "routes": ("routes", "List every operation the desk answers, and how we know its shape."),
}


class Lazy(click.Group):
    """A group that imports a command when it is called or its own help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of the list."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; None for a name that is not on the list."""
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        command = import_module(f"paperdesk.cli.{module}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of the first argument, or say which ones are near."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = ", ".join(name for name in COMMANDS if name.startswith(args[0][:1]))
            ctx.fail(
                f"There is no command {args[0]!r}. "
                + (f"Did you mean: {near}? " if near else "")
                + "`paperdesk --help` lists them all."
            )
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        """Run a command; what the house or the disk refuses becomes one sentence."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise click.ClickException(refusal.message) from refusal
        except OSError as error:
            if error.filename is None:
                raise
            raise click.ClickException(f"{error.filename}: {error.strerror}.") from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


EPILOG: Final = """\b
A first desk, from nothing:
  paperdesk serve --login demo        start it; it prints its address
  paperdesk get iserver/accounts      ask it something (in another terminal)
  paperdesk watch AAPL                see it live

`paperdesk COMMAND --help` explains a command with examples."""


@click.group(
    cls=Lazy,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
)
@click.version_option(__version__, message="paperdesk %(version)s")
def paperdesk() -> None:
    """A brokerage desk on your own machine that speaks IBKR's Trading Web API.

    Paperdesk simulates accounts, markets and orders, and answers as Interactive Brokers' own
    gateway does, so that a program written for one runs against the other unchanged. It is not
    affiliated with Interactive Brokers, and no order ever leaves your machine.
    """
