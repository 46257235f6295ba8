"""`paperdesk routes`: every operation the desk answers, and how we know its shape."""

import click

from paperdesk.cli.printing import json_option, show

EPILOG = """\b
Examples:
  paperdesk routes                     all of them
  paperdesk routes orders              those with `orders` in their path
  paperdesk routes --evidence judged   what is our guess
  paperdesk routes --json              for programs

\b
How we know, strongest first:
  recorded     somebody saw the real service answer so
  specified    IBKR's API description has it
  documented   IBKR's documentation tells of it
  judged       nothing tells; we chose"""

EVIDENCE = ("recorded", "specified", "documented", "judged")


@click.command(epilog=EPILOG)
@click.argument("part", default="")
@click.option("--evidence", type=click.Choice(EVIDENCE), help="Only those we know in this way.")
@json_option
def command(part: str, evidence: str | None, as_json: bool) -> None:
    """List every operation the desk answers; with PART those that have it in their path.

    "Needs" says what a client must have done first: nothing, a session (signed in), or a
    brokerage session (signed in, and `iserver/auth/ssodh/init` called).
    """
    rows = [
        row
        for row in _rows()
        if part.lower() in row["path"].lower() and evidence in {None, row["evidence"]}
    ]
    show(rows, as_json=as_json, empty=f"No operation has {part!r} in its path.")


def _rows() -> list[dict[str, str]]:
    from paperdesk.api import catalogue

    return [
        {
            "method": operation.method,
            "path": operation.path,
            "needs": operation.tier.value,
            "evidence": operation.evidence.value,
            "what it does": operation.summary,
        }
        for operation in catalogue.operations()
    ]
