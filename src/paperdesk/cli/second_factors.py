"""`paperdesk users totp` and `users factor`: what a user shows beside a password."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from paperdesk.cli.places import data_dir_option

if TYPE_CHECKING:
    from paperdesk.server.second_factors import FactorFile

CODE_HELP = "A code that is always the same, 4 to 20 letters or digits; '' takes it away."


@click.command("totp")
@click.argument("name")
@data_dir_option
def totp(name: str, data_dir: Path) -> None:
    """Give the user NAME a secret for an authenticator app, and print its address this once.

    The app takes the address as text or, made into one, as a picture. From the next login on its
    codes follow the password; the secret that was there before is worth nothing any more.
    """
    click.echo(_factors(data_dir, name).renew(name))


@click.command("factor")
@click.argument("name")
@click.option("--none", "nothing", is_flag=True, help="Let the password be enough.")
@click.option("--code", metavar="CODE", help=CODE_HELP)
@click.option("--push/--no-push", default=None, help="Send a notification that is approved.")
@click.option("--no-totp", is_flag=True, help="Take the authenticator app away.")
@click.option("--promotion/--no-promotion", default=None, help="Show the page that offers an app.")
@data_dir_option
def factor(
    name: str,
    nothing: bool,
    code: str | None,
    push: bool | None,
    no_totp: bool,
    promotion: bool | None,
    data_dir: Path,
) -> None:
    """Say what the user NAME shows beside a password, from the next login on.

    With several the user chooses. A notification is approved with `paperdesk logins approve`.
    """
    from paperdesk.auth.second_factors import NONE

    factors = _factors(data_dir, name)
    before = NONE if nothing else factors.of(name)
    given = {
        "code": code,
        "has_push": push,
        "is_promoted": promotion,
        "secret": "" if no_totp else None,
    }
    wanted: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    after = msgspec.structs.replace(before, **wanted)
    factors.keep(name, after)
    shown = " or ".join(method.value for method in after.methods) or "nothing"
    click.echo(f"{name} shows {shown} beside the password.")


def _factors(data_dir: Path, name: str) -> "FactorFile":
    from paperdesk.server.credentials import Credentials
    from paperdesk.server.second_factors import FactorFile

    if not Credentials(data_dir).has(name):
        raise click.ClickException(
            f"No desk in {data_dir} has a user {name} yet. `paperdesk users add {name}` adds one."
        )
    return FactorFile(data_dir)
