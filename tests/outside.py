"""Outside: the hosted face of a desk without a market, and programs that sign their requests."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from tests.programs import Program, access_token, consumer, register
from tests.serving import SECOND, Reply, Rig

from paperdesk.auth.oauth1.verification import Settings
from paperdesk.auth.sessions import Session, SessionSettings
from paperdesk.server.faces import hosted
from paperdesk.server.premises import Signing

T = TypeVar("T")


class Outside(Rig):
    """A hosted face, and a program of demo's that knows no more than it is told."""

    def __init__(
        self,
        data_dir: Path,
        signing: Signing | None = None,
        **settings: Any,  # noqa: ANN401 - any setting
    ) -> None:
        signing = signing or Signing(settings=Settings(**settings))
        # A brokerage session is there at once, or its answer would be waited for.
        sessions = SessionSettings(warm_up=0)
        super().__init__(data_dir, sessions, face=hosted(), signing=signing)
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
        return list(self.premises.roster.by_id.values())


def told(
    tmp_path: Path,
    story: Callable[[Outside], Awaitable[T]],
    **signing: Any,  # noqa: ANN401 - any setting
) -> T:
    """Tell a story of a hosted face."""

    async def run() -> T:
        return await story(Outside(tmp_path, **signing))

    return asyncio.run(run())
