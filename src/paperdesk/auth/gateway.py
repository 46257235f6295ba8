"""The gateway's own sign-in: one user per gateway, and whoever reaches the port is that user.

API clients need no credential; a person signs in once on the login page, or the program does at
its start.
"""

from paperdesk.auth.endings import Cause
from paperdesk.auth.roster import Opening, Roster
from paperdesk.auth.sessions import Session, nobody
from paperdesk.base.units import Instant
from paperdesk.kernel.state.accounts import User


class Gateway:
    """Who has signed in. Instants are wall time."""

    def __init__(self, roster: Roster) -> None:
        """Begin with nobody signed in; sessions are kept in the roster."""
        self._roster = roster
        self.session: Session = nobody()

    def find(self, session_id: str) -> Session | None:
        """Return the gateway's session where a client names its id, and no session else.

        Whoever knows the id of another face's session shows it there, with what belongs to it.
        """
        session = self.session
        if session.is_ended or session.session_id != session_id:
            return None
        return session

    def sign_in(self, user: User, at: Instant, *, is_headless: bool = False) -> Session:
        """Let a user in, in place of whoever was.

        The brokerage session follows by itself: at once for a headless sign-in, else after the
        settings' delay and warm-up.
        """
        self._roster.end(self.session, at, Cause.REPLACED)
        if is_headless:
            opening = Opening(brokerage_after=0, warm_up=0, is_pinged=True)
        else:
            delay = self._roster.settings.login_delay
            opening = Opening(brokerage_after=delay, is_pinged=True)
        self.session = self._roster.open(user, at, opening)
        return self.session
