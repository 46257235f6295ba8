import asyncio
import logging
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.serving import PAPER, START, Reply, Rig

from paperdesk.auth.endings import Cause
from paperdesk.auth.pacing.settings import PacingSettings
from paperdesk.auth.resets import Profile
from paperdesk.auth.roster import Opening
from paperdesk.auth.sessions import BrokerageState, Session, SessionSettings
from paperdesk.base.units import DAY, HOUR, MINUTE, SECOND
from paperdesk.desk.clock import Clock, ClockMode
from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.server.watch import settled

HOSTED = Opening(face="hosted", credential="oauth1 FIRM token")
TO_MIDNIGHT = 14 * HOUR + MINUTE + 49 * SECOND
"""From the start, two minutes before ten on a Tuesday in New York."""

TO_SATURDAY_EVENING = TO_MIDNIGHT + 3 * DAY + 19 * HOUR


def run(
    tmp_path: Path,
    story: Callable[[Rig, Session], Awaitable[Any]],
    settings: SessionSettings | None = None,
) -> Any:  # noqa: ANN401 - whatever a story tells
    async def whole() -> Any:  # noqa: ANN401 - see above
        rig = Rig(tmp_path, settings, pacing=PacingSettings())
        rig.desk.clock = Clock(is_paused=True)
        session = rig.people.roster.open(PAPER, rig.wall(), HOSTED)
        rig.people.roster.initialise(session, rig.wall(), compete=True)
        rig.wall.pass_(2)
        rig.people.roster.sweep(rig.wall())
        return await story(rig, session)

    return asyncio.run(whole())


def test_whoever_is_beaten_hears_of_it_in_the_same_turn(tmp_path: Path) -> None:
    async def story(rig: Rig, session: Session) -> tuple[bytes, bool]:
        socket = rig.premises.audience.join(session)
        socket.take()
        winner = rig.people.roster.open(PAPER, rig.wall(), HOSTED)

        rig.people.roster.initialise(winner, rig.wall(), compete=True)
        return socket.take(), socket.closing is None

    said, is_open = run(tmp_path, story)

    assert said.endswith(
        b'{"topic":"sts","args":{"connected":true,"authenticated":false,'
        b'"established":false,"competing":true}}'
    )
    assert is_open


def test_of_sixty_who_take_it_one_has_it_and_all_others_have_heard(tmp_path: Path) -> None:
    async def story(rig: Rig, _: Session) -> tuple[list[bool], list[bytes]]:
        roster = rig.people.roster
        sessions = [roster.open(PAPER, rig.wall(), HOSTED) for _ in range(60)]
        sockets = [rig.premises.audience.join(session) for session in sessions]
        for session in sessions:
            roster.initialise(session, rig.wall(), compete=True)
        rig.wall.pass_(2)
        rig.premises.tick(rig.wall())
        return [session.has_brokerage for session in sessions], [one.take() for one in sockets]

    served, said = run(tmp_path, story)

    assert served == [False] * 59 + [True]
    assert all(b'"competing":true' in heard.rpartition(b"sts")[2] for heard in said[:-1])
    assert b'"established":true' in said[-1].rpartition(b"sts")[2]


def test_midnight_of_the_desk_ends_sessions_whoever_moved_its_time(tmp_path: Path) -> None:
    async def story(rig: Rig, session: Session) -> tuple[bool, bool, bytes, bool]:
        socket = rig.premises.audience.join(session)
        socket.take()
        rig.desk.advance(START + TO_MIDNIGHT - 1)
        before = session.is_ended
        rig.desk.advance(START + TO_MIDNIGHT)
        return before, session.is_ended, socket.take(), socket.closing is not None

    before, after, said, is_closing = run(tmp_path, story)

    assert (before, after) == (False, True)
    assert b'"authenticated":false' in said
    assert is_closing


def test_many_nights_in_one_jump_are_told_one_by_one(tmp_path: Path) -> None:
    async def story(rig: Rig, _: Session) -> list[Cause]:
        rig.premises.watch.attendance.sign_in(PAPER.user_name, rig.wall())
        rig.desk.advance(START + 30 * DAY)
        return [ending.cause for ending in rig.people.roster.endings]

    causes = run(tmp_path, story)

    # Two sessions end at the first midnight, one at each of the 29 others.
    assert causes.count(Cause.MIDNIGHT) == 31


def test_nights_can_be_left_out(tmp_path: Path) -> None:
    async def story(rig: Rig, session: Session) -> bool:
        rig.desk.advance(START + 30 * DAY)
        return session.has_brokerage

    settings = SessionSettings(resets=Profile.OFF, has_maintenance=False)
    assert run(tmp_path, story, settings)


def test_idleness_goes_by_the_wall_however_fast_the_desk_is(tmp_path: Path) -> None:
    async def story(rig: Rig, session: Session) -> list[BrokerageState]:
        rig.desk.clock = Clock(factor=Decimal(1_000)).anchored(rig.wall(), rig.desk.now)
        states = []
        for seconds in (1, 297, 2, 2):
            rig.wall.pass_(seconds)
            rig.premises.keeper.catch_up(rig.wall())
            rig.premises.tick(rig.wall())
            states.append(session.state)
        assert rig.desk.now > START + 80 * HOUR
        return states

    settings = SessionSettings(resets=Profile.OFF, has_maintenance=False)
    assert run(tmp_path, story, settings) == [
        BrokerageState.BROKERAGE,
        BrokerageState.BROKERAGE,
        BrokerageState.IDLE_OUT,
        BrokerageState.IDLE_OUT,
    ]


