"""Topics: every table of the stream, as the audience reads it."""

from typing import Final

from paperdesk.stream import marketdata, orders, session
from paperdesk.stream.subscriber import Tables

TABLES: Final = Tables(
    topics={
        **marketdata.TOPICS,
        **orders.TOPICS,
        **session.TOPICS,
    },
    greeting=(session.system, session.sts),
    heard={**orders.HEARD},
    ticks=(marketdata.tick,),
)
