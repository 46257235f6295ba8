"""`paperdesk tls`: the local certificate authority, and how to trust it."""

from pathlib import Path

import click

from paperdesk.cli.places import data_dir_option
from paperdesk.cli.printing import instant_text, json_option, show, show_one


def authority_file(data_dir: Path) -> Path:
    """Return where the certificate of the local authority is kept."""
    return data_dir / "tls" / "ca.pem"


@click.group()
def command() -> None:
    """Show the local certificate authority and how to trust it.

    IBKR's gateway speaks TLS on localhost, so a desk does too. Its certificate comes from an
    authority that is made on this machine, at the first start, and vouches for this machine's own
    names alone. Clients that verify nothing (ibind's default) need none of this.
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
