"""`paperdesk sessions`: who is in at a running desk, and why others are not in any more."""

from collections.abc import Mapping
from typing import Any

import click

from paperdesk.cli.controls import Controls, control_url_option
from paperdesk.cli.printing import instant_text, json_option, json_text, show

EPILOG = """\b
Examples:
  paperdesk sessions list                   who is in, and how long each may be idle
  paperdesk sessions endings                who is not any more, and why
  paperdesk sessions end 3                  end session 3
  paperdesk sessions compete demo           somebody signs in to TWS as demo
  paperdesk sessions compete demo --platform mobile --sticky 5s

These talk to the control API of a running desk."""


@click.group(epilog=EPILOG)
def command() -> None:
    """List, end and provoke sessions of a running desk.

    A user name has one brokerage session, wherever it is signed in. Whoever asks for it with
    `compete` takes it from the others.
    """


@command.command("list")
@control_url_option
@json_option
def list_sessions(control_url: str, as_json: bool) -> None:
    """List the sessions that live, and who fights over a brokerage session."""
    told = _ask(control_url, "GET")
    if as_json:
        click.echo(json_text(told))
        return
    if told["is_closed"]:
        click.echo("The service is maintained; nothing is answered.\n")
    elif told["is_away"]:
        click.echo("The service behind brokerage sessions is away: a reset.\n")
    rows = [_session_row(row, told["wall_now"]) for row in told["sessions"]]
    show(rows, as_json=False, empty="Nobody is signed in.")
    for fight in told["fights"]:
        between = " and ".join(fight["between"])
        click.echo(
            f"{fight['user']}: {between} take the brokerage session from each other, "
            f"{fight['takeovers']} times so far."
        )


@command.command("endings")
@click.option("--limit", type=click.IntRange(1, 1_000), default=20, show_default=True)
@control_url_option
@json_option
def list_endings(limit: int, control_url: str, as_json: bool) -> None:
    """List the last sessions that have ended, and why."""
    told = _ask(control_url, "GET", f"/endings?limit={limit}")
    rows = told if as_json else [_ending_row(row) for row in told]
    show(rows, as_json=as_json, empty="No session has ended yet.")


@command.command("end")
@click.argument("number", type=click.IntRange(1))
@control_url_option
@json_option
def end(number: int, control_url: str, as_json: bool) -> None:
    """End the session NUMBER."""
    told = _ask(control_url, "POST", f"/{number}/end")
    _say(told, f"Session {number} of {told['user']} has ended.", as_json=as_json)


@command.command("compete")
@click.argument("user")
@click.option("--platform", default="TWS", show_default=True, help="Where somebody signs in.")
@click.option("--sticky", default="0s", metavar="DURATION", help="Takes it back so long after.")
@control_url_option
@json_option
def compete(  # one parameter an option
    user: str, platform: str, sticky: str, control_url: str, as_json: bool
) -> None:
    """Let somebody sign in elsewhere as USER, and take the brokerage session."""
    body = {"user": user, "platform": platform, "sticky": sticky}
    told = _ask(control_url, "POST", "/compete", body)
    text = f"Somebody is signed in to {platform} as {user}: session {told['number']}."
    _say(told, text, as_json=as_json)


def _ask(control_url: str, method: str, rest: str = "", body: object = None) -> Any:  # noqa: ANN401
    controls = Controls(control_url)
    return controls.ask(method, f"/desks/{controls.desk()}/sessions{rest}", body)


def _say(told: Mapping[str, Any], text: str, *, as_json: bool) -> None:
    click.echo(json_text(told) if as_json else text)


def _session_row(row: Mapping[str, Any], now: int) -> dict[str, object]:
    idle = row["idle_in_seconds"]
    return {
        "session": row["number"],
        "user": row["user"],
        "face": row["face"],
        "credential": row["credential"],
        "brokerage": row["state"],
        "for": f"{(now - row['state_since']) / 1_000_000:.0f} s",
        "idle in": "" if idle is None else f"{idle:.0f} s",
        "held by": row["held_by"] or "",
    }


def _ending_row(row: Mapping[str, Any]) -> dict[str, object]:
    return {
        "at": instant_text(row["at"]),
        "session": row["number"],
        "user": row["user"],
        "face": row["face"],
        "credential": row["credential"],
        "ended": row["tier"],
        "because": row["text"],
    }
