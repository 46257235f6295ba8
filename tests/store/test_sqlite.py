import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from paperdesk.base.ids import AccountId
from paperdesk.kernel.messages.accounts import CashDeposited
from paperdesk.store.files import connect
from paperdesk.store.journal import JournalDamaged, JournalFailed, JournalForeign, JournalNewer
from paperdesk.store.memory import MemoryJournal
from paperdesk.store.sqlite import GROUP_MAX, SqliteJournal

DU1 = AccountId("DU1234567")


def deposit(amount: int) -> CashDeposited:
    return CashDeposited(at=amount, account_id=DU1, currency="USD", amount=Decimal(amount))


def settled(journal: SqliteJournal) -> None:
    """Wait until the journal is durable or has failed."""
    done = threading.Event()
    journal.notify(journal.seq, done.set)
    assert done.wait(timeout=30)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[SqliteJournal]:
    journal = SqliteJournal(path)
    yield journal
    journal.close()


def filled(path: Path, count: int) -> None:
    journal = SqliteJournal(path)
    for amount in range(1, count + 1):
        journal.append([deposit(amount)])
    journal.close()


def changed(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_events_are_there_after_opening_again(path: Path) -> None:
    filled(path, 3)

    journal = SqliteJournal(path)

    assert (journal.seq, journal.durable_seq) == (3, 3)
    assert list(journal.events()) == [deposit(1), deposit(2), deposit(3)]
    assert list(journal.events(after=2)) == [deposit(3)]
    journal.close()


def test_numbers_and_hashes_go_on_after_opening_again(path: Path) -> None:
    filled(path, 2)
    journal = SqliteJournal(path)
    journal.append([deposit(3)])
    settled(journal)
    memory = MemoryJournal()
    memory.append([deposit(1), deposit(2), deposit(3)])

    assert journal.hash_at(3) == memory.hash_at(3)
    assert list(journal.records()) == list(memory.records())
    journal.close()


def test_appended_is_not_durable_until_told(journal: SqliteJournal) -> None:
    journal.append([deposit(1)])

    settled(journal)

    assert journal.durable_seq == 1


def test_more_than_one_group_becomes_durable(journal: SqliteJournal) -> None:
    journal.append([deposit(amount) for amount in range(GROUP_MAX + 100)])
    journal.append([deposit(1)])

    settled(journal)

    assert journal.durable_seq == GROUP_MAX + 101


def test_waiting_for_what_is_durable_calls_back_at_once(journal: SqliteJournal) -> None:
    journal.append([deposit(1)])
    settled(journal)
    here: list[threading.Thread] = []

    journal.notify(1, lambda: here.append(threading.current_thread()))

    assert here == [threading.current_thread()]


def test_waiters_are_called_in_the_order_of_their_events(journal: SqliteJournal) -> None:
    order: list[int] = []
    for amount in range(100):
        seq = journal.append([deposit(amount)])
        journal.notify(seq, lambda seq=seq: order.append(seq))  # type: ignore[misc]

    settled(journal)

    assert order == list(range(1, 101))


def test_an_empty_append_changes_nothing(journal: SqliteJournal) -> None:
    assert journal.append([]) == 0


def test_the_log_is_synchronised_in_full(path: Path) -> None:
    opened: list[sqlite3.Connection] = []

    def noting(uri: str) -> sqlite3.Connection:
        opened.append(connect(uri))
        return opened[-1]

    journal = SqliteJournal(path, connecting=noting)

    assert opened[0].execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert opened[0].execute("PRAGMA synchronous").fetchone() == (2,)
    journal.close()


def test_only_the_owner_can_read_the_files(path: Path) -> None:
    journal = SqliteJournal(path)
    journal.append([deposit(1)])
    settled(journal)

    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}

    assert modes == dict.fromkeys(
        ("journal.db", "journal.db-shm", "journal.db-wal", "journal.lock"), 0o600
    )
    journal.close()


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE record SET body = x'80' WHERE seq = 2", 2),
        ("UPDATE record SET at = at + 1 WHERE seq = 3", 3),
        ("UPDATE record SET kind = 'OrderFilled' WHERE seq = 1", 1),
        ("UPDATE record SET hash = zeroblob(32) WHERE seq = 5", 5),
        ("DELETE FROM record WHERE seq = 4", 4),
        ("DELETE FROM record WHERE seq = 1", 1),
        ("UPDATE record SET body = 'text' WHERE seq = 2", 2),
    ],
)
def test_a_damaged_journal_is_refused_with_the_record(path: Path, statement: str, seq: int) -> None:
    filled(path, 5)
    changed(path, statement)

    with pytest.raises(JournalDamaged, match=f"Record {seq} "):
        SqliteJournal(path)


