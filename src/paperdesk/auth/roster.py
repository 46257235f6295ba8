"""The roster: every outer session of a desk, over all its faces, and who has which brokerage tier.

A user name has any number of outer sessions and one brokerage session over all of them. Nothing
here waits or reads a clock: whoever asks brings the instant, by the wall.
"""

from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Final

import msgspec

from paperdesk.auth.sessions import Session, SessionSettings
from paperdesk.base.ids import UserName
from paperdesk.base.units import SECOND, Duration, Instant
from paperdesk.kernel.state.accounts import User

SESSION_BYTES: Final = 16
BROKERAGE_BYTES: Final = 4
ENDINGS_MAX: Final = 1_000


class Cause(Enum):
    """Why a session has ended."""

    LOGOUT = "logout"
    REPLACED = "another login took the gateway"
    REVOKED = "its credential was revoked"


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """A session that is over, and why. `at` is wall time."""

    session_id: str
    user_name: UserName
    face: str
    credential: str
    cause: Cause
    at: Instant


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What an outer session is made from.

    `face` is "gateway" or "hosted"; `credential` is the public name of what the caller showed and
    never a secret. The brokerage tier follows by itself after `brokerage_after`, which takes
    `warm_up`; None waits to be asked.
    """

    face: str = "gateway"
    credential: str = "login"
    brokerage_after: Duration | None = None
    warm_up: Duration | None = None


class Roster:
    """Sessions by id, holders of brokerage sessions by user name, and the last endings."""

    def __init__(self, settings: SessionSettings, draw_hex: Callable[[int], str]) -> None:
        """Begin with nobody.

        Args:
            settings: of the sessions to come.
            draw_hex: returns so many bytes, which nobody can foresee, as hex digits.
        """
        self.settings = settings
        self._draw_hex = draw_hex
        self.by_id: dict[str, Session] = {}
        self.endings: deque[Ending] = deque(maxlen=ENDINGS_MAX)
        self.changed: list[Callable[[Session], None]] = []
        """Told of every session whose status has changed, at once."""

    def open(self, user: User, at: Instant, opening: Opening) -> Session:
        """Return a new outer session of a user."""
        after = opening.brokerage_after
        warm_up = self.settings.warm_up if opening.warm_up is None else opening.warm_up
        session = Session(
            session_id=self._draw_hex(SESSION_BYTES),
            brokerage_id=f"{at // SECOND:08x}.{self._draw_hex(BROKERAGE_BYTES)}",
            user_name=user.user_name,
            account_ids=user.account_ids,
            is_paper=user.is_paper,
            face=opening.face,
            credential=opening.credential,
            signed_in_at=at,
            last_used_at=at,
            initialises_at=0 if after is None else at + after,
            settings=msgspec.structs.replace(self.settings, warm_up=warm_up),
            selected=user.account_ids[0],
        )
        session.settle(at)
        session.settings = self.settings
        self.by_id[session.session_id] = session
        return session

    def find(self, session_id: str) -> Session | None:
        """Return the session of an id that a client names, while it lives."""
        session = self.by_id.get(session_id)
        return None if session is None or session.is_ended else session

    def use(self, session: Session, at: Instant) -> None:
        """Count a request of a session, and let it come as far as it has by now."""
        if not session.is_ended:
            session.use(at)

    def initialise(self, session: Session, at: Instant, *, compete: bool) -> None:  # noqa: ARG002
        """Ask for the brokerage tier of a session."""
        session.initialise(at)
        self._tell(session)

    def log_out(self, session: Session, at: Instant) -> None:
        """End both tiers, or the brokerage tier alone where the settings say so."""
        session.log_out()
        if session.is_ended:
            self._forget(session, at, Cause.LOGOUT)
        self._tell(session)

    def end(self, session: Session, at: Instant, cause: Cause) -> None:
        """End both tiers of a session; one that has ended stays as it is."""
        if session.is_ended:
            return
        session.end()
        self._forget(session, at, cause)
        self._tell(session)

    def _forget(self, session: Session, at: Instant, cause: Cause) -> None:
        self.by_id.pop(session.session_id, None)
        self.endings.append(
            Ending(
                session_id=session.session_id,
                user_name=session.user_name,
                face=session.face,
                credential=session.credential,
                cause=cause,
                at=at,
            )
        )

    def _tell(self, session: Session) -> None:
        for tell in self.changed:
            tell(session)
