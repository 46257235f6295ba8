"""Positions: what an account holds, what it is worth and what it has earned."""

from collections.abc import Iterator

import msgspec

from paperdesk.base.ids import AccountId, Conid
from paperdesk.base.units import Money, Price
from paperdesk.kernel.rules import exchange_rates, stands
from paperdesk.kernel.state.contracts import Contract
from paperdesk.kernel.state.positions import Position
from paperdesk.kernel.state.world import World


class Holding(msgspec.Struct, frozen=True):
    """A position at a price. Money is in the contract's currency; `rate` leads to the base's."""

    contract: Contract
    position: Position
    price: Price
    rate: Money

    @property
    def value(self) -> Money:
        """What it is worth, negative when short."""
        return self.position.value(self.price)

    @property
    def unrealised(self) -> Money:
        """Its profit on paper."""
        return self.position.unrealised(self.price)

    @property
    def daily(self) -> Money:
        """Its profit since the last mark."""
        return self.position.daily(self.price)


def holdings(world: World, account_id: AccountId) -> Iterator[Holding]:
    """Yield what an account holds, and what it has closed since the books were cut.

    Raises:
        NoExchangeRate: the contract's currency has no rate to the account's base currency.
    """
    base = world.accounts.by_id[account_id].base_currency
    contracts = world.contracts.by_conid
    for conid, position in world.ledger.book(account_id).positions.items():
        yield Holding(
            contracts[conid],
            position,
            stands.mark(world, position),
            exchange_rates.rate(world, position.currency, base),
        )


def holding(world: World, account_id: AccountId, conid: Conid) -> Holding | None:
    """Return what an account holds of a contract, or has closed since the books were cut."""
    position = world.ledger.position(account_id, conid)
    if position is None:
        return None
    base = world.accounts.by_id[account_id].base_currency
    return Holding(
        world.contracts.by_conid[conid],
        position,
        stands.mark(world, position),
        exchange_rates.rate(world, position.currency, base),
    )
