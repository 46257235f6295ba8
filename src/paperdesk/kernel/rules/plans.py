"""Plans: tickets made ready to be orders, with everything that can refuse them looked at.

What is planned has a size, prices and hours, has passed the hard checks and can be paid for.
"""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import msgspec

from paperdesk.base.errors import (
    DuplicateOrder,
    InsufficientFunds,
    InvalidBracket,
    InvalidPrice,
    InvalidSize,
    MinimumEquity,
    PriceTooFar,
    Refusal,
    ShortNotAllowed,
    TooManyOrders,
    UnknownParent,
)
from paperdesk.base.ids import AccountId, OrderId
from paperdesk.base.units import DAY, ONE, ZERO, Price, Size, down_to_step
from paperdesk.kernel.messages.orders import OrderType, Side, Ticket
from paperdesk.kernel.rules import holds, hours, margin, tickets, triggers
from paperdesk.kernel.rules.hours import Hours
from paperdesk.kernel.rules.prospects import Prospect, Shortfall
from paperdesk.kernel.state.contracts import Contract
from paperdesk.kernel.state.orders import Order, OrderStatus
from paperdesk.kernel.state.world import World

if TYPE_CHECKING:
    from paperdesk.kernel.state.order_index import SideOfAccount

ORDERS_A_SIDE_MAX: Final = 15
COLLAR: Final = Decimal("0.10")
PENNY_COLLAR: Final = Decimal("0.20")
PENNY: Final = ONE


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket made ready.

    `price` is what it is expected to trade at, None where nothing is known. The parent of a child
    is an order of before, or another ticket of the request (`parent_index`).
    """

    contract: Contract
    ticket: Ticket
    size: Size
    stop_price: Price | None
    price: Price | None
    hours: Hours
    parent: Order | None = None
    parent_index: int | None = None

    @property
    def is_child(self) -> bool:
        """Whether it waits for a parent's executions."""
        return self.parent is not None or self.parent_index is not None


def planned(
    world: World, account_id: AccountId, wanted: Sequence[Ticket], *, is_oca_group: bool
) -> list[Plan]:
    """Return the plans of a request's tickets; all of them can be accepted.

    Raises:
        Refusal: one of them cannot, and so none is.
    """
    plans = [
        _with_parent(world, account_id, wanted, plan(world, account_id, ticket))
        for ticket in wanted
    ]
    _check_names(world, account_id, wanted)
    closed = to_be_closed(world, account_id, plans)
    check_counts(world, account_id, plans, instead_of=closed)
    check_funds(world, account_id, plans, is_oca_group=is_oca_group, instead_of=closed)
    return plans


def to_be_closed(world: World, account_id: AccountId, plans: Sequence[Plan]) -> list[OrderId]:
    """Return the open orders that an order to close a position takes the place of."""
    closing = {row.contract.conid for row in plans if row.ticket.is_closing}
    if not closing:
        return []
    orders = world.orders.index.open_by_account.get(account_id, {})
    return [order.order_id for order in orders.values() if order.conid in closing]


def plan(world: World, account_id: AccountId, ticket: Ticket) -> Plan:
    """Return the plan of one ticket, its family and its money apart.

    Raises:
        Refusal: the ticket cannot be an order now.
    """
    contract = world.contract(ticket.conid)
    tickets.check(contract, ticket)
    opening = hours.hours(world, contract, ticket, world.now)
    tickets.check_hours(contract, ticket, opening, world.now)
    stop = _stop(world, contract, ticket)
    price = holds.expected_price(world, contract.conid, ticket.limit_price or stop, ticket.side)
    size = ticket.size
    if size is None:
        size = _worked_out(world, account_id, contract, ticket)
        tickets.check_size(contract, ticket, size)
    if ticket.order_type is OrderType.LIMIT:
        _check_collar(world, ticket)
    return Plan(
        contract=contract,
        ticket=ticket,
        size=size,
        stop_price=stop,
        price=price,
        hours=opening,
    )


