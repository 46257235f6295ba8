import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from paperdesk.cli.commands import paperdesk
from paperdesk.cli.controls import Controls

TOLD: dict[str, Any] = {
    "mode": "strict",
    "penalty_seconds": 600.0,
    "strikes": 3,
    "under_way": 4,
    "strikes_within_seconds": 86400.0,
    "limits": [{"of": "GET/POST /tickle", "pace": "1 a second"}],
    "box": [
        {
            "face": "gateway",
            "address": "127.0.0.1",
            "exceeded": "10 requests a second",
            "since": 1_788_875_891_000_000,
            "remaining_seconds": 587.3,
            "refused": 4,
        },
        {
            "face": "hosted",
            "address": "::1",
            "exceeded": "",
            "since": 1_788_875_891_000_000,
            "remaining_seconds": None,
            "refused": 0,
        },
    ],
    "callers": [
        {
            "face": "gateway",
            "user_name": "demo",
            "address": "",
            "requests": 11,
            "refused": {"10 requests a second": 1},
            "last_at": 1_788_875_891_000_000,
        }
    ],
    "callers_remembered": 1,
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
    desk = Desk()
    monkeypatch.setattr(Controls, "ask", lambda _, *given: desk.ask(*given))
    return desk


def run(*words: str) -> Result:
    return CliRunner().invoke(paperdesk, ["pacing", *words])


def test_show_tells_mode_box_and_callers(desk: Desk) -> None:
    result = run("show")

    assert desk.asked == [("GET", "/desks/mine/pacing", None)]
    assert "Pacing is strict: one request too many costs the address 600 s" in result.output
    assert "587 s more" in result.output
    assert "until it is let out" in result.output
    assert "put in by hand" in result.output
    assert "10 requests a second: 1" in result.output


def test_show_says_so_when_there_is_nobody(desk: Desk) -> None:
    desk.told = TOLD | {"mode": "lenient", "box": [], "callers": []}

    output = run("show").output

    assert "Nobody is in the penalty box." in output
    assert "Nobody has asked anything yet." in output
    assert "Pacing is lenient" in output


def test_show_gives_programs_everything(desk: Desk) -> None:
    assert json.loads(run("show", "--json").output) == desk.told


def test_limits_are_listed(desk: Desk) -> None:
    assert "GET/POST /tickle" in run("limits").output
    assert json.loads(run("limits", "--json").output) == desk.told["limits"]


def test_set_sends_what_was_given_alone(desk: Desk) -> None:
    result = run("set", "--mode", "lenient", "--strikes", "0", "--under-way", "0")

    assert desk.asked == [
        ("POST", "/desks/mine/pacing", {"mode": "lenient", "strikes": 0, "under_way": 0})
    ]
    assert result.exit_code == 0
    assert run("set", "--penalty", "5").exit_code == 0
    assert desk.asked[-1][2] == {"penalty_seconds": 5.0}
    assert json.loads(run("set", "--mode", "off", "--json").output) == {
        "mode": "strict",
        "penalty_seconds": 600.0,
        "strikes": 3,
        "under_way": 4,
    }


def test_set_without_anything_to_set_is_refused(desk: Desk) -> None:
    result = run("set")

    assert result.exit_code == 2
    assert not desk.asked


def test_off_is_told_in_words(desk: Desk) -> None:
    desk.told = TOLD | {"mode": "off"}

    assert "Pacing is off: nothing is counted." in run("set", "--mode", "off").output


@pytest.mark.parametrize(
    ("words", "released", "said"),
    [
        ((), 2, "Let out: everybody."),
        ((), 0, "Nobody was in the box."),
        (("127.0.0.1",), 1, "Let out: 127.0.0.1."),
        (("127.0.0.1",), 0, "127.0.0.1 was not in the box."),
    ],
)
def test_release_says_who_is_out(
    desk: Desk, words: tuple[str, ...], released: int, said: str
) -> None:
    desk.told = {"released": released}

    assert run("release", *words).output.strip() == said
    assert desk.asked == [
        ("POST", "/desks/mine/pacing/release", {"address": words[0] if words else ""})
    ]
    assert json.loads(run("release", "--json").output) == {"released": released}


def test_box_says_for_how_long(desk: Desk) -> None:
    desk.told = {"box": [TOLD["box"][0] | {"remaining_seconds": 30.0}]}

    output = run("box", "127.0.0.1", "--seconds", "30").output

    assert "30 s more" in output
    assert desk.asked == [
        (
            "POST",
            "/desks/mine/pacing/box",
            {"address": "127.0.0.1", "seconds": 30.0, "face": "gateway"},
        )
    ]


def test_reset_forgets(desk: Desk) -> None:
    assert "forgotten" in run("reset").output
    assert desk.asked == [("POST", "/desks/mine/pacing/reset", None)]
