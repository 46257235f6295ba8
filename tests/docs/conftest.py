"""A desk that the documents' examples are run against: `experiments`, whose clock is stepped."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / ".venv-clients" / "bin" / "python"


class Served(msgspec.Struct, frozen=True):
    """Where the desk listens and keeps its data."""

    url: str
    control_url: str
    data_dir: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which a reader's command finds this desk."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("IBIND_", "PAPERDESK_")) and not name.endswith("_PROXY")
        }
        return kept | {
            "PAPERDESK_URL": self.url,
            "PAPERDESK_CONTROL_URL": self.control_url,
            "PAPERDESK_DATA_DIR": self.data_dir,
        }


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data_dir = tmp_path_factory.mktemp("desk")
    command = [sys.executable, "-m", "paperdesk.cli", "serve", "--json", "--login", "demo"]
    command += ["--desk", "default", "--clock", "stepped", "--pacing", "off"]
    command += ["--data-dir", str(data_dir), "--port", "0", "--control-port", "0"]
    command += ["--no-hosted"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        opened = json.loads(process.stdout.readline())["opened"]
        yield Served(opened["url"], opened["control_url"], str(data_dir))
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture(scope="session")
def clients_python() -> Path:
    if not CLIENTS.exists():
        pytest.skip("make clients installs the real client programs")
    return CLIENTS
