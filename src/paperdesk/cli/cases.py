"""`paperdesk cases`: applications of vendors and firms, in which you play every role."""

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from paperdesk.cli import case_keys
from paperdesk.cli.at_hand import at_hand, at_hand_options
from paperdesk.cli.case_words import actor_option, say
from paperdesk.cli.printing import instant_text, json_option, show, show_one

EPILOG = """\b
Examples:
  paperdesk cases open "Vendor Ltd" --clerk            reviews pass by themselves, in desk time
  paperdesk cases move case-1 submit --as ann --role applicant
  paperdesk cases list --role compliance1              what waits for somebody
  paperdesk cases move case-1 ask --as carl --role compliance1 --comment "Which users?"
  paperdesk cases paper case-1 registration "CRD 1234" --region us --as ann
  paperdesk cases force case-1 tier-2 refuse           how a review will end
  paperdesk cases keys case-1 sig.pem enc.pem dh.pem --callback https://vendor.example/cb --as ann
  paperdesk cases skip case-1                          as far as it comes, at once
  paperdesk cases show case-1

With `paperdesk serve --clock x100000` weeks pass in seconds."""

REVIEWERS = ["onboarding", "compliance1", "compliance2", "compliance3"]
ROLES = ["applicant", *REVIEWERS, "legal", "engineering", "admin"]
PROOFS = ["entity", "product", "workflow", "registration", "opinion", "screenshot", "other"]
FEATURES = ["portfolio", "market_data", "trading", "automated_trading"]
REGIONS = ["us", "europe", "asia"]


@click.group(epilog=EPILOG)
def command() -> None:
    """Open, review and decide applications of vendors and firms."""


@command.command("open")
@click.argument("firm")
@click.option("--client", is_flag=True, help="A firm's client of OAuth 2.0; else a vendor.")
@click.option("--as", "actor", default="applicant", show_default=True, help="Who applies.")
@click.option("--url", default="", help="Of the product's page.")
@click.option("--feature", "features", multiple=True, type=click.Choice(FEATURES))
@click.option("--region", "regions", multiple=True, type=click.Choice(REGIONS))
@click.option("--clerk", is_flag=True, help="Reviews pass by themselves after their usual time.")
@click.option("--alone", is_flag=True, help="One person may approve all tiers.")
@at_hand_options
@json_option
def open_case(  # one parameter an option
    firm: str,
    client: bool,
    actor: str,
    url: str,
    features: tuple[str, ...],
    regions: tuple[str, ...],
    clerk: bool,
    alone: bool,
    desk: str,
    data_dir: Path,
    control_url: str,
    as_json: bool,
) -> None:
    """Open the case of FIRM."""
    body = {
        "track": "client" if client else "third-party",
        "applicant": actor,
        "details": {
            "firm": firm,
            "product_url": url,
            "features": features or ("portfolio",),
            "regions": regions or ("us",),
        },
        "has_clerk": clerk,
        "is_alone": alone,
    }
    with at_hand(data_dir, desk, control_url) as found:
        say(found.ask("POST", "/cases", body), as_json=as_json)


@command.command("list")
@click.option("--state", default="", help="Those in a state, such as screening.")
@click.option("--role", type=click.Choice(ROLES), help="Those that wait for a role.")
@at_hand_options
@json_option
def list_cases(  # one parameter an option
    state: str, role: str | None, desk: str, data_dir: Path, control_url: str, as_json: bool
) -> None:
    """List the cases of a desk."""
    with at_hand(data_dir, desk, control_url) as found:
        query = "&".join(
            f"{key}={text}" for key, text in (("state", state), ("role", role)) if text
        )
        rows = found.ask("GET", f"/cases?{query}" if query else "/cases")
    shown = rows if as_json else [_row(row) for row in rows]
    show(shown, as_json=as_json, empty="No case. `paperdesk cases open FIRM` opens one.")


@command.command("show")
@click.argument("case")
@at_hand_options
@json_option
def show_case(case: str, desk: str, data_dir: Path, control_url: str, as_json: bool) -> None:
    """Say where CASE is, what can be done, and what has happened to it."""
    with at_hand(data_dir, desk, control_url) as found:
        told = found.ask("GET", f"/cases/{case}")
    if as_json:
        show_one(told, as_json=True)
        return
    show_one(_row(told), as_json=False)
    show([_way(way) for way in told["possible"]], as_json=False, title="Possible")
    if told["exercises"]:
        show([_shown(one) for one in told["exercises"]], as_json=False, title="To be shown")
    show([_line(entry) for entry in told["history"]], as_json=False, title="History")


@command.command("move")
@click.argument("case")
@click.argument("action")
@actor_option
@click.option("--role", type=click.Choice(ROLES), required=True, help="As what you act.")
@click.option("--comment", default="", help="Kept in the history.")
@at_hand_options
@json_option
def move(  # one parameter an option
    case: str,
    action: str,
    actor: str,
    role: str,
    comment: str,
    desk: str,
    data_dir: Path,
    control_url: str,
    as_json: bool,
) -> None:
    """Move CASE on by ACTION: submit, start, pass, ask, answer, refuse, withdraw and others.

    `paperdesk cases show` says what is possible.
    """
    with at_hand(data_dir, desk, control_url) as found:
        version = found.ask("GET", f"/cases/{case}")["version"]
        body = {
            "action": action,
            "actor": actor,
            "role": role,
            "comment": comment,
            "version": version,
        }
        say(found.ask("POST", f"/cases/{case}/transitions", body), as_json=as_json)


