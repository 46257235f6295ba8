"""Accounts: which ones the session may trade, what they have earned, and who owns them.

/iserver/accounts is the pre-flight of everything that trades.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from paperdesk.api.formats import double
from paperdesk.api.paces import DOCUMENTED
from paperdesk.api.route import (
    BackendRefused,
    BackendUnavailable,
    BadRequest,
    Call,
    Empty,
    Evidence,
    ForeignAccount,
    Routes,
    Tier,
    Wire,
)
from paperdesk.auth import statuses
from paperdesk.auth.sessions import Session
from paperdesk.base.ids import AccountId
from paperdesk.views import profit
from paperdesk.views.profit import Partition

outer = Routes(Tier.SESSION)
brokerage = Routes(Tier.BROKERAGE)
after_accounts = Routes(Tier.ACCOUNTS)

UNAVAILABLE: Final = (
    "Details currently unavailable. Please try again later and contact client services if the "
    "issue persists."
)
CORE: Final = "Core"
ROW_TYPE: Final = 1
BIRTHDAY: Final = "1990-01-15"
"""Of every owner: the desk knows of none, and clients read one."""

ALLOWED_ASSETS: Final = (
    "STK,CFD,OPT,FOP,WAR,FUT,BAG,PDC,CASH,IND,BOND,BILL,FUND,SLB,News,CMDTY,IOPT,ICU,ICS,PHYSS,"
    "CRYPTO"
)
FEATURES: Final[Mapping[str, object]] = {
    "showGFIS": True,
    "showEUCostReport": False,
    "allowEventContract": True,
    "allowFXConv": True,
    "allowFinancialLens": False,
    "allowMTA": True,
    "allowTypeAhead": True,
    "allowEventTrading": True,
    "snapshotRefreshTimeout": 30,
    "liteUser": False,
    "showWebNews": True,
    "research": True,
    "debugPnl": True,
    "showTaxOpt": True,
    "showImpactDashboard": True,
    "allowDynAccount": False,
    "allowCrypto": False,
    "allowFA": False,
    "allowLiteUnderPro": False,
    "allowedAssetTypes": ALLOWED_ASSETS,
    "restrictTradeSubscription": False,
    "showUkUserLabels": False,
    "sideBySide": True,
}
ALL_PERIODS: Final = ["*"]
OPTION_PERIODS: Final = ["2h", "1d", "2d", "1w", "1m"]
CHART_PERIODS: Final[Mapping[str, list[str]]] = {
    "STK": ALL_PERIODS,
    "CFD": ALL_PERIODS,
    "OPT": OPTION_PERIODS,
    "FOP": OPTION_PERIODS,
    "WAR": ALL_PERIODS,
    "IOPT": ALL_PERIODS,
    "FUT": ALL_PERIODS,
    "CASH": ALL_PERIODS,
    "IND": ALL_PERIODS,
    "BOND": ALL_PERIODS,
    "FUND": ALL_PERIODS,
    "CMDTY": ALL_PERIODS,
    "PHYSS": ALL_PERIODS,
    "CRYPTO": ALL_PERIODS,
}


class Properties(Wire):
    """What orders of an account may do."""

    has_child_accounts: bool = False
    supports_cash_qty: bool = True
    lite_under_pro: bool = False
    no_fx_conv: bool = msgspec.field(default=False, name="noFXConv")
    is_prop: bool = False
    supports_fractions: bool = True
    allow_customer_time: bool = False
    auto_fx: bool = False


class ServerInfo(Wire):
    """Which server answers."""

    server_name: str = statuses.SERVER_NAME
    server_version: str = statuses.SERVER_VERSION


class BrokerageAccounts(Wire, kw_only=True):
    """The accounts that a session may trade, and what it may do with them."""

    accounts: list[str]
    acct_props: dict[str, Properties]
    aliases: dict[str, str]
    allow_features: Mapping[str, object] = msgspec.field(default_factory=lambda: FEATURES)
    chart_periods: Mapping[str, list[str]] = msgspec.field(default_factory=lambda: CHART_PERIODS)
    groups: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    selected_account: str
    server_info: ServerInfo = msgspec.field(default_factory=ServerInfo)
    session_id: str
    is_ft: bool = msgspec.field(default=False, name="isFT")
    is_paper: bool


class Switch(Wire):
    """The account that calls without one shall mean."""

    acct_id: str = ""


class Switched(Wire):
    """The session means another account from now on."""

    set: bool
    acct_id: str


class AlreadySet(Wire):
    """The session means the account already."""

    success: str = "Account already set"


class ProfitRow(Wire):
    """Daily profit, net liquidation, profit on paper, excess liquidity and market value."""

    row_type: int
    dpl: float
    nl: float
    upl: float
    el: float
    mv: float


class Profits(Wire):
    """A row for each partition of the selected account; none at the first call."""

    upnl: dict[str, ProfitRow]


class Entity(Wire):
    """Who somebody is."""

    first_name: str
    last_name: str
    entity_type: str
    entity_name: str
    date_of_birth: str


class Owner(Wire):
    """Somebody who has rights on an account."""

    role_id: str
    has_right_code_ind: bool
    user_name: str
    entity: Entity


class Applicant(Wire):
    """Who signed for an account."""

    signatures: list[str]


class Owners(Wire):
    """Who owns an account and who signed for it."""

    account_id: str
    users: list[Owner]
    applicant: Applicant


def brokerage_accounts(session: Session) -> BrokerageAccounts:
    """Return a session's accounts as /iserver/accounts and the `act` topic show them."""
    names = [str(account_id) for account_id in session.account_ids]
    return BrokerageAccounts(
        accounts=names,
        acct_props={name: Properties() for name in names},
        aliases={name: name for name in names},
        selected_account=session.selected,
        session_id=session.brokerage_id,
        is_paper=session.is_paper,
    )


