"""`paperdesk consumers`: programs that sign requests by OAuth 1.0a, and how they begin."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from paperdesk.cli import key_folders
from paperdesk.cli.at_hand import AtHand, at_hand, at_hand_options
from paperdesk.cli.clients import add_client
from paperdesk.cli.printing import json_option, json_text, show, show_one

EPILOG = """\b
Examples:
  paperdesk consumers add --oauth1                    keys, consumer, token: ready for ibind
  paperdesk consumers add --oauth1 --user ann --key ANNSROBOT
  paperdesk consumers add --oauth1 --activation after-reset      as with IBKR
  paperdesk consumers add --oauth1 --third-party --callback https://vendor.example/cb
  paperdesk consumers add --oauth2                    a client of OAuth 2.0: ready for ibauth
  paperdesk consumers list
  paperdesk consumers regenerate-token ANNSROBOT --user ann
  paperdesk consumers revoke ANNSROBOT

They work on a desk that runs, at once, and on one that does not. Clients of OAuth 2.0 are listed
and changed by `paperdesk clients`."""

ACTIVATION_HELP = (
    "From when on it is good: immediate; after-reset, at the next midnight of its region, as with "
    "IBKR; after:2d, two days of desk time."
)
PRIME_HELP = (
    "Make a Diffie-Hellman prime of its own, which takes a minute or some; else the public one of "
    "RFC 3526 (group 14) is used."
)


@click.group(epilog=EPILOG)
def command() -> None:
    """Register programs that sign in by OAuth, with a ready configuration."""


@command.command("add")
@click.option("--oauth1", "scheme", flag_value="oauth1", help="A consumer of OAuth 1.0a.")
@click.option("--oauth2", "scheme", flag_value="oauth2", help="A client of OAuth 2.0.")
@click.option("--user", default="demo", show_default=True, help="Whose accounts it trades.")
@click.option("--key", default="", help="The consumer key, or the client id; drawn when left out.")
@click.option("--title", default="", help="What people call it.")
@click.option("--third-party", is_flag=True, help="Users of others let it in at /authorize.")
@click.option("--callback", "callbacks", multiple=True, help="Where those users come back to.")
@click.option("--bits", type=click.Choice(["2048", "3072", "4096"]), help="Of the RSA keys.")
@click.option("--fresh-dh", is_flag=True, help=PRIME_HELP)
@click.option("--activation", default="immediate", show_default=True, help=ACTIVATION_HELP)
@click.option("--network", "networks", multiple=True, help="OAuth 2.0: a CIDR it comes from.")
@click.option("--scope", "scopes", multiple=True, help="OAuth 2.0: a scope; all when left out.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="For its keys.")
@at_hand_options
@json_option
def add(
    scheme: str | None,
    desk: str,
    data_dir: Path,
    control_url: str,
    **given: Any,  # noqa: ANN401 - click's own values
) -> None:
    """Make keys, register the program, and print what ibind or ibauth has to be told.

    Private keys stay in a folder that only you read; the desk gets the public ones.
    """
    if scheme is None:
        raise click.UsageError("Say --oauth1 or --oauth2.")
    with at_hand(data_dir, desk, control_url) as found:
        if scheme == "oauth2":
            add_client(found, data_dir, given)
        else:
            _add_consumer(found, data_dir, given)


@command.command("list")
@at_hand_options
@json_option
def list_consumers(desk: str, data_dir: Path, control_url: str, as_json: bool) -> None:
    """List the consumers of a desk."""
    with at_hand(data_dir, desk, control_url) as found:
        rows = found.ask("GET", "/consumers")
    shown = rows if as_json else [_row(row) for row in rows]
    show(shown, as_json=as_json, empty="No consumer yet. `paperdesk consumers add --oauth1`")


@command.command("show")
@click.argument("key")
@at_hand_options
@json_option
def show_consumer(key: str, desk: str, data_dir: Path, control_url: str, as_json: bool) -> None:
    """Say how the consumer KEY is registered, with its public keys."""
    with at_hand(data_dir, desk, control_url) as found:
        show_one(found.ask("GET", f"/consumers/{key}"), as_json=as_json)


@command.command("enable")
@click.argument("key")
@click.option("--activation", default="immediate", show_default=True, help=ACTIVATION_HELP)
@at_hand_options
def enable(key: str, activation: str, desk: str, data_dir: Path, control_url: str) -> None:
    """Let the consumer KEY sign in again."""
    with at_hand(data_dir, desk, control_url) as found:
        told = found.ask("POST", f"/consumers/{key}/enable", {"activation": activation})
    click.echo(f"{key} is {told['stage']}.")


@command.command("disable")
@click.argument("key")
@at_hand_options
def disable(key: str, desk: str, data_dir: Path, control_url: str) -> None:
    """Let the consumer KEY sign in no more; its sessions end at once."""
    with at_hand(data_dir, desk, control_url) as found:
        found.ask("POST", f"/consumers/{key}/disable")
    click.echo(f"{key} is disabled; `paperdesk consumers enable {key}` lets it in again.")


@command.command("revoke")
@click.argument("key")
@click.option("--token", default="", help="That access token alone.")
@at_hand_options
def revoke(key: str, token: str, desk: str, data_dir: Path, control_url: str) -> None:
    """End the consumer KEY, or one access token of it, for good; its sessions end at once."""
    rest = f"/tokens/{token}/revoke" if token else "/revoke"
    with at_hand(data_dir, desk, control_url) as found:
        found.ask("POST", f"/consumers/{key}{rest}")
    click.echo(f"The access token {token} of {key} is revoked." if token else f"{key} is revoked.")


@command.command("delete")
@click.argument("key")
@at_hand_options
def delete(key: str, desk: str, data_dir: Path, control_url: str) -> None:
    """Forget the consumer KEY with its access tokens; its sessions end at once."""
    with at_hand(data_dir, desk, control_url) as found:
        found.ask("DELETE", f"/consumers/{key}")
    click.echo(f"{key} is gone.")


@command.command("regenerate-token")
@click.argument("key")
@click.option("--user", default="demo", show_default=True, help="Whose access token.")
@at_hand_options
@json_option
def regenerate_token(  # one parameter an option
    key: str, user: str, desk: str, data_dir: Path, control_url: str, as_json: bool
) -> None:
    """Give a user's access token of the consumer KEY a new secret, and print it this once.

    The token stays the same. Live session tokens that were made with the old secret go on until
    they expire; no new one is made with it.
    """
    with at_hand(data_dir, desk, control_url) as found:
        told = found.ask("POST", f"/consumers/{key}/tokens", {"user": user})
    if as_json:
        show_one(told, as_json=True)
        return
    click.echo(f"export IBIND_OAUTH1A_ACCESS_TOKEN={told['access_token']}")
    click.echo(f"export IBIND_OAUTH1A_ACCESS_TOKEN_SECRET={told['access_token_secret']}")


@command.command("replace-keys")
@click.argument("key")
@click.argument("signature", type=click.File("r", encoding="utf-8", errors="replace"))
@click.argument("encryption", type=click.File("r", encoding="utf-8", errors="replace"))
@click.argument("parameters", type=click.File("r", encoding="utf-8", errors="replace"))
@click.option("--activation", default="after-reset", show_default=True, help=ACTIVATION_HELP)
@at_hand_options
def replace_keys(  # one parameter an option
    key: str,
    signature: Any,  # noqa: ANN401 - a file
    encryption: Any,  # noqa: ANN401
    parameters: Any,  # noqa: ANN401
    activation: str,
    desk: str,
    data_dir: Path,
    control_url: str,
) -> None:
    """Give the consumer KEY other public keys: three PEM files. The old ones serve until then."""
    body = {
        "signature_key": signature.read(),
        "encryption_key": encryption.read(),
        "dh_parameters": parameters.read(),
        "activation": activation,
    }
    with at_hand(data_dir, desk, control_url) as found:
        found.ask("POST", f"/consumers/{key}/keys", body)
    click.echo(f"{key} has other keys, {_when(activation)}.")


def _add_consumer(found: AtHand, data_dir: Path, given: Mapping[str, Any]) -> None:
    import secrets

    from paperdesk.control import key_pairs

    third = given["third_party"]
    key = given["key"] or _drawn(third=third)
    folder = key_folders.place(data_dir, found.name, key, given["folder"])
    key_folders.begin(folder)
    try:
        draw = secrets.randbits if given["fresh_dh"] else None
        pairs = key_pairs.consumer_pairs(int(given["bits"] or 2_048), draw)
        key_folders.fill(
            folder,
            {
                "private_signature.pem": pairs.signature_private,
                "public_signature.pem": pairs.signature_public,
                "private_encryption.pem": pairs.encryption_private,
                "public_encryption.pem": pairs.encryption_public,
                "dhparam.pem": pairs.parameters,
            },
        )
        told = found.ask(
            "POST",
            "/consumers",
            {
                "consumer_key": key,
                "kind": "third-party" if third else "first-party",
                "signature_key": pairs.signature_public,
                "encryption_key": pairs.encryption_public,
                "dh_parameters": pairs.parameters,
                "title": given["title"],
                "callbacks": given["callbacks"],
                "activation": given["activation"],
                "user": "" if third else given["user"],
            },
        )
    except BaseException:
        key_folders.abandon(folder)
        raise
    _say(found, told, folder, given)


def _say(found: AtHand, told: Mapping[str, Any], folder: Path, given: Mapping[str, Any]) -> None:
    texts = {} if given["third_party"] else _texts(found, told, folder)
    key_folders.fill(folder, texts)
    if given["as_json"]:
        click.echo(json_text({**told, "folder": str(folder)}))
        return
    click.echo(f"Consumer {told['consumer_key']} is registered, {_when(given['activation'])}.")
    click.echo(f"Its keys are in {folder}, which only you can read.\n")
    if not texts:
        click.echo("It asks for a request token at /oauth/request_token; users let it in at")
        click.echo("/authorize, and it gets its access tokens at /oauth/access_token.")
        return
    click.echo(texts["ibind.env"])
    click.echo(texts["ibind_example.py"])
    click.echo(f"# The same is in {folder}: . ./ibind.env && python ibind_example.py")


def _texts(found: AtHand, told: Mapping[str, Any], folder: Path) -> dict[str, str]:
    from paperdesk.control import environments
    from paperdesk.control.environments import ConsumerSetting

    where = found.ask("GET", "/hosted")
    setting = ConsumerSetting(
        url=where["hosted_url"],
        consumer_key=told["consumer_key"],
        access_token=told["access_token"],
        access_token_secret=told["access_token_secret"],
        dh_prime=told["dh_prime"],
        realm=told["realm"],
        signature_file=folder / "private_signature.pem",
        encryption_file=folder / "private_encryption.pem",
        authority=where["authority"],
    )
    return {
        "ibind.env": environments.ibind_variables(setting),
        "ibind_example.py": environments.ibind_program(setting),
    }


def _drawn(*, third: bool) -> str:
    import secrets

    if third:
        return secrets.token_hex(13)[:25]
    return "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(9))


def _when(activation: str) -> str:
    words = {"immediate": "good at once", "after_reset": "good after the next midnight reset"}
    plain = activation.strip().lower().replace("-", "_")
    return words.get(plain, f"good {plain.replace(':', ' ')}")


def _row(row: Mapping[str, Any]) -> dict[str, object]:
    return {
        "key": row["consumer_key"],
        "kind": row["kind"],
        "title": row["title"],
        "stage": row["stage"],
        "from": row["active_from_text"],
        "users": [token["user"] for token in row["tokens"]],
    }
