"""Where a person's desks are kept when nobody says otherwise."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

VARIABLE = "PAPERDESK_DATA_DIR"


def user_data_dir(
    platform: str = sys.platform,
    environment: Mapping[str, str] = os.environ,
    home: Path | None = None,
) -> Path:
    r"""Return the platform's place for a user's data of this program.

    Args:
        platform: as `sys.platform` says.
        environment: where a user may have moved such data to.
        home: the user's folder; asked of the system when it is left out.

    Returns:
        `~/.local/share/paperdesk` on Linux, `~/Library/Application Support/Paperdesk` on macOS,
        `%LOCALAPPDATA%\Paperdesk` on Windows.
    """
    if home is None:
        home = Path.home()
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return (Path(local) if local else home / "AppData" / "Local") / "Paperdesk"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Paperdesk"
    moved = environment.get("XDG_DATA_HOME", "")
    return (Path(moved) if Path(moved).is_absolute() else home / ".local" / "share") / "paperdesk"


def data_dir_option(function: F) -> F:
    """Give a command the option `--data-dir`, which also reads PAPERDESK_DATA_DIR."""
    decorate = click.option(
        "--data-dir",
        type=click.Path(path_type=Path, file_okay=False),
        default=user_data_dir,
        envvar=VARIABLE,
        show_default="your user data folder",
        help=f"Where desks, certificates and imported prices are kept; also {VARIABLE}.",
    )
    return decorate(function)


def desk_option(function: F) -> F:
    """Give a command the option `--desk`."""
    decorate = click.option(
        "--desk", default="default", show_default=True, help="Which desk of the data directory."
    )
    return decorate(function)
