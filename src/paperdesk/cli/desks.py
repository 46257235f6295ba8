"""`paperdesk desk`: the desks of a data directory."""

from pathlib import Path

import click

from paperdesk.cli.places import data_dir_option
from paperdesk.cli.printing import instant_text, json_option, show, show_one

EPILOG = """\b
Examples:
  paperdesk desk list
  paperdesk desk fork default try-something    a copy that goes its own way
  paperdesk serve --desk try-something
  paperdesk desk delete try-something

A fork has everything that happened until now: orders, positions, cash, history. The desk it was
copied from may be running."""


@click.group(epilog=EPILOG)
def command() -> None:
    """List, look into, fork and delete desks.

    A desk is one simulated brokerage with its own accounts, clock and journal, kept in a folder of
    its own below the data directory.
    """


@command.command("list")
@data_dir_option
@json_option
def list_desks(data_dir: Path, as_json: bool) -> None:
    """List the desks of the data directory."""
    from paperdesk.desk.manifests import existing, manifest_of, names_in

    rows = []
    for name in names_in(data_dir):
        where = existing(data_dir, name)
        manifest = manifest_of(where)
        rows.append(
            {
                "desk": name,
                "scenario": manifest.scenario.name,
                "began_at": instant_text(manifest.begins_at),
                "seed": manifest.seed,
                "journal_bytes": where.journal.stat().st_size if where.journal.exists() else 0,
                "forked_from": manifest.forked_from,
            }
        )
    show(
        rows,
        as_json=as_json,
        empty=f"No desk in {data_dir} yet. `paperdesk serve --login demo` begins one.",
    )


@command.command("show")
@click.argument("name", default="default")
@data_dir_option
@json_option
def show_desk(name: str, data_dir: Path, as_json: bool) -> None:
    """Say how a desk began and what it trades by."""
    from paperdesk.desk.manifests import existing, manifest_of

    where = existing(data_dir, name)
    manifest = manifest_of(where)
    scenario = manifest.scenario
    record = {
        "desk": name,
        "folder": str(where.directory),
        "scenario": scenario.name,
        "title": scenario.title,
        "began_at": instant_text(manifest.begins_at),
        "release": manifest.release,
        "seed": manifest.seed,
        "clock": scenario.clock,
        "market": list(scenario.market.layers),
        "generator": scenario.market.generator,
        "fill_model": scenario.models.fill,
        "accounts": [account.account_id for account in scenario.account],
        "users": [user.user_name for user in scenario.user],
        "forked_from": manifest.forked_from,
    }
    show_one(record, as_json=as_json)


@command.command("fork")
@click.argument("source")
@click.argument("name")
@data_dir_option
@json_option
def fork(source: str, name: str, data_dir: Path, as_json: bool) -> None:
    """Copy the desk SOURCE as it is now; the copy is called NAME."""
    from paperdesk.desk.manifests import forked, place

    manifest = forked(data_dir, source, name)
    if as_json:
        record = {"desk": name, "forked_from": manifest.forked_from}
        show_one(record, as_json=True)
        return
    click.echo(f"{name} is {manifest.forked_from}, in {place(data_dir, name).directory}.")
    click.echo(f"Start it with `paperdesk serve --desk {name}`.")


@command.command("delete")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_dir_option
def delete(name: str, yes: bool, data_dir: Path) -> None:
    """Delete a desk with everything that happened on it, for good."""
    from paperdesk.desk.manifests import deleted, existing

    where = existing(data_dir, name)
    if not yes:
        click.confirm(f"Delete {where.directory} with its journal for good?", abort=True)
    deleted(data_dir, name)
    click.echo(f"{name} is gone.")
