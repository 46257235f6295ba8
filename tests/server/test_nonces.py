import os
import stat
from pathlib import Path

import pytest

from paperdesk.auth.oauth1.nonces import REMEMBERED, NonceEntry
from paperdesk.server.nonces import FILE, SWEEP_EVERY, NonceFile, NoncesDamaged

NOW = 1_788_875_891_000_000


def entry(number: int, at: int = NOW) -> NonceEntry:
    return NonceEntry(number.to_bytes(16, "big"), b"r" * 16, at // 1_000_000, at)


def test_what_was_written_is_there_in_another_process(tmp_path: Path) -> None:
    file = NonceFile(tmp_path)
    file.write("PAPERDESK", entry(1))
    file.write("OTHERCONS", entry(2))
    file.write("PAPERDESK", entry(3))

    # Not closed: the other one sees what a process that was killed has left.
    kept = NonceFile(tmp_path).kept(NOW)

    assert kept == {"PAPERDESK": [entry(1), entry(3)], "OTHERCONS": [entry(2)]}


def test_only_its_owner_reads_the_file_and_what_stands_beside_it(tmp_path: Path) -> None:
    file = NonceFile(tmp_path)
    file.write("PAPERDESK", entry(1))

    rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}

    assert len(rights) == 3
    assert set(rights.values()) == {0o600}


def test_what_nobody_needs_any_more_is_left_out(tmp_path: Path) -> None:
    file = NonceFile(tmp_path)
    file.write("PAPERDESK", entry(1))

    assert file.kept(NOW + REMEMBERED - 1) == {"PAPERDESK": [entry(1)]}
    assert file.kept(NOW + REMEMBERED) == {}


def test_old_entries_leave_the_file(tmp_path: Path) -> None:
    file = NonceFile(tmp_path)
    for number in range(SWEEP_EVERY - 1):
        file.write("PAPERDESK", entry(number))
    file.write("PAPERDESK", entry(SWEEP_EVERY, NOW + REMEMBERED))

    assert [len(rows) for rows in file.kept(0).values()] == [1]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_the_file_is_its_owners(tmp_path: Path) -> None:
    NonceFile(tmp_path)

    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_a_file_that_is_none_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database, but long enough to be taken for one" * 100)

    with pytest.raises(NoncesDamaged, match="Move it away"):
        NonceFile(tmp_path)


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    file = NonceFile(tmp_path)
    file.close()

    with pytest.raises(NoncesDamaged, match="cannot be used"):
        file.write("PAPERDESK", entry(1))
