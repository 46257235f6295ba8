"""`paperdesk tls`: the local certificate authority, and how to trust it."""

import sys
from pathlib import Path

import click

from paperdesk.cli.places import data_dir_option
from paperdesk.cli.printing import instant_text, json_option, show, show_one

NAMES_EPILOG = """\b
Examples:
  paperdesk tls names api.ibkr.com
  paperdesk tls names api.ibkr.com www.interactivebrokers.com --port 443
  paperdesk tls hosts            the lines for the hosts file once more
  paperdesk tls hosts --check    is a name overridden now?"""

WARNING = (
    "While a name leads here, nothing that is sent to it reaches the real service; when it does "
    "not, everything does. Use credentials that a desk has made, which the real service refuses."
)
NO_NAMES = "No names are overridden here. `paperdesk tls names api.ibkr.com` makes a certificate."


def foreign_names(
    _context: click.Context, _parameter: click.Parameter, names: tuple[str, ...]
) -> tuple[str, ...]:
    """Return names that are somebody else's; this machine's own have the desk's certificate."""
    from paperdesk.server.names import HOST_NAME, is_foreign

    for name in names:
        if not HOST_NAME.fullmatch(name) or not is_foreign(name):
            raise click.BadParameter(
                f"{name!r} is no name of a host of somebody else, such as api.ibkr.com; for one of "
                "your own start the desk with --name."
            )
    return tuple(dict.fromkeys(name.lower() for name in names))


def authority_file(data_dir: Path) -> Path:
    """Return where the certificate of the local authority is kept."""
    return data_dir / "tls" / "ca.pem"


@click.group()
def command() -> None:
    """Show the local certificate authority and how to trust it.

    IBKR's gateway speaks TLS on localhost, so a desk does too. Its certificate comes from an
    authority that is made on this machine, at the first start, and vouches for this machine's own
    names alone. Clients that verify nothing (ibind's default) need none of this.

    A client that insists on a name of the real service is led here with `paperdesk tls names`, for
    a week at most.
    """


@command.command("show")
@data_dir_option
@json_option
def show_authority(data_dir: Path, as_json: bool) -> None:
    """Say where the certificates are, for which names, and until when."""
    from paperdesk.server.clock import wall
    from paperdesk.server.tls import certificates

    issued = certificates(data_dir, wall())
    show_one(
        {
            "authority": str(issued.authority),
            "certificate": str(issued.certificate),
            "names": list(issued.record.names),
            "certificate_ends": instant_text(issued.record.certificate_ends_at),
            "authority_ends": instant_text(issued.record.authority_ends_at),
            "sha256": issued.record.fingerprint,
        },
        as_json=as_json,
    )


@command.command("trust-help")
@data_dir_option
@json_option
def trust(data_dir: Path, as_json: bool) -> None:
    """Say how to let programs and systems trust the authority; changes nothing by itself."""
    from paperdesk.server.clock import wall
    from paperdesk.server.tls import certificates, trust_help

    issued = certificates(data_dir, wall())
    rows = [{"for": name, "do": what} for name, what in trust_help(issued.authority)]
    show(rows, as_json=as_json)


@command.command("names", epilog=NAMES_EPILOG)
@click.argument("names", nargs=-1, required=True, callback=foreign_names)
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=5001,
    show_default=True,
    help="Where the desk listens that is to answer to them; the hosted face's, or 5000.",
)
@data_dir_option
@json_option
def override(names: tuple[str, ...], port: int, data_dir: Path, as_json: bool) -> None:
    """Make a certificate for NAMES of somebody else, and say how to lead programs here.

    For programs with a host name of the real service built in. The certificate has an authority of
    its own, which vouches for these names alone and lasts a week; a desk shows it only when it is
    started with `--name` for each of them. This changes nothing of the system by itself.
    """
    from paperdesk.server.clock import wall
    from paperdesk.server.overrides import hosts_lines, made

    override = made(data_dir, names, wall())
    rows = [("trust, for these programs alone", str(override.authority))]
    rows += [("start", "paperdesk serve " + " ".join(f"--name {name}" for name in names))]
    for name in names:
        mapped = f"MAP {name}:443 127.0.0.1:{port}"
        to = f"{name}:443:127.0.0.1:{port}"
        rows += [
            ("curl", f"curl --cacert {override.authority} --connect-to {to} https://{name}/"),
            ("Chromium", f'chromium --host-resolver-rules="{mapped}"'),
        ]
    rows += [("hosts file, port 443 alone", line) for line in hosts_lines(override)]
    rows += [("Python requests", f"REQUESTS_CA_BUNDLE={override.authority}")]
    show([{"for": what, "do": how} for what, how in rows], as_json=as_json)
    if not as_json:
        click.echo(f"Good until {override.ends_on}. {WARNING}")


@command.command("hosts")
@click.argument("names", nargs=-1)
@click.option("--check", is_flag=True, help="Say where the names lead; status 1 if any leads here.")
@data_dir_option
@json_option
def hosts(names: tuple[str, ...], check: bool, data_dir: Path, as_json: bool) -> None:
    """Say whether NAMES of the real service lead to this machine; all known ones by default.

    Without `--check` it prints the lines for the hosts file of the names that `paperdesk tls names`
    made a certificate for. Who edits that file, and takes the lines out again, is you.
    """
    from paperdesk.server import overrides
    from paperdesk.server.clock import wall
    from paperdesk.server.names import SERVICE_NAMES

    known = overrides.kept(data_dir, wall())
    if not check:
        lines = [] if known is None else overrides.hosts_lines(known)
        show([{"line": line} for line in lines], as_json=as_json, empty=NO_NAMES)
        return
    asked = names or tuple(dict.fromkeys((*SERVICE_NAMES, *(known.names if known else ()))))
    leads = overrides.leads(asked, overrides.resolved)
    show(
        [
            {"name": lead.name, "leads_to": lead.addresses, "is_overridden": lead.is_overridden}
            for lead in leads
        ],
        as_json=as_json,
    )
    if any(lead.is_overridden for lead in leads):
        if not as_json:
            click.echo("Names lead to this machine: take their lines out of the hosts file.")
        sys.exit(1)
