"""Portfolio: accounts, what they hold, what they are worth.

The outer session is enough. Its accounts must be asked for once before positions show, and the
first rows of positions lack what is known of their contracts. Somebody else's account, or one that
is none, is 401 without a body.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from paperdesk.api import portfolio_rows
from paperdesk.api.formats import double
from paperdesk.api.paces import DOCUMENTED
from paperdesk.api.portfolio_rows import MetricRow, NearPosition, Position, Row
from paperdesk.api.route import (
    BadRequest,
    Call,
    Empty,
    Evidence,
    ForeignAccount,
    Routes,
    Tier,
    Wire,
    conid,
)
from paperdesk.base.ids import AccountId, Conid
from paperdesk.base.units import MILLISECOND
from paperdesk.kernel.messages.accounts import AccountKind
from paperdesk.views.allocations import Allocation, Spread, allocation
from paperdesk.views.positions import Holding, holding, holdings

routes = Routes(Tier.SESSION)

POSITION_PAGE_SIZE: Final = 100
SUBACCOUNTS_MAX: Final = 100
SUBACCOUNT_PAGE_SIZE: Final = 20
ACCOUNT_IDS_MAX: Final = 1000


class Parent(Wire, rename={"is_m_parent": "isMParent", "is_m_child": "isMChild"}):
    """The account above: none."""

    mmc: tuple[str, ...] = ()
    account_id: str = msgspec.field(default="", name="accountId")
    is_m_parent: bool = False
    is_m_child: bool = False
    is_multiplex: bool = msgspec.field(default=False, name="isMultiplex")


class PortfolioAccount(Wire, kw_only=True):
    """What is known of an account; `account_status` is when it was opened."""

    id: str
    prepaid_crypto_z: bool = msgspec.field(default=False, name="PrepaidCrypto-Z")
    prepaid_crypto_p: bool = msgspec.field(default=False, name="PrepaidCrypto-P")
    brokerage_access: bool
    account_id: str
    account_van: str
    account_title: str
    display_name: str
    account_alias: None = None
    account_status: int
    currency: str
    type: str
    trading_type: str
    business_type: str = "INDEPENDENT"
    category: str = ""
    ib_entity: str = "IBLLC-US"
    faclient: bool = False
    clearing_status: str = "O"
    covestor: bool = False
    no_client_trading: bool = False
    track_virtual_fx_portfolio: bool = msgspec.field(default=False, name="trackVirtualFXPortfolio")
    acct_cust_type: str = "INDIVIDUAL"
    parent: Parent = msgspec.field(default_factory=Parent)
    desc: str


class PageOfSubaccounts(Wire):
    """Which page of how many accounts."""

    total: int
    page_size: int
    page_num: int


class Subaccounts(Wire):
    """A page of accounts."""

    metadata: PageOfSubaccounts
    subaccounts: list[PortfolioAccount]


class AccountIds(Wire):
    """The accounts that an answer is about; all of the caller's where none is named."""

    acct_ids: tuple[str, ...] = ()


class SpreadRow(Wire):
    """Values by name, long and short."""

    long: dict[str, float]
    short: dict[str, float]


class AllocationRow(Wire):
    """Values by asset class, sector and industry."""

    asset_class: SpreadRow
    sector: SpreadRow
    group: SpreadRow


class Invalidated(Wire):
    """The next positions are fresh."""

    message: str = "success"


def own(call: Call[Empty], name: str | None = None) -> AccountId:
    """Return the path's account, or one that is named, and look at its quotes.

    Raises:
        ForeignAccount: it is not the caller's.
    """
    account_id = AccountId(call.path["account_id"] if name is None else name)
    if account_id not in call.session.account_ids:
        raise ForeignAccount(f"Account {account_id} is not the caller's.")
    call.desk.observe_account(account_id)
    return account_id


def _account(call: Call[Empty], account_id: AccountId, *, access: bool) -> PortfolioAccount:
    account = call.desk.world.accounts.by_id[account_id]
    return PortfolioAccount(
        id=account_id,
        brokerage_access=access,
        account_id=account_id,
        account_van=account_id,
        account_title=account.title,
        display_name=account.title,
        account_status=account.opened_at // MILLISECOND,
        currency=account.base_currency,
        type="DEMO" if call.session.is_paper else "INDIVIDUAL",
        trading_type="STKNOPT" if account.kind is AccountKind.MARGIN else "STKCASH",
        desc=account_id,
    )


