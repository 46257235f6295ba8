"""Profit: what an account has earned today and on paper, as its profit and loss line shows it."""

import msgspec

from paperdesk.base.ids import AccountId
from paperdesk.base.units import Money
from paperdesk.kernel.rules import margin
from paperdesk.kernel.state.world import World


class Partition(msgspec.Struct, frozen=True):
    """One account's line, in base currency.

    `market_value` is of its positions, short ones negative.
    """

    account_id: AccountId
    daily: Money
    net_liquidation: Money
    unrealised: Money
    excess_liquidity: Money
    market_value: Money


def partition(world: World, account_id: AccountId) -> Partition:
    """Return an account's line.

    Raises:
        NoExchangeRate: a currency that it holds has no rate to its base currency.
    """
    values = margin.values(world, account_id)
    return Partition(
        account_id,
        values.daily,
        values.net_liquidation,
        values.unrealised,
        values.excess_liquidity,
        values.stock_value,
    )
