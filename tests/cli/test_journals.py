import json
import sqlite3
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner, Result

from paperdesk.cli.commands import paperdesk


def run(data_dir: Path, *arguments: str) -> Result:
    return CliRunner().invoke(paperdesk, ["journal", *arguments, "--data-dir", str(data_dir)])


def test_whole_journal_is_told_with_its_last_hash(data_dir: Path) -> None:
    record = json.loads(run(data_dir, "verify", "--json").output)

    assert record["records"] == 2
    assert record["is_whole"] is True
    assert record["last_at"] == "2008-09-29 13:30:00.000000Z"
    assert len(record["hash"]) == 64


def test_changed_journal_is_refused_with_the_record_named(data_dir: Path) -> None:
    file = data_dir / "desks" / "default" / "journal.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE record SET at = at + 1 WHERE seq = 2")
        connection.commit()

    result = run(data_dir, "verify")

    assert result.exit_code == 1
    assert "Record 2" in result.output
    assert "Traceback" not in result.output


def test_latest_events_are_shown_with_their_fields(data_dir: Path) -> None:
    result = run(data_dir, "show", "--last", "1")

    assert "CashDeposited" in result.output
    assert "amount=1000000" in result.output
    assert "AccountOpened" not in result.output


def test_events_of_one_kind_are_found(data_dir: Path) -> None:
    (row,) = json.loads(run(data_dir, "show", "--kind", "AccountOpened", "--json").output)

    assert row["seq"] == 1
    assert row["event"]["account_id"] == "DU1234567"


def test_export_has_an_event_a_line(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"

    result = run(data_dir, "export", str(file))

    assert result.exit_code == 0
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["AccountOpened", "CashDeposited"]


def test_export_can_go_on_after_a_record(data_dir: Path) -> None:
    result = run(data_dir, "export", "-", "--after", "1")

    assert [json.loads(line)["seq"] for line in result.output.splitlines() if line[0] == "{"] == [2]


def test_journal_of_no_desk_says_which_there_are(data_dir: Path) -> None:
    result = run(data_dir, "show", "--desk", "missing")

    assert result.exit_code == 1
    assert "default" in result.output
