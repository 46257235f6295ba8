"""Allocations: how what accounts hold is spread over asset classes, sectors and industries."""

from collections.abc import Iterable
from typing import Final, TypeAlias

import msgspec

from paperdesk.base.ids import AccountId
from paperdesk.base.units import ZERO, Money
from paperdesk.kernel.rules import stands
from paperdesk.kernel.state.world import World
from paperdesk.views.positions import holdings

OTHERS: Final = "Others"
"""Where contracts are put that have no sector, or no industry."""

CASH: Final = "CASH"

Shares: TypeAlias = dict[str, Money]


class Spread(msgspec.Struct):
    """Values by name: long ones, and short ones, which are negative."""

    long: Shares = {}
    short: Shares = {}

    def add(self, name: str, value: Money) -> None:
        """Count a value."""
        side = self.long if value > ZERO else self.short
        if value:
            side[name] = side.get(name, ZERO) + value


class Allocation(msgspec.Struct):
    """What accounts hold by asset class, sector and industry; cash is an asset class alone."""

    asset_class: Spread = msgspec.field(default_factory=Spread)
    sector: Spread = msgspec.field(default_factory=Spread)
    group: Spread = msgspec.field(default_factory=Spread)


def allocation(world: World, account_ids: Iterable[AccountId]) -> Allocation:
    """Return the allocation of accounts together, each in its base currency.

    Raises:
        NoExchangeRate: a currency that one holds has no rate to its base currency.
    """
    told = Allocation()
    for account_id in account_ids:
        _add_cash(world, account_id, told)
        for held in holdings(world, account_id):
            if held.position.is_virtual:
                continue
            value = held.value * held.rate
            told.asset_class.add(held.contract.security_type.value, value)
            told.sector.add(held.contract.sector or OTHERS, value)
            told.group.add(held.contract.group or OTHERS, value)
    return told


def _add_cash(world: World, account_id: AccountId, told: Allocation) -> None:
    book = world.ledger.book(account_id)
    base = world.accounts.by_id[account_id].base_currency
    rates = stands.currency_rates(world, book.cash, base)
    for currency, amount in book.cash.items():
        told.asset_class.add(CASH, amount * rates[currency])
