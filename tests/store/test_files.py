import subprocess
import sys
import threading
from decimal import Decimal
from pathlib import Path

import pytest

from paperdesk.base.ids import AccountId
from paperdesk.kernel.messages.accounts import CashDeposited
from paperdesk.store.files import copied, read
from paperdesk.store.journal import JournalDamaged, JournalForeign, JournalInUse
from paperdesk.store.sqlite import SqliteJournal

EVENT = CashDeposited(at=1, account_id=AccountId("DU1"), currency="USD", amount=Decimal(1))

OPENING = """
import sys
from pathlib import Path
from paperdesk.store.journal import JournalInUse
from paperdesk.store.sqlite import SqliteJournal

try:
    SqliteJournal(Path(sys.argv[1])).close()
except JournalInUse as refusal:
    print(refusal)
"""


def opened_elsewhere(path: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", OPENING, str(path)], capture_output=True, text=True, check=True
    ).stdout


def test_one_process_alone_writes_a_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = SqliteJournal(path)

    assert "Another process has" in opened_elsewhere(path)
    journal.close()
    assert opened_elsewhere(path) == ""


def test_the_same_process_does_not_open_a_journal_twice(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.db")

    with pytest.raises(JournalInUse):
        SqliteJournal(tmp_path / "journal.db")

    journal.close()


def test_a_second_try_in_the_same_process_leaves_the_journal_locked_for_others(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.db"
    journal = SqliteJournal(path)

    with pytest.raises(JournalInUse):
        SqliteJournal(path)

    assert "Another process has" in opened_elsewhere(path)
    journal.close()


def test_a_journal_can_be_read_and_copied_while_it_is_written(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.db")
    journal.append([EVENT] * 3)
    done = threading.Event()
    journal.notify(3, done.set)
    done.wait()

    copied(tmp_path / "journal.db", tmp_path / "copy.db")

    assert [record.seq for record in read(tmp_path / "journal.db")] == [1, 2, 3]
    assert list(read(tmp_path / "copy.db")) == list(journal.records())
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    journal.close()


def test_a_journal_that_is_not_there_is_no_journal(tmp_path: Path) -> None:
    with pytest.raises(JournalForeign):
        list(read(tmp_path / "journal.db"))

    assert not (tmp_path / "journal.db").exists()


def test_reading_stops_at_the_damaged_record(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = SqliteJournal(path)
    journal.append([EVENT] * 3)
    journal.close()
    content = path.read_bytes()
    path.write_bytes(content.replace(b"USD", b"EUR", 1))
    told: list[int] = []

    with pytest.raises(JournalDamaged, match="Record "):
        told.extend(record.seq for record in read(path))

    assert len(told) < 3
