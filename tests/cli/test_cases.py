import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.running import run, while_served

from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.server.serve import Opened

WALL = 1_780_000_000_000_000


@pytest.fixture
def desk_dir(tmp_path: Path) -> Path:
    open_desk(DeskOptions(wall=WALL, data_dir=tmp_path, name="default")).close()
    cases(tmp_path, "open", "Vendor Ltd", "--as", "ann", "--region", "us", "--region", "asia")
    return tmp_path


def cases(data_dir: Path, *words: str) -> str:
    result = run(data_dir, "cases", *words)
    assert result.exit_code == 0, result.output
    return result.output.strip()


def shown(data_dir: Path) -> Any:  # noqa: ANN401 - JSON
    return json.loads(cases(data_dir, "show", "case-1", "--json"))


def move(data_dir: Path, action: str, actor: str, role: str) -> str:
    return cases(data_dir, "move", "case-1", action, "--as", actor, "--role", role)


def test_a_case_is_opened_listed_and_shown(desk_dir: Path) -> None:
    assert "Vendor Ltd" in cases(desk_dir, "list")
    assert cases(desk_dir, "list", "--role", "legal").startswith("No case")
    assert cases(desk_dir, "list", "--state", "draft", "--json").startswith("[")
    text = cases(desk_dir, "show", "case-1")
    assert "submit" in text
    assert "ann (applicant)" in text


def test_people_move_a_case_as_their_roles(desk_dir: Path) -> None:
    assert move(desk_dir, "submit", "ann", "applicant") == (
        "case-1 is submitted, waits for onboarding."
    )
    refused = run(desk_dir, "cases", "move", "case-1", "start", "--as", "eve", "--role", "legal")
    assert "for onboarding" in refused.output
    assert move(desk_dir, "start", "olga", "onboarding").startswith("case-1 is screening")


def test_papers_regions_and_outcomes_are_kept(desk_dir: Path) -> None:
    file = desk_dir / "opinion.pdf"
    file.write_bytes(b"%PDF")
    papers = ["paper", "case-1", "opinion", "opinion.pdf", "--region", "us", "--as", "ann"]
    cases(desk_dir, *papers, "--file", str(file))
    cases(desk_dir, "force", "case-1", "screening", "refuse", "--comment", "No.")
    move(desk_dir, "submit", "ann", "applicant")
    for _ in range(3):
        move(desk_dir, "skip", "root", "admin")
    cases(desk_dir, "region", "case-1", "us", "--as", "cora")
    cases(desk_dir, "region", "case-1", "asia", "--refuse", "--as", "cora")

    told = shown(desk_dir)

    assert told["regions"] == {"us": True, "asia": False}
    assert len(told["documents"][0]["digest"]) == 64


def test_an_operator_skips_and_a_clerk_comes(desk_dir: Path) -> None:
    move(desk_dir, "submit", "ann", "applicant")
    assert "the clerk acts at" in cases(desk_dir, "clerk", "case-1")
    assert "clerk acts" not in cases(desk_dir, "clerk", "case-1", "--off")
    assert cases(desk_dir, "skip", "case-1").startswith("case-1 is approved")


def test_a_rejected_case_is_copied(desk_dir: Path) -> None:
    move(desk_dir, "submit", "ann", "applicant")
    move(desk_dir, "start", "olga", "onboarding")
    move(desk_dir, "refuse", "olga", "onboarding")

    assert cases(desk_dir, "copy", "case-1").startswith("case-2 is draft")


def test_a_running_desk_is_told_too(desk_dir: Path) -> None:
    def story(_opened: Opened) -> str:
        return move(desk_dir, "submit", "ann", "applicant")

    assert while_served(desk_dir, story).startswith("case-1 is submitted")
    assert shown(desk_dir)["state"] == "submitted"


def test_an_active_program_asks_for_a_change(desk_dir: Path) -> None:
    refused = run(
        desk_dir,
        *("cases", "change", "case-1", "--feature", "trading", "--region", "us", "--as", "ann"),
    )

    assert "nothing of it can change" in refused.output
