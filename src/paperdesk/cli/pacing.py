"""`paperdesk pacing`: how strictly a running desk counts, and who is in the penalty box."""

from collections.abc import Mapping
from typing import Any

import click

from paperdesk.cli.controls import Controls, control_url_option
from paperdesk.cli.printing import instant_text, json_option, json_text, show, show_one

EPILOG = """\b
Examples:
  paperdesk pacing show                     mode, who is in the box, who asked how much
  paperdesk pacing limits                   every limit there is
  paperdesk pacing release                  let everybody out of the box
  paperdesk pacing release 127.0.0.1        let one address out
  paperdesk pacing set --mode lenient       429 without the box
  paperdesk pacing set --penalty 5          five seconds instead of ten minutes
  paperdesk pacing box 127.0.0.1 --seconds 30    see what your client makes of it
  paperdesk pacing reset                    forget every count and penalty

These talk to the control API of a running desk, which is never counted."""


@click.group(epilog=EPILOG)
def command() -> None:
    """Show and change how strictly a running desk counts requests.

    As with IBKR a user name may make 10 requests a second through the gateway and 50 at the hosted
    service, and some operations have a pace of their own. Who asks faster is answered 429, and his
    address nothing else for ten minutes; the third time within a day, until he is let out.
    """


@command.command("show")
@control_url_option
@json_option
def show_pacing(control_url: str, as_json: bool) -> None:
    """Say how requests are counted, who is in the penalty box and who asked how much."""
    told = _ask(control_url, "GET")
    if as_json:
        click.echo(json_text(told))
        return
    click.echo(_mode_text(told) + "\n")
    show(
        [_box_row(row) for row in told["box"]],
        as_json=False,
        title="Penalty box",
        empty="Nobody is in the penalty box.",
    )
    show(
        [_caller_row(row) for row in told["callers"]],
        as_json=False,
        title="Requests",
        empty="Nobody has asked anything yet.",
    )


@command.command("limits")
@control_url_option
@json_option
def show_limits(control_url: str, as_json: bool) -> None:
    """List every limit, of all requests and of single operations."""
    show(_ask(control_url, "GET")["limits"], as_json=as_json)


@command.command("set")
@click.option("--mode", type=click.Choice(["strict", "lenient", "off"]), help="How strictly.")
@click.option("--penalty", type=float, metavar="SECONDS", help="How long the box keeps an address.")
@click.option(
    "--strikes",
    type=click.IntRange(0, 1_000),
    help="The how-manieth time within a day blocks an address; 0 never does.",
)
@click.option(
    "--under-way",
    type=click.IntRange(0, 100),
    help="How many requests too many are held back instead of refused; 0 counts to the letter.",
)
@control_url_option
@json_option
def set_pacing(
    mode: str | None,
    penalty: float | None,
    strikes: int | None,
    under_way: int | None,
    control_url: str,
    as_json: bool,
) -> None:
    """Count otherwise from now on; what is left out stays, and so do penalties that run."""
    given = {"mode": mode, "penalty_seconds": penalty, "strikes": strikes, "under_way": under_way}
    change = {name: value for name, value in given.items() if value is not None}
    if not change:
        raise click.UsageError("Say what to change: --mode, --penalty, --strikes or --under-way.")
    told = _ask(control_url, "POST", body=change)
    if as_json:
        show_one({name: told[name] for name in given}, as_json=True)
        return
    click.echo(_mode_text(told))


@command.command("release")
@click.argument("address", default="")
@control_url_option
@json_option
def release(address: str, control_url: str, as_json: bool) -> None:
    """Let ADDRESS out of the penalty box, or everybody where none is named."""
    told = _ask(control_url, "POST", "/release", {"address": address})
    if as_json:
        show_one(told, as_json=True)
    elif told["released"]:
        click.echo(f"Let out: {address or 'everybody'}.")
    else:
        click.echo(f"{address} was not in the box." if address else "Nobody was in the box.")


@command.command("box")
@click.argument("address")
@click.option("--seconds", type=float, help="For how long; until it is let out when left out.")
@click.option(
    "--face",
    type=click.Choice(["gateway", "hosted"]),
    default="gateway",
    show_default=True,
    help="Of which face.",
)
@control_url_option
@json_option
def box(address: str, seconds: float | None, face: str, control_url: str, as_json: bool) -> None:
    """Put ADDRESS into the penalty box, to see what a client makes of it."""
    told = _ask(control_url, "POST", "/box", {"address": address, "seconds": seconds, "face": face})
    show([_box_row(row) for row in told["box"]], as_json=as_json)


@command.command("reset")
@control_url_option
def reset(control_url: str) -> None:
    """Forget every count, penalty and strike."""
    _ask(control_url, "POST", "/reset")
    click.echo("Every count, penalty and strike is forgotten.")


def _ask(url: str, method: str, rest: str = "", body: object = None) -> Any:  # noqa: ANN401 - JSON
    controls = Controls(url)
    return controls.ask(method, f"/desks/{controls.desk()}/pacing{rest}", body)


def _mode_text(told: Mapping[str, Any]) -> str:
    """Return in a sentence what follows a request too many."""
    if told["mode"] == "off":
        return "Pacing is off: nothing is counted."
    if told["mode"] == "lenient":
        return "Pacing is lenient: one request too many is refused, the next one is welcome."
    strikes = told["strikes"]
    blocked = f"; {strikes} times within a day block it" if strikes else ""
    return (
        "Pacing is strict: one request too many costs the address "
        f"{told['penalty_seconds']:g} s{blocked}."
    )


def _box_row(row: Mapping[str, Any]) -> dict[str, object]:
    remaining = row["remaining_seconds"]
    return {
        "face": row["face"],
        "address": row["address"],
        "exceeded": row["exceeded"] or "put in by hand",
        "for": "until it is let out" if remaining is None else f"{remaining:.0f} s more",
        "refused": row["refused"],
    }


def _caller_row(row: Mapping[str, Any]) -> dict[str, object]:
    refused = [f"{limit}: {count}" for limit, count in row["refused"].items()]
    return {
        "face": row["face"],
        "user": row["user_name"],
        "address": row["address"],
        "requests": row["requests"],
        "too many": refused,
        "last": instant_text(row["last_at"]),
    }
