"""The world: everything that is true in one desk at one instant."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

import msgspec

from paperdesk.base.calendar import Calendar, day_at
from paperdesk.base.errors import UnknownContract
from paperdesk.base.ids import AccountId, Conid
from paperdesk.base.units import Currency, Day, Instant
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.accounts import AccountOpened, CashDeposited, UserAdded
from paperdesk.kernel.messages.actions import DividendAccrued, DividendPaid, SharesSplit
from paperdesk.kernel.messages.cases import (
    CaseEdited,
    CaseMoved,
    CaseOpened,
    CaseReminded,
    CaseScheduled,
    ChangeProposed,
    ClerkAssigned,
    DocumentAttached,
    KeysHandedIn,
    KeyTestPassed,
    OutcomeForced,
    RegionDecided,
)
from paperdesk.kernel.messages.clock import ClockAdvanced
from paperdesk.kernel.messages.ledger import (
    AccountMarked,
    CashSettled,
    PositionsMarked,
    RealisedCut,
)
from paperdesk.kernel.messages.orders import (
    OrderAccepted,
    OrderCancelled,
    OrderDeactivated,
    OrderFilled,
    OrderHeld,
    OrderModified,
    OrderReduced,
    OrderReleased,
    OrdersQuestioned,
    OrderTriggered,
    QuestionAnswered,
    QuestionsDropped,
    TrailMoved,
)
from paperdesk.kernel.messages.presets import PresetsSet
from paperdesk.kernel.messages.quotes import QuoteRecorded
from paperdesk.kernel.messages.scripts import ScriptAdded
from paperdesk.kernel.state import (
    accounts,
    actions,
    cases,
    ledger,
    orders,
    presets,
    quotes,
    scripts,
)
from paperdesk.kernel.state.accounts import Accounts
from paperdesk.kernel.state.cases import Cases
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.kernel.state.ledger import Ledger
from paperdesk.kernel.state.orders import Orders
from paperdesk.kernel.state.presets import AllPresets
from paperdesk.kernel.state.quotes import Quotes
from paperdesk.kernel.state.scripts import Scripts


class Contracts:
    """The catalogue as the kernel sees it: reference data, pinned by the desk, never stored."""

    def __init__(
        self, by_conid: Mapping[Conid, Contract], calendars: Mapping[str, Calendar]
    ) -> None:
        """Keep contracts by conid and calendars by name."""
        self.by_conid = by_conid
        self.calendars = calendars

    @cached_property
    def pairs(self) -> Mapping[tuple[Currency, Currency], Conid]:
        """The FX pairs by base and quote currency."""
        return {
            (contract.base, contract.currency): conid
            for conid, contract in self.by_conid.items()
            if contract.security_type is SecurityType.FOREX
        }

    def calendar(self, contract: Contract) -> Calendar:
        """Return the calendar that a contract trades by."""
        return self.calendars[contract.calendar]


class Models(msgspec.Struct, frozen=True):
    """Which of the named models a desk trades by.

    `fill` is `touch` (trades at bid or ask up to the size shown) or `alone` (all at once).
    """

    fill: str = "touch"


class World(msgspec.Struct, dict=True, kw_only=True):
    """The parts of a desk. Derived indexes live beside their part and are rebuilt, not stored.

    Contracts and models are no part of it: they are attached after it is made or read.
    """

    now: Instant
    seed: int
    accounts: Accounts
    orders: Orders
    ledger: Ledger
    quotes: Quotes
    presets: AllPresets = msgspec.field(default_factory=AllPresets)
    scripts: Scripts = msgspec.field(default_factory=Scripts)
    cases: Cases = msgspec.field(default_factory=Cases)

    def attach(self, contracts: Contracts, models: Models) -> None:
        """Let the world know its contracts and models."""
        self.__dict__["contracts"] = contracts
        self.__dict__["models"] = models
        self.__dict__["notes"] = {}

    @property
    def contracts(self) -> Contracts:
        """The contracts of the desk."""
        contracts: Contracts = self.__dict__["contracts"]
        return contracts

    @property
    def models(self) -> Models:
        """The models of the desk."""
        models: Models = self.__dict__["models"]
        return models

    @property
    def notes(self) -> dict[AccountId, Any]:
        """What rules have worked out of accounts and may want again: theirs alone, never stored."""
        notes: dict[AccountId, Any] = self.__dict__["notes"]
        return notes

    def contract(self, conid: Conid) -> Contract:
        """Return the contract with a conid.

        Raises:
            UnknownContract: there is none.
        """
        contract: Contract | None = self.__dict__["contracts"].by_conid.get(conid)
        if contract is None:
            raise UnknownContract(f"No contract has conid {conid}.")
        return contract

    def calendar(self, conid: Conid) -> Calendar:
        """Return the calendar that a contract trades by."""
        contracts = self.contracts
        return contracts.calendars[contracts.by_conid[conid].calendar]

    def apply(self, event: Event) -> None:
        """Let an event be true."""
        self.now = event.at
        EFFECTS[type(event)](self, event)


def world_at(now: Instant, seed: int) -> World:
    """Return a world in which nothing has happened."""
    return World(
        now=now,
        seed=seed,
        accounts=Accounts(),
        orders=Orders(seed=seed),
        ledger=Ledger(),
        quotes=Quotes(),
    )


def trade_day(world: World, conid: Conid, at: Instant) -> Day:
    """Return the date that a trade counts for: its session's, else the UTC day."""
    session = world.calendar(conid).session_at(at)
    return day_at(at) if session is None else session.day