@brokerage.get("/iserver/accounts", evidence=Evidence.RECORDED)
def accounts(call: Call[Empty]) -> BrokerageAccounts:
    """List the accounts that may be traded; orders and market data are open from then on."""
    call.session.accounts_queried = True
    return brokerage_accounts(call.session)


@brokerage.post("/iserver/account", body=Switch, evidence=Evidence.RECORDED)
def switch_account(call: Call[Switch]) -> Switched | AlreadySet:
    """Choose the account that calls without one mean, and begin to watch what it earns."""
    wanted, session = call.body.acct_id, call.session
    if not wanted:
        raise BadRequest("Bad Request: accountId needed")
    if wanted not in session.account_ids:
        raise BackendRefused("Invalid account ID")
    session.pnl_queried = True
    if wanted == session.selected:
        return AlreadySet()
    session.selected = AccountId(wanted)
    return Switched(set=True, acct_id=wanted)


@after_accounts.get(
    "/iserver/account/pnl/partitioned",
    evidence=Evidence.RECORDED,
    pace=DOCUMENTED["GET /iserver/account/pnl/partitioned"],
)
def partitioned_profits(call: Call[Empty]) -> Profits:
    """Show what the selected account has earned; the first call only begins to watch it."""
    session, desk = call.session, call.desk
    if not session.pnl_queried:
        session.pnl_queried = True
        return Profits({})
    desk.observe_account(session.selected)
    row = profit.partition(desk.world, session.selected)
    return Profits({partition_name(row.account_id): profit_row(row)})


def partition_name(account_id: AccountId) -> str:
    """Return how the one partition of an account without models is called."""
    return f"{account_id}.{CORE}"


def profit_row(row: Partition) -> ProfitRow:
    """Return an account's profit as it goes over the network."""
    return ProfitRow(
        row_type=ROW_TYPE,
        dpl=double(row.daily),
        nl=double(row.net_liquidation),
        upl=double(row.unrealised),
        el=double(row.excess_liquidity),
        mv=double(row.market_value),
    )


@outer.get("/acesws/{account_id}/signatures-and-owners", evidence=Evidence.RECORDED)
def signatures_and_owners(call: Call[Empty]) -> Owners:
    """Say who owns an account; somebody else's is 401 without a body."""
    session, name = call.session, call.path["account_id"]
    if name not in session.account_ids:
        raise ForeignAccount(f"Account {name} is not the caller's.")
    title = call.desk.world.accounts.by_id[AccountId(name)].title
    first, _, last = title.partition(" ")
    owner = Owner(
        role_id="OWNER",
        has_right_code_ind=True,
        user_name=session.user_name,
        entity=Entity(
            first_name=first,
            last_name=last,
            entity_type="INDIVIDUAL",
            entity_name=title,
            date_of_birth=BIRTHDAY,
        ),
    )
    return Owners(account_id=name, users=[owner], applicant=Applicant(signatures=[title]))


@brokerage.get("/iserver/account/search/{search_pattern}", evidence=Evidence.RECORDED)
def search_accounts(call: Call[Empty]) -> None:
    """Look for accounts by a pattern: for brokers with dynamic accounts, who are not here."""
    del call
    raise BackendUnavailable(UNAVAILABLE)


@brokerage.post("/iserver/dynaccount", body=Switch, evidence=Evidence.DOCUMENTED)
def set_dynamic_account(call: Call[Switch]) -> None:
    """Choose a dynamic account: for brokers with dynamic accounts, who are not here.

    The documentation says 503 and clients of the gateway expect it; a 401 was recorded over OAuth.
    """
    del call
    raise BackendUnavailable(UNAVAILABLE)
