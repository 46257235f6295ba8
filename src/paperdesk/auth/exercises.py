"""Exercises: what a firm's client has shown that it can do, seen from its requests.

Whoever wants to go from tests to production has called what is on the list with success, and has
gone on after being refused for asking too fast. What was seen ends with the process.
"""

from typing import Final

import msgspec

from paperdesk.base.units import Instant

CREDENTIAL: Final = "oauth2 "
"""Before a client's id, in the public name of what a session was opened with."""

TOO_MANY: Final = 429


class Exercise(msgspec.Struct, frozen=True):
    """Something to be shown: a request that is answered with success."""

    name: str
    method: str
    path: str
    title: str


EXERCISES: Final = (
    Exercise("echo-https", "GET", "/gw/api/v1/echo/https", "use an access token"),
    Exercise("echo-signed-jwt", "POST", "/gw/api/v1/echo/signed-jwt", "sign a body"),
    Exercise("sso-session", "POST", "/gw/api/v1/sso-sessions", "open a session for a user"),
    Exercise("validate", "GET", "/sso/validate", "validate the session"),
    Exercise("brokerage", "POST", "/iserver/auth/ssodh/init", "ask for the brokerage session"),
    Exercise("accounts", "GET", "/iserver/accounts", "ask for the accounts"),
    Exercise("tickle", "POST", "/tickle", "keep the session alive"),
    Exercise("logout", "POST", "/logout", "end the session"),
)
PATIENCE: Final = "patience"
TITLES: Final = {
    **{one.name: one.title for one in EXERCISES},
    PATIENCE: "go on after 429",
}
_NAMES: Final = {(one.method, one.path): one.name for one in EXERCISES}


class Exercises:
    """What each client has shown, and when it did first, by the wall."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._shown: dict[str, dict[str, Instant]] = {}
        self._hasty: set[str] = set()

    def note(self, client_id: str, method: str, path: str, status: int, at: Instant) -> None:
        """Look at an answer that a client got; `path` is as routes name it."""
        if status == TOO_MANY:
            self._hasty.add(client_id)
            return
        if not 200 <= status < 300:  # noqa: PLR2004 - HTTP's own classes
            return
        shown = self._shown.setdefault(client_id, {})
        if client_id in self._hasty:
            self._hasty.discard(client_id)
            shown.setdefault(PATIENCE, at)
        name = _NAMES.get((method, path))
        if name is not None:
            shown.setdefault(name, at)

    def of(self, client_id: str) -> dict[str, Instant]:
        """Return what a client has shown, and when."""
        return self._shown.get(client_id, {})

    def missing(self, client_id: str) -> list[str]:
        """Return what a client has still to show."""
        shown = self.of(client_id)
        return [name for name in TITLES if name not in shown]


def client_of(credential: str) -> str:
    """Return whose session it is, by its credential; "" where it is no client's."""
    return credential.removeprefix(CREDENTIAL) if credential.startswith(CREDENTIAL) else ""
