"""How answers are shown: a table for people, or the same rows as JSON for programs."""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import click
import msgspec

F = TypeVar("F", bound=Callable[..., Any])

_JSON = msgspec.json.Encoder(decimal_format="number", enc_hook=str)


def json_option(function: F) -> F:
    """Give a command the option `--json`."""
    decorate = click.option(
        "--json", "as_json", is_flag=True, help="Print JSON instead of a table, for programs."
    )
    return decorate(function)


def json_text(value: object) -> str:
    """Return a value as indented JSON; Decimals become numbers, exactly."""
    return msgspec.json.format(_JSON.encode(value), indent=2).decode()


def json_line(value: object) -> str:
    """Return a value as JSON on one line."""
    return _JSON.encode(value).decode()


def show(
    rows: Sequence[Mapping[str, object]], *, as_json: bool, title: str = "", empty: str = ""
) -> None:
    """Print rows that all have the same keys.

    Args:
        rows: what is shown; the first row's keys are the columns, in order.
        as_json: print one JSON list instead.
        title: stands above the table.
        empty: what to say, and what to do next, when there is no row.
    """
    if as_json:
        click.echo(json_text(rows))
    elif not rows:
        click.echo(empty or "Nothing to show.")
    else:
        _print_table(rows, title)


def show_one(record: Mapping[str, object], *, as_json: bool, title: str = "") -> None:
    """Print one record: names left, values right."""
    if as_json:
        click.echo(json_text(record))
        return
    from rich.table import Table

    table = Table(title=title or None, show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in record.items():
        table.add_row(name.replace("_", " "), cell(value))
    _print(table)


def cell(value: object) -> str:
    """Return a value as it stands in a table: nothing for None, yes and no for truth values."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(cell(item) for item in value)
    if isinstance(value, Mapping):
        return json_line(value)
    return str(value)


def instant_text(at: int) -> str:
    """Return an instant as a date and a time of UTC."""
    seconds, micros = divmod(at, 1_000_000)
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{micros:06}Z"


def _print_table(rows: Sequence[Mapping[str, object]], title: str) -> None:
    from rich import box
    from rich.table import Table

    table = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left")
    for name in rows[0]:
        is_number = all(isinstance(row[name], int | float) for row in rows)
        table.add_column(
            name.replace("_", " "),
            justify="right" if is_number else "left",
            # A path or a password that is cut off is of no use.
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(cell(value) for value in row.values()))
    _print(table)


def _print(renderable: object) -> None:
    from rich.console import Console

    # A pipe has no width; a table cut to eighty columns would lose what a program greps for.
    wide = None if sys.stdout.isatty() else 200
    Console(width=wide, highlight=False, markup=False).print(renderable)
