import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from paperdesk.base.ids import AccountId, UserName
from paperdesk.cli.commands import paperdesk
from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.server.credentials import Credentials

WALL = 1_780_000_000_000_000


@pytest.fixture
def desk_dir(tmp_path: Path) -> Path:
    open_desk(DeskOptions(wall=WALL, data_dir=tmp_path, name="default")).close()
    return tmp_path


def run(data_dir: Path, *arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(
        paperdesk, ["users", *arguments, "--data-dir", str(data_dir)], input=answer
    )


def test_users_are_listed_with_accounts_and_passwords_that_were_made_up(desk_dir: Path) -> None:
    credentials = Credentials(desk_dir)
    credentials.ensure("demo")

    (row,) = json.loads(run(desk_dir, "list", "--json").output)

    assert row["user"] == "demo"
    assert row["accounts"] == ["DU1234567"]
    assert row["password"] == credentials.printable("demo")


def test_new_user_has_an_account_with_cash_and_a_password(desk_dir: Path) -> None:
    added = run(desk_dir, "add", "ann", "--cash", "50000")

    assert added.exit_code == 0, added.output
    assert "ann trades DU1234568" in added.output
    assert "--login ann" in added.output
    desk = open_desk(DeskOptions(wall=WALL, data_dir=desk_dir, name="default"))
    try:
        assert desk.world.accounts.users[UserName("ann")].account_ids == ("DU1234568",)
        assert desk.world.ledger.cash(AccountId("DU1234568"), "USD") == 50_000
    finally:
        desk.close()


def test_new_user_may_share_an_account_that_is_there(desk_dir: Path) -> None:
    run(desk_dir, "add", "ann", "--account", "DU1234567")

    rows = json.loads(run(desk_dir, "list", "--json").output)
    assert [row["accounts"] for row in rows] == [["DU1234567"], ["DU1234567"]]


def test_user_is_not_added_twice(desk_dir: Path) -> None:
    result = run(desk_dir, "add", "demo")

    assert result.exit_code == 1
    assert "already" in result.output


@pytest.mark.parametrize("cash", ["-1", "much", "NaN", "Infinity"])
def test_account_begins_with_an_amount(desk_dir: Path, cash: str) -> None:
    result = run(desk_dir, "add", "ann", f"--cash={cash}")

    assert result.exit_code == 2
    assert "amount" in result.output


def test_desk_that_is_open_elsewhere_is_left_alone(desk_dir: Path) -> None:
    desk = open_desk(DeskOptions(wall=WALL, data_dir=desk_dir, name="default"))
    try:
        result = run(desk_dir, "add", "ann")
    finally:
        desk.close()

    assert result.exit_code == 1
    assert "Stop it first" in result.output


def test_password_is_changed(desk_dir: Path) -> None:
    Credentials(desk_dir).ensure("demo")

    changed = run(desk_dir, "password", "demo", answer="correct horse\ncorrect horse\n")

    assert changed.exit_code == 0, changed.output
    assert Credentials(desk_dir).matches("demo", "correct horse")


def test_password_of_nobody_says_how_to_add_somebody(tmp_path: Path) -> None:
    result = run(tmp_path, "password", "ann", answer="correct horse\ncorrect horse\n")

    assert result.exit_code == 1
    assert "users add ann" in result.output


def test_user_is_changed_and_what_is_left_out_stays(desk_dir: Path) -> None:
    run(desk_dir, "add", "ann")

    changed = run(desk_dir, "change", "demo", "--account", "DU1234568", "--no-trading")
    again = run(desk_dir, "change", "demo", "--trading")

    assert changed.output.strip() == "demo looks at DU1234568."
    assert again.output.strip() == "demo trades DU1234568."
    assert run(desk_dir, "change", "demo").exit_code == 2
    assert "no user" in run(desk_dir, "change", "nobody", "--trading").output


def test_live_user_has_a_live_account(desk_dir: Path) -> None:
    added = json.loads(run(desk_dir, "add", "rich", "--live", "--json").output)

    assert (added["account_ids"], added["is_paper"], added["may_trade"]) == (
        ["U1234567"],
        False,
        True,
    )