@pytest.mark.parametrize("clock", [Clock(is_paused=True), Clock(mode=ClockMode.STEPPED)])
def test_nobody_grows_idle_while_desk_time_stands(tmp_path: Path, clock: Clock) -> None:
    async def story(rig: Rig, session: Session) -> tuple[bool, bool]:
        rig.desk.clock = clock
        rig.premises.tick(rig.wall())
        rig.wall.pass_(3_600)
        rig.premises.tick(rig.wall())
        during = session.has_brokerage
        rig.desk.clock = Clock().anchored(rig.wall(), rig.desk.now)
        rig.premises.tick(rig.wall())
        rig.wall.pass_(302)
        rig.premises.tick(rig.wall())
        return during, session.has_brokerage

    assert run(tmp_path, story) == (True, False)


def test_an_idle_session_is_told_so_without_a_request(tmp_path: Path) -> None:
    async def story(rig: Rig, session: Session) -> bytes:
        rig.desk.clock = Clock().anchored(rig.wall(), rig.desk.now)
        socket = rig.premises.audience.join(session)
        socket.take()
        rig.wall.pass_(302)
        rig.premises.tick(rig.wall())
        return socket.take()

    assert b'"authenticated":false,"established":false,"competing":false' in run(tmp_path, story)


def test_a_tic_keeps_a_session_and_heartbeats_do_not(tmp_path: Path) -> None:
    async def story(rig: Rig, session: Session) -> tuple[bool, bool]:
        rig.desk.clock = Clock().anchored(rig.wall(), rig.desk.now)
        socket = rig.premises.audience.join(session)
        kept = []
        for is_ticking in (True, False):
            for _ in range(6):
                rig.wall.pass_(60)
                rig.premises.audience.now = rig.wall()
                if is_ticking:
                    socket.receive("tic")
                rig.premises.beat()
                rig.premises.tick(rig.wall())
            kept.append(session.has_brokerage)
        return kept[0], kept[1]

    assert run(tmp_path, story) == (True, False)


def test_on_saturday_evening_nothing_is_answered_but_the_login_page(tmp_path: Path) -> None:
    async def story(rig: Rig, session: Session) -> tuple[Reply, Reply, bool, Reply, Reply]:
        rig.desk.advance(START + TO_SATURDAY_EVENING - 1)
        session = rig.people.roster.open(PAPER, rig.wall(), HOSTED)
        rig.gateway.session = session
        socket = rig.premises.audience.join(session)
        open_still = await rig.ask("GET", "/tickle")
        rig.desk.advance(START + TO_SATURDAY_EVENING)
        closed = await rig.ask("GET", "/tickle")
        page = await rig.ask("GET", "/sso/Login", base="")
        is_closing = socket.closing is not None
        rig.desk.advance(START + TO_SATURDAY_EVENING + 4 * HOUR)
        rig.wall.pass_(1)
        return open_still, closed, is_closing, page, await rig.ask("GET", "/tickle")

    before, during, is_closing, page, after = run(tmp_path, story)

    assert (before.status, page.status, after.status) == (200, 200, 200)
    assert (during.status, during.body) == (503, b"Service Unavailable")
    assert "maintained" in (during.header("x-paperdesk-hint") or "")
    assert is_closing


@pytest.mark.parametrize(
    ("path", "status", "is_counted"),
    [("/tickle", 200, True), ("/nothing", 404, True), ("/sso/validate", 429, False)],
)
def test_only_what_is_let_in_keeps_a_session(
    tmp_path: Path, path: str, status: int, is_counted: bool
) -> None:
    async def story(rig: Rig, session: Session) -> tuple[int, bool]:
        rig.gateway.session = session
        await rig.ask("GET", path)
        rig.wall.pass_(2)
        reply = await rig.ask("GET", path)
        return reply.status, session.last_used_at == rig.wall()

    assert run(tmp_path, story) == (status, is_counted)


def test_endings_are_logged_without_secrets(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(rig: Rig, session: Session) -> str:
        rig.people.roster.log_out(session, rig.wall())
        return session.session_id

    with caplog.at_level(logging.INFO, "paperdesk.sessions"):
        session_id = run(tmp_path, story)

    assert caplog.messages == [
        "Session 1 of demo (hosted, oauth1 FIRM token): the outer session has ended: logout."
    ]
    assert session_id not in caplog.text


@pytest.mark.parametrize(
    ("clock", "resets", "has_maintenance"),
    [("real", Profile.ON, True), ("x1000", Profile.ON, True), ("stepped", Profile.OFF, False)],
)
def test_a_clock_that_is_stepped_has_no_nights_unless_asked_for(
    clock: str, resets: Profile, has_maintenance: bool
) -> None:
    desk = open_desk(DeskOptions(wall=START, clock=clock, seed=11))
    by_clock = SessionSettings(resets=Profile.BY_CLOCK, has_maintenance=None)
    asked_for = SessionSettings(resets=Profile.LEGACY, has_maintenance=True)

    decided, kept = settled(by_clock, desk), settled(asked_for, desk)

    assert (decided.resets, decided.has_maintenance, decided.seed) == (resets, has_maintenance, 11)
    assert (kept.resets, kept.has_maintenance) == (Profile.LEGACY, True)


def test_a_real_desk_has_its_nights(tmp_path: Path) -> None:
    """The watch hears of time as any listener of a desk does."""

    async def story() -> tuple[bool, Cause]:
        rig = Rig(tmp_path)
        desk = open_desk(DeskOptions(wall=START))
        watch = rig.premises.watch
        desk.listen(watch._moved)
        session = rig.people.roster.open(PAPER, rig.wall(), HOSTED)
        desk.advance(START + TO_MIDNIGHT)
        return session.is_ended, rig.people.roster.endings[-1].cause

    assert asyncio.run(story()) == (True, Cause.MIDNIGHT)
