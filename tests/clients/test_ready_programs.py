"""What `paperdesk consumers add` prints lets real client programs in, as it is.

Left out where the environment of the real client programs is not there (`make clients`).
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.processes import free_port, running

ROOT = Path(__file__).parents[2]
PYTHON = (
    ROOT / ".venv-clients" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
)
SECONDS_MAX = 60

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not PYTHON.exists(), reason="make clients installs the real client programs"
    ),
]


def paperdesk(*words: str) -> list[str]:
    return [sys.executable, "-m", "paperdesk.cli", *words]


def told(folder: Path, name: str) -> dict[str, str]:
    """Return the environment of a file of `export` lines."""
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.removeprefix("export ").split("=", 1) for line in lines)
    return {key: value.strip("'") for key, value in pairs}


@pytest.mark.parametrize(
    ("scheme", "name", "shown"), [("oauth1", "ibind", "DU1234567"), ("oauth2", "ibauth", "Bearer")]
)
def test_a_program_that_was_printed_signs_in(
    scheme: str, name: str, shown: str, tmp_path: Path
) -> None:
    ports = {option: free_port() for option in ("port", "hosted-port", "control-port")}
    serve = paperdesk("serve", "--data-dir", str(tmp_path))
    for option, port in ports.items():
        serve += [f"--{option}", str(port)]
    folder = tmp_path / "own"
    add = paperdesk("consumers", "add", f"--{scheme}", "--data-dir", str(tmp_path))

    with running(serve, ports["control-port"], tmp_path / "serve.log"):
        subprocess.run(
            [*add, "--folder", str(folder)], check=True, timeout=SECONDS_MAX, capture_output=True
        )
        done = subprocess.run(
            [str(PYTHON), "-W", "ignore", f"{name}_example.py"],
            cwd=folder,
            env=os.environ | told(folder, f"{name}.env"),
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )

    assert done.returncode == 0, done.stderr[-3_000:]
    assert shown in done.stdout
