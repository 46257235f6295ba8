import asyncio
import sys
from pathlib import Path

import pytest

from paperdesk.server.credentials import Credentials, CredentialsDamaged, InvalidPassword


def test_a_password_is_made_up_once_and_can_be_printed_again(tmp_path: Path) -> None:
    first = Credentials(tmp_path)
    first.ensure("demo")
    password = first.printable("demo")
    assert password is not None

    second = Credentials(tmp_path)
    second.ensure("demo")

    assert second.printable("demo") == password
    assert second.matches("demo", password)
    assert not second.matches("demo", password + "x")
    assert not second.matches("stranger", password)


def test_a_chosen_password_is_kept_as_a_hash_alone(tmp_path: Path) -> None:
    credentials = Credentials(tmp_path)
    credentials.ensure("demo")

    credentials.set("demo", "chosen-by-me")

    assert Credentials(tmp_path).matches("demo", "chosen-by-me")
    assert Credentials(tmp_path).printable("demo") is None
    assert all(b"chosen-by-me" not in path.read_bytes() for path in tmp_path.iterdir())


def test_setting_the_same_password_changes_nothing(tmp_path: Path) -> None:
    credentials = Credentials(tmp_path)
    credentials.ensure("demo")
    password = credentials.printable("demo") or ""

    credentials.set("demo", password)

    assert credentials.printable("demo") == password


@pytest.mark.parametrize("password", ["", "short", "x" * 1_001])
def test_a_password_that_nobody_should_have_is_refused(tmp_path: Path, password: str) -> None:
    with pytest.raises(InvalidPassword, match="6 to 1000 characters"):
        Credentials(tmp_path).set("demo", password)


def test_checking_happens_beside_the_loop(tmp_path: Path) -> None:
    credentials = Credentials(tmp_path)
    credentials.set("demo", "let-me-in")

    assert asyncio.run(credentials.off_loop(lambda: credentials.matches("demo", "let-me-in")))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
def test_nobody_else_reads_the_files(tmp_path: Path) -> None:
    Credentials(tmp_path / "data").ensure("demo")

    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()}
    assert modes == {0o600}
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["passwords.json", "generated-passwords.json"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("[")

    with pytest.raises(CredentialsDamaged, match=name):
        Credentials(tmp_path)


def test_what_another_process_has_written_is_noticed_and_not_overwritten(tmp_path: Path) -> None:
    ours, theirs = Credentials(tmp_path), Credentials(tmp_path)
    ours.ensure("demo")

    theirs.set("demo", "chosen-by-them")
    ours.ensure("ann")

    assert ours.matches("demo", "chosen-by-them")
    assert theirs.has("ann")
    assert ours.printable("demo") is None
    assert theirs.printable("ann") == ours.printable("ann") is not None
