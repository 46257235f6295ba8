from typing import Any

import pytest
from click.testing import CliRunner, Result

from paperdesk.cli.commands import paperdesk
from paperdesk.cli.controls import Controls

WAITING = {
    "number": 3,
    "user_name": "demo",
    "purpose": "gateway",
    "notified_at": 1_788_875_891_000_000,
    "notifications": 1,
    "remaining_seconds": 60.0,
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    asked: list[tuple[str, str]] = []

    def ask(_: Controls, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        if path == "/desks":
            return [{"name": "mine", "is_served": True}]
        asked.append((method, path))
        if method == "GET":
            return [WAITING]
        return WAITING | {"reply": "approved" if path.endswith("approve") else "denied"}

    monkeypatch.setattr(Controls, "ask", ask)
    return asked


def logins(*arguments: str) -> Result:
    return CliRunner().invoke(paperdesk, ["logins", *arguments], catch_exceptions=False)


def test_who_waits_is_listed(asked: list[tuple[str, str]]) -> None:
    shown = logins("list").output

    assert "demo" in shown
    assert asked == [("GET", "/desks/mine/logins")]


@pytest.mark.parametrize(("operation", "reply"), [("approve", "approved"), ("deny", "denied")])
def test_a_notification_is_answered(
    asked: list[tuple[str, str]], operation: str, reply: str
) -> None:
    shown = logins(operation, "3").output

    assert shown == f"The login of demo is {reply}.\n"
    assert asked == [("POST", f"/desks/mine/logins/3/{operation}")]


@pytest.mark.parametrize("number", ["0", "-1", "x"])
def test_a_number_that_is_none_is_refused(asked: list[tuple[str, str]], number: str) -> None:
    assert logins("approve", "--", number).exit_code == 2
    assert asked == []
