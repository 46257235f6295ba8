"""The session's own topics: `system`, `sts`, `tic`, `ech`.

`system` and `sts` come unasked; `tic` keeps the socket and counts as a request of the session.
"""

from typing import Final

from paperdesk.auth import statuses
from paperdesk.auth.sessions import BrokerageState
from paperdesk.base.units import MILLISECOND
from paperdesk.stream.grammar import Wish
from paperdesk.stream.subscriber import Subscriber, Topic, status_args


def system(subscriber: Subscriber) -> dict[str, object]:
    """Say who has signed in: what clients wait for before they subscribe."""
    session = subscriber.session
    return {
        "topic": "system",
        "success": session.user_name,
        "isFT": False,
        "isPaper": session.is_paper,
    }


def sts(subscriber: Subscriber) -> dict[str, object] | None:
    """Say what the session may do, where it has a brokerage tier or has lost it to others.

    Without one, or with one that was idle, there is nothing to say.
    """
    session = subscriber.session
    if session.state in SILENT:
        return None
    status = statuses.status(session)
    args = status_args(status) | {
        "message": "",
        "fail": "",
        "serverName": statuses.SERVER_NAME,
        "serverVersion": statuses.SERVER_VERSION,
        "username": session.user_name,
    }
    return {"topic": "sts", "args": args}


SILENT: Final = frozenset({BrokerageState.READ_ONLY, BrokerageState.IDLE_OUT})


def tic(subscriber: Subscriber, _: Wish) -> None:
    """Answer a ping.

    The real gateway answers four times alike; clients need one.
    """
    session = subscriber.session
    subscriber.audience.use_session(session, subscriber.audience.now)
    subscriber.say(
        {
            "topic": "tic",
            "alive": True,
            "id": session.session_id,
            "lastAccessed": session.last_used_at // MILLISECOND,
        }
    )


def ech(subscriber: Subscriber, wish: Wish) -> None:
    """Give a word back with the time.

    Source: judged; that it answers is documented, its shape is not recorded.
    """
    subscriber.say({"topic": wish.echo, "hb": subscriber.audience.now // MILLISECOND})


TOPICS: Final = {
    "ech": Topic(ech, needs_brokerage=False),
    "tic": Topic(tic, needs_brokerage=False),
}
