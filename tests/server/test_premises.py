import asyncio
from pathlib import Path

from tests.serving import PAPER, Rig

from paperdesk.auth.endings import Cause
from paperdesk.auth.registrations import Revocation
from paperdesk.auth.roster import Opening


def test_a_change_of_a_session_is_told_to_its_sockets_at_once(tmp_path: Path) -> None:
    async def story() -> tuple[bool, bytes]:
        rig = Rig(tmp_path)
        session = rig.people.roster.open(PAPER, rig.wall(), Opening())
        subscriber = rig.premises.audience.join(session)
        subscriber.take()
        rig.people.roster.log_out(session, rig.wall())
        return subscriber.closing is not None, subscriber.take()

    is_closing, said = asyncio.run(story())

    assert is_closing
    assert b'"topic":"sts"' in said


def test_a_desk_is_busy_while_somebody_listens(tmp_path: Path) -> None:
    async def story() -> list[bool]:
        rig = Rig(tmp_path)
        before = rig.premises.is_busy
        subscriber = rig.premises.audience.join(None)
        during = rig.premises.is_busy
        rig.premises.audience.leave(subscriber)
        return [before, during, rig.premises.is_busy]

    assert asyncio.run(story()) == [False, True, False]


def test_what_is_revoked_takes_its_sessions_with_it_at_once(tmp_path: Path) -> None:
    async def story() -> tuple[list[bool], set[Cause]]:
        rig = Rig(tmp_path)
        opened = [
            rig.people.roster.open(PAPER, rig.wall(), Opening(face="hosted", credential=credential))
            for credential in ("oauth2 firm", "sso firm", "oauth2 firm-2", "login")
        ]
        rig.people.registry.revoke(Revocation(client_id="firm"))
        ended = {ending.cause for ending in rig.people.roster.endings}
        return [session.is_ended for session in opened], ended

    assert asyncio.run(story()) == ([True, True, False, False], {Cause.REVOKED})
