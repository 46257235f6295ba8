"""`paperdesk clients`: firms' programs that sign in by OAuth 2.0, and how their keys change."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from paperdesk.cli import key_folders
from paperdesk.cli.at_hand import AtHand, at_hand, at_hand_options
from paperdesk.cli.printing import json_option, json_text, show, show_one

EPILOG = """\b
Examples:
  paperdesk consumers add --oauth2                begin: keys, client, ready for ibauth
  paperdesk clients list
  paperdesk clients rotate Firm-1 new_public.pem --overlap 1d
  paperdesk clients retire-key Firm-1 main --after 2h
  paperdesk clients revoke Firm-1

They work on a desk that runs, at once, and on one that does not."""


@click.group(epilog=EPILOG)
def command() -> None:
    """List and change clients of OAuth 2.0, and let their keys follow each other."""


@command.command("list")
@at_hand_options
@json_option
def list_clients(desk: str, data_dir: Path, control_url: str, as_json: bool) -> None:
    """List the clients of a desk."""
    with at_hand(data_dir, desk, control_url) as found:
        rows = found.ask("GET", "/clients")
    shown = rows if as_json else [_row(row) for row in rows]
    show(shown, as_json=as_json, empty="No client yet. `paperdesk consumers add --oauth2`")


@command.command("show")
@click.argument("client")
@at_hand_options
@json_option
def show_client(client: str, desk: str, data_dir: Path, control_url: str, as_json: bool) -> None:
    """Say how CLIENT is registered, with its public keys."""
    with at_hand(data_dir, desk, control_url) as found:
        show_one(found.ask("GET", f"/clients/{client}"), as_json=as_json)


@command.command("add-key")
@click.argument("client")
@click.argument("public", type=click.File("r", encoding="utf-8", errors="replace"))
@click.option("--kid", default="", help="The key's id; made when left out.")
@click.option("--algorithm", default="", help="RS256, PS256 or ES256.")
@click.option("--starts-in", default="0s", show_default=True, help="Good after a while.")
@at_hand_options
def add_key(  # one parameter an option
    client: str,
    public: Any,  # noqa: ANN401 - a file
    kid: str,
    algorithm: str,
    starts_in: str,
    desk: str,
    data_dir: Path,
    control_url: str,
) -> None:
    """Give CLIENT a further key: PUBLIC is a file of PEM text, a JWK or a set."""
    body = {"key": public.read(), "kid": kid, "algorithm": algorithm, "starts_in": starts_in}
    with at_hand(data_dir, desk, control_url) as found:
        _say_keys(found.ask("POST", f"/clients/{client}/keys", body))


@command.command("rotate")
@click.argument("client")
@click.argument("public", type=click.File("r", encoding="utf-8", errors="replace"))
@click.option("--kid", default="", help="The new key's id; made when left out.")
@click.option("--algorithm", default="", help="RS256, PS256 or ES256.")
@click.option("--overlap", default="1d", show_default=True, help="How long old keys stay good.")
@at_hand_options
def rotate(  # one parameter an option
    client: str,
    public: Any,  # noqa: ANN401 - a file
    kid: str,
    algorithm: str,
    overlap: str,
    desk: str,
    data_dir: Path,
    control_url: str,
) -> None:
    """Give CLIENT a key in place of those that it has, which stay good for a while."""
    body = {"key": public.read(), "kid": kid, "algorithm": algorithm, "overlap": overlap}
    with at_hand(data_dir, desk, control_url) as found:
        _say_keys(found.ask("POST", f"/clients/{client}/rotate", body))


@command.command("retire-key")
@click.argument("client")
@click.argument("kid")
@click.option("--after", default="0s", show_default=True, help="How long it is still good.")
@at_hand_options
def retire_key(  # one parameter an option
    client: str, kid: str, after: str, desk: str, data_dir: Path, control_url: str
) -> None:
    """Let the key KID of CLIENT be good no longer; tokens that it was used for outlive it."""
    with at_hand(data_dir, desk, control_url) as found:
        _say_keys(found.ask("POST", f"/clients/{client}/keys/{kid}/retire", {"after": after}))


@command.command("enable")
@click.argument("client")
@at_hand_options
def enable(client: str, desk: str, data_dir: Path, control_url: str) -> None:
    """Let CLIENT sign in again."""
    with at_hand(data_dir, desk, control_url) as found:
        found.ask("POST", f"/clients/{client}/enable")
    click.echo(f"{client} is active.")


@command.command("disable")
@click.argument("client")
@at_hand_options
def disable(client: str, desk: str, data_dir: Path, control_url: str) -> None:
    """Let CLIENT sign in no more; its sessions end at once."""
    with at_hand(data_dir, desk, control_url) as found:
        found.ask("POST", f"/clients/{client}/disable")
    click.echo(f"{client} is disabled; `paperdesk clients enable {client}` lets it in again.")


@command.command("revoke")
@click.argument("client")
@click.option("--kid", default="", help="That key alone.")
@at_hand_options
def revoke(client: str, kid: str, desk: str, data_dir: Path, control_url: str) -> None:
    """End CLIENT, or one key of it, for good; the sessions of a client end at once."""
    rest = f"/keys/{kid}/revoke" if kid else "/revoke"
    with at_hand(data_dir, desk, control_url) as found:
        found.ask("POST", f"/clients/{client}{rest}")
    click.echo(f"The key {kid} of {client} is revoked." if kid else f"{client} is revoked.")


@command.command("delete")
@click.argument("client")
@at_hand_options
def delete(client: str, desk: str, data_dir: Path, control_url: str) -> None:
    """Forget CLIENT; its sessions end at once."""
    with at_hand(data_dir, desk, control_url) as found:
        found.ask("DELETE", f"/clients/{client}")
    click.echo(f"{client} is gone.")


def add_client(found: AtHand, data_dir: Path, given: Mapping[str, Any]) -> None:
    """Make a key, register a client, and print what ibauth has to be told."""
    from paperdesk.control import key_pairs

    client_id = given["key"] or f"client-{secrets.token_hex(8)}"
    folder = key_folders.place(data_dir, found.name, client_id, given["folder"])
    key_folders.begin(folder)
    try:
        pair = key_pairs.client_pair(int(given["bits"] or 3_072))
        key_folders.fill(folder, {"private_key.pem": pair.private, "public_key.pem": pair.public})
        body = {
            "client_id": client_id,
            "key": pair.public,
            "title": given["title"],
            "networks": given["networks"],
        }
        if given["scopes"]:
            body["scopes"] = given["scopes"]
        told = found.ask("POST", "/clients", body)
        texts = _texts(found, told, folder, given["user"])
        key_folders.fill(folder, texts)
    except BaseException:
        key_folders.abandon(folder)
        raise
    if given["as_json"]:
        click.echo(json_text({**told, "folder": str(folder)}))
        return
    click.echo(f"Client {client_id} is registered, good at once.")
    click.echo(f"Its key is in {folder}, which only you can read.\n")
    for text in texts.values():
        click.echo(text)
    click.echo(f"# The same is in {folder}: . ./ibauth.env && python ibauth_example.py")


def _texts(found: AtHand, told: Mapping[str, Any], folder: Path, user: str) -> dict[str, str]:
    from paperdesk.control import environments
    from paperdesk.control.environments import ClientSetting

    where = found.ask("GET", "/hosted")
    setting = ClientSetting(
        url=where["hosted_url"],
        client_id=told["client_id"],
        kid=told["keys"][0]["kid"],
        user_name=user,
        key_file=folder / "private_key.pem",
        authority=where["authority"],
    )
    return {
        "ibauth.yaml": environments.ibauth_settings(setting),
        "ibauth.env": environments.ibauth_variables(setting),
        "ibauth_example.py": environments.ibauth_program(setting),
    }


def _say_keys(told: Mapping[str, Any]) -> None:
    for key in told["keys"]:
        click.echo(f"{key['kid']}: {key['stage']}")
    for warning in told["warnings"]:
        click.echo(warning)


def _row(row: Mapping[str, Any]) -> dict[str, object]:
    return {
        "client": row["client_id"],
        "title": row["title"],
        "standing": row["standing"],
        "keys": [f"{key['kid']} {key['stage']}" for key in row["keys"]],
        "users": row["user_names"] or "all",
    }
