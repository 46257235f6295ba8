import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from tests.programs import KEY, TOKEN, Program, access_token, consumer, register
from tests.serving import SECOND, Reply, Rig

from paperdesk.auth.oauth1.verification import Settings
from paperdesk.auth.roster import Roster
from paperdesk.auth.sessions import Session
from paperdesk.server.faces import hosted
from paperdesk.server.premises import Signing

T = TypeVar("T")


class Outside(Rig):
    """A hosted face, and a program of demo's that knows no more than it is told."""

    def __init__(self, data_dir: Path, **signing: Any) -> None:  # noqa: ANN401 - any setting
        super().__init__(data_dir, face=hosted(), signing=Signing(settings=Settings(**signing)))
        register(self.registrations, consumer(), access_token())
        self.callers = self.premises.callers

    def program(self) -> Program:
        """Return another program."""
        return Program(lambda: self.wall() // SECOND)

    async def shake_hands(self, program: Program) -> Reply:
        """Get a live session token for a program."""
        reply = await self.signed(
            "POST", "/oauth/live_session_token", program.for_live_session_token()
        )
        program.agree(reply.json)
        return reply

    async def signed(
        self, method: str, path: str, authorization: str, body: bytes = b"", **headers: str
    ) -> Reply:
        """Send a request with an Authorization header."""
        given: dict[str, str | None] = {"authorization": authorization, **headers}
        return await self.ask(method, path, body, headers=given)

    async def call(self, program: Program, method: str, path: str, body: bytes = b"") -> Reply:
        """Send a request that a program signs."""
        return await self.signed(method, path, program.by_hmac(method, path), body)

    @property
    def sessions(self) -> list[Session]:
        """The sessions that live."""
        roster: Roster = self.premises.roster
        return list(roster.by_id.values())


def told(tmp_path: Path, story: Callable[[Outside], Awaitable[T]], **signing: Any) -> T:  # noqa: ANN401
    async def run() -> T:
        return await story(Outside(tmp_path, **signing))

    return asyncio.run(run())


def test_a_signed_request_has_a_session_of_its_user(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        assert rig.sessions == []

        reply = await rig.call(program, "POST", "/tickle")

        assert reply.status == 200
        (session,) = rig.sessions
        assert (session.user_name, session.face) == ("demo", "hosted")
        assert session.credential == f"oauth1 {KEY} {TOKEN}"
        assert reply.json["session"] == session.session_id

    told(tmp_path, story)