@routes.get(
    "/portfolio/accounts", evidence=Evidence.RECORDED, pace=DOCUMENTED["GET /portfolio/accounts"]
)
def accounts(call: Call[Empty]) -> list[PortfolioAccount]:
    """List the accounts whose portfolios may be looked at; positions show from then on."""
    call.session.portfolio_queried = True
    session = call.session
    return [
        _account(call, account_id, access=session.has_brokerage)
        for account_id in session.account_ids
    ]


@routes.get(
    "/portfolio/subaccounts",
    evidence=Evidence.RECORDED,
    pace=DOCUMENTED["GET /portfolio/subaccounts"],
)
def subaccounts(call: Call[Empty]) -> list[PortfolioAccount]:
    """List up to 100 accounts of a structure; an individual has its own."""
    call.session.portfolio_queried = True
    ids = call.session.account_ids[:SUBACCOUNTS_MAX]
    return [_account(call, account_id, access=False) for account_id in ids]


@routes.get(
    "/portfolio/subaccounts2",
    evidence=Evidence.SPECIFIED,
    pace=DOCUMENTED["GET /portfolio/subaccounts2"],
)
def subaccounts_paged(call: Call[Empty]) -> Subaccounts:
    """List the accounts of a large structure in pages of 20."""
    call.session.portfolio_queried = True
    page = max(0, call.query.integer("page") or 0)
    ids = call.session.account_ids
    start = page * SUBACCOUNT_PAGE_SIZE
    rows = [
        _account(call, account_id, access=False)
        for account_id in ids[start : start + SUBACCOUNT_PAGE_SIZE]
    ]
    return Subaccounts(PageOfSubaccounts(len(ids), SUBACCOUNT_PAGE_SIZE, page), rows)


@routes.get("/portfolio/{account_id}/meta", evidence=Evidence.RECORDED)
def meta(call: Call[Empty]) -> PortfolioAccount:
    """Say what is known of an account."""
    return _account(call, own(call), access=False)


@routes.get("/portfolio/{account_id}/summary", evidence=Evidence.RECORDED)
def summary(call: Call[Empty]) -> dict[str, MetricRow]:
    """Show every figure of an account."""
    return portfolio_rows.summary(call.desk.world, own(call))


@routes.get("/portfolio/{account_id}/ledger", evidence=Evidence.RECORDED)
def ledger(call: Call[Empty]) -> dict[str, Row]:
    """Show what an account has in each currency, and altogether under BASE."""
    return portfolio_rows.ledger(call.desk.world, own(call))


@routes.get("/portfolio/{account_id}/allocation", evidence=Evidence.RECORDED)
def account_allocation(call: Call[Empty]) -> AllocationRow:
    """Show how what an account holds is spread."""
    account_id = own(call)
    if call.query.text("model"):
        return _allocation(Allocation())
    return _allocation(allocation(call.desk.world, [account_id]))


@routes.add(("GET", "POST"), "/portfolio/allocation", body=AccountIds, evidence=Evidence.DOCUMENTED)
def joint_allocation(call: Call[AccountIds]) -> AllocationRow:
    """Show how what several accounts hold is spread; the ids stand in the body or the query."""
    names = (
        list(call.body.acct_ids) or call.query.items("acctIds") or list(call.session.account_ids)
    )
    if len(names) > ACCOUNT_IDS_MAX:
        raise BadRequest(f"Bad Request: at most {ACCOUNT_IDS_MAX} acctIds")
    for name in names:
        if name not in call.session.account_ids:
            raise ForeignAccount(f"Account {name} is not the caller's.")
    ids = [AccountId(name) for name in dict.fromkeys(names)]
    for account_id in ids:
        call.desk.observe_account(account_id)
    return _allocation(allocation(call.desk.world, ids))


def _allocation(told: Allocation) -> AllocationRow:
    return AllocationRow(_spread(told.asset_class), _spread(told.sector), _spread(told.group))


def _spread(spread: Spread) -> SpreadRow:
    return SpreadRow(
        {name: double(value) for name, value in spread.long.items()},
        {name: double(value) for name, value in spread.short.items()},
    )


