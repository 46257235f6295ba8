"""Endings: that a session, or the brokerage tier of one, is over, and why."""

from enum import Enum

import msgspec

from paperdesk.base.ids import UserName
from paperdesk.base.units import Instant


class Tier(Enum):
    """Which half of a session has ended; the outer one takes the brokerage tier with it."""

    OUTER = "outer"
    BROKERAGE = "brokerage"


class Cause(Enum):
    """Why a session, or the brokerage tier of one, has ended."""

    LOGOUT = "logout"
    REPLACED = "another login took the gateway"
    REVOKED = "its credential was revoked"
    IDLE = "no request for too long"
    AGED = "the longest life of a session is over"
    TAKEN = "another session of the user name took the brokerage session"
    NIGHTLY_RESET = "the nightly reset of brokerage sessions"
    MIDNIGHT = "the region's reset at midnight"
    MAINTENANCE = "the service is maintained"
    OPERATOR = "ended by the operator of the desk"


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """A session, or the brokerage tier of one, that is over, and why. `at` is wall time."""

    session_id: str
    number: int
    user_name: UserName
    face: str
    credential: str
    tier: Tier
    cause: Cause
    at: Instant
