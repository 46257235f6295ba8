"""`paperdesk journal`: what happened on a desk, record by record."""

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

import click

from paperdesk.cli.places import data_dir_option, desk_option
from paperdesk.cli.printing import instant_text, json_line, json_option, show, show_one

EPILOG = """\b
Examples:
  paperdesk journal verify
  paperdesk journal show --last 20
  paperdesk journal show --kind OrderFilled
  paperdesk journal export events.jsonl       one event a line
  paperdesk journal export - | jq .kind

The journal may be read while the desk runs."""


@click.group(epilog=EPILOG)
def command() -> None:
    """Verify, show and export what happened on a desk.

    The journal holds every order, execution, posting and session event since the desk began, each
    with a hash that is chained to the one before. Quotes are not in it: the market gives them
    again.
    """


@command.command("verify")
@desk_option
@data_dir_option
@json_option
def verify(desk: str, data_dir: Path, as_json: bool) -> None:
    """Check every record against the chain of hashes; exit code 1 where one is not whole."""
    from rich.progress import track

    records = _records(data_dir, desk)
    shown = records if as_json or not sys.stderr.isatty() else track(records, "Verifying", None)
    count, last = 0, None
    for record in shown:
        count, last = count + 1, record
    show_one(
        {
            "desk": desk,
            "records": count,
            "is_whole": True,
            "last_at": instant_text(last.at) if last else None,
            "hash": last.hash.hex() if last else None,
        },
        as_json=as_json,
    )


@command.command("show")
@click.option("--last", type=click.IntRange(1), default=40, show_default=True, help="How many.")
@click.option("--after", type=click.IntRange(0), default=0, help="Only records after this number.")
@click.option("--kind", help="Only events of this name, such as OrderFilled.")
@desk_option
@data_dir_option
@json_option
def show_records(
    last: int, after: int, kind: str | None, desk: str, data_dir: Path, as_json: bool
) -> None:
    """Show the latest events of a desk."""
    found = [
        row for row in _rows(data_dir, desk) if row["seq"] > after and kind in {None, row["kind"]}
    ][-last:]
    if as_json:
        show(found, as_json=True)
        return
    rows = [
        {
            "seq": row["seq"],
            "at": instant_text(row["at"]),
            "kind": row["kind"],
            "what": ", ".join(f"{name}={_short(value)}" for name, value in row["event"].items()),
        }
        for row in found
    ]
    show(rows, as_json=False, empty="No such event.")


@command.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=False))
@click.option("--after", type=click.IntRange(0), default=0, help="Only records after this number.")
@desk_option
@data_dir_option
def export(file: IO[str], after: int, desk: str, data_dir: Path) -> None:
    """Write every event as a line of JSON to FILE; - is standard output."""
    count = 0
    for row in islice(_rows(data_dir, desk), after, None):
        file.write(json_line(row) + "\n")
        count += 1
    if file is not sys.stdout:
        click.echo(f"{count} events.", err=True)


def _records(data_dir: Path, desk: str) -> Iterator[Any]:
    from paperdesk.desk.manifests import existing
    from paperdesk.store.files import read

    return read(existing(data_dir, desk).journal)


def _rows(data_dir: Path, desk: str) -> Iterator[dict[str, Any]]:
    """Yield records as they are shown: number, instant, name, and fields of the event."""
    import msgspec

    for record in _records(data_dir, desk):
        fields = msgspec.msgpack.decode(record.body)
        fields.pop("type", None)
        fields.pop("at", None)
        yield {"seq": record.seq, "at": record.at, "kind": record.kind, "event": fields}


def _short(value: object) -> str:
    text = json_line(value) if isinstance(value, dict | list) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004 - a column's width