def check_funds(
    world: World,
    account_id: AccountId,
    plans: Sequence[Plan],
    *,
    is_oca_group: bool,
    instead_of: Sequence[OrderId] = (),
) -> None:
    """Refuse plans that the account cannot pay for; exits of a bracket cost nothing.

    Raises:
        InsufficientFunds: money or margin is short.
        MinimumEquity: the account is too small to borrow.
        ShortNotAllowed: a cash account would sell what it does not hold.
    """
    replaced = list(instead_of)
    prospects: list[Prospect] = []
    exits: dict[OrderId, Prospect] = {}
    for row in plans:
        if row.price is None or row.ticket.is_deactivated or _waits(row):
            continue
        prospect = Prospect(row.contract.conid, row.ticket.side, row.size, _guarded(world, row))
        if row.parent is None:
            prospects.append(prospect)
            continue
        # Of the exits of a parent that is done one trades, the largest at most.
        replaced += _exits(world, row.parent)
        other = exits.get(row.parent.order_id)
        if other is None or other.size < prospect.size:
            exits[row.parent.order_id] = prospect
    prospects += exits.values()
    for group in [[row] for row in prospects] if is_oca_group else [prospects]:
        if group:
            short = margin.shortfall(world, account_id, group, instead_of=replaced)
            if short is not None:
                raise _unaffordable(short)


def _guarded(world: World, row: Plan) -> Price:
    """Return the price that the account must be able to pay; cash never spends more than itself."""
    assert row.price is not None
    given = row.price if row.ticket.cash is not None else row.ticket.limit_price or row.stop_price
    return holds.guarded_price(world, row.contract.conid, given, row.ticket.side) or row.price


def _exits(world: World, parent: Order) -> list[OrderId]:
    index, by_id = world.orders.index, world.orders.by_id
    return [key for key in index.children.get(parent.order_id, ()) if by_id[key].is_open]


def _waits(row: Plan) -> bool:
    """Say whether a plan is an exit whose parent has still to trade."""
    if row.parent is not None:
        return row.parent.is_open
    return row.parent_index is not None


def _unaffordable(short: Shortfall) -> Refusal:
    sentence = f"Your order is not accepted. Reason: {short.reason}"
    if short.code == "short":
        return ShortNotAllowed(sentence)
    if short.code == "minimum":
        return MinimumEquity(sentence)
    return InsufficientFunds(sentence)


def _stop(world: World, contract: Contract, ticket: Ticket) -> Price | None:
    """Return where a stop stands at first: as asked, or its trail away from the market."""
    order_type = ticket.order_type
    if order_type is OrderType.MARKET or order_type is OrderType.LIMIT:
        return None
    if ticket.stop_price is not None:
        return ticket.stop_price
    quote = world.quotes.by_conid.get(contract.conid)
    reference = None if quote is None else triggers.trigger_price(contract, ticket.side, quote)
    if reference is None:
        raise InvalidPrice(tickets.PRICE_FIELDS)
    stop = triggers.trailing_stop(contract, ticket, reference)
    if stop <= ZERO:
        raise InvalidPrice(tickets.PRICE_FIELDS)
    return stop


def _worked_out(world: World, account_id: AccountId, contract: Contract, ticket: Ticket) -> Size:
    """Return the size that money buys, or that closes a position."""
    if ticket.cash is None:
        held = world.ledger.size(account_id, contract.conid)
        closes = held > ZERO if ticket.side is Side.SELL else held < ZERO
        if not closes:
            raise InvalidSize(f"{account_id} has no position in {contract.symbol} to close.")
        return abs(held)
    price = ticket.limit_price or ticket.stop_price or _touch(world, ticket)
    if price is None:
        raise InvalidSize(f"No price of {contract.symbol} is known to work out a size.")
    size = down_to_step(ticket.cash / (price * contract.multiplier), contract.size_increment)
    if not size:
        raise InvalidSize(
            f"{ticket.cash} {contract.currency} is less than the smallest order of"
            f" {contract.symbol}."
        )
    return size


def _touch(world: World, ticket: Ticket) -> Price | None:
    quote = world.quotes.by_conid.get(ticket.conid)
    if quote is None:
        return None
    opposite = quote.ask if ticket.side is Side.BUY else quote.bid
    return world.quotes.mark(ticket.conid) if opposite is None else opposite


