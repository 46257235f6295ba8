"""The gateway's own sign-in: one user per gateway, and whoever reaches the port is that user.

API clients need no credential; a person signs in once on the login page, or the program does at
its start. Wrong passwords cost time, more with each, and five of them lock the name for a minute.
"""

from typing import Final

import msgspec

from paperdesk.auth.roster import Cause, Opening, Roster
from paperdesk.auth.sessions import Session, nobody
from paperdesk.base.ids import UserName
from paperdesk.base.units import MINUTE, SECOND, Duration, Instant
from paperdesk.kernel.state.accounts import User

FAILURES_MAX: Final = 5
LOCK: Final[Duration] = MINUTE
DELAY: Final[Duration] = SECOND // 2
NAMES_MAX: Final = 1_000


class Failures(msgspec.Struct):
    """Wrong passwords of one name since the last right one, and until when it is locked."""

    count: int = 0
    locked_until: Instant = 0


class Gateway:
    """Who has signed in. Instants are wall time, so that no desk clock shortens a lock."""

    def __init__(self, roster: Roster) -> None:
        """Begin with nobody signed in; sessions are kept in the roster."""
        self._roster = roster
        self._failures: dict[str, Failures] = {}
        self.session: Session = nobody()

    def sign_in(self, user: User, at: Instant, *, is_headless: bool = False) -> Session:
        """Let a user in, in place of whoever was.

        The brokerage session follows by itself: at once for a headless sign-in, else after the
        settings' delay and warm-up.
        """
        self._roster.end(self.session, at, Cause.REPLACED)
        if is_headless:
            opening = Opening(brokerage_after=0, warm_up=0)
        else:
            opening = Opening(brokerage_after=self._roster.settings.login_delay)
        self.session = self._roster.open(user, at, opening)
        return self.session

    def is_locked(self, user_name: str, at: Instant) -> bool:
        """Say whether a name has had so many wrong passwords that none is tried now."""
        failures = self._failures.get(user_name)
        return failures is not None and at < failures.locked_until

    def failed(self, user_name: str, at: Instant) -> Duration:
        """Count a wrong password and return how long its answer is to be held back."""
        failures = self._failures.pop(user_name, None) or Failures()
        if len(self._failures) >= NAMES_MAX:
            # The name that failed longest ago goes: a flood of names must not fill the memory.
            self._failures.pop(next(iter(self._failures)))
        self._failures[user_name] = failures
        failures.count += 1
        if failures.count >= FAILURES_MAX:
            failures.locked_until = at + LOCK
            failures.count = 0
        return DELAY * max(1, failures.count)

    def succeeded(self, user_name: UserName) -> None:
        """Forget the wrong passwords of a name."""
        self._failures.pop(user_name, None)
