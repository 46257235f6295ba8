"""Presence: a small file in a desk's folder that says where the desk listens while it runs.

Commands at a shell find a running desk by it. A process that is killed leaves its file behind;
whoever reads one sees by the journal's lock whether the desk runs at all.
"""

import os
from pathlib import Path
from typing import Final

import msgspec

from paperdesk.server.credentials import write_private

FILE: Final = "serving.json"


class Presence(msgspec.Struct, frozen=True, kw_only=True):
    """Where a desk listens: base addresses, None for what it does not serve."""

    url: str
    hosted_url: str | None
    control_url: str | None
    process: int = 0


def announce(folder: Path, presence: Presence) -> None:
    """Say where a desk listens, in place of whoever said so before."""
    told = msgspec.structs.replace(presence, process=os.getpid())
    write_private(folder / FILE, msgspec.json.encode(told))


def read(folder: Path) -> Presence | None:
    """Return where a desk says that it listens; None where it says nothing that can be read."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Presence)
    except (OSError, msgspec.MsgspecError):
        return None


def leave(folder: Path) -> None:
    """Take the file away, unless another process has written it since."""
    found = read(folder)
    if found is None or found.process == os.getpid():
        (folder / FILE).unlink(missing_ok=True)
