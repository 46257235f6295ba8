from decimal import Decimal
from pathlib import Path

import pytest

from paperdesk.base.ids import AccountId
from paperdesk.desk.manifests import (
    DeskExists,
    InvalidDesk,
    Manifest,
    Place,
    UnknownDesk,
    begin,
    deleted,
    existing,
    forked,
    manifest_of,
    names_in,
    place,
)
from paperdesk.desk.terms import load
from paperdesk.kernel.messages.accounts import CashDeposited
from paperdesk.store.files import read
from paperdesk.store.journal import JournalInUse
from paperdesk.store.sqlite import SqliteJournal


def manifest(name: str, seed: int = 7) -> Manifest:
    return Manifest(
        name=name,
        seed=seed,
        begins_at=1_000,
        release="0.1.0",
        catalogue="c0ffee",
        scenario=load("default"),
    )


def begun(data_dir: Path, name: str) -> Place:
    where = place(data_dir, name)
    begin(where, manifest(name))
    return where


def opened(where: Place) -> SqliteJournal:
    return SqliteJournal(where.journal, manifest_of(where).genesis)


def deposit(amount: int) -> CashDeposited:
    return CashDeposited(
        at=amount, account_id=AccountId("DU1"), currency="USD", amount=Decimal(amount)
    )


def test_a_manifest_comes_back_as_it_was(tmp_path: Path) -> None:
    where = begun(tmp_path, "mine")

    assert manifest_of(where) == manifest("mine")
    assert names_in(tmp_path) == ["mine"]
    assert where.directory.stat().st_mode & 0o777 == 0o700
    assert where.manifest.stat().st_mode & 0o777 == 0o600


def test_desks_of_another_seed_have_another_genesis() -> None:
    assert manifest("a", seed=1).genesis != manifest("a", seed=2).genesis
    assert manifest("a").genesis == manifest("b").genesis


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "A", "x" * 65, ".hidden", "a\0"])
def test_what_cannot_be_a_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidDesk):
        place(tmp_path, name)


def test_a_desk_begins_once(tmp_path: Path) -> None:
    begun(tmp_path, "mine")

    with pytest.raises(DeskExists):
        begun(tmp_path, "mine")


def test_an_unknown_desk_is_refused_with_those_that_are_there(tmp_path: Path) -> None:
    begun(tmp_path, "mine")

    with pytest.raises(UnknownDesk, match="there is: mine"):
        existing(tmp_path, "yours")


@pytest.mark.parametrize("content", ["", "{}", "[1]", "not json"])
def test_what_is_no_manifest_is_refused(tmp_path: Path, content: str) -> None:
    where = begun(tmp_path, "mine")
    where.manifest.write_text(content)

    with pytest.raises(InvalidDesk, match="is no manifest"):
        manifest_of(where)


def test_a_newer_manifest_is_refused(tmp_path: Path) -> None:
    where = begun(tmp_path, "mine")
    where.manifest.write_text(where.manifest.read_text().replace('"form": 1', '"form": 2'))

    with pytest.raises(InvalidDesk, match="newer release"):
        manifest_of(where)


def test_a_fork_has_what_had_happened_and_goes_its_own_way(tmp_path: Path) -> None:
    where = begun(tmp_path, "mine")
    journal = opened(where)
    journal.append([deposit(1), deposit(2)])
    journal.close()
    (where.directory / "users.json").write_text("kept")

    told = forked(tmp_path, "mine", "other")

    assert told.forked_from == "mine after record 2"
    other = place(tmp_path, "other")
    journal = opened(other)
    journal.append([deposit(3)])
    journal.close()
    assert [record.seq for record in read(other.journal)] == [1, 2, 3]
    assert [record.seq for record in read(where.journal)] == [1, 2]
    assert (other.directory / "users.json").read_text() == "kept"


def test_an_open_desk_can_be_forked(tmp_path: Path) -> None:
    journal = opened(begun(tmp_path, "mine"))
    journal.append([deposit(1)])
    journal.close()
    journal = opened(existing(tmp_path, "mine"))

    forked(tmp_path, "mine", "other")

    opened(place(tmp_path, "other")).close()
    journal.close()


def test_a_fork_does_not_replace_a_desk(tmp_path: Path) -> None:
    for name in ("mine", "other"):
        opened(begun(tmp_path, name)).close()

    with pytest.raises(DeskExists):
        forked(tmp_path, "mine", "other")


def test_a_fork_that_fails_leaves_nothing(tmp_path: Path) -> None:
    where = begun(tmp_path, "mine")
    where.journal.write_bytes(b"no journal" * 100)

    with pytest.raises(Exception, match="no journal"):
        forked(tmp_path, "mine", "other")

    assert not place(tmp_path, "other").directory.exists()


def test_a_deleted_desk_is_gone(tmp_path: Path) -> None:
    opened(begun(tmp_path, "mine")).close()

    deleted(tmp_path, "mine")

    assert names_in(tmp_path) == []
    assert not place(tmp_path, "mine").directory.exists()


def test_an_open_desk_is_not_deleted(tmp_path: Path) -> None:
    journal = opened(begun(tmp_path, "mine"))

    with pytest.raises(JournalInUse):
        deleted(tmp_path, "mine")

    assert names_in(tmp_path) == ["mine"]
    journal.close()
