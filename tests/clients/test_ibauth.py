"""A real client program signs in by OAuth 2.0, from its key to its accounts, over real TLS.

It is left out where the environment of the real client programs is not there (`make clients`).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from benchmarks.processes import free_port, running
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.oauth2 import rsa_key

from paperdesk.auth.keys import to_pem
from paperdesk.auth.oauth2 import keys, scopes
from paperdesk.auth.registrations import OAuthClient, Registrations

ROOT = Path(__file__).parents[2]
PYTHON = (
    ROOT / ".venv-clients" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
)
HAS_CLIENT = any((ROOT / ".venv-clients").glob("[Ll]ib/**/site-packages/ibauth"))
SECONDS_MAX = 60

STORY = """
import asyncio, json, sys
import httpx
from ibauth import IBAuth

domain, key_file = sys.argv[1:]

class Client(IBAuth):
    async def _check_ip(self):
        # The client asks a service on the internet for its own address.
        self.IP = "127.0.0.1"
        return self.IP

async def story():
    client = Client("Firm-1", "main", "demo", key_file)
    client._domain = domain
    await client.connect()
    for _ in range(100):
        status = await client.status()
        if status.authenticated and status.connected:
            break
        await asyncio.sleep(0.1)
    await client.tickle()
    headers = client.header | {"User-Agent": "python/3.11"}
    async with httpx.AsyncClient() as http:
        base = f"https://{domain}/v1/api"
        accounts = (await http.get(f"{base}/iserver/accounts", headers=headers)).json()
        ledger = await http.get(f"{base}/portfolio/DU1234567/ledger", headers=headers)
        await client.logout()
        after = await http.get(f"{base}/iserver/accounts", headers=headers)
        echo = await http.get(
            f"https://{domain}/gw/api/v1/echo/https",
            headers={"Authorization": f"Bearer {client.access_token}"},
        )
    print(json.dumps({
        "accounts": accounts["accounts"],
        "status": [status.authenticated, status.competing, status.connected],
        "ledger": ledger.status_code,
        "after_logout": after.status_code,
        "access_token_without_its_scope": echo.status_code,
    }))

asyncio.run(story())
"""


def registered(folder: Path) -> Path:
    """Register a firm with a desk that is to be made, and return its private key's file."""
    private = rsa_key("firm")
    (key,) = keys.read(to_pem(private.public_key()))
    firm = OAuthClient(client_id="Firm-1", scopes=scopes.SCOPES, keys=(key,))
    desk = folder / "desks" / "default"
    desk.mkdir(parents=True)
    (desk / "registrations.json").write_bytes(
        msgspec.json.encode(Registrations(clients={"Firm-1": firm}))
    )
    file = folder / "firm.key"
    file.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return file


@pytest.mark.slow
@pytest.mark.skipif(not HAS_CLIENT, reason="make clients installs the real client programs")
def test_ibauth_goes_from_its_key_to_its_accounts(tmp_path: Path) -> None:
    key_file = registered(tmp_path)
    port = free_port()
    command = [sys.executable, "-m", "paperdesk.cli", "serve", "--data-dir", str(tmp_path)]
    command += ["--port", "0", "--no-control", "--hosted-port", str(port)]

    with running(command, port, tmp_path / "serve.log"):
        done = subprocess.run(
            [str(PYTHON), "-c", STORY, f"localhost:{port}", str(key_file)],
            env=os.environ | {"SSL_CERT_FILE": str(tmp_path / "tls" / "ca.pem")},
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )

    assert done.returncode == 0, done.stderr[-3_000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "accounts": ["DU1234567"],
        "status": [True, False, True],
        "ledger": 200,
        "after_logout": 401,
        "access_token_without_its_scope": 403,
    }
