import json
from pathlib import Path

from click.testing import CliRunner, Result

from paperdesk.cli.commands import paperdesk


def run(data_dir: Path, *arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(
        paperdesk, ["desk", *arguments, "--data-dir", str(data_dir)], input=answer
    )


def test_desks_are_listed_with_where_and_how_they_began(data_dir: Path) -> None:
    (row,) = json.loads(run(data_dir, "list", "--json").output)

    assert row["desk"] == "default"
    assert row["scenario"] == "history"
    assert row["began_at"] == "2008-09-29 13:30:00.000000Z"
    assert row["seed"] == 7


def test_empty_data_directory_says_how_to_begin(tmp_path: Path) -> None:
    result = run(tmp_path, "list")

    assert result.exit_code == 0
    assert "paperdesk serve" in result.output


def test_desk_tells_what_it_trades_by(data_dir: Path) -> None:
    record = json.loads(run(data_dir, "show", "--json").output)

    assert record["accounts"] == ["DU1234567"]
    assert record["users"] == ["demo"]
    assert record["fill_model"] == "touch"


def test_fork_is_a_desk_of_its_own(data_dir: Path) -> None:
    forked = run(data_dir, "fork", "default", "what-if")

    assert forked.exit_code == 0
    assert "paperdesk serve --desk what-if" in forked.output
    rows = json.loads(run(data_dir, "list", "--json").output)
    assert [row["desk"] for row in rows] == ["default", "what-if"]
    assert rows[1]["forked_from"] == "default after record 2"


def test_fork_of_nothing_names_the_desks_there_are(data_dir: Path) -> None:
    result = run(data_dir, "fork", "missing", "what-if")

    assert result.exit_code == 1
    assert "default" in result.output
    assert "Traceback" not in result.output


def test_desk_is_deleted_only_when_somebody_means_it(data_dir: Path) -> None:
    kept = run(data_dir, "delete", "default", answer="n\n")
    assert kept.exit_code == 1
    assert len(json.loads(run(data_dir, "list", "--json").output)) == 1

    gone = run(data_dir, "delete", "default", "--yes")
    assert gone.exit_code == 0
    assert json.loads(run(data_dir, "list", "--json").output) == []
