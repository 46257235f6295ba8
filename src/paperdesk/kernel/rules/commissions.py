"""Commissions and fees: what an execution costs, from dated tables.

IBKR Pro's fixed plan. The minimum holds for an order and a trade date: the first execution pays
it, the next ones only what the sum of them exceeds what is paid.
"""

from functools import lru_cache
from typing import Final

import msgspec

from paperdesk.base.ids import AccountId, OrderId
from paperdesk.base.units import MONEY_STEP, ONE, ZERO, Currency, Day, Instant, Money, Price, Size
from paperdesk.kernel.messages.orders import Side
from paperdesk.kernel.rules import exchange_rates, settlement
from paperdesk.kernel.rules.schedules import CommissionRow, FeeRow, in_force
from paperdesk.kernel.rules.tables import COMMISSIONS, FEES
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.kernel.state.orders import Order
from paperdesk.kernel.state.world import World

HOME: Final = "US"
"""Whose schedule holds for contracts of a country that the tables do not name."""


class Commission(msgspec.Struct, frozen=True):
    """What the account pays: to the broker, and to regulators on top, in one currency."""

    amount: Money
    fees: Money
    currency: Currency

    @property
    def total(self) -> Money:
        """Both together."""
        return self.amount + self.fees


class Deal(msgspec.Struct, frozen=True, kw_only=True):
    """A trade that has a cost: one execution of an order, or a whole order that might trade.

    `order_id` is None where it does not share its minimum with executions before it.
    """

    account_id: AccountId
    contract: Contract
    side: Side
    size: Size
    price: Price
    at: Instant
    order_id: OrderId | None = None


class Schedule(msgspec.Struct, frozen=True):
    """What holds on a day in one kind of contract: the broker's row, and regulators' by side."""

    row: CommissionRow
    bought: tuple[FeeRow, ...]
    sold: tuple[FeeRow, ...]


def commission(
    world: World, contract: Contract, order: Order, price: Price, size: Size, at: Instant
) -> Commission:
    """Return what the next execution of an order costs.

    Raises:
        NoExchangeRate: the schedule's currency has no rate to the account's.
    """
    return cost(
        world,
        Deal(
            account_id=order.account_id,
            contract=contract,
            side=order.side,
            size=size,
            price=price,
            at=at,
            order_id=order.order_id,
        ),
    )


def cost(world: World, deal: Deal) -> Commission:
    """Return what a trade costs.

    Trades of currencies are charged in the account's base currency, others in the contract's.

    Raises:
        NoExchangeRate: the schedule's currency has no rate to the account's.
    """
    contract = deal.contract
    day = settlement.trade_day(world, contract, deal.at)
    schedule = _schedule(contract.security_type, contract.country, day)
    row = schedule.row
    value = deal.size * deal.price * contract.multiplier
    size = deal.size
    paid = ZERO
    charge = None if deal.order_id is None else world.ledger.charges.get(deal.order_id)
    if charge is not None and charge.day == day:
        size, value, paid = size + charge.size, value + charge.value, charge.commission
    if contract.security_type is SecurityType.FOREX:
        base = world.accounts.by_id[deal.account_id].base_currency
        traded = (contract.base, size), (contract.currency, value)
        total = _exchange_commission(world, traded, row, base)
        # The schedule is in dollars: a rate that moves between executions never pays back.
        return Commission(max(ZERO, total - paid), ZERO, base)
    amount = _total(row, size, value).quantize(MONEY_STEP) - paid
    fees = schedule.bought if deal.side is Side.BUY else schedule.sold
    return Commission(amount, _fees(deal, fees), contract.currency)


def in_currency(world: World, paid: Commission, currency: Currency) -> Money | None:
    """Return what is paid in a currency, None where it is that one.

    Raises:
        NoExchangeRate: the currency that is paid in has no rate to it.
    """
    if paid.currency == currency:
        return None
    rate = exchange_rates.rate(world, paid.currency, currency)
    return (paid.total * rate).quantize(MONEY_STEP)


def _exchange_commission(
    world: World,
    traded: tuple[tuple[Currency, Money], tuple[Currency, Money]],
    row: CommissionRow,
    base: Currency,
) -> Money:
    """Return what a trade costs of which both sides are given, as it is or by its price's side."""
    (bought, size), (currency, value) = traded
    if bought == row.currency:
        in_schedule = size
    else:
        in_schedule = value * exchange_rates.rate(world, currency, row.currency)
    total = _total(row, ONE, in_schedule)
    return (total * exchange_rates.rate(world, row.currency, base)).quantize(MONEY_STEP)


@lru_cache(maxsize=256)
def _schedule(kind: SecurityType, country: str, day: Day) -> Schedule:
    rows = COMMISSIONS.get((kind.value, country)) or COMMISSIONS.get((kind.value, ""))
    row = in_force(rows or COMMISSIONS[("STK", HOME)], day)
    assert row is not None, "a schedule covers every day"
    fees = FEES.get((kind.value, country), ())
    held = [fee for fee in fees if fee.first_day <= day <= fee.last_day]
    return Schedule(
        row,
        tuple(fee for fee in held if fee.side in {"BOTH", Side.BUY.value}),
        tuple(fee for fee in held if fee.side in {"BOTH", Side.SELL.value}),
    )


def _total(row: CommissionRow, size: Size, value: Money) -> Money:
    """Return what an order and day pays for all that it has traded: the cap wins over the least."""
    amount = row.rate * (size if row.unit == "share" else value)
    amount = max(amount, row.minimum if size >= ONE else row.fraction_minimum)
    if row.cap_of_value is not None:
        amount = min(amount, row.cap_of_value * value)
    return amount


def _fees(deal: Deal, rows: tuple[FeeRow, ...]) -> Money:
    total = ZERO
    for row in rows:
        total += _fee(row, deal)
    return total.quantize(MONEY_STEP) if total else ZERO


def _fee(row: FeeRow, deal: Deal) -> Money:
    traded = deal.size
    if row.unit == "value":
        traded = deal.size * deal.price * deal.contract.multiplier
    amount = row.rate * traded
    return amount if row.cap is None else min(amount, row.cap)
