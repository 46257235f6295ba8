import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.oauth2 import rsa_key

from paperdesk.auth.oauth2.access_tokens import Revoked
from paperdesk.auth.oauth2.replays import Used
from paperdesk.server.token_store import TokenStore, TokenStoreDamaged

USED = Used(until=100, mark="m", client_id="c")
REVOKED = Revoked("t", 200)


def test_what_was_used_and_revoked_is_there_after_a_restart_until_it_expires(
    tmp_path: Path,
) -> None:
    first = TokenStore(tmp_path, 0)
    first.keep(USED, REVOKED)
    first.keep(USED)
    first.close()

    second = TokenStore(tmp_path, 99)
    assert list(second.remembered().used) == [USED]
    assert list(second.remembered().revoked) == [REVOKED]
    second.close()

    third = TokenStore(tmp_path, 100)
    assert list(third.remembered().used) == []
    assert list(third.remembered().revoked) == [REVOKED]
    third.close()


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    first, second = TokenStore(tmp_path, 0), TokenStore(tmp_path, 0)

    assert first.remembered().key == second.remembered().key
    assert first.remembered().key.algorithm == "RS256"
    assert len(first.remembered().key.kid) == 40
    assert {path.name for path in tmp_path.iterdir()} >= {"oauth2-signing.key", "oauth2.sqlite"}
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    first.close()
    second.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from paperdesk.auth.oauth2.replays import Used
from paperdesk.server.token_store import TokenStore
store = TokenStore(Path(sys.argv[1]), 0)
store.keep(Used(until=100, mark="m", client_id="c"))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_process_that_is_killed_forgets_nothing_that_it_kept(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    store = TokenStore(tmp_path, 0)

    assert ended.returncode == -9
    assert list(store.remembered().used) == [USED]
    store.close()


def test_a_desk_in_memory_writes_no_file(tmp_path: Path) -> None:
    store = TokenStore(None, 0, rsa_key("server"))
    store.keep(USED)

    assert list(store.remembered().used) == [USED]
    assert store.key is rsa_key("server")
    store.close()


@pytest.mark.parametrize("content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_key_that_is_not_one_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "oauth2-signing.key").write_bytes(content)

    with pytest.raises(TokenStoreDamaged, match="Move it away"):
        TokenStore(tmp_path, 0)


def test_a_database_that_is_not_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "oauth2.sqlite").write_bytes(b"not a database, and long enough to be one" * 40)

    with pytest.raises(TokenStoreDamaged, match="Move it away"):
        TokenStore(tmp_path, 0, rsa_key("server"))


def test_writing_is_on_disk_when_it_returns(tmp_path: Path) -> None:
    store = TokenStore(tmp_path, 0, rsa_key("server"))
    store.keep(USED)

    reader = sqlite3.connect(tmp_path / "oauth2.sqlite")

    assert reader.execute("SELECT mark FROM used").fetchall() == [("m",)]
    (level,) = store._database.execute("PRAGMA synchronous").fetchone()
    assert level == 2
    reader.close()
    store.close()
