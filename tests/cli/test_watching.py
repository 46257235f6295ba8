import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from paperdesk.cli import watching
from paperdesk.cli.calls import Gateway, Reply
from paperdesk.cli.commands import paperdesk

GREETING = {"topic": "system", "success": "demo", "isFT": False, "isPaper": True}
QUOTE = {"topic": "smd+265598", "conid": 265598, "31": "190.20", "84": "190.20", "86": "190.25"}
APPLE = [{"conid": "265598", "symbol": "AAPL"}]


class Socket:
    """A socket that says what it was given, then falls silent."""

    def __init__(self, frames: list[dict[str, Any]]) -> None:
        self._frames = iter(frames)
        self.sent: list[str] = []

    def __enter__(self) -> "Socket":
        return self

    def __exit__(self, *given: object) -> None:
        return None

    def send(self, text: str) -> None:
        self.sent.append(text)

    def recv(self, timeout: float) -> str:
        assert timeout > 0
        frame = next(self._frames, None)
        if frame is None:
            raise TimeoutError
        return json.dumps(frame)


@pytest.fixture
def socket(monkeypatch: pytest.MonkeyPatch) -> Socket:
    replies: dict[str, object] = {
        "iserver/accounts": {"selectedAccount": "DU1234567"},
        "iserver/secdef/search": APPLE,
        "tickle": {"session": "abc"},
    }

    def call(gateway: Gateway, method: str, path: str, *given: object) -> Reply:
        return Reply(200, "", replies[path])

    socket = Socket([GREETING, QUOTE])
    monkeypatch.setattr(Gateway, "call", call)
    monkeypatch.setattr(watching, "_socket", lambda gateway: socket)
    return socket


def watch(tmp_path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        paperdesk, ["watch", *arguments, "--seconds", "0.05", "--data-dir", str(tmp_path)]
    )


def test_frames_are_printed_a_line_each(socket: Socket, tmp_path: Path) -> None:
    result = watch(tmp_path, "aapl", "--json")

    assert result.exit_code == 0, result.output
    assert [json.loads(line) for line in result.output.splitlines()] == [QUOTE]


def test_screen_shows_the_quote(socket: Socket, tmp_path: Path) -> None:
    result = watch(tmp_path, "AAPL")

    assert "190.25" in result.output
    assert "DU1234567" in result.output


def test_session_comes_first_and_wishes_after_the_greeting(socket: Socket, tmp_path: Path) -> None:
    watch(tmp_path, "AAPL", "272093", "--json")

    assert json.loads(socket.sent[0]) == {"session": "abc"}
    assert [wish.partition("+{")[0] for wish in socket.sent[1:]] == [
        "smd+265598",
        "smd+272093",
        "sor",
        "spl",
    ]


def test_unknown_symbol_says_where_to_look(
    socket: Socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = watch(tmp_path, "ZZZZQQ")

    assert result.exit_code == 1
    assert "paperdesk data list" in result.output


def test_stream_that_is_refused_says_where(
    socket: Socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    replies: dict[str, object] = {"iserver/accounts": {"selectedAccount": "DU1"}}
    monkeypatch.setattr(
        Gateway, "call", lambda gateway, method, path, *given: Reply(200, "", replies[path])
    )

    result = watch(tmp_path, "265598", "--url", "http://127.0.0.1:9")

    assert result.exit_code == 1
    assert "ws://127.0.0.1:9/ws" in result.output


def test_stream_that_never_greets_is_given_up(
    socket: Socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_socket", lambda gateway: Socket([]))

    result = watch(tmp_path, "AAPL")

    assert result.exit_code == 1
    assert "said nothing" in result.output


def test_nobody_signed_in_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Gateway, "call", lambda gateway, *given: Reply(401, ""))

    result = watch(tmp_path, "AAPL")

    assert result.exit_code == 1
    assert "--login demo" in result.output
