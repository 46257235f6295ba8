import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from paperdesk.cli.commands import COMMANDS, paperdesk


def test_help_names_every_command_and_a_first_desk() -> None:
    result = CliRunner().invoke(paperdesk, ["--help"])

    assert result.exit_code == 0
    assert all(name in result.output for name in COMMANDS)
    assert "paperdesk serve --login demo" in result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(paperdesk, [name, "--help"])

    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output


def test_unknown_command_is_told_what_is_near() -> None:
    result = CliRunner().invoke(paperdesk, ["watsh"])

    assert result.exit_code == 2
    assert "watch" in result.output


def test_help_loads_neither_server_nor_market() -> None:
    code = (
        "import sys; sys.argv = ['paperdesk', '--help']\n"
        "from paperdesk.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'uvicorn', 'rich', 'cryptography', 'paperdesk.kernel'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_assertions_that_are_off_stop_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-O", "-c", "from paperdesk.cli import main; main()"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "assertions are off" in done.stderr


def test_what_the_disk_refuses_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = CliRunner().invoke(
        paperdesk, ["tls", "show", "--data-dir", str(tmp_path / "file" / "x")]
    )

    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {tmp_path}")
