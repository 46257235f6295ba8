import asyncio
from typing import TYPE_CHECKING, cast

import pytest
from tests.serving import SECOND, START, StandIn, Wall
from tests.turns import turns

from paperdesk.base.units import Instant
from paperdesk.desk.clock import Clock, parsed
from paperdesk.server import clock
from paperdesk.server.clock import Timekeeper
from paperdesk.store.journal import JournalFailed

if TYPE_CHECKING:
    from paperdesk.desk.desk import Desk


def keeper(text: str) -> tuple[Timekeeper, StandIn, Wall]:
    desk, wall = StandIn(), Wall()
    desk.clock = parsed(text).anchored(START, START)
    return Timekeeper(cast("Desk", desk), wall), desk, wall


@pytest.mark.parametrize(
    ("text", "seconds", "passed"),
    [
        ("real", 3, 3 * SECOND),
        ("x60", 1, 60 * SECOND),
        ("x0.5", 1, SECOND // 2),
        ("real", 0.049, 0),
        ("real", 0.051, 50_000),
        ("stepped", 3, 0),
        ("fast", 3, 0),
    ],
)
def test_a_request_brings_the_desk_to_where_its_clock_is(
    text: str, seconds: float, passed: int
) -> None:
    kept, desk, wall = keeper(text)

    wall.pass_(seconds)
    kept.catch_up(wall())

    assert desk.now - START == passed


def test_a_paused_clock_stands_and_a_new_one_goes_on() -> None:
    kept, desk, wall = keeper("real")

    desk.clock = desk.clock.paused(wall(), desk.now)
    wall.pass_(5)
    kept.catch_up(wall())
    stood = desk.now
    desk.clock = Clock().anchored(wall(), desk.now)
    wall.pass_(1)
    kept.catch_up(wall())

    assert stood == START
    assert desk.now == START + SECOND


def test_a_wall_clock_that_is_set_back_does_not_hold_the_desk() -> None:
    kept, desk, wall = keeper("x2")
    wall.pass_(10)
    kept.catch_up(wall())

    wall.pass_(-86_400)
    kept.catch_up(wall())
    stood = desk.now - START
    wall.pass_(3)
    kept.catch_up(wall())

    assert stood == 20 * SECOND
    assert desk.now - START == 26 * SECOND


def test_the_fastest_clock_strides_by_itself() -> None:
    kept, desk, _ = keeper("fast")

    assert kept.stride()
    assert desk.now == START + 300 * SECOND


def test_other_clocks_do_not_stride() -> None:
    kept, desk, wall = keeper("real")
    wall.pass_(5)

    assert not kept.stride()
    assert desk.now == START


def test_the_fastest_clock_stops_where_it_is_told_to() -> None:
    kept, desk, _ = keeper("fast")
    desk.clock = Clock(mode=desk.clock.mode, until=START + 400 * SECOND)

    strides = [kept.stride() for _ in range(3)]

    assert strides == [True, True, False]
    assert desk.now == START + 400 * SECOND


class Driven:
    """What is driven, and ends after some ticks."""

    def __init__(self, text: str, ticks: int) -> None:
        self.keeper, self.desk, self.wall = keeper(text)
        self.stirred = asyncio.Event()
        self.ticks: list[Instant] = []
        self.is_busy = True
        self._left = ticks

    def tick(self, now: Instant) -> None:
        self.ticks.append(now)

    async def settled(self) -> bool:
        self._left -= 1
        self.wall.pass_(0.5)
        return self._left > 0


def test_a_desk_is_driven_tick_by_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> list[Instant]:
        driven = Driven("real", 3)
        await asyncio.wait_for(clock.drive(driven), 5)
        return driven.ticks

    monkeypatch.setattr(clock, "TICK", 1_000)
    monkeypatch.setattr(clock, "STRIDE", 1_000)

    ticks = asyncio.run(story())

    assert [tick - START for tick in ticks] == [0, SECOND // 2, SECOND]


def test_the_fastest_clock_is_driven_without_pause_and_ticks_no_faster() -> None:
    async def story() -> tuple[int, int]:
        driven = Driven("fast", 4)
        await asyncio.wait_for(clock.drive(driven), 5)
        return driven.desk.now - START, len(driven.ticks)

    assert asyncio.run(story()) == (4 * 300 * SECOND, 4)


def test_who_is_stirred_wakes_at_once() -> None:
    async def story() -> int:
        driven = Driven("real", 1)
        driven.is_busy = False
        driving = asyncio.create_task(clock.drive(driven))
        await turns()
        driven.stirred.set()
        await asyncio.wait_for(driving, 2)
        return len(driven.ticks)

    assert asyncio.run(story()) == 1


def test_a_stopped_desk_is_driven_no_more(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        driven = Driven("fast", 100)

        def fail(to: Instant) -> None:
            raise JournalFailed(f"The journal has stopped at {to}: disk full.")

        driven.desk.advance = fail  # type: ignore[method-assign]
        await asyncio.wait_for(clock.drive(driven), 5)

    asyncio.run(story())

    assert "disk full" in caplog.text


def test_a_disk_that_fails_meanwhile_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        driven = Driven("fast", 1)
        driven.desk.journal.fail()
        await asyncio.wait_for(clock.drive(driven), 5)

    asyncio.run(story())

    assert "disk full" in caplog.text
    assert "Restart the desk." in caplog.text


def test_a_failure_of_ours_does_not_stop_the_clock(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> int:
        driven = Driven("fast", 2)
        advance, calls = driven.desk.advance, []

        def stumble(to: Instant) -> None:
            calls.append(to)
            if len(calls) == 1:
                raise ZeroDivisionError
            advance(to)

        driven.desk.advance = stumble  # type: ignore[method-assign]
        await asyncio.wait_for(clock.drive(driven), 5)
        return len(calls)

    monkeypatch.setattr(clock, "REST", 1_000)

    assert asyncio.run(story()) == 3
    assert "the clock stumbled" in caplog.text
