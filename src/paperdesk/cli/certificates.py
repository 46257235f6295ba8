"""`paperdesk tls`: the local certificate authority, and how to trust it."""

from pathlib import Path


def authority_file(data_dir: Path) -> Path:
    """Return where the certificate of the local authority is kept."""
    return data_dir / "tls" / "ca.pem"
