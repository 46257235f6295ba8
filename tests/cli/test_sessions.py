import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from paperdesk.cli.commands import paperdesk
from paperdesk.cli.controls import Controls

SESSION = {
    "number": 3,
    "user": "demo",
    "face": "hosted",
    "credential": "oauth1 FIRM token",
    "state": "competing",
    "state_since": 1_788_875_891_000_000,
    "idle_in_seconds": 61.4,
    "held_by": "session 4 (platform, TWS)",
}
TOLD: dict[str, Any] = {
    "wall_now": 1_788_875_921_000_000,
    "is_away": False,
    "is_closed": False,
    "sessions": [SESSION],
    "fights": [{"user": "demo", "takeovers": 7, "between": ["session 3", "session 4"]}],
}
ENDING = {
    "number": 2,
    "user": "demo",
    "face": "gateway",
    "credential": "login",
    "tier": "outer",
    "cause": "midnight",
    "text": "the region's reset at midnight",
    "at": 1_788_875_891_000_000,
}


class Desk:
    """A desk that says what it is told to and remembers what it was asked."""

    def __init__(self) -> None:
        self.told: Any = TOLD
        self.asked: list[tuple[str, str, Any]] = []

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        if path == "/desks":
            return [{"name": "mine", "is_served": True}]
        self.asked.append((method, path, body))
        return self.told


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    stand_in = Desk()
    monkeypatch.setattr(Controls, "ask", lambda _, *asked: stand_in.ask(*asked))
    return stand_in


def run(*words: str) -> Result:
    return CliRunner().invoke(paperdesk, ["sessions", *words], catch_exceptions=False)


def test_sessions_are_listed_with_who_holds_and_who_fights(desk: Desk) -> None:
    result = run("list")

    assert desk.asked == [("GET", "/desks/mine/sessions", None)]
    (row,) = [line for line in result.output.splitlines() if "oauth1" in line]
    assert row.split()[:2] == ["3", "demo"]
    assert "competing" in row
    assert "30 s" in row
    assert "61 s" in row
    assert "session 4 (platform, TWS)" in row
    assert "demo: session 3 and session 4 take" in result.output


@pytest.mark.parametrize(
    ("state", "text"), [("is_away", "a reset"), ("is_closed", "nothing is answered")]
)
def test_an_outage_is_told(desk: Desk, state: str, text: str) -> None:
    desk.told = {**TOLD, "sessions": [], "fights": [], state: True}

    output = run("list").output

    assert text in output
    assert "Nobody is signed in." in output


def test_programs_get_what_the_desk_told(desk: Desk) -> None:
    assert json.loads(run("list", "--json").output) == TOLD
    desk.told = [ENDING]
    assert json.loads(run("endings", "--json").output) == [ENDING]


def test_endings_are_listed_with_their_causes(desk: Desk) -> None:
    desk.told = [ENDING]

    output = run("endings", "--limit", "5").output

    assert desk.asked == [("GET", "/desks/mine/sessions/endings?limit=5", None)]
    assert "the region's reset at midnight" in output
    assert "2026-09-08 13:58:11" in output


def test_no_endings_are_told_too(desk: Desk) -> None:
    desk.told = []

    assert run("endings").output == "No session has ended yet.\n"


def test_a_session_is_ended_by_its_number(desk: Desk) -> None:
    desk.told = ENDING

    assert run("end", "2").output == "Session 2 of demo has ended.\n"
    assert desk.asked == [("POST", "/desks/mine/sessions/2/end", None)]
    assert run("end", "nothing").exit_code == 2


def test_somebody_signs_in_elsewhere(desk: Desk) -> None:
    desk.told = SESSION

    output = run("compete", "demo", "--platform", "mobile", "--sticky", "5s").output

    body = {"user": "demo", "platform": "mobile", "sticky": "5s"}
    assert desk.asked == [("POST", "/desks/mine/sessions/compete", body)]
    assert output == "Somebody is signed in to mobile as demo: session 3.\n"
