"""Topics: every table of the stream, as the audience reads it."""

from typing import Final

from paperdesk.stream import accounts, ladders, marketdata, notifications, orders, session
from paperdesk.stream.subscriber import Tables

TABLES: Final = Tables(
    topics={
        **accounts.TOPICS,
        **ladders.TOPICS,
        **marketdata.TOPICS,
        **orders.TOPICS,
        **session.TOPICS,
    },
    greeting=(session.system, accounts.act, session.sts),
    heard={
        kind: (*orders.HEARD.get(kind, ()), *notifications.HEARD.get(kind, ()))
        for kind in {**orders.HEARD, **notifications.HEARD}
    },
    ticks=(accounts.accounts_changed, accounts.tick, ladders.tick, marketdata.tick),
)
