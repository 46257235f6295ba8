"""The topics of the real service's WebSocket, and which of them this desk hears."""

import msgspec


class Topic(msgspec.Struct, frozen=True):
    """One topic: the word that begins it, the word that ends it, what its frames tell."""

    name: str
    end: str
    says: str
    is_heard: bool = True


TOPICS = (
    Topic("smd", "umd", "market data of a contract: the fields asked for, then what changed"),
    Topic("smh", "umh", "history: the bars of a period, once"),
    Topic("sor", "uor", "orders of the session"),
    Topic("str", "utr", "executions"),
    Topic("spl", "upl", "profit and loss of the account"),
    Topic("ssd", "usd", "account summary, key by key"),
    Topic("sld", "uld", "cash and values, currency by currency"),
    Topic("sbd", "ubd", "the price ladder of a contract: best ask, last trade, best bid"),
    Topic("shs", "", "the dialogue of exercising an option", is_heard=False),
    Topic("tic", "", "keeps the socket; says when it was last used"),
    Topic("ech", "", "echoes"),
    Topic("system", "", "greeting, then a heartbeat every ten seconds (unasked)"),
    Topic("sts", "", "whether the session is authenticated (unasked)"),
    Topic("act", "", "accounts and what they may do (unasked)"),
    Topic("ntf", "", "notifications: when a good-till-cancelled order will end (unasked)"),
    Topic("blt", "", "bulletins (unasked)", is_heard=False),
)
