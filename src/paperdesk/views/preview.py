"""Previews: what an order would cost and do to its account, without placing it."""

from collections.abc import Sequence

import msgspec

from paperdesk.base.errors import (
    Refusal,
    SizeNotPositive,
    UnknownAccount,
    UnknownContract,
)
from paperdesk.base.ids import AccountId, Conid
from paperdesk.base.units import ZERO, Currency, Money, Size
from paperdesk.kernel.messages.accounts import AccountKind
from paperdesk.kernel.messages.orders import PlaceOrders, Question, Side
from paperdesk.kernel.rules import commissions, orders, precautions, stands
from paperdesk.kernel.rules.commissions import Commission, Deal
from paperdesk.kernel.rules.plans import Plan, check_funds, plan, to_be_closed
from paperdesk.kernel.rules.precautions import Case
from paperdesk.kernel.rules.prospects import Prospect
from paperdesk.kernel.state.contracts import Contract
from paperdesk.kernel.state.world import World


class Change(msgspec.Struct, frozen=True):
    """A figure as it is and as it would be."""

    current: Money
    after: Money

    @property
    def change(self) -> Money:
        """By how much it would change."""
        return self.after - self.current


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What the first of a request's orders would do; exits of a bracket cost nothing.

    `amount` is size times price in the contract's `currency`, None where no price is known;
    `commission` includes regulatory fees and is in `commission_currency`; `total` is what a buyer
    pays or a seller gets where both are in one currency. `equity`, `initial`, `maintenance` and
    `available` are in the account's `base` currency, `position` in units. They are None where
    `error` says why the order cannot be evaluated; an order that cannot be paid for has both.
    """

    contract: Contract
    side: Side
    size: Size
    currency: Currency
    base: Currency
    amount: Money | None = None
    commission: Money | None = None
    commission_currency: Currency = ""
    total: Money | None = None
    equity: Change | None = None
    initial: Change | None = None
    maintenance: Change | None = None
    available: Change | None = None
    position: Change | None = None
    warnings: tuple[Question, ...] = ()
    error: str | None = None


def preview(world: World, command: PlaceOrders) -> Preview:
    """Return what an order request would come to. Nothing changes.

    Raises:
        UnknownAccount: the user has no such account.
        UnknownContract: no contract has the conid.
        SizeNotPositive: the size is 0 or less.
    """
    orders.check_caller(world, command.account_id, command.user_name)
    try:
        plans = [plan(world, command.account_id, ticket) for ticket in command.tickets]
        warnings = precautions.questions(
            [_case(world, command, row) for row in plans], command.suppressed
        )
        return _previewed(world, command, plans, warnings)
    except (UnknownAccount, UnknownContract, SizeNotPositive):
        raise
    except Refusal as refusal:
        return _not_evaluated(world, command, refusal.message)


def _case(world: World, command: PlaceOrders, row: Plan) -> Case:
    """Return what there is to warn of: as recorded, of each market order."""
    case = orders.case(world, command, row)
    presets = msgspec.structs.replace(case.presets, market_order_question="always")
    return msgspec.structs.replace(case, presets=presets)


def _previewed(
    world: World, command: PlaceOrders, plans: Sequence[Plan], warnings: tuple[Question, ...]
) -> Preview:
    account = world.accounts.by_id[command.account_id]
    first = plans[0]
    contract, price = first.contract, first.price
    held = world.ledger.size(command.account_id, contract.conid)
    signed = first.size if first.ticket.side is Side.BUY else -first.size
    shown = Preview(
        contract=contract,
        side=first.ticket.side,
        size=first.size,
        currency=contract.currency,
        base=account.base_currency,
        position=Change(held, held + signed),
        warnings=warnings,
    )
    if price is None:
        return msgspec.structs.replace(shown, error="No price is known to evaluate the order.")
    amount = first.size * price * contract.multiplier
    cost = commissions.cost(world, _deal(world, command.account_id, first))
    prospects = [
        Prospect(contract.conid, first.ticket.side, first.size, price),
    ]
    return msgspec.structs.replace(
        shown,
        amount=amount,
        commission=cost.total,
        commission_currency=cost.currency,
        total=_total(first, amount, cost),
        error=_unaffordable(world, command, plans),
        **_margins(world, command.account_id, prospects),
    )


def _deal(world: World, account_id: AccountId, row: Plan) -> Deal:
    assert row.price is not None
    return Deal(
        account_id=account_id,
        contract=row.contract,
        side=row.ticket.side,
        size=row.size,
        price=row.price,
        at=world.now,
    )


def _total(row: Plan, amount: Money, cost: Commission) -> Money | None:
    if cost.currency != row.contract.currency:
        return None
    return amount + cost.total if row.ticket.side is Side.BUY else amount - cost.total


def _unaffordable(world: World, command: PlaceOrders, plans: Sequence[Plan]) -> str | None:
    parents = [row for row in plans if not row.ticket.parent]
    try:
        check_funds(
            world,
            command.account_id,
            parents,
            is_oca_group=command.is_oca_group,
            instead_of=to_be_closed(world, command.account_id, parents),
        )
    except Refusal as refusal:
        return refusal.message
    return None


def _margins(
    world: World, account_id: AccountId, prospects: Sequence[Prospect]
) -> dict[str, Change]:
    account = world.accounts.by_id[account_id]
    book = world.ledger.book(account_id)
    before = stands.now(world, account, book)
    after = stands.after(world, account, book, prospects)
    equity = Change(before.equity(), after.equity())
    if account.kind is AccountKind.CASH:
        # All of it is paid: what stock is held asks for nothing more.
        whole = Change(before.gross, after.gross)
        return {
            "equity": equity,
            "initial": whole,
            "maintenance": whole,
            "available": Change(before.in_base(before.cash), after.in_base(after.cash)),
        }
    owed, owes = before.currencies(), after.currencies()
    initial = Change(before.initial + owed.initial, after.initial + owes.initial)
    return {
        "equity": equity,
        "initial": initial,
        "maintenance": Change(
            before.maintenance + owed.maintenance, after.maintenance + owes.maintenance
        ),
        "available": Change(equity.current - initial.current, equity.after - initial.after),
    }


def _not_evaluated(world: World, command: PlaceOrders, error: str) -> Preview:
    ticket = command.tickets[0]
    contract = world.contract(Conid(ticket.conid))
    return Preview(
        contract=contract,
        side=ticket.side,
        size=ticket.size or ZERO,
        currency=contract.currency,
        base=world.accounts.by_id[command.account_id].base_currency,
        error=error,
    )
