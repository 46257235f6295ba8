"""A desk that the documents' examples are run against: `experiments`, whose clock is stepped."""

import json
import os
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests import programs

from paperdesk.server.registry import Registry

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / ".venv-clients" / "bin" / "python"


class Served(msgspec.Struct, frozen=True):
    """Where the desk listens and keeps its data."""

    url: str
    hosted_url: str
    control_url: str
    data_dir: str
    authority: str

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
            "REQUESTS_CA_BUNDLE": self.authority,
            **CONSUMER,
        }


CONSUMER = {
    "IBIND_OAUTH1A_CONSUMER_KEY": programs.KEY,
    "IBIND_OAUTH1A_ACCESS_TOKEN": programs.TOKEN,
    "IBIND_OAUTH1A_ACCESS_TOKEN_SECRET": programs.CONSUMER["access_token_secret_base64"],
    "IBIND_OAUTH1A_DH_PRIME": programs.CONSUMER["dh_prime_hex"],
    "IBIND_OAUTH1A_SIGNATURE_KEY": programs.VECTORS["keys"]["signature_private_pem"],
    "IBIND_OAUTH1A_ENCRYPTION_KEY": programs.VECTORS["keys"]["encryption_private_pem"],
}
"""What a reader has who made a consumer: one whose keys are everybody's."""


@pytest.fixture
def served(shared: Served) -> Served:
    """Return the desk with the brokerage session at the gateway, wherever it was before."""
    trust = ssl.create_default_context(cafile=shared.authority)
    url = f"{shared.url}/iserver/auth/ssodh/init?compete=true"
    with urllib.request.urlopen(url, timeout=30, context=trust) as answer:  # noqa: S310 - our own
        assert answer.status == 200
    return shared


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data_dir = tmp_path_factory.mktemp("desk")
    folder = data_dir / "desks" / "default"
    folder.mkdir(parents=True)
    registry = Registry(folder)
    consumer = programs.consumer(programs.FIRST_PARTY)
    programs.register(registry.registrations, consumer, programs.access_token())
    registry.save()
    command = [sys.executable, "-m", "paperdesk.cli", "serve", "--json", "--login", "demo"]
    command += ["--desk", "default", "--clock", "stepped", "--pacing", "off"]
    command += ["--data-dir", str(data_dir), "--port", "0", "--control-port", "0"]
    command += ["--hosted-port", "0", "--session", "warm-up=0s"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        opened = json.loads(process.stdout.readline())["opened"]
        yield Served(
            opened["url"],
            opened["hosted_url"],
            opened["control_url"],
            str(data_dir),
            opened["authority"],
        )
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture(scope="session")
def clients_python() -> Path:
    if not CLIENTS.exists():
        pytest.skip("make clients installs the real client programs")
    return CLIENTS
