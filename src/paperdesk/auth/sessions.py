"""Sessions: the outer tier of an authenticated caller and the brokerage tier inside it.

A session lives in memory and ends with the process, as a real one ends with the service. What it
remembers are the pre-flights of the real service: which answers are empty the first time. Its
states change in the roster alone, which knows the other sessions of the same user name.
"""

from enum import Enum
from typing import Final

import msgspec

from paperdesk.auth.resets import Profile
from paperdesk.base.ids import AccountId, Conid, UserName
from paperdesk.base.regions import Region
from paperdesk.base.units import HOUR, MINUTE, SECOND, Duration, Instant
from paperdesk.kernel.messages.accounts import ALL_DATA

SSO_LIFETIME: Final[Duration] = 600 * SECOND
"""From where `ssoExpires` counts down after a request."""


class SessionSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How sessions behave; durations are wall time, but for the one that says otherwise.

    Args:
        login_delay: between a sign-in and the brokerage session that the gateway then asks for.
        warm_up: what each request for a brokerage session takes.
        brokerage_idle: without a request for longer, the brokerage tier ends.
        outer_idle: without a request for longer, the outer tier ends; the gateway's own stays.
        fading: how long a brokerage tier that is idle still says that it is there, while orders
            and data ask for /iserver/accounts again.
        ping: how often the gateway keeps its outer session alive by itself.
        life: after this a session ends, however busy it is.
        logout_keeps_sso: a logout ends the brokerage tier alone, and /iserver/reauthenticate
            brings it back.
        publish_required: `publish: false` is refused, as documented; recordings show otherwise.
        fresh_paper: for so long, in desk time, the accounts of a paper user are too new for a
            brokerage session that somebody asks for.
        region: where the service is that people reach.
        resets: which nightly resets there are.
        has_maintenance: whether the service closes on Saturday evenings; None as the resets
            that are by the clock.
        seed: draws how long each reset lasts.
    """

    login_delay: Duration = 3 * SECOND
    warm_up: Duration = 2 * SECOND
    brokerage_idle: Duration = 5 * MINUTE
    outer_idle: Duration = 6 * MINUTE
    fading: Duration = SECOND
    ping: Duration = 5 * MINUTE
    life: Duration = 24 * HOUR
    logout_keeps_sso: bool = False
    publish_required: bool = False
    fresh_paper: Duration = 0
    region: Region = Region.US
    resets: Profile = Profile.ON
    has_maintenance: bool | None = True
    seed: int = 0


class BrokerageState(Enum):
    """How far the brokerage tier of a session has come, or how it was lost."""

    READ_ONLY = "read-only"
    INITIALISING = "initialising"
    BROKERAGE = "brokerage"
    FADING = "fading"
    """Nobody has asked for too long; the next moment it is gone."""

    IDLE_OUT = "idle"
    COMPETING = "competing"
    """Another session of the user name has it."""

    RESET = "reset"
    """The service behind it went away."""


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

    `session_id` is 32 hex digits (tickle's `session`); whoever has it may open sockets, so people
    are shown `number` instead. `brokerage_id` is what /iserver/accounts calls `sessionId`.
    Instants are wall time in microseconds since 1970. `selected` is the account of calls that name
    none. `face` is where the caller came in and `credential` the public name of what was shown
    there, never a secret.

    A session asks for its brokerage tier by itself at `initialises_at` (0 for never); an
    initialising one has it at `established_at`, a fading one loses it at `fades_at`. `state_since`
    is when it came to its state. `idle_from` is the last request by the roster's idle clock. The
    outer tier of a session that `is_pinged` never grows idle; a trading platform, where a person
    sits, is never idle at all and takes back what it lost after `retakes_after` (0 for never).
    """

    session_id: str
    brokerage_id: str
    user_name: UserName
    account_ids: tuple[AccountId, ...]
    is_paper: bool
    number: int = 0
    face: str = "gateway"
    credential: str = "login"
    may_trade: bool = True
    market_data: tuple[str, ...] = ALL_DATA
    """Security types whose markets the user sees as they are; see `AddUser`."""

    signed_in_at: Instant
    last_used_at: Instant
    state: BrokerageState = BrokerageState.READ_ONLY
    state_since: Instant = 0
    idle_from: Instant = 0
    warm_up: Duration = 0
    established_at: Instant = 0
    initialises_at: Instant = 0
    fades_at: Instant = 0
    ends_at: Instant = 0
    is_pinged: bool = False
    is_platform: bool = False
    retakes_after: Duration = 0
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
        return self.state in SERVED and not self.is_ended

    @property
    def is_active(self) -> bool:
        """Whether it has the brokerage tier or is on its way there, and does not fade."""
        return self.state in ACTIVE and not self.is_ended

    @property
    def is_hosted(self) -> bool:
        """Whether it came in through the hosted face."""
        return self.face == "hosted"

    @property
    def is_signed(self) -> bool:
        """Whether its requests are signed with OAuth 1.0a."""
        return self.credential.startswith("oauth1")

    def begin_brokerage(self) -> None:
        """Forget the pre-flights: every one has to be made again in a new brokerage session."""
        self.accounts_queried = False
        self.orders_queried = False
        self.orders_filtered = False
        self.trades_queried = False
        self.pnl_queried = False
        self.suppressed.clear()
        self.searched.clear()
        self.subscriptions.clear()


SERVED: Final = frozenset({BrokerageState.BROKERAGE, BrokerageState.FADING})
ACTIVE: Final = frozenset({BrokerageState.INITIALISING, BrokerageState.BROKERAGE})


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