def _check_collar(world: World, ticket: Ticket) -> None:
    """Refuse a limit too far through the market. Source: literal beginning; distance judged."""
    limit, market = ticket.limit_price, _touch(world, ticket)
    if limit is None or not market:
        return
    collar = COLLAR if market >= PENNY else PENNY_COLLAR
    too_far = (
        limit > market * (ONE + collar)
        if ticket.side is Side.BUY
        else limit < market * (ONE - collar)
    )
    if too_far:
        raise PriceTooFar(
            "In accordance with our regulatory obligations as a broker, we cannot accept your"
            f" order at the limit price {limit} you selected because it is too far through the"
            f" market. Please choose a price closer to {market}."
        )


def _with_parent(world: World, account_id: AccountId, wanted: Sequence[Ticket], row: Plan) -> Plan:
    """Return a plan that knows its parent, if its ticket names one."""
    name = row.ticket.parent
    if not name:
        check_fraction(world, account_id, row)
        return row
    for index, ticket in enumerate(wanted):
        if ticket.customer_order_id == name and ticket is not row.ticket:
            _check_exit(ticket.conid, ticket.side, row)
            if ticket.parent:
                raise InvalidBracket("A child of a bracket cannot be a parent.")
            return msgspec.structs.replace(row, parent_index=index)
    parent = _parent(world, account_id, name)
    _check_exit(parent.conid, parent.side, row)
    return msgspec.structs.replace(row, parent=parent)


def _parent(world: World, account_id: AccountId, name: str) -> Order:
    orders = world.orders
    order_id = orders.index.by_customer_id.get((account_id, name))
    if order_id is None and name.isascii() and name.isdigit():
        order_id = OrderId(int(name[:ORDER_ID_DIGITS_MAX]))
    parent = None if order_id is None else orders.by_id.get(order_id)
    if parent is None or parent.account_id != account_id:
        raise UnknownParent(f"{account_id} has no order {name} for a parent.")
    if parent.status is OrderStatus.CANCELLED:
        raise UnknownParent(f"Order {name} is cancelled and cannot be a parent.")
    return parent


ORDER_ID_DIGITS_MAX: Final = 20


def _check_exit(conid: int, side: Side, child: Plan) -> None:
    if child.ticket.conid != conid or child.ticket.side is side:
        raise InvalidBracket(
            "A child of a bracket trades its parent's contract on the opposite side."
        )


def check_fraction(world: World, account_id: AccountId, row: Plan) -> None:
    """Refuse to sell short in fractions.

    Raises:
        InvalidSize: the account would sell more than it holds, and not whole shares.
    """
    conid = row.contract.conid
    if row.ticket.side is Side.SELL and holds.is_short_in_fractions(
        world, account_id, conid, row.size
    ):
        raise InvalidSize(holds.FRACTION_SHORT)


def _check_names(world: World, account_id: AccountId, wanted: Sequence[Ticket]) -> None:
    seen: set[str] = set()
    for ticket in wanted:
        name = ticket.customer_order_id
        if name and (name in seen or _is_in_use(world, account_id, name)):
            raise DuplicateOrder(
                f"Order couldn't be submitted: Local order ID={name} is already registered."
            )
        seen.add(name)


def _is_in_use(world: World, account_id: AccountId, name: str) -> bool:
    order_id = world.orders.index.by_customer_id.get((account_id, name))
    return order_id is not None and world.now - world.orders.by_id[order_id].accepted_at < DAY


def check_counts(
    world: World,
    account_id: AccountId,
    plans: Sequence[Plan],
    *,
    instead_of: Collection[OrderId] = (),
) -> None:
    """Refuse what would leave too many orders of a side at work.

    Raises:
        TooManyOrders: there are as many as there may be.
    """
    added: dict[SideOfAccount, int] = {}
    for row in plans:
        if not row.ticket.is_deactivated:
            side = (account_id, row.contract.conid, row.ticket.side is Side.BUY)
            added[side] = added.get(side, 0) + 1
    for side, count in added.items():
        orders = world.orders.index.open_by_side.get(side, {})
        if count + len(orders) <= ORDERS_A_SIDE_MAX:
            continue
        working = sum(
            order.status is not OrderStatus.INACTIVE and order.order_id not in instead_of
            for order in orders.values()
        )
        if count + working > ORDERS_A_SIDE_MAX:
            raise TooManyOrders(
                f"Your account has a minimum of {ORDERS_A_SIDE_MAX} orders working on either the"
                f" buy or sell side for {world.contract(side[1]).symbol}."
            )