def test_a_refused_journal_is_not_left_locked(path: Path) -> None:
    filled(path, 3)
    changed(path, "UPDATE record SET at = 7 WHERE seq = 2")
    with pytest.raises(JournalDamaged):
        SqliteJournal(path)
    changed(path, "UPDATE record SET at = 2 WHERE seq = 2")

    journal = SqliteJournal(path)

    assert journal.seq == 3
    journal.close()


def test_flipped_bytes_in_the_file_are_refused(path: Path) -> None:
    filled(path, 400)
    content = bytearray(path.read_bytes())
    for at in range(20_000, 20_400):
        content[at] ^= 0xFF
    path.write_bytes(content)

    with pytest.raises(JournalDamaged):
        SqliteJournal(path)


@pytest.mark.parametrize("content", [b"not a journal at all" * 300, b"", b"SQLite format 3\0"])
def test_a_file_of_somebody_else_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(JournalForeign, match="no journal of Paperdesk"):
        SqliteJournal(path)

    assert path.read_bytes() == content


def test_a_database_of_somebody_else_is_refused(path: Path) -> None:
    changed(path, "CREATE TABLE bookmarks (address TEXT)")

    with pytest.raises(JournalForeign):
        SqliteJournal(path)


def test_the_journal_of_another_desk_is_refused(path: Path) -> None:
    filled(path, 1)

    with pytest.raises(JournalForeign, match="another desk"):
        SqliteJournal(path, genesis=b"x" * 32)


def test_a_newer_layout_is_refused(path: Path) -> None:
    filled(path, 1)
    changed(path, "PRAGMA user_version = 2")

    with pytest.raises(JournalNewer, match="layout 2"):
        SqliteJournal(path)


def test_a_newer_form_is_refused_with_the_record(path: Path) -> None:
    filled(path, 3)
    changed(path, "UPDATE record SET form = 2 WHERE seq = 2")

    with pytest.raises(JournalNewer, match=r"Record 2 \(CashDeposited\)"):
        SqliteJournal(path)


class FullDisk(sqlite3.Connection):
    """A connection whose every commit but the first fails, as a failed fsync does."""

    commits = 0

    def execute(self, sql: str, *args: object) -> sqlite3.Cursor:
        if sql == "COMMIT":
            self.commits += 1
            if self.commits > 1:
                raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, *args)  # type: ignore[arg-type]


def failing(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, factory=FullDisk
    )


def test_a_failed_commit_stops_the_journal_for_good(path: Path) -> None:
    journal = SqliteJournal(path, connecting=failing)
    journal.append([deposit(1)])
    settled(journal)
    journal.append([deposit(2)])

    settled(journal)

    assert journal.failure == "OperationalError: disk I/O error"
    assert journal.durable_seq == 1
    with pytest.raises(JournalFailed, match="disk I/O error"):
        journal.append([deposit(3)])
    settled(journal)
    journal.close()
    assert [told.seq for told in SqliteJournal(path).records()] == [1]


LIMITED = """
import resource, sys, threading
from decimal import Decimal
from pathlib import Path
from paperdesk.kernel.messages.accounts import CashDeposited
from paperdesk.store.sqlite import SqliteJournal

journal = SqliteJournal(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
for amount in range(10_000):
    event = CashDeposited(at=1, account_id="DU1", currency="USD", amount=Decimal(amount))
    try:
        seq = journal.append([event])
    except Exception as error:
        print(type(error).__name__, acknowledged, journal.durable_seq)
        break
    done = threading.Event()
    journal.notify(seq, done.set)
    done.wait()
    if not journal.failure:
        acknowledged = seq
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limits there")
def test_a_disk_that_takes_no_more_loses_nothing_acknowledged(path: Path) -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n" + LIMITED,
            str(path),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    name, acknowledged, durable = ran.stdout.split()

    assert name == "JournalFailed"
    assert acknowledged == durable
    journal = SqliteJournal(path)
    assert journal.seq >= int(acknowledged) > 10
    journal.close()
