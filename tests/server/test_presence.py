import os
from pathlib import Path

import msgspec
import pytest

from paperdesk.server import presence
from paperdesk.server.presence import FILE, Presence

HERE = Presence(url="https://localhost:5000", hosted_url=None, control_url="http://localhost:5002")


def test_a_desk_says_where_it_listens_until_it_leaves(tmp_path: Path) -> None:
    presence.announce(tmp_path, HERE)

    found = presence.read(tmp_path)
    assert found == msgspec.structs.replace(HERE, process=os.getpid())
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    presence.leave(tmp_path)
    assert presence.read(tmp_path) is None
    presence.leave(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b'{"url": 7}'])
def test_what_cannot_be_read_says_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)

    assert presence.read(tmp_path) is None


def test_nobody_takes_away_what_another_process_has_written(tmp_path: Path) -> None:
    other = msgspec.structs.replace(HERE, process=os.getpid() + 1)
    (tmp_path / FILE).write_bytes(msgspec.json.encode(other))

    presence.leave(tmp_path)

    assert presence.read(tmp_path) == other
