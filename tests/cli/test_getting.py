import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from paperdesk.cli.calls import Gateway, Reply
from paperdesk.cli.commands import paperdesk


class Asked:
    """What would have been sent, and what comes back instead."""

    def __init__(self) -> None:
        self.reply = Reply(200, '{"ok": true}', {"ok": True})
        self.calls: list[tuple[str, str, object, object]] = []

    def answer(self, method: str, path: str, query: object = None, body: object = None) -> Reply:
        self.calls.append((method, path, query, body))
        return self.reply


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    asked = Asked()
    monkeypatch.setattr(Gateway, "call", lambda gateway, *given: asked.answer(*given))
    return asked


def get(tmp_path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(paperdesk, ["get", *arguments, "--data-dir", str(tmp_path)])


def test_answer_is_printed_as_json_and_nothing_else(asked: Asked, tmp_path: Path) -> None:
    result = get(tmp_path, "iserver/accounts")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"ok": True}
    assert asked.calls == [("GET", "iserver/accounts", {}, None)]


def test_names_and_values_become_the_query(asked: Asked, tmp_path: Path) -> None:
    get(tmp_path, "iserver/marketdata/snapshot", "conids=265598", "fields=31,84")

    assert asked.calls[0][2] == {"conids": "265598", "fields": "31,84"}


def test_body_is_sent_with_post(asked: Asked, tmp_path: Path) -> None:
    get(tmp_path, "iserver/reply/1", "--body", '{"confirmed": true}')

    assert asked.calls == [("POST", "iserver/reply/1", {}, {"confirmed": True})]


def test_body_that_is_no_json_is_not_sent(asked: Asked, tmp_path: Path) -> None:
    result = get(tmp_path, "iserver/reply/1", "--body", "{yes}")

    assert result.exit_code == 2
    assert asked.calls == []


def test_word_that_is_no_pair_is_refused(asked: Asked, tmp_path: Path) -> None:
    result = get(tmp_path, "iserver/accounts", "AAPL")

    assert result.exit_code == 2
    assert "NAME=VALUE" in result.output


@pytest.mark.parametrize(
    ("status", "text", "advice"),
    [
        (401, "", "--login demo"),
        (429, "", "paperdesk pacing show"),
        (400, '{"error":"Bad Request: no bridge"}', "ssodh/init"),
        (400, '{"error":"Please query /accounts first"}', "get iserver/accounts"),
        (404, "", "paperdesk routes"),
        (503, "", "status 503"),
    ],
)
def test_refusal_says_what_usually_helps(
    asked: Asked, tmp_path: Path, status: int, text: str, advice: str
) -> None:
    asked.reply = Reply(status, text)

    result = get(tmp_path, "iserver/accounts")

    assert result.exit_code == 1
    assert advice in result.stderr
