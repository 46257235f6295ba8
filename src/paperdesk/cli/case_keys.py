"""`paperdesk cases keys`, `client-key`, `test-keys`: public keys, and who has the private ones."""

from pathlib import Path
from typing import Any

import click

from paperdesk.cli.at_hand import at_hand, at_hand_options
from paperdesk.cli.case_words import actor_option, say
from paperdesk.cli.printing import json_option


@click.command("keys")
@click.argument("case")
@click.argument("signature", type=click.File("r", encoding="utf-8", errors="replace"))
@click.argument("encryption", type=click.File("r", encoding="utf-8", errors="replace"))
@click.argument("parameters", type=click.File("r", encoding="utf-8", errors="replace"))
@click.option("--callback", "callbacks", multiple=True, required=True, help="Of its users.")
@actor_option
@at_hand_options
@json_option
def keys(  # one parameter an option
    case: str,
    signature: Any,  # noqa: ANN401 - a file
    encryption: Any,  # noqa: ANN401
    parameters: Any,  # noqa: ANN401
    callbacks: tuple[str, ...],
    actor: str,
    desk: str,
    data_dir: Path,
    control_url: str,
    as_json: bool,
) -> None:
    """Hand in the three public files of a vendor's program for CASE."""
    body = {
        "actor": actor,
        "signature_key": signature.read(),
        "encryption_key": encryption.read(),
        "dh_parameters": parameters.read(),
        "callbacks": callbacks,
    }
    with at_hand(data_dir, desk, control_url) as found:
        say(found.ask("POST", f"/cases/{case}/keys", body), as_json=as_json)


@click.command("client-key")
@click.argument("case")
@click.argument("public", type=click.File("r", encoding="utf-8", errors="replace"))
@click.option("--network", "networks", multiple=True, help="A CIDR that tests come from.")
@click.option("--live", is_flag=True, help="For production, another than for tests.")
@actor_option
@at_hand_options
@json_option
def client_key(  # one parameter an option
    case: str,
    public: Any,  # noqa: ANN401 - a file
    networks: tuple[str, ...],
    live: bool,
    actor: str,
    desk: str,
    data_dir: Path,
    control_url: str,
    as_json: bool,
) -> None:
    """Hand in the public key of a firm's client for CASE."""
    body = {"actor": actor, "key": public.read(), "networks": networks, "is_live": live}
    with at_hand(data_dir, desk, control_url) as found:
        say(found.ask("POST", f"/cases/{case}/client-keys", body), as_json=as_json)


@click.command("test-keys")
@click.argument("case")
@click.argument("signature", type=click.File("rb"))
@click.argument("encryption", type=click.File("rb"))
@actor_option
@at_hand_options
def check_keys(  # one parameter an option
    case: str,
    signature: Any,  # noqa: ANN401 - a file
    encryption: Any,  # noqa: ANN401
    actor: str,
    desk: str,
    data_dir: Path,
    control_url: str,
) -> None:
    """Show that you have the private keys of CASE: SIGNATURE and ENCRYPTION stay here."""
    from paperdesk.cli import key_answers

    with at_hand(data_dir, desk, control_url) as found:
        trial = found.ask("POST", f"/cases/{case}/trial")
        answer = key_answers.answer(trial, signature.read(), encryption.read())
        told = found.ask("POST", f"/cases/{case}/self-test", {"actor": actor, **answer})
    if told["finding"] != "passed":
        raise click.ClickException(f"Not passed: {told['text']}.")
    click.echo(f"{case}: passed.")