def _account_opened(world: World, event: AccountOpened) -> None:
    accounts.opened(world.accounts, event)
    ledger.opened(world.ledger, event.account_id)


def _filled(world: World, event: OrderFilled) -> None:
    order = world.orders.by_id[event.order_id]
    contract = world.contract(event.conid)
    ledger.traded(
        world.ledger,
        event,
        contract,
        trade_day=trade_day(world, event.conid, event.at),
        is_conversion=order.ticket.is_currency_conversion,
    )
    orders.filled(
        world.orders,
        event,
        net_amount=event.price * event.size * contract.multiplier,
        position_after=world.ledger.size(event.account_id, event.conid),
    )


def _modified(world: World, event: OrderModified) -> None:
    orders.modified(world.orders, event)
    ledger.modified(world.ledger, event)


def _quote_recorded(world: World, event: QuoteRecorded) -> None:
    quotes.recorded(world.quotes, event)
    if world.orders.bought or world.orders.sold:
        orders.quote_changed(world.orders, event.quote)


EFFECTS: Final[dict[type[Event], Callable[[World, Any], None]]] = {
    AccountMarked: lambda world, event: ledger.account_marked(world.ledger, event),
    AccountOpened: _account_opened,
    CaseEdited: lambda world, event: cases.edited(world.cases, event),
    CaseMoved: lambda world, event: cases.moved(world.cases, event),
    CaseOpened: lambda world, event: cases.opened(world.cases, event),
    CaseReminded: lambda world, event: cases.reminded(world.cases, event),
    CaseScheduled: lambda world, event: cases.scheduled(world.cases, event),
    CashDeposited: lambda world, event: ledger.deposited(world.ledger, event),
    CashSettled: lambda world, event: ledger.settled(world.ledger, event),
    ChangeProposed: lambda world, event: cases.change_proposed(world.cases, event),
    ClerkAssigned: lambda world, event: cases.clerk_assigned(world.cases, event),
    ClockAdvanced: lambda _world, _event: None,
    DividendAccrued: lambda world, event: actions.dividend_accrued(world.ledger, event),
    DividendPaid: lambda world, event: actions.dividend_paid(world.ledger, event),
    DocumentAttached: lambda world, event: cases.document_attached(world.cases, event),
    KeyTestPassed: lambda world, event: cases.key_test_passed(world.cases, event),
    KeysHandedIn: lambda world, event: cases.keys_handed_in(world.cases, event),
    OrderAccepted: lambda world, event: orders.accepted(world.orders, event),
    OrderCancelled: lambda world, event: orders.cancelled(world.orders, event),
    OrderDeactivated: lambda world, event: orders.deactivated(world.orders, event),
    OrderFilled: _filled,
    OrderHeld: lambda world, event: orders.held(world.orders, event),
    OrderModified: _modified,
    OrderReduced: lambda world, event: orders.reduced(world.orders, event),
    OrderReleased: lambda world, event: orders.released(world.orders, event),
    OrdersQuestioned: lambda world, event: orders.questioned(world.orders, event),
    OrderTriggered: lambda world, event: orders.triggered(world.orders, event),
    OutcomeForced: lambda world, event: cases.outcome_forced(world.cases, event),
    PositionsMarked: lambda world, event: ledger.positions_marked(world.ledger, event),
    PresetsSet: lambda world, event: presets.presets_set(world.presets, event),
    QuestionAnswered: lambda world, event: orders.question_answered(world.orders, event),
    QuestionsDropped: lambda world, event: orders.questions_dropped(world.orders, event),
    QuoteRecorded: _quote_recorded,
    RealisedCut: lambda world, event: ledger.realised_cut(world.ledger, event),
    RegionDecided: lambda world, event: cases.region_decided(world.cases, event),
    ScriptAdded: lambda world, event: scripts.script_added(world.scripts, event),
    SharesSplit: lambda world, event: actions.shares_split(world.ledger, event),
    TrailMoved: lambda world, event: orders.trail_moved(world.orders, event),
    UserAdded: lambda world, event: accounts.user_added(world.accounts, event),
}