@routes.get("/portfolio/{account_id}/positions/{page_id}", evidence=Evidence.RECORDED)
def positions(call: Call[Empty]) -> list[Position | Row]:
    """List the positions of an account in pages of 100, by name unless sorted otherwise."""
    account_id = own(call)
    page = call.path["page_id"]
    if not (page.isascii() and page.isdigit() and len(page) <= PAGE_DIGITS_MAX):
        raise BadRequest("Bad Request: pageId is not valid")
    if call.query.text("model"):
        return []
    column, direction = call.query.text("sort", "name"), call.query.text("direction", "a")
    rows = portfolio_rows.ordered(_shown(call, account_id), column, direction)
    start = int(page) * POSITION_PAGE_SIZE
    return _rows(call, account_id, rows[start : start + POSITION_PAGE_SIZE])


PAGE_DIGITS_MAX: Final = 6


@routes.get("/portfolio2/{account_id}/positions", evidence=Evidence.RECORDED)
def near_positions(call: Call[Empty]) -> list[NearPosition]:
    """List the positions of an account as they are now, all on one page."""
    account_id = own(call)
    if call.query.text("model"):
        return []
    column, direction = call.query.text("sort", "name"), call.query.text("direction", "a")
    held = (row for row in holdings(call.desk.world, account_id) if row.position.size)
    return [
        portfolio_rows.near_position(row, call.desk.now)
        for row in portfolio_rows.ordered(held, column, direction)
    ]


@routes.get("/portfolio/{account_id}/position/{conid}", evidence=Evidence.RECORDED)
def position_of_account(call: Call[Empty]) -> list[Position | Row]:
    """Show what an account holds of a contract; nothing where it holds none."""
    account_id = own(call)
    row = holding(call.desk.world, account_id, call.conid())
    if row is None or not _is_shown(call, account_id, row):
        return []
    return _rows(call, account_id, [row])


@routes.get("/portfolio/positions/{conid}", evidence=Evidence.RECORDED)
def position_of_contract(call: Call[Empty]) -> dict[str, list[Position | Row]]:
    """Show what each of the caller's accounts holds of a contract."""
    wanted = conid(call.path["conid"])
    told: dict[str, list[Position | Row]] = {}
    for account_id in call.session.account_ids:
        own(call, account_id)
        row = holding(call.desk.world, account_id, Conid(wanted))
        if row is not None and _is_shown(call, account_id, row):
            told[account_id] = _rows(call, account_id, [row])
    return told


@routes.get("/portfolio/{account_id}/combo/positions", evidence=Evidence.SPECIFIED)
def combination_positions(call: Call[Empty]) -> list[Row]:
    """List positions that were bought as combinations: none, since none can be bought."""
    own(call)
    return []


@routes.post("/portfolio/{account_id}/positions/invalidate", evidence=Evidence.RECORDED)
def invalidate(call: Call[Empty]) -> Invalidated:
    """Forget positions that were closed today, and show the next ones fresh."""
    call.session.positions_invalidated[own(call)] = call.desk.now
    return Invalidated()


def _shown(call: Call[Empty], account_id: AccountId) -> Iterator[Holding]:
    for row in holdings(call.desk.world, account_id):
        if _is_shown(call, account_id, row):
            yield row


def _is_shown(call: Call[Empty], account_id: AccountId, row: Holding) -> bool:
    """Say whether a position shows: not before the pre-flight, closed ones until forgotten."""
    session = call.session
    forgotten_at = session.positions_invalidated.get(account_id)
    if forgotten_at is None and not session.portfolio_queried:
        return False
    is_open = bool(row.position.size)
    return is_open or forgotten_at is None or row.position.changed_at > forgotten_at


def _rows(call: Call[Empty], account_id: AccountId, rows: list[Holding]) -> list[Position | Row]:
    """Return rows, the first ones of a session without what is known of their contracts."""
    session = call.session
    is_known = account_id in session.positions_queried or call.query.flag("waitForSecDef")
    if rows:
        session.positions_queried.add(account_id)
    if not is_known:
        return [portfolio_rows.position(account_id, row) for row in rows]
    return [portfolio_rows.complete(account_id, row, with_base=session.is_paper) for row in rows]
