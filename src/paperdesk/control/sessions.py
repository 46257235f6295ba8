"""Sessions: who is in, who has which brokerage session, and why others are not in any more.

A session is known by its number: its id opens sockets, and is nobody's but its client's.
"""

from typing import Annotated, Any, Final

import msgspec

from paperdesk.auth import statuses
from paperdesk.auth.endings import Cause, Ending
from paperdesk.auth.roster import Roster, label
from paperdesk.auth.sessions import Session
from paperdesk.base.errors import UnknownUser
from paperdesk.base.ids import UserName
from paperdesk.base.units import SECOND, Instant
from paperdesk.control.operations import Asked, Body, Operations
from paperdesk.control.refusals import BadControl, UnknownSession
from paperdesk.desk.times import duration

operations = Operations()

ENDINGS_SHOWN: Final = 100
ENDINGS_SHOWN_MAX: Final = 1_000
NUMBER_DIGITS_MAX: Final = 12

Platform = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z][A-Za-z0-9 ]{0,19}$")]


class Competing(Body, kw_only=True):
    """Who signs in where: `platform` is TWS, mobile or the like.

    With `sticky`, a duration, the platform takes the brokerage session back so long after it lost
    it, again and again until its session is ended.
    """

    user: str
    platform: Platform = "TWS"
    sticky: int | str = 0


@operations.put("GET", "/desks/{desk}/sessions")
def list_sessions(asked: Asked) -> dict[str, Any]:
    """List the sessions that live, who has which brokerage session, and who fights over one."""
    roster, now = _roster(asked), asked.control.wall()
    roster.sweep(now)
    return {
        "wall_now": now,
        "region": roster.settings.region.value,
        "resets": roster.settings.resets.value,
        "is_away": roster.is_away,
        "is_closed": roster.is_closed,
        "sessions": [_told(roster, session, now) for session in roster.by_number.values()],
        "holders": {name: holder.number for name, holder in roster.holders.items()},
        "fights": _fights(roster, now),
    }


@operations.put("GET", "/desks/{desk}/sessions/endings")
def list_endings(asked: Asked) -> list[dict[str, Any]]:
    """List the last sessions that have ended, and why, the latest first."""
    roster = _roster(asked)
    roster.sweep(asked.control.wall())
    most = asked.number("limit", ENDINGS_SHOWN, ENDINGS_SHOWN_MAX)
    return [_ended(ending) for ending in list(reversed(roster.endings))[:most]]


@operations.put("POST", "/desks/{desk}/sessions/{session}/end")
def end_session(asked: Asked) -> dict[str, Any]:
    """End a session, as the operator of the service may."""
    roster, now = _roster(asked), asked.control.wall()
    roster.sweep(now)
    session = _session(roster, asked.path["session"])
    roster.end(session, now, Cause.OPERATOR)
    return _ended(roster.endings[-1])


@operations.put("POST", "/desks/{desk}/sessions/compete", Competing)
def compete(asked: Asked) -> dict[str, Any]:
    """Let a person sign in to a trading platform, who takes the brokerage session of a user."""
    roster, now, body = _roster(asked), asked.control.wall(), asked.body
    user = asked.desk.world.accounts.users.get(UserName(body.user))
    if user is None:
        raise UnknownUser(f"There is no user {body.user[:80]!r}.")
    session = roster.open_platform(
        user, now, name=body.platform, retakes_after=duration(body.sticky)
    )
    return _told(roster, session, now)


def _roster(asked: Asked) -> Roster:
    asked.desk  # noqa: B018 - refuses other desks
    return asked.control.roster


def _session(roster: Roster, text: str) -> Session:
    if not (text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS_MAX):
        raise BadControl(f"A session is known by its number, not by {text[:40]!r}.")
    session = roster.by_number.get(int(text))
    if session is None:
        raise UnknownSession(f"There is no session {text}; it may have ended.")
    return session


def _told(roster: Roster, session: Session, now: Instant) -> dict[str, Any]:
    status = statuses.status(session)
    idles_in = roster.idles_in(session, now)
    holder = roster.holders.get(session.user_name)
    return {
        "number": session.number,
        "user": session.user_name,
        "face": session.face,
        "credential": session.credential,
        "state": session.state.value,
        "authenticated": status.is_authenticated,
        "competing": status.is_competing,
        "connected": status.is_connected,
        "signed_in_at": session.signed_in_at,
        "last_used_at": session.last_used_at,
        "state_since": session.state_since,
        "idle_in_seconds": None if idles_in is None else idles_in / SECOND,
        "ends_at": None if session.is_platform else session.ends_at,
        "held_by": None if holder is None else label(holder),
    }


def _ended(ending: Ending) -> dict[str, Any]:
    return {
        "number": ending.number,
        "user": ending.user_name,
        "face": ending.face,
        "credential": ending.credential,
        "tier": ending.tier.value,
        "cause": ending.cause.name.lower(),
        "text": ending.cause.value,
        "at": ending.at,
    }


def _fights(roster: Roster, now: Instant) -> list[dict[str, Any]]:
    return [
        {"user": name, "takeovers": contest.takeovers, "between": list(fighters)}
        for name, contest in roster.contests.of_user.items()
        if (fighters := roster.contests.fighters(name, now))
    ]
