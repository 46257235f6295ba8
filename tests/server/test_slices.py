import asyncio
from collections.abc import Generator
from itertools import pairwise

import pytest

from paperdesk.server.slices import Slicer


def counted(steps: int, log: list[str], name: str = "") -> Generator[None, None, int]:
    try:
        for step in range(steps):
            log.append(f"{name}{step}")
            yield
        return steps
    finally:
        log.append(f"{name}end")


def always() -> bool:
    return True


def test_work_is_done_to_its_end() -> None:
    log: list[str] = []

    assert asyncio.run(Slicer().done(counted(3, log), always)) == 3
    assert log == ["0", "1", "2", "end"]


def test_others_go_on_between_slices() -> None:
    log: list[str] = []

    async def story() -> None:
        slicer = Slicer(slice_seconds=0.0)
        work = asyncio.create_task(slicer.done(counted(3, log, "a"), always))
        while not work.done():
            log.append("turn")
            await asyncio.sleep(0)

    asyncio.run(story())
    steps = [log.index(step) for step in ("a0", "a1", "a2")]
    for before, after in pairwise(steps):
        assert "turn" in log[before:after]


def test_one_slice_of_all_work_is_done_in_a_turn_and_none_waits_for_the_others() -> None:
    log: list[str] = []

    async def story() -> None:
        slicer = Slicer(slice_seconds=0.0)
        tasks = [
            asyncio.create_task(slicer.done(counted(3, log, name), always)) for name in ("a", "b")
        ]
        while not all(task.done() for task in tasks):
            log.append("turn")
            await asyncio.sleep(0)

    asyncio.run(story())
    turns = " ".join(log).split("turn")
    worked = [[step for step in turn.split() if "end" not in step] for turn in turns]
    assert max(map(len, worked)) == 1
    assert log.index("b0") < log.index("a1") < log.index("b1") < log.index("a2")


def test_a_slice_takes_as_many_steps_as_there_is_time_for() -> None:
    log: list[str] = []

    async def story() -> None:
        work = asyncio.create_task(Slicer(slice_seconds=60.0).done(counted(500, log), always))
        await asyncio.sleep(0)
        log.append("turn")
        await work

    asyncio.run(story())
    assert log.index("turn") > log.index("499")


def test_work_that_nobody_wants_any_more_is_given_up() -> None:
    log: list[str] = []

    def is_wanted() -> bool:
        return len(log) < 2

    assert asyncio.run(Slicer(slice_seconds=0.0).done(counted(9, log), is_wanted)) is None
    assert log == ["0", "1", "end"]


def test_what_fails_fails_to_the_caller() -> None:
    def broken() -> Generator[None, None, None]:
        yield
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        asyncio.run(Slicer().done(broken(), always))
