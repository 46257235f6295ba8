import gc
import sys

import pytest

from paperdesk.server import process


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits there")
@pytest.mark.parametrize(
    ("soft", "hard", "asked"),
    [
        (1_024, 1_048_576, [(8_192, 1_048_576)]),
        (1_024, 4_096, [(4_096, 4_096)]),
        (20_000, 20_000, []),
    ],
)
def test_the_system_is_asked_for_open_files(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, asked: list[tuple[int, int]]
) -> None:
    resource = pytest.importorskip("resource")
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: told.append(limits))

    process.let_files_be_open()

    assert told == asked


def test_the_collector_stays_away_while_a_world_is_read() -> None:
    with process.uncollected():
        inside = gc.isenabled()

    assert not inside
    assert gc.isenabled()
    gc.unfreeze()


@pytest.mark.skipif(sys.platform == "win32", reason="no such loop there")
def test_the_loop_is_the_fastest_that_there_is() -> None:
    made = process.loop_factory()

    assert made is not None
    loop = made()
    loop.close()
    assert type(loop).__module__.startswith("uvloop")
