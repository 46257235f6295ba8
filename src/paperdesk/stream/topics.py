"""Topics: every table of the stream, as the audience reads it."""

from typing import Final

from paperdesk.stream import accounts, ladders, marketdata, orders, session
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
    heard={**orders.HEARD},
    ticks=(accounts.accounts_changed, accounts.tick, ladders.tick, marketdata.tick),
)
