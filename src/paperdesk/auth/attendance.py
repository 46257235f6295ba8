"""Attendance: somebody who looks after a gateway that nobody else signs in to.

A desk that is started with its user signed in runs for weeks of desk time unattended, while the
real service wants a person at the login page once a day. Whoever keeps a real gateway alive has a
program for that: it signs in again after midnight, and asks for the brokerage session when the
service is back. This is that program, and it does no more: a client that asks for nothing in five
minutes loses its brokerage session here as anywhere, and asks for its accounts in each new one.
"""

from collections.abc import Callable, Mapping

from paperdesk.auth.endings import Cause, Ending, Tier
from paperdesk.auth.gateway import Gateway
from paperdesk.auth.roster import Roster
from paperdesk.auth.sessions import BrokerageState, Session
from paperdesk.base.ids import UserName
from paperdesk.base.units import Instant
from paperdesk.kernel.state.accounts import User


class Attendance:
    """Signs a user in to the gateway again after what ends every session there."""

    def __init__(self, gateway: Gateway, roster: Roster, users: Mapping[UserName, User]) -> None:
        """Begin with nobody to look after; `users` are those of the desk at any time."""
        self._gateway = gateway
        self._roster = roster
        self._users = users
        self._session: Session | None = None
        roster.ended.append(self._ended)

    def sign_in(self, user_name: UserName, at: Instant) -> Session:
        """Sign a user in without the login page, and look after that from now on.

        The first time there is nobody who could wait, and the brokerage session is there at once.
        """
        user = self._users[user_name]
        is_first = self._session is None
        self._session = self._gateway.sign_in(user, at, is_headless=is_first)
        return self._session

    def through(self, at: Instant, reset: Callable[[Instant], None]) -> None:
        """Go through a reset that ends every session, and sign in again where it ended ours."""
        is_ours = self._has_session
        reset(at)
        if is_ours:
            self._sign_in_again(at)

    def restore(self, at: Instant) -> None:
        """Ask for the brokerage session now that the service is back."""
        session = self._session
        if session is not None and self._has_session and session.state is BrokerageState.RESET:
            self._roster.initialise(session, at, compete=True)

    @property
    def _has_session(self) -> bool:
        """Whether the session at the gateway is still the one that was signed in here."""
        session = self._session
        return session is not None and not session.is_ended and session is self._gateway.session

    def _ended(self, ending: Ending) -> None:
        session = self._session
        is_ours = session is not None and ending.number == session.number
        if is_ours and ending.tier is Tier.OUTER and ending.cause is Cause.AGED:
            self._sign_in_again(ending.at)

    def _sign_in_again(self, at: Instant) -> None:
        assert self._session is not None
        self.sign_in(self._session.user_name, at)
