from decimal import Decimal
from pathlib import Path

import pytest

from paperdesk.base.ids import AccountId
from paperdesk.kernel.messages.accounts import AccountKind, AccountOpened, CashDeposited
from paperdesk.kernel.state.world import World, world_at
from paperdesk.store.checkpoint import Checkpoint, Checkpoints, encoded, sealed, world_hash
from paperdesk.store.journal import JournalDamaged
from paperdesk.store.memory import MemoryJournal

DU1 = AccountId("DU1234567")


@pytest.fixture
def world() -> World:
    return world_at(now=0, seed=7)


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


@pytest.fixture
def checkpoints(tmp_path: Path) -> Checkpoints:
    return Checkpoints(tmp_path / "checkpoints")


def opened(world: World, journal: MemoryJournal) -> None:
    event = AccountOpened(
        at=1, account_id=DU1, kind=AccountKind.MARGIN, base_currency="USD", title="Demo"
    )
    world.apply(event)
    journal.append([event])


def deposited(world: World, journal: MemoryJournal, amount: int) -> None:
    event = CashDeposited(at=amount, account_id=DU1, currency="USD", amount=Decimal(amount))
    world.apply(event)
    journal.append([event])


def kept(checkpoints: Checkpoints, world: World, journal: MemoryJournal) -> None:
    checkpoints.keep(world, journal)
    checkpoints.finish(journal)


def newest(checkpoints: Checkpoints, journal: MemoryJournal) -> Checkpoint:
    checkpoint = checkpoints.newest(journal)
    assert checkpoint is not None
    return checkpoint


def files(checkpoints: Checkpoints) -> list[Path]:
    return sorted(checkpoints.directory.iterdir())


def test_a_world_comes_back_as_it_was(
    checkpoints: Checkpoints, world: World, journal: MemoryJournal
) -> None:
    opened(world, journal)
    deposited(world, journal, 1_000)
    kept(checkpoints, world, journal)

    checkpoint = newest(checkpoints, journal)

    assert checkpoint.seq == 2
    assert checkpoint.world == world
    assert encoded(checkpoint.world) == encoded(world)


def test_without_a_checkpoint_there_is_none(
    checkpoints: Checkpoints, journal: MemoryJournal
) -> None:
    assert checkpoints.newest(journal) is None


def test_two_checkpoints_are_kept(
    checkpoints: Checkpoints, world: World, journal: MemoryJournal
) -> None:
    opened(world, journal)
    for amount in range(1, 5):
        deposited(world, journal, amount)
        kept(checkpoints, world, journal)

    assert [path.name for path in files(checkpoints)] == [
        "000000000004.checkpoint",
        "000000000005.checkpoint",
    ]


@pytest.mark.parametrize("at", [0, 3, 30, 200, -1])
def test_a_damaged_checkpoint_leaves_the_one_before(
    at: int, checkpoints: Checkpoints, world: World, journal: MemoryJournal
) -> None:
    opened(world, journal)
    kept(checkpoints, world, journal)
    deposited(world, journal, 5)
    kept(checkpoints, world, journal)
    content = bytearray(files(checkpoints)[-1].read_bytes())
    content[at] ^= 0x01
    files(checkpoints)[-1].write_bytes(content)

    assert newest(checkpoints, journal).seq == 1


@pytest.mark.parametrize("size", [0, 10, 100])
def test_a_checkpoint_that_was_cut_off_leaves_the_journal_alone(
    size: int, checkpoints: Checkpoints, world: World, journal: MemoryJournal
) -> None:
    opened(world, journal)
    kept(checkpoints, world, journal)
    (path,) = files(checkpoints)
    path.write_bytes(path.read_bytes()[:size])

    assert checkpoints.newest(journal) is None


def test_a_checkpoint_of_another_journal_is_not_used(
    checkpoints: Checkpoints, world: World, journal: MemoryJournal
) -> None:
    opened(world, journal)
    kept(checkpoints, world, journal)
    other = MemoryJournal(b"x" * 32)
    opened(world_at(now=0, seed=7), other)

    assert checkpoints.newest(other) is None


def test_a_journal_that_has_lost_its_end_is_refused(
    checkpoints: Checkpoints, world: World, journal: MemoryJournal
) -> None:
    opened(world, journal)
    deposited(world, journal, 5)
    kept(checkpoints, world, journal)
    shorter = MemoryJournal()
    opened(world_at(now=0, seed=7), shorter)

    with pytest.raises(JournalDamaged, match="Record 2 of the journal is missing"):
        checkpoints.newest(shorter)


def test_a_checkpoint_of_other_records_is_not_used(
    checkpoints: Checkpoints,
    world: World,
    journal: MemoryJournal,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(world, journal)
    kept(checkpoints, world, journal)
    monkeypatch.setattr("paperdesk.store.checkpoint.shape", lambda: b"another release's")

    assert checkpoints.newest(journal) is None


def test_a_failed_journal_gets_no_checkpoint(
    checkpoints: Checkpoints, world: World, journal: MemoryJournal
) -> None:
    opened(world, journal)
    journal.failure = "no space"

    kept(checkpoints, world, journal)

    assert files(checkpoints) == []


def test_a_checkpoint_that_cannot_be_written_is_missed_and_no_more(
    checkpoints: Checkpoints,
    world: World,
    journal: MemoryJournal,
    caplog: pytest.LogCaptureFixture,
) -> None:
    opened(world, journal)
    checkpoints.directory.rmdir()

    kept(checkpoints, world, journal)

    assert "No checkpoint was made after record 1" in caplog.text
    assert checkpoints.newest(journal) is None


def test_only_the_owner_can_read_a_checkpoint(
    checkpoints: Checkpoints, world: World, journal: MemoryJournal
) -> None:
    opened(world, journal)
    kept(checkpoints, world, journal)

    assert files(checkpoints)[0].stat().st_mode & 0o777 == 0o600
    assert checkpoints.directory.stat().st_mode & 0o777 == 0o700


def test_equal_worlds_have_equal_hashes(world: World, journal: MemoryJournal) -> None:
    other = world_at(now=0, seed=7)
    assert world_hash(world) == world_hash(other)

    opened(other, journal)

    assert world_hash(world) != world_hash(other)


def test_a_sealed_checkpoint_is_bytes_of_its_parts() -> None:
    assert sealed(1, bytes(32), b"world").startswith(b"PDC1")
