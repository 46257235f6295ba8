import asyncio
from typing import TYPE_CHECKING, cast

import pytest
from tests.serving import Journal
from tests.turns import turns

if TYPE_CHECKING:
    from paperdesk.store.journal import Journal as AnyJournal

from paperdesk.server.durability import Durability


def test_nobody_waits_for_what_is_on_disk() -> None:
    async def story() -> bool:
        journal = Journal()
        journal.add()
        durability = Durability(cast("AnyJournal", journal), asyncio.get_running_loop())
        return durability.is_reached(1) and await durability.reached(1)

    assert asyncio.run(story())


@pytest.mark.parametrize("breaks", [False, True])
def test_all_who_wait_are_released_together(breaks: bool) -> None:
    async def story() -> tuple[int, list[bool]]:
        journal = Journal()
        journal.is_held = True
        durability = Durability(cast("AnyJournal", journal), asyncio.get_running_loop())
        waiting = []
        for seq in (1, 2, 3):
            journal.add()
            waiting.append(asyncio.create_task(durability.reached(seq)))
        await turns()
        early = sum(task.done() for task in waiting)
        if breaks:
            journal.fail()
        else:
            journal.flush()
        return early, await asyncio.gather(*waiting)

    assert asyncio.run(story()) == (0, [not breaks] * 3)


def test_who_comes_while_others_wait_is_asked_for_next() -> None:
    async def story() -> tuple[bool, bool, bool]:
        journal = Journal()
        journal.is_held = True
        durability = Durability(cast("AnyJournal", journal), asyncio.get_running_loop())
        journal.add()
        first = asyncio.create_task(durability.reached(1))
        await asyncio.sleep(0)
        journal.flush()
        journal.add()
        second = asyncio.create_task(durability.reached(2))
        done = await first
        await turns()
        early = second.done()
        journal.flush()
        return done, early, await second

    assert asyncio.run(story()) == (True, False, True)


def test_who_stops_waiting_disturbs_nobody() -> None:
    async def story() -> bool:
        journal = Journal()
        journal.is_held = True
        durability = Durability(cast("AnyJournal", journal), asyncio.get_running_loop())
        journal.add()
        first = asyncio.create_task(durability.reached(1))
        second = asyncio.create_task(durability.reached(1))
        await asyncio.sleep(0)
        first.cancel()
        journal.flush()
        return await second

    assert asyncio.run(story())


def test_what_has_failed_is_not_waited_for() -> None:
    async def story() -> bool:
        journal = Journal()
        journal.is_held = True
        journal.add()
        journal.fail()
        durability = Durability(cast("AnyJournal", journal), asyncio.get_running_loop())
        return await durability.reached(1)

    assert not asyncio.run(story())


def test_one_who_falls_over_keeps_nobody_from_hearing_of_the_disk() -> None:
    async def story() -> tuple[list[bool], int]:
        journal, heard, failures = Journal(), list[bool](), list[object]()
        journal.is_held = True
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: failures.append(context))
        durability = Durability(cast("AnyJournal", journal), loop)

        def falls(_: bool) -> None:
            raise ValueError

        journal.add()
        for waiter in (falls, heard.append):
            durability.when(1, waiter)
        journal.flush()
        await turns()
        return heard, len(failures)

    assert asyncio.run(story()) == ([True], 1)
