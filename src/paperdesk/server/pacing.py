"""Pacing: the steps of the pipeline at which a request is counted, or one too many is refused."""

from typing import Protocol

from paperdesk.api import refusals
from paperdesk.api.route import Answer
from paperdesk.auth.pacing.turnstiles import ANYTHING, Hold, Turnstile
from paperdesk.server.requests import NO_BODY, Request


class Front(Protocol):
    """What counts the requests of one face."""

    turnstile: Turnstile


def out_of_box(front: Front, request: Request) -> Answer | None:
    """Refuse everything to an address in the penalty box, before anybody asks who it is."""
    penalty = front.turnstile.boxed(request.remote, request.now)
    if penalty is None:
        return None
    return refusals.in_penalty_box(penalty.limit, penalty.remaining(request.now))


def within_limit(front: Front, request: Request) -> Answer | None:
    """Count a request of a user name, or of an address where nobody has signed in."""
    found = front.turnstile.counted(
        _user_name(request), request.remote, request.now, _asked(request)
    )
    if found is None:
        return None
    if isinstance(found, Hold):
        request.held_until = found.until
        return None
    return refusals.too_many(found.limit, is_boxed=found.penalty is not None)


def within_pace(front: Front, request: Request) -> Answer | None:
    """Count a request against the pace of its route.

    One that is among those that may be under way at once is counted until it has left.
    """
    assert request.match is not None
    pace = request.match.route.pace
    if pace is None:
        return None
    turnstile, who = front.turnstile, _user_name(request)
    if pace.concurrent:
        session = request.session
        excess = turnstile.crowded(who, request.remote, pace, request.now, session.histories_open)
        if excess is None:
            request.is_counted = True
            session.histories_open += 1
    else:
        excess = turnstile.paced(who, request.remote, pace, request.now)
    if excess is None:
        return None
    return refusals.too_many(excess.limit, is_boxed=excess.penalty is not None)


def _asked(request: Request) -> int:
    """Return a number for what is asked: the address of a question, nothing for what has a body."""
    if request.content_length not in NO_BODY:
        return ANYTHING
    return hash((request.raw_path, request.query)) or 1


def _user_name(request: Request) -> str:
    session = request.session
    return "" if session.is_ended else session.user_name
