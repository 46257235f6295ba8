"""Stands: an account's money, stock and requirements while they are added up."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec

from paperdesk.base.calendar import day_at
from paperdesk.base.ids import Conid
from paperdesk.base.units import ONE, ZERO, Currency, Money, Price, Size
from paperdesk.kernel.rules import commissions, exchange_rates, holdings, requirements
from paperdesk.kernel.rules.commissions import Deal
from paperdesk.kernel.rules.prospects import Prospect
from paperdesk.kernel.rules.requirements import Requirement
from paperdesk.kernel.rules.schedules import StockMarginRow
from paperdesk.kernel.state.accounts import Account
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.kernel.state.ledger import Book
from paperdesk.kernel.state.positions import Position, closed_part
from paperdesk.kernel.state.world import World


class Stand(msgspec.Struct, kw_only=True):
    """What an account has and must hold.

    Money and stock are by currency, the rest is in base currency. `shorts` is the value of stock
    that is owed.
    """

    base: Currency
    table: StockMarginRow
    rates: dict[Currency, Decimal]
    cash: dict[Currency, Money]
    stock: dict[Currency, Money] = {}
    gross: Money = ZERO
    shorts: Money = ZERO
    initial: Money = ZERO
    maintenance: Money = ZERO
    reg_t: Money = ZERO

    def in_base(self, amounts: Mapping[Currency, Money]) -> Money:
        """Return the sum of amounts in base currency."""
        total = ZERO
        for currency, amount in amounts.items():
            total += amount if currency == self.base else amount * self.rates[currency]
        return total

    def hold(self, contract: Contract, size: Size, price: Price) -> None:
        """Count stock at a price, and what it asks for."""
        count = holdings.counted(self.table, contract, size, price, self.rates[contract.currency])
        self.stock[count.currency] = self.stock.get(count.currency, ZERO) + count.value
        self.gross += count.gross
        self.shorts += count.shorts
        self.initial += count.initial
        self.maintenance += count.maintenance
        self.reg_t += count.reg_t

    def release(self, contract: Contract, size: Size, price: Price) -> None:
        """Take stock that was counted at a price off again, with what it asked for."""
        count = holdings.counted(self.table, contract, size, price, self.rates[contract.currency])
        self.stock[count.currency] -= count.value
        self.gross -= count.gross
        self.shorts -= count.shorts
        self.initial -= count.initial
        self.maintenance -= count.maintenance
        self.reg_t -= count.reg_t

    def pay(self, currency: Currency, amount: Money) -> None:
        """Take money out, or, negative, put it in."""
        self.cash[currency] = self.cash.get(currency, ZERO) - amount

    def currencies(self) -> Requirement:
        """Return what owed currencies ask for; cash and stock make the net value of each."""
        if len(self.cash) == 1 and (not self.stock or self.stock.keys() == self.cash.keys()):
            return requirements.NOTHING
        nets: dict[Currency, Money] = {}
        for amounts in (self.cash, self.stock):
            for currency, amount in amounts.items():
                nets[currency] = nets.get(currency, ZERO) + amount
        if len(nets) <= 1:
            return requirements.NOTHING
        return requirements.of_currencies(
            {currency: net * self.rates[currency] for currency, net in nets.items()}
        )

    def equity(self) -> Money:
        """Return money and stock together."""
        return self.in_base(self.cash) + self.in_base(self.stock)


def mark(world: World, position: Position) -> Price:
    """Return what a position is valued at; its own average price while the market shows none."""
    price = world.quotes.mark(position.conid)
    return position.average_price if price is None else price


def currency_rates(
    world: World, currencies: Iterable[Currency], base: Currency
) -> dict[Currency, Decimal]:
    """Return what each currency is worth in a base currency.

    Raises:
        NoExchangeRate: one of them has no rate.
    """
    rates = {base: ONE}
    for currency in currencies:
        if currency not in rates:
            rates[currency] = exchange_rates.rate(world, currency, base)
    return rates


def currencies_of(book: Book) -> list[Currency]:
    """Return the currencies that an account has money or positions in, each once or more."""
    positions = (position.currency for position in book.positions.values())
    return [*book.cash, *book.dividends, *positions]


def now(world: World, account: Account, book: Book) -> Stand:
    """Return how an account stands.

    Raises:
        NoExchangeRate: a currency that it holds has no rate to its base currency.
    """
    base = account.base_currency
    table = requirements.stock_margin(day_at(world.now))
    held = holdings.of_account(world, account.account_id, book)
    rates = currency_rates(world, (*book.cash, *book.dividends, *held.currencies), base)
    totals = held.totals(world, table, rates)
    return Stand(
        base=base,
        table=table,
        rates=rates,
        cash=dict(book.cash),
        stock=dict(totals.stock),
        gross=totals.gross,
        shorts=totals.shorts,
        initial=totals.initial,
        maintenance=totals.maintenance,
        reg_t=totals.reg_t,
    )


def after(world: World, account: Account, book: Book, prospects: Sequence[Prospect]) -> Stand:
    """Return how an account would stand after trades, their commissions paid.

    What they open is valued at their own price, what is left of positions at the market's.

    Raises:
        NoExchangeRate: a currency that it holds or would owe has no rate to its base currency.
    """
    stand = now(world, account, book)
    trade(world, account, stand, prospects)
    return stand


def trade(world: World, account: Account, stand: Stand, prospects: Sequence[Prospect]) -> None:
    """Let an account stand as it would after trades; see `after`.

    Raises:
        NoExchangeRate: a currency that it would owe has no rate to its base currency.
    """
    book = world.ledger.book(account.account_id)
    sizes: dict[Conid, Size] = {}
    for prospect in prospects:
        contract = world.contract(prospect.conid)
        for name in (contract.base, contract.currency):
            if name and name not in stand.rates:
                stand.rates.update(currency_rates(world, (name,), stand.base))
        stand.pay(contract.currency, prospect.signed * prospect.price * contract.multiplier)
        if contract.security_type is SecurityType.FOREX:
            stand.pay(contract.base, -prospect.signed)
        else:
            _move(world, stand, (book, sizes), prospect)
        cost = commissions.cost(
            world,
            Deal(
                account_id=account.account_id,
                contract=contract,
                side=prospect.side,
                size=prospect.size,
                price=prospect.price,
                at=world.now,
            ),
        )
        stand.pay(cost.currency, cost.total)


def _move(
    world: World, stand: Stand, held_by: tuple[Book, dict[Conid, Size]], prospect: Prospect
) -> None:
    """Close and open stock; sizes that earlier trades have changed win over the book's."""
    book, sizes = held_by
    conid, contract, signed = prospect.conid, world.contract(prospect.conid), prospect.signed
    position = book.positions.get(conid)
    held = sizes.get(conid, ZERO if position is None else position.size)
    closing = closed_part(held, signed)
    opening = signed - closing
    if closing:
        price = world.quotes.mark(conid)
        stand.release(contract, -closing, prospect.price if price is None else price)
    if opening:
        stand.hold(contract, opening, prospect.price)
    sizes[conid] = held + signed
