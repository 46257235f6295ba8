"""Sessions: the outer tier of an authenticated caller and the brokerage tier inside it.

A session lives in memory and ends with the process, as a real one ends with the service. What it
remembers are the pre-flights of the real service: which answers are empty the first time.
"""

from enum import Enum

import msgspec

from paperdesk.base.ids import AccountId, Conid, UserName
from paperdesk.base.units import Instant


class BrokerageState(Enum):
    """How far the brokerage tier of a session has come."""

    READ_ONLY = "read-only"
    INITIALISING = "initialising"
    BROKERAGE = "brokerage"


class Subscription(msgspec.Struct):
    """A market data line: since when it is open and which fields were asked for.

    `fields` maps a field to the desk-independent wall instant of its first request: a field is
    answered from the request after that on.
    """

    opened_at: Instant
    fields: dict[str, Instant]


class Session(msgspec.Struct, kw_only=True, eq=False):
    """One signed-in caller.

    `session_id` is 32 hex digits (tickle's `session`); `brokerage_id` is what /iserver/accounts
    calls `sessionId`. Instants are wall time in microseconds since 1970. `selected` is the
    account of calls that name none.
    """

    session_id: str
    brokerage_id: str
    user_name: UserName
    account_ids: tuple[AccountId, ...]
    is_paper: bool
    signed_in_at: Instant
    last_used_at: Instant
    state: BrokerageState = BrokerageState.READ_ONLY
    established_at: Instant = 0
    is_ended: bool = False
    selected: AccountId
    accounts_queried: bool = False
    orders_queried: bool = False
    orders_filtered: bool = False
    trades_queried: bool = False
    pnl_queried: bool = False
    portfolio_queried: bool = False
    hmds_initialised: bool = False
    algos_queried: set[Conid] = msgspec.field(default_factory=set)
    positions_queried: set[AccountId] = msgspec.field(default_factory=set)
    suppressed: dict[str, None] = msgspec.field(default_factory=dict)
    searched: set[Conid] = msgspec.field(default_factory=set)
    subscriptions: dict[str, Subscription] = msgspec.field(default_factory=dict)
    """By conidex as asked for, `265598` or `265598@ARCA`."""

    @property
    def has_brokerage(self) -> bool:
        """Whether /iserver may be used."""
        return self.state is BrokerageState.BROKERAGE and not self.is_ended

    def begin_brokerage(self, at: Instant) -> None:
        """Enter the brokerage tier; every pre-flight has to be made again."""
        self.state = BrokerageState.BROKERAGE
        self.established_at = at
        self.accounts_queried = False
        self.orders_queried = False
        self.orders_filtered = False
        self.trades_queried = False
        self.pnl_queried = False
        self.suppressed.clear()
        self.searched.clear()
        self.subscriptions.clear()
        self.algos_queried.clear()