@command.command("paper")
@click.argument("case")
@click.argument("proof", type=click.Choice(PROOFS))
@click.argument("name")
@click.option("--file", "file", type=click.File("rb"), help="Its content, for the digest alone.")
@click.option("--region", type=click.Choice(REGIONS), help="Which authorities it is about.")
@actor_option
@at_hand_options
@json_option
def paper(  # one parameter an option
    case: str,
    proof: str,
    name: str,
    file: Any,  # noqa: ANN401 - a file
    region: str | None,
    actor: str,
    desk: str,
    data_dir: Path,
    control_url: str,
    as_json: bool,
) -> None:
    """Attach a paper to CASE: NAME is its name, or the number of a registration."""
    content = b"" if file is None else file.read()
    body = {
        "actor": actor,
        "proof": proof,
        "name": name,
        "content": b64encode(content).decode(),
        "region": region,
    }
    with at_hand(data_dir, desk, control_url) as found:
        say(found.ask("POST", f"/cases/{case}/documents", body), as_json=as_json)


@command.command("region")
@click.argument("case")
@click.argument("region", type=click.Choice(REGIONS))
@click.option("--refuse", is_flag=True, help="Refuse it; else it is approved.")
@actor_option
@click.option("--role", type=click.Choice(ROLES), default="compliance3", show_default=True)
@at_hand_options
@json_option
def region(  # one parameter an option
    case: str,
    region: str,
    refuse: bool,
    actor: str,
    role: str,
    desk: str,
    data_dir: Path,
    control_url: str,
    as_json: bool,
) -> None:
    """Decide about a REGION of CASE."""
    body = {"actor": actor, "role": role, "is_approved": not refuse}
    with at_hand(data_dir, desk, control_url) as found:
        say(found.ask("POST", f"/cases/{case}/regions/{region}", body), as_json=as_json)


@command.command("change")
@click.argument("case")
@click.option("--feature", "features", multiple=True, required=True, type=click.Choice(FEATURES))
@click.option("--region", "regions", multiple=True, required=True, type=click.Choice(REGIONS))
@actor_option
@at_hand_options
@json_option
def change(  # one parameter an option
    case: str,
    features: tuple[str, ...],
    regions: tuple[str, ...],
    actor: str,
    desk: str,
    data_dir: Path,
    control_url: str,
    as_json: bool,
) -> None:
    """Ask for other features and regions of CASE, whose program is active."""
    body = {"actor": actor, "features": features, "regions": regions}
    with at_hand(data_dir, desk, control_url) as found:
        say(found.ask("POST", f"/cases/{case}/change", body), as_json=as_json)


@command.command("force")
@click.argument("case")
@click.argument("state")
@click.argument("outcome", type=click.Choice(["pass", "refuse", "ask"]))
@click.option("--comment", default="", help="Kept in the history when it happens.")
@at_hand_options
@json_option
def force(  # one parameter an option
    case: str,
    state: str,
    outcome: str,
    comment: str,
    desk: str,
    data_dir: Path,
    control_url: str,
    as_json: bool,
) -> None:
    """Say how the review of CASE in STATE will end, when its time has come."""
    body = {"stage": state, "outcome": outcome, "comment": comment}
    with at_hand(data_dir, desk, control_url) as found:
        say(found.ask("POST", f"/cases/{case}/outcomes", body), as_json=as_json)


@command.command("clerk")
@click.argument("case")
@click.option("--off", is_flag=True, help="Reviews wait for people again.")
@at_hand_options
@json_option
def clerk(  # one parameter an option
    case: str, off: bool, desk: str, data_dir: Path, control_url: str, as_json: bool
) -> None:
    """Let the reviews of CASE pass by themselves after their usual time."""
    with at_hand(data_dir, desk, control_url) as found:
        say(found.ask("POST", f"/cases/{case}/clerk", {"is_on": not off}), as_json=as_json)


@command.command("skip")
@click.argument("case")
@at_hand_options
@json_option
def skip(case: str, desk: str, data_dir: Path, control_url: str, as_json: bool) -> None:
    """Take CASE as far as it comes without its applicant, at once."""
    with at_hand(data_dir, desk, control_url) as found:
        say(found.ask("POST", f"/cases/{case}/skip"), as_json=as_json)


@command.command("copy")
@click.argument("case")
@at_hand_options
@json_option
def copy(case: str, desk: str, data_dir: Path, control_url: str, as_json: bool) -> None:
    """Open a case anew with what CASE said, which was rejected."""
    with at_hand(data_dir, desk, control_url) as found:
        say(found.ask("POST", f"/cases/{case}/copy", {}), as_json=as_json)


command.add_command(case_keys.keys)
command.add_command(case_keys.client_key)
command.add_command(case_keys.check_keys)


def _row(row: Mapping[str, Any]) -> dict[str, object]:
    return {
        "case": row["case_id"],
        "firm": row["firm"],
        "track": row["track"],
        "state": row["state"] + (" (late)" if row["is_late"] else ""),
        "since": row["since_text"],
        "waits for": row["waiting_for"],
        "clerk": row["clerk_at_text"] or "",
        "program": row["public_name"] or "",
    }


def _way(way: Mapping[str, Any]) -> dict[str, object]:
    return {"action": way["action"], "as": way["roles"]}


def _shown(exercise: Mapping[str, Any]) -> dict[str, object]:
    at = exercise["shown_at"]
    return {"exercise": exercise["title"], "shown": instant_text(at) if at else "not yet"}


def _line(entry: Mapping[str, Any]) -> dict[str, object]:
    return {
        "at": entry["at_text"],
        "who": f"{entry['actor']} ({entry['role']})",
        "what": entry["what"],
        "then": entry["state"],
        "comment": entry["comment"],
    }
