from decimal import Decimal
from pathlib import Path

import pytest

from paperdesk.base.ids import AccountId
from paperdesk.kernel.messages.accounts import CashDeposited
from paperdesk.store.journal import JournalDamaged
from paperdesk.store.seals import broken, kept, place_of
from paperdesk.store.sqlite import SqliteJournal


def deposit(amount: int) -> CashDeposited:
    return CashDeposited(
        at=amount, account_id=AccountId("DU1"), currency="USD", amount=Decimal(amount)
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    journal = SqliteJournal(path)
    journal.append([deposit(amount) for amount in range(1, 6)])
    journal.close()
    return path


def test_a_closed_journal_is_sealed(path: Path) -> None:
    seal = broken(path)

    assert seal is not None
    journal = SqliteJournal(path)
    assert (seal.seq, seal.chain) == (5, journal.hash_at(5))
    journal.close()


def test_a_seal_is_taken_off_once(path: Path) -> None:
    broken(path)

    assert broken(path) is None
    assert not place_of(path).exists()


def test_an_open_journal_has_no_seal(path: Path) -> None:
    journal = SqliteJournal(path)

    assert not place_of(path).exists()
    journal.close()
    assert place_of(path).exists()


def test_a_sealed_journal_goes_on_where_it_was_closed(path: Path) -> None:
    journal = SqliteJournal(path)
    journal.append([deposit(6)])
    journal.close()

    assert [record.seq for record in SqliteJournal(path).records()] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("content", [b"", b"nothing", b"\x80"])
def test_a_seal_without_sense_is_no_seal(path: Path, content: bytes) -> None:
    place_of(path).write_bytes(content)

    assert broken(path) is None


def test_a_changed_file_breaks_the_seal_and_is_verified(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"USD", b"EUR", 1))

    with pytest.raises(JournalDamaged, match="Record "):
        SqliteJournal(path)


def test_records_in_the_log_alone_are_not_sealed(path: Path) -> None:
    log = path.with_name("journal.db-wal")
    log.write_bytes(b"something")
    place_of(path).unlink()

    kept(path, 5, bytes(32))

    assert not place_of(path).exists()


def test_only_the_owner_can_read_a_seal(path: Path) -> None:
    assert place_of(path).stat().st_mode & 0o777 == 0o600
