import json
from pathlib import Path

import pytest
from tests.cli.running import run

from paperdesk.base.ids import AccountId
from paperdesk.desk.scenario import DeskOptions, open_desk

WALL = 1_780_000_000_000_000


@pytest.fixture
def desk_dir(tmp_path: Path) -> Path:
    open_desk(DeskOptions(wall=WALL, data_dir=tmp_path, name="default")).close()
    return tmp_path


def test_accounts_are_opened_and_listed(desk_dir: Path) -> None:
    opened = run(desk_dir, "accounts", "open", "--cash", "0", "--title", "Second")
    live = run(desk_dir, "accounts", "open", "--live", "--cash-account", "--json")

    assert opened.output.startswith("DU1234568 is open")
    assert json.loads(live.output)["account_id"] == "U1234567"
    rows = json.loads(run(desk_dir, "accounts", "list", "--json").output)
    assert [(row["account_id"], row["kind"], row["user_names"]) for row in rows] == [
        ("DU1234567", "MARGIN", ["demo"]),
        ("DU1234568", "MARGIN", []),
        ("U1234567", "CASH", []),
    ]
    assert "Second" in run(desk_dir, "accounts", "list").output


def test_money_comes_in(desk_dir: Path) -> None:
    told = run(desk_dir, "accounts", "deposit", "DU1234567", "2500", "--currency", "EUR")

    assert told.output.strip() == "DU1234567 has 2500 EUR more."
    desk = open_desk(DeskOptions(wall=WALL, data_dir=desk_dir, name="default"))
    try:
        assert desk.world.ledger.cash(AccountId("DU1234567"), "EUR") == 2_500
    finally:
        desk.close()


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["deposit", "DU1234567", "0"], "more than 0"),
        (["deposit", "DU9", "1"], "no account"),
        (["deposit", "DU1234567", "much"], "no sense"),
        (["open", "DU1234567"], "already"),
        (["open", "--cash=-1"], "Cash is from 0"),
    ],
)
def test_what_makes_no_sense_is_refused(desk_dir: Path, words: list[str], text: str) -> None:
    refused = run(desk_dir, "accounts", *words)

    assert refused.exit_code == 1
    assert text in refused.output
