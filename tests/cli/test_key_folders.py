from pathlib import Path

import click
import pytest

from paperdesk.cli import key_folders


def test_files_of_a_program_are_its_owners_alone(tmp_path: Path) -> None:
    folder = key_folders.place(tmp_path, "default", "TESTERABC", None)

    key_folders.begin(folder)
    key_folders.fill(folder, {"private.pem": "secret"})

    assert folder == tmp_path / "keys" / "default" / "TESTERABC"
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "private.pem").read_text(encoding="utf-8") == "secret"
    assert (folder / "private.pem").stat().st_mode & 0o077 == 0
    key_folders.abandon(folder)
    assert not folder.exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept", encoding="utf-8")

    with pytest.raises(click.ClickException, match="--folder"):
        key_folders.begin(key_folders.place(Path("/elsewhere"), "default", "X", tmp_path))

    assert (tmp_path / "mine").read_text(encoding="utf-8") == "kept"
