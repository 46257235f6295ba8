"""Holds: the cash that a cash account has spoken for, and whether it can spend more.

Source: documented (settled cash alone may be spent; open orders are reserved); an order without a
price reserves five per cent more than the market asks, judged.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from paperdesk.base.ids import AccountId, Conid, OcaGroupId, OrderId
from paperdesk.base.units import ONE, ZERO, Currency, Money, Price, Size, is_multiple
from paperdesk.kernel.messages.orders import Side
from paperdesk.kernel.rules import commissions
from paperdesk.kernel.rules.commissions import Deal
from paperdesk.kernel.rules.prospects import Prospect, Shortfall
from paperdesk.kernel.state.accounts import Account
from paperdesk.kernel.state.contracts import SecurityType
from paperdesk.kernel.state.orders import Order, OrderStatus
from paperdesk.kernel.state.world import World

MARKET_ORDER_MARGIN: Final = Decimal("1.05")
FRACTION_SHORT: Final = "A fraction of a share can be sold by who holds it alone."


def shortfall(
    world: World, account: Account, prospects: Sequence[Prospect], instead_of: Sequence[OrderId]
) -> Shortfall | None:
    """Say why a cash account could not afford some trades, or None where it can.

    Raises:
        NoExchangeRate: a commission is in a currency without a rate.
    """
    account_id = account.account_id
    planned = [*open_prospects(world, account_id, instead_of), *prospects]
    sold = (prospect.conid for prospect in prospects if prospect.side is Side.SELL)
    for conid in dict.fromkeys(sold):
        refused = _short(world, account_id, conid, planned)
        if refused is not None:
            return refused
    needs = _spending(world, account_id, planned)
    own = _spending(world, account_id, prospects)
    for currency, need in needs.items():
        if own.get(currency, ZERO) > ZERO and need > (
            has := spendable(world, account_id, currency)
        ):
            return Shortfall(
                code="funds",
                reason=(
                    f"AVAILABLE FUNDS [{has:.2f} {currency}] ARE INSUFFICIENT TO COVER"
                    f" [{need:.2f} {currency}] WITH OPEN ORDERS AND COMMISSIONS"
                ),
                equity=has,
                required=need,
                currency=currency,
            )
    return None


def is_short_in_fractions(world: World, account_id: AccountId, conid: Conid, size: Size) -> bool:
    """Say whether a sale would leave an account a fraction short, or sell one that it lacks."""
    if world.contract(conid).security_type is not SecurityType.STOCK:
        return False
    held = world.ledger.size(account_id, conid)
    return size > held and not (is_multiple(size, ONE) and is_multiple(held, ONE))


def spendable(world: World, account_id: AccountId, currency: Currency) -> Money:
    """Return the settled cash of a currency that no trade has spent yet."""
    book = world.ledger.book(account_id)
    open_ = book.unsettled.get(currency)
    cash = book.cash.get(currency, ZERO)
    return cash if open_ is None else cash - open_.receivable


def reserved(world: World, account_id: AccountId) -> dict[Currency, Money]:
    """Return what the open orders of an account would spend, commissions included."""
    return _spending(world, account_id, open_prospects(world, account_id, ()))


def open_prospects(
    world: World, account_id: AccountId, without: Iterable[OrderId]
) -> Iterator[Prospect]:
    """Yield what the open orders of an account would trade, but for some of them.

    An exit counts for what its parent has traded, of a group the largest order alone, and a paused
    order for nothing.
    """
    left_out = frozenset(without)
    of_groups: dict[OcaGroupId, Prospect] = {}
    for order in world.orders.index.open_by_account.get(account_id, {}).values():
        is_paused = order.status is OrderStatus.INACTIVE
        if is_paused or order.order_id in left_out or order.workable <= ZERO:
            continue
        price = guarded_price(world, order.conid, own_price(order), order.side) or ZERO
        prospect = Prospect(order.conid, order.side, order.workable, price)
        if not order.oca_group_id:
            yield prospect
            continue
        other = of_groups.get(order.oca_group_id)
        if other is None or other.size * other.price < prospect.size * price:
            of_groups[order.oca_group_id] = prospect
    yield from of_groups.values()


def order_price(world: World, order: Order) -> Price | None:
    """Return what an open order is expected to trade at; None where nothing is known."""
    return expected_price(world, order.conid, own_price(order), order.side)


def own_price(order: Order) -> Price | None:
    """Return an open order's limit or the stop that it waits for, None where it has no price."""
    return order.limit_price or (order.stop_price if order.awaits_trigger else None)


def expected_price(world: World, conid: Conid, given: Price | None, side: Side) -> Price | None:
    """Return an order's own price, or the ask or bid that it would meet where it has none.

    None where the market shows nothing either.
    """
    if given is not None:
        return given
    quote = world.quotes.by_conid.get(conid)
    opposite = None if quote is None else quote.ask if side is Side.BUY else quote.bid
    return world.quotes.mark(conid) if opposite is None else opposite


def guarded_price(world: World, conid: Conid, given: Price | None, side: Side) -> Price | None:
    """Return what an order is held to be able to pay: more than the ask if it has no price.

    Stock alone: an account that buys a currency has what it pays for.
    """
    price = expected_price(world, conid, given, side)
    if price is None or given is not None or side is Side.SELL:
        return price
    is_stock = world.contract(conid).security_type is SecurityType.STOCK
    return price * MARKET_ORDER_MARGIN if is_stock else price


def _spending(
    world: World, account_id: AccountId, prospects: Iterable[Prospect]
) -> dict[Currency, Money]:
    """Return what trades would take of each currency; what they bring comes later."""
    needs: dict[Currency, Money] = {}
    for prospect in prospects:
        contract = world.contract(prospect.conid)
        if prospect.side is Side.BUY:
            cost = prospect.size * prospect.price * contract.multiplier
            needs[contract.currency] = needs.get(contract.currency, ZERO) + cost
        elif contract.security_type is SecurityType.FOREX:
            needs[contract.base] = needs.get(contract.base, ZERO) + prospect.size
        if prospect.side is Side.SELL and contract.security_type is not SecurityType.FOREX:
            continue  # A sale of stock pays its commission out of what it brings.
        charged = commissions.cost(
            world,
            Deal(
                account_id=account_id,
                contract=contract,
                side=prospect.side,
                size=prospect.size,
                price=prospect.price,
                at=world.now,
            ),
        )
        needs[charged.currency] = needs.get(charged.currency, ZERO) + charged.total
    return needs


def _short(
    world: World, account_id: AccountId, conid: Conid, planned: Sequence[Prospect]
) -> Shortfall | None:
    if world.contract(conid).security_type is SecurityType.FOREX:
        return None
    held = world.ledger.size(account_id, conid)
    sold: Size = sum(
        (
            prospect.size
            for prospect in planned
            if prospect.conid == conid and prospect.side is Side.SELL
        ),
        ZERO,
    )
    if sold <= held or not sold:
        return None
    return short(world, account_id, conid, sold, "SHORT SALES ARE NOT ALLOWED IN A CASH ACCOUNT")


def short(world: World, account_id: AccountId, conid: Conid, sold: Size, reason: str) -> Shortfall:
    """Return that an account would sell more than it holds, in units of the contract."""
    return Shortfall(
        code="short",
        reason=reason,
        equity=world.ledger.size(account_id, conid),
        required=sold,
        currency="",
    )
