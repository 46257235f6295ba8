import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import click
import pytest
from click.testing import CliRunner

from paperdesk.cli.commands import paperdesk
from paperdesk.cli.controls import Controls

DESKS = [
    {"name": "other", "is_served": False},
    {"name": "default", "is_served": True},
]


class Panel(BaseHTTPRequestHandler):
    """A control API of two paths, which writes down what it is sent."""

    asked: list[tuple[str, str, Any]] = []  # noqa: RUF012 - one list for all requests

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._answer(json.loads(self.rfile.read(length) or b"null"))

    def _answer(self, body: object) -> None:
        self.asked.append((self.command, self.path, body))
        is_known = self.path == "/desks"
        value: object = DESKS
        if not is_known:
            value = {"error": {"code": "no_such_operation", "message": "There is nothing there."}}
        content = json.dumps(value).encode()
        self.send_response(200 if is_known else 404)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is inherited
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    Panel.asked.clear()
    server = HTTPServer(("127.0.0.1", 0), Panel)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_served_desk_is_found(url: str) -> None:
    assert Controls(f"{url}/").desk() == "default"


def test_a_body_goes_as_json(url: str) -> None:
    Controls(url).ask("POST", "/desks", {"mode": "off"})

    assert Panel.asked == [("POST", "/desks", {"mode": "off"})]


def test_a_refusal_is_told_in_its_own_words(url: str) -> None:
    with pytest.raises(click.ClickException, match=r"There is nothing there\."):
        Controls(url).ask("GET", "/nowhere")


def test_silence_says_how_to_start_a_desk_and_how_to_name_it(url: str) -> None:
    del url
    with pytest.raises(click.ClickException) as silence:
        Controls("http://127.0.0.1:1").desk()

    assert "paperdesk serve" in silence.value.message
    assert "--control-url" in silence.value.message


def test_what_is_no_address_is_refused_with_an_example() -> None:
    result = CliRunner().invoke(paperdesk, ["pacing", "show", "--control-url", "nonsense"])

    assert result.exit_code == 2
    assert "http://localhost:5002" in result.output
