"""Margin: what an account is worth, what it must hold, and whether it can afford a trade.

Margin accounts follow Regulation T with the broker's house rates, cash accounts spend what has
settled. Source: documented formulas; buying power of four times available funds is recorded.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from paperdesk.base.ids import AccountId, OrderId
from paperdesk.base.units import ONE, ZERO, Currency, Money, quotient
from paperdesk.kernel.messages.accounts import AccountKind
from paperdesk.kernel.rules import exchange_rates, holds, stands
from paperdesk.kernel.rules.prospects import Prospect, Shortfall
from paperdesk.kernel.rules.requirements import Requirement
from paperdesk.kernel.rules.stands import Stand
from paperdesk.kernel.state.ledger import Book
from paperdesk.kernel.state.world import World

__all__ = ["AccountValues", "Prospect", "Shortfall", "profits", "shortfall", "values"]

RATIO_STEP: Final = Decimal("0.000001")
LEVERAGE_STEP: Final = Decimal("0.01")
MINIMUM_CURRENCY: Final[Currency] = "USD"


class AccountValues(msgspec.Struct, frozen=True, kw_only=True):
    """What an account is worth and must hold, in its base currency.

    `total_cash` is by trade date, `accrued_dividends` are to be paid later and count in net
    liquidation alone. `stock_value` is signed, `gross_position_value` is not. A cash
    account's equity with loan is its settled cash, and its requirement what it still has to pay
    for. `cushion` is excess liquidity over net liquidation, `leverage` gross positions over it;
    both are 0 where there is nothing. `daily`, `unrealised` and `realised` are profits.
    """

    account_id: AccountId
    currency: Currency
    is_margin: bool
    total_cash: Money
    settled_cash: Money
    accrued_dividends: Money
    stock_value: Money
    gross_position_value: Money
    net_liquidation: Money
    equity_with_loan: Money
    previous_equity_with_loan: Money
    initial: Money
    maintenance: Money
    reg_t_margin: Money
    available_funds: Money
    excess_liquidity: Money
    buying_power: Money
    sma: Money
    cushion: Decimal
    leverage: Decimal
    unrealised: Money
    realised: Money
    daily: Money


class Profits(msgspec.Struct):
    """What positions have earned, in base currency: today, on paper, and by closing trades."""

    daily: Money = ZERO
    unrealised: Money = ZERO
    realised: Money = ZERO


def values(world: World, account_id: AccountId) -> AccountValues:
    """Return everything that an account is worth.

    Raises:
        NoExchangeRate: a currency that it holds has no rate to its base currency.
    """
    account = world.accounts.by_id[account_id]
    book = world.ledger.book(account_id)
    is_margin = account.kind is AccountKind.MARGIN
    stand = stands.now(world, account, book)
    cash, stock = stand.in_base(stand.cash), stand.in_base(stand.stock)
    settled = stand.in_base({name: book.settled(name) for name in book.cash})
    dividends = stand.in_base(book.dividends)
    net = cash + stock + dividends
    equity = cash + stock if is_margin else settled
    required = _required(stand, book, is_margin=is_margin)
    available, excess = equity - required.initial, equity - required.maintenance
    leveraged = is_margin and equity >= _minimum_equity(world, stand)
    earned = profits(world, book, stand.rates)
    previous = book.equity_with_loan
    return AccountValues(
        account_id=account_id,
        currency=account.base_currency,
        is_margin=is_margin,
        total_cash=cash,
        settled_cash=settled,
        accrued_dividends=dividends,
        stock_value=stock,
        gross_position_value=stand.gross,
        net_liquidation=net,
        equity_with_loan=equity,
        previous_equity_with_loan=equity if previous is None else previous,
        initial=required.initial,
        maintenance=required.maintenance,
        reg_t_margin=required.reg_t,
        available_funds=available,
        excess_liquidity=excess,
        buying_power=max(ZERO, available) * (stand.table.buying_power_factor if leveraged else ONE),
        sma=book.sma + stand.in_base(book.sma_moves),
        cushion=quotient(excess, net, RATIO_STEP) if net else ZERO,
        leverage=quotient(stand.gross, net, LEVERAGE_STEP) if net else ZERO,
        daily=earned.daily,
        unrealised=earned.unrealised,
        realised=earned.realised,
    )


def profits(world: World, book: Book, rates: Mapping[Currency, Decimal]) -> Profits:
    """Return what all positions have earned; virtual ones show what currencies have."""
    earned = Profits()
    for position in book.positions.values():
        rate, price = rates[position.currency], stands.mark(world, position)
        earned.daily += position.daily(price) * rate
        earned.unrealised += position.unrealised(price) * rate
        earned.realised += position.realised * rate
    return earned


def shortfall(
    world: World,
    account_id: AccountId,
    prospects: Sequence[Prospect],
    *,
    instead_of: Sequence[OrderId] = (),
) -> Shortfall | None:
    """Say why an account could not afford some trades, or None where it can.

    A margin account's available funds must not become negative; what lowers its requirement
    always passes. A cash account pays with settled cash that no open order is to spend, and
    sells what it holds and no open order is to sell.

    Args:
        world: what is true.
        account_id: who would trade.
        prospects: all that would trade, in order.
        instead_of: open orders of the account that these would replace.

    Raises:
        NoExchangeRate: a currency that it holds or would owe has no rate to its base currency.
    """
    account = world.accounts.by_id[account_id]
    book = world.ledger.book(account_id)
    if account.kind is AccountKind.CASH:
        return holds.shortfall(world, account, prospects, instead_of)
    stand = stands.now(world, account, book)
    before = stand.initial + stand.currencies().initial
    stands.trade(world, account, stand, prospects)
    initial = stand.initial + stand.currencies().initial
    if initial <= before:
        return None
    equity = stand.equity()
    return _too_small(world, stand, equity) or _not_covered(stand, equity, initial)


def _required(stand: Stand, book: Book, *, is_margin: bool) -> Requirement:
    if not is_margin:
        owed = stand.in_base({name: open_.payable for name, open_ in book.unsettled.items()})
        return Requirement(owed, owed)
    owed_currencies = stand.currencies()
    return Requirement(
        stand.initial + owed_currencies.initial,
        stand.maintenance + owed_currencies.maintenance,
        stand.reg_t,
    )


def _minimum_equity(world: World, stand: Stand) -> Money:
    least = stand.table.minimum_equity
    if stand.base == MINIMUM_CURRENCY:
        return least
    return least * exchange_rates.rate(world, MINIMUM_CURRENCY, stand.base)


def _too_small(world: World, after: Stand, equity: Money) -> Shortfall | None:
    """Refuse to lend to an account below the least equity, be it money or stock."""
    least = _minimum_equity(world, after)
    if equity >= least or not (after.shorts or after.in_base(after.cash) < ZERO):
        return None
    return Shortfall(
        code="minimum",
        reason=f"A MINIMUM OF {least:,.0f} {after.base} EQUITY IS REQUIRED TO BORROW",
        equity=equity,
        required=least,
        currency=after.base,
    )


def _not_covered(after: Stand, equity: Money, initial: Money) -> Shortfall | None:
    if equity >= initial:
        return None
    return Shortfall(
        code="equity",
        reason=(
            f"EQUITY WITH LOAN VALUE [{equity:.2f} {after.base}]"
            f" MUST EXCEED THE INITIAL MARGIN [{initial:.2f} {after.base}]"
        ),
        equity=equity,
        required=initial,
        currency=after.base,
    )
