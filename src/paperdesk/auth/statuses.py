"""Statuses: how a session says what it is worth, and the names of the server behind it.

Both halves of the API tell it: /iserver/auth/status, /tickle and the `sts` topic. The names have
the shape of real ones and belong to no real server.
"""

from typing import Final

import msgspec

from paperdesk.auth.sessions import BrokerageState, Session

SERVER_NAME: Final = "PdkZ10001"
SERVER_VERSION: Final = "Build 10.45.1a, Apr 22, 2026 1:39:05 PM"
MAC: Final = "0A:1B:2C:3D:4E:5F"
HARDWARE: Final = f"1ab7d23|{MAC}"


class Status(msgspec.Struct, frozen=True):
    """What a session may do.

    `is_connected` is the link to the backend, `is_authenticated` the accepted brokerage login,
    `is_established` that it is ready to serve, `is_competing` that somebody else has it.
    """

    is_authenticated: bool
    is_established: bool
    is_competing: bool
    is_connected: bool


GONE: Final = Status(
    is_authenticated=False, is_established=False, is_competing=False, is_connected=False
)
UNASKED: Final = GONE
"""An outer session alone: nobody has asked for a brokerage session. Source: documented."""

CONNECTED: Final = Status(
    is_authenticated=False, is_established=False, is_competing=False, is_connected=True
)
INITIALISING: Final = Status(
    is_authenticated=True, is_established=False, is_competing=False, is_connected=True
)
ESTABLISHED: Final = Status(
    is_authenticated=True, is_established=True, is_competing=False, is_connected=True
)
COMPETING: Final = Status(
    is_authenticated=False, is_established=False, is_competing=True, is_connected=True
)


def status(session: Session) -> Status:
    """Return what a session may do now.

    Whoever has signed in to the gateway is connected while the gateway is about to ask for the
    brokerage session: programs that keep gateways alive would sign out again otherwise.
    """
    if session.is_ended:
        return GONE
    if session.state is BrokerageState.READ_ONLY and session.initialises_at:
        return CONNECTED
    return OF_STATE[session.state]


OF_STATE: Final = {
    BrokerageState.READ_ONLY: UNASKED,
    BrokerageState.INITIALISING: INITIALISING,
    BrokerageState.BROKERAGE: ESTABLISHED,
    BrokerageState.FADING: ESTABLISHED,
    BrokerageState.IDLE_OUT: CONNECTED,
    BrokerageState.COMPETING: COMPETING,
    BrokerageState.RESET: GONE,
}
