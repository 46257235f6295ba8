"""Requirements: what margin accounts must hold against stock and against currencies they owe.

Source: documented (Regulation T and the broker's house rates), haircut of a pair judged to be the
larger of its two currencies'.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import msgspec

from paperdesk.base.units import ONE, ZERO, Currency, Day, Money, Price, Size
from paperdesk.kernel.rules.schedules import FxMarginRow, StockMarginRow, in_force
from paperdesk.kernel.rules.tables import FX_MARGIN, SHORT_STEPS, STOCK_MARGIN
from paperdesk.kernel.state.contracts import Contract

_HAIRCUTS: Final[Mapping[Currency, FxMarginRow]] = {row.currency: row for row in FX_MARGIN}
_OTHER: Final = _HAIRCUTS["OTHER"]


class Requirement(msgspec.Struct, frozen=True, gc=False):
    """What must be held: to trade, to keep, and at the end of the day by Regulation T."""

    initial: Money = ZERO
    maintenance: Money = ZERO
    reg_t: Money = ZERO


NOTHING: Final = Requirement()


def stock_margin(day: Day) -> StockMarginRow:
    """Return the rates that hold on a day."""
    row = in_force(STOCK_MARGIN, day)
    assert row is not None, "the table covers every day"
    return row


def of_stock(rates: StockMarginRow, contract: Contract, size: Size, price: Price) -> Requirement:
    """Return what a position in stock asks for, in the contract's currency.

    Args:
        rates: what holds on the day.
        contract: the stock or fund; a leveraged fund asks for a multiple, at most for its value.
        size: shares, negative when short.
        price: what a share is valued at.
    """
    value = abs(size) * price * contract.multiplier
    leverage = contract.margin_multiplier
    reg_t = value * min(ONE, rates.reg_t * leverage)
    if size >= ZERO:
        held = value * min(ONE, rates.long * leverage)
        return Requirement(held, held, reg_t)
    ordinary = value * min(ONE, rates.short * leverage)
    maintenance = _short_step(-size * contract.multiplier, price)
    if leverage > ONE:
        maintenance = max(maintenance, ordinary)
    return Requirement(max(ordinary, maintenance), maintenance, reg_t)


def _short_step(shares: Size, price: Price) -> Money:
    """Return what the house asks of a short position at the step that a price is on."""
    step = SHORT_STEPS[0]
    for higher in SHORT_STEPS:
        if price < higher.from_price:
            break
        step = higher
    if step.per_share is not None:
        return shares * step.per_share
    assert step.of_value is not None
    return shares * price * step.of_value


def of_currencies(nets: Mapping[Currency, Money]) -> Requirement:
    """Return what owed currencies ask for.

    The largest debt is set against the credit with the smallest haircut first; each part that is
    set against each other asks for the larger haircut of the two currencies. What no credit is
    left for asks for its own haircut.

    Args:
        nets: net value of each currency, already in one currency; debts are negative.
    """
    debts = sorted(((value, name) for name, value in nets.items() if value < ZERO))
    if not debts:
        return NOTHING
    initial = _set_off(debts, nets, {name: row.initial for name, row in _HAIRCUTS.items()})
    kept = _set_off(debts, nets, {name: row.maintenance for name, row in _HAIRCUTS.items()})
    return Requirement(initial, kept)


def of_withdrawals(others: Mapping[Currency, Money]) -> Money:
    """Return what cannot be withdrawn for the sake of cash in other currencies than the base.

    Args:
        others: value of each other currency, in base currency; its sign does not matter.
    """
    return sum(
        (abs(value) * _HAIRCUTS.get(name, _OTHER).initial for name, value in others.items()), ZERO
    )


def _set_off(
    debts: list[tuple[Money, Currency]],
    nets: Mapping[Currency, Money],
    haircuts: Mapping[Currency, Decimal],
) -> Money:
    other = haircuts[_OTHER.currency]
    credits_ = sorted(
        (haircuts.get(name, other), name, value) for name, value in nets.items() if value > ZERO
    )
    left_of = [value for _, _, value in credits_]
    total = ZERO
    for debt, name in debts:
        own, left = haircuts.get(name, other), -debt
        for index, (haircut, _, _) in enumerate(credits_):
            part = min(left, left_of[index])
            total += part * max(own, haircut)
            left_of[index] -= part
            left -= part
        total += left * own
    return total
