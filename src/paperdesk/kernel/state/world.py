"""The world: everything that is true in one desk at one instant."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec

from paperdesk.base.calendar import Calendar
from paperdesk.base.ids import Conid
from paperdesk.base.units import Currency, Instant
from paperdesk.kernel.messages import Event
from paperdesk.kernel.state.accounts import Accounts
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.kernel.state.ledger import Ledger
from paperdesk.kernel.state.orders import Orders
from paperdesk.kernel.state.quotes import Quotes


class Contracts:
    """The catalogue as the kernel sees it: reference data, pinned by the desk, never stored."""

    def __init__(self, by_conid: Mapping[Conid, Contract], calendars: Mapping[str, Calendar]) -> None:
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


class World(msgspec.Struct):
    """The parts of a desk. Derived indexes live beside their part and are rebuilt, not stored."""

    now: Instant
    seed: int
    accounts: Accounts
    orders: Orders
    ledger: Ledger
    quotes: Quotes
