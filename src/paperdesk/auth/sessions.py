"""Sessions: the outer tier of an authenticated caller and the brokerage tier inside it.

A session lives in memory and ends with the process, as a real one ends with the service. What it
remembers are the pre-flights of the real service: which answers are empty the first time.
"""

from enum import Enum

import msgspec

from paperdesk.base.ids import AccountId, Conid, UserName
from paperdesk.base.units import MILLISECOND, SECOND, Duration, Instant

SSO_LIFETIME: Duration = 600 * SECOND
"""How long an outer session lasts after a request, as `ssoExpires` counts it down."""


class SessionSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How sessions behave.

    `login_delay` is the wall time between a sign-in and the brokerage session that the gateway
    then asks for by itself; `warm_up` is what each such request takes. With `logout_keeps_sso` a
    logout ends the brokerage tier alone and /iserver/reauthenticate brings it back.
    """

    login_delay: Duration = 3 * SECOND
    warm_up: Duration = 2 * SECOND
    logout_keeps_sso: bool = False


class BrokerageState(Enum):
    """How far the brokerage tier of a session has come."""

    READ_ONLY = "read-only"
    INITIALISING = "initialising"
    BROKERAGE = "brokerage"


class Subscription(msgspec.Struct):
    """A market data line: since when it is open, when it was asked for last, and which fields.

    `fields` maps a field to the desk-independent wall instant of its first request: a field is
    answered from the request after that on.
    """

    opened_at: Instant
    fields: dict[str, Instant]
    used_at: Instant = 0


class Session(msgspec.Struct, kw_only=True, eq=False):
    """One signed-in caller.

    `session_id` is 32 hex digits (tickle's `session`); `brokerage_id` is what /iserver/accounts
    calls `sessionId`. Instants are wall time in microseconds since 1970. `selected` is the
    account of calls that name none. `face` is where the caller came in and `credential` the public
    name of what was shown there, never a secret. A read-only session asks for its brokerage tier by
    itself at `initialises_at` (0 for never); an initialising one has it at `established_at`.
    """

    session_id: str
    brokerage_id: str
    user_name: UserName
    account_ids: tuple[AccountId, ...]
    is_paper: bool
    face: str = "gateway"
    credential: str = "login"
    signed_in_at: Instant
    last_used_at: Instant
    state: BrokerageState = BrokerageState.READ_ONLY
    established_at: Instant = 0
    initialises_at: Instant = 0
    settings: SessionSettings = SessionSettings()
    is_ended: bool = False
    selected: AccountId
    accounts_queried: bool = False
    orders_queried: bool = False
    orders_filtered: bool = False
    trades_queried: bool = False
    pnl_queried: bool = False
    portfolio_queried: bool = False
    hmds_initialised: bool = False
    positions_queried: set[AccountId] = msgspec.field(default_factory=set)
    positions_invalidated: dict[AccountId, Instant] = msgspec.field(default_factory=dict)
    suppressed: dict[str, None] = msgspec.field(default_factory=dict)
    histories_open: int = 0
    """Histories that were asked for and are not answered yet."""
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

    def use(self, at: Instant) -> None:
        """Count a request, and let the brokerage tier come as far as it has by now."""
        self.last_used_at = at
        if self.state is not BrokerageState.BROKERAGE:
            self.settle(at)

    def settle(self, at: Instant) -> None:
        """Let the brokerage tier come as far as it has by an instant."""
        if self.is_ended:
            return
        if self.state is BrokerageState.READ_ONLY and 0 < self.initialises_at <= at:
            self.initialise(self.initialises_at)
        if self.state is BrokerageState.INITIALISING and self.established_at <= at:
            self.begin_brokerage(self.established_at)

    def initialise(self, at: Instant) -> None:
        """Ask for the brokerage tier; one that is there or on its way stays as it is."""
        if self.state is BrokerageState.READ_ONLY:
            self.state = BrokerageState.INITIALISING
            self.initialises_at = 0
            self.established_at = at + self.settings.warm_up
        self.settle(at)

    def log_out(self) -> None:
        """End both tiers, or the brokerage tier alone where the settings say so."""
        self.state = BrokerageState.READ_ONLY
        self.initialises_at = 0
        self.is_ended = not self.settings.logout_keeps_sso

    def end(self) -> None:
        """End both tiers: somebody else has signed in, or the service stops."""
        self.state = BrokerageState.READ_ONLY
        self.initialises_at = 0
        self.is_ended = True

    def expires_in(self, at: Instant) -> int:
        """Return in how many milliseconds the outer session would end without a request."""
        return max(0, self.last_used_at + SSO_LIFETIME - at) // MILLISECOND


def nobody() -> Session:
    """Return the session of a caller who never signed in: it has ended, and may do nothing."""
    return Session(
        session_id="",
        brokerage_id="",
        user_name=UserName(""),
        account_ids=(),
        is_paper=True,
        signed_in_at=0,
        last_used_at=0,
        is_ended=True,
        selected=AccountId(""),
    )
