"""A desk under measurement: started from nothing, signed in, and ready for load."""

import json
import ssl
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.processes import Running, free_port, python, running

ACCOUNT = "DU1234567"
AAPL = 265598
BASE = "/v1/api"


class Desk:
    """A running desk, asked a question now and then beside the load."""

    def __init__(self, server: Running) -> None:
        """Ask over a connection that does not check the certificate of a throw-away authority."""
        self.server = server
        self._tls = ssl.create_default_context()
        self._tls.check_hostname = False
        self._tls.verify_mode = ssl.CERT_NONE

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Send one request and return its JSON."""
        data = None if body is None else json.dumps(body).encode()
        if data is None and method == "POST":
            data = b""
        request = urllib.request.Request(
            f"https://localhost:{self.server.port}{BASE}{path}",
            data=data,
            method=method,
            headers={"User-Agent": "bench", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, context=self._tls, timeout=30) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")

    def open_session(self) -> None:
        """Open the brokerage session and look at the accounts, as every client must."""
        self.ask("POST", "/iserver/auth/ssodh/init", {"publish": True, "compete": True})
        self.ask("GET", "/iserver/accounts")


@contextmanager
def desk(folder: Path, *options: str) -> Iterator[Desk]:
    """Start a desk in a data directory with more options of `paperdesk serve`."""
    port, control_port = free_port(), free_port()
    command = python("-m", "paperdesk.cli", "serve", "--login", "demo", "--pacing", "off")
    command += ["--data-dir", str(folder), "--port", str(port)]
    command += ["--control-port", str(control_port), *options]
    if "--hosted-port" not in options:
        command.append("--no-hosted")
    with running(command, port, folder / "serve.log") as server:
        yield Desk(server)
