"""Key folders: private keys of programs and what they are told, in files that only you read."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

PRIVATE_DIR: Final = 0o700


def place(data_dir: Path, desk: str, name: str, folder: Path | None) -> Path:
    """Return where a program's files go, absolute: the folder that was named, or one of ours."""
    return (folder or data_dir / "keys" / desk / name).expanduser().absolute()


def begin(folder: Path) -> None:
    """Make a folder.

    Raises:
        click.ClickException: there is something in it, which nobody overwrites.
    """
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty; name another with --folder.")
    folder.mkdir(mode=PRIVATE_DIR, parents=True, exist_ok=True)
    folder.chmod(PRIVATE_DIR)


def fill(folder: Path, files: Mapping[str, str]) -> None:
    """Write files that only their owner reads."""
    from paperdesk.server.credentials import write_private

    for name, text in files.items():
        write_private(folder / name, text.encode())


def abandon(folder: Path) -> None:
    """Take a folder away that `begin` has made, with the keys that nobody knows."""
    shutil.rmtree(folder, ignore_errors=True)
