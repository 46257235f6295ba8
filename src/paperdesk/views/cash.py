"""Cash: the ledger of an account, a row for each of its currencies and one for all together."""

import msgspec

from paperdesk.base.ids import AccountId
from paperdesk.base.units import ONE, ZERO, Currency, Money
from paperdesk.kernel.rules import stands
from paperdesk.kernel.state.world import World

BASE = "BASE"


class Balance(msgspec.Struct, kw_only=True):
    """What an account has in one currency, in that currency; `rate` leads to the base currency.

    Profits include those that currency trades show on their virtual positions.
    """

    currency: Currency
    rate: Money
    cash: Money = ZERO
    settled: Money = ZERO
    stock: Money = ZERO
    dividends: Money = ZERO
    unrealised: Money = ZERO
    realised: Money = ZERO

    @property
    def net_liquidation(self) -> Money:
        """Cash, positions and accrued dividends together."""
        return self.cash + self.stock + self.dividends


def balances(world: World, account_id: AccountId) -> list[Balance]:
    """Return a row for each currency, the base currency first.

    Raises:
        NoExchangeRate: one of them has no rate to the base currency.
    """
    base = world.accounts.by_id[account_id].base_currency
    book = world.ledger.book(account_id)
    rates = stands.currency_rates(world, stands.currencies_of(book), base)
    rows = {
        currency: Balance(
            currency=currency,
            rate=rate,
            cash=book.cash.get(currency, ZERO),
            settled=book.settled(currency),
            dividends=book.dividends.get(currency, ZERO),
        )
        for currency, rate in rates.items()
    }
    for position in book.positions.values():
        row, price = rows[position.currency], stands.mark(world, position)
        row.realised += position.realised
        row.unrealised += position.unrealised(price)
        if not position.is_virtual:
            row.stock += position.value(price)
    return list(rows.values())


def together(rows: list[Balance], name: Currency = BASE) -> Balance:
    """Return the sum of all rows in base currency, under a name."""
    total = Balance(currency=name, rate=ONE)
    for row in rows:
        total.cash += row.cash * row.rate
        total.settled += row.settled * row.rate
        total.stock += row.stock * row.rate
        total.dividends += row.dividends * row.rate
        total.unrealised += row.unrealised * row.rate
        total.realised += row.realised * row.rate
    return total
