from pathlib import Path

import pytest
from tests.desk.desks import AAA, OPEN, Trading
from tests.tape import limit, place

from paperdesk.store.checkpoint import Checkpoints


def checkpoints_of(folder: Path) -> list[int]:
    return sorted(int(path.stem) for path in folder.glob("*.checkpoint"))


def with_checkpoints(folder: Path) -> tuple[Trading, Checkpoints]:
    checkpoints = Checkpoints(folder)
    return Trading(checkpoints=checkpoints), checkpoints


def test_a_quiet_moment_is_used_for_a_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("paperdesk.desk.desk.EVENTS_A_CHECKPOINT", 3)
    trading, checkpoints = with_checkpoints(tmp_path)
    trading.source.show(AAA, OPEN, "99.98", "100.00", "99.99")
    for price in ("90.00", "91.00", "92.00"):
        trading.desk.execute(place(limit("buy", "1", price)))
        trading.desk.advance(trading.desk.now + 1)
        trading.desk.advance(trading.desk.now + 1)
        checkpoints.finish(trading.journal)
        assert checkpoints_of(tmp_path) == []

    trading.desk.advance(trading.desk.now + 1)

    checkpoints.finish(trading.journal)
    assert checkpoints_of(tmp_path) == [3]


def test_a_desk_without_a_quiet_moment_makes_checkpoints_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("paperdesk.desk.desk.EVENTS_A_CHECKPOINT_MAX", 4)
    trading, checkpoints = with_checkpoints(tmp_path)
    trading.source.show(AAA, OPEN, "99.98", "100.00", "99.99")

    for number in range(6):
        trading.desk.execute(place(limit("buy", "1", f"9{number}.00")))
        checkpoints.finish(trading.journal)

    assert checkpoints_of(tmp_path) == [4]


def test_a_stopped_desk_makes_no_checkpoint(tmp_path: Path) -> None:
    trading, checkpoints = with_checkpoints(tmp_path)
    trading.journal.failure = "no space left"

    trading.desk.checkpoint()
    trading.desk.close()

    checkpoints.finish(trading.journal)
    assert checkpoints_of(tmp_path) == []
