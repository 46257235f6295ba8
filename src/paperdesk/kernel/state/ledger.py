"""The ledger: who holds what, what it cost, and what of it has settled.

Double entry: whatever moves value posts amounts that sum to zero for each asset. Positions and
settled cash are kept beside the balances, since both are asked for at every order.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final, TypeAlias, TypeVar

import msgspec

from paperdesk.base.calendar import day_at
from paperdesk.base.ids import AccountId, Conid, OrderId
from paperdesk.base.units import ONE, ZERO, Currency, Day, Instant, Money, Size, quotient
from paperdesk.kernel.messages.accounts import CashDeposited
from paperdesk.kernel.messages.ledger import (
    AccountMarked,
    CashSettled,
    PositionsMarked,
    RealisedCut,
)
from paperdesk.kernel.messages.orders import OrderFilled, OrderModified, Side
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.kernel.state.positions import Position, closed_part

Asset: TypeAlias = Currency | Conid
"""What a posting moves: a currency, or a contract."""

K = TypeVar("K")

Party: TypeAlias = str
"""An account's id, or one of the house's own."""


class House(Enum):
    """The parties that are no account."""

    BANK = "bank"
    COMMISSIONS = "commissions"
    DIVIDENDS = "dividends"
    FEES = "fees"
    FX = "fx"
    MARKET = "market"


HOUSES: Final = {house.value: house for house in House}


class Posting(msgspec.Struct, frozen=True, gc=False):
    """One amount of one asset to (or, negative, from) one party."""

    party: Party
    asset: Asset
    amount: Money


class Charge(msgspec.Struct):
    """What an order has traded on one trade date, and paid: executions share the minimum."""

    day: Day
    size: Size = ZERO
    value: Money = ZERO
    commission: Money = ZERO


class Unsettled(msgspec.Struct):
    """Money that has moved at execution and not changed hands; neither part is negative."""

    receivable: Money = ZERO
    payable: Money = ZERO

    def add(self, amount: Money) -> None:
        """Count an amount to receive, or, negative, to pay."""
        if amount > ZERO:
            self.receivable += amount
        else:
            self.payable -= amount


class Book(msgspec.Struct, kw_only=True):
    """One account's part of the ledger.

    `cash` is by trade date; `unsettled` says what of it has not changed hands. `dividends` have
    accrued and are not paid yet; those on owed shares are negative.
    `sma` is the special memorandum account at the last close, in base currency; `sma_moves` what
    deposits and trades have changed it by since, in their own currencies. `equity_with_loan` is
    of the last close, None before the first.
    """

    cash: dict[Currency, Money] = {}
    unsettled: dict[Currency, Unsettled] = {}
    positions: dict[Conid, Position] = {}
    dividends: dict[Currency, Money] = {}
    sma: Money = ZERO
    sma_moves: dict[Currency, Money] = {}
    equity_with_loan: Money | None = None

    def settled(self, currency: Currency) -> Money:
        """Return the settled part of the cash in a currency."""
        cash = self.cash.get(currency, ZERO)
        open_ = self.unsettled.get(currency)
        return cash if open_ is None else cash - open_.receivable + open_.payable


class Ledger(msgspec.Struct):
    """Every account's book, the house's own balances and what is still to settle.

    `pending` is by the instant at which it settles, then by account and currency; `dividends` is
    the same for what has accrued. `charges` are
    of orders that have traded since the last cut.
    """

    books: dict[AccountId, Book] = {}
    house_money: dict[House, dict[Currency, Money]] = {}
    house_units: dict[House, dict[Conid, Size]] = {}
    pending: dict[Instant, dict[AccountId, dict[Currency, Unsettled]]] = {}
    dividends: dict[Instant, dict[AccountId, dict[Currency, Money]]] = {}
    charges: dict[OrderId, Charge] = {}

    def book(self, account_id: AccountId) -> Book:
        """Return an account's book; an empty one where nothing has been posted."""
        return self.books.get(account_id) or Book()

    def position(self, account_id: AccountId, conid: Conid) -> Position | None:
        """Return what an account holds, or held today, of a contract."""
        book = self.books.get(account_id)
        return None if book is None else book.positions.get(conid)

    def size(self, account_id: AccountId, conid: Conid) -> Size:
        """Return how much an account holds of a contract, negative when short."""
        position = self.position(account_id, conid)
        return ZERO if position is None else position.size

    def cash(self, account_id: AccountId, currency: Currency) -> Money:
        """Return an account's cash in a currency by trade date."""
        return self.book(account_id).cash.get(currency, ZERO)

    def settled(self, account_id: AccountId, currency: Currency) -> Money:
        """Return the part of an account's cash in a currency that has settled."""
        return self.book(account_id).settled(currency)

    def totals(self) -> dict[Asset, Money]:
        """Return each asset's sum over all parties: zero for every one of them."""
        sums: dict[Asset, Money] = {}
        for _, asset, amount in self.balances():
            sums[asset] = sums.get(asset, ZERO) + amount
        return sums

    def balances(self) -> Iterator[tuple[Party, Asset, Money]]:
        """Yield what each party holds of each asset."""
        for account_id, book in self.books.items():
            yield from ((account_id, currency, held) for currency, held in book.cash.items())
            for conid, position in book.positions.items():
                if not position.is_virtual:
                    yield account_id, conid, position.size
        for house, money in self.house_money.items():
            yield from ((house.value, currency, held) for currency, held in money.items())
        for house, units in self.house_units.items():
            yield from ((house.value, conid, held) for conid, held in units.items())


SMA_SHARE: Final = quotient(Money(1), Money(2))
"""What Regulation T asks of a trade's value."""


def deposit(event: CashDeposited) -> Iterator[Posting]:
    """Move money from the bank to an account."""
    yield Posting(event.account_id, event.currency, event.amount)
    yield Posting(House.BANK.value, event.currency, -event.amount)


def trade(event: OrderFilled, contract: Contract) -> Iterator[Posting]:
    """Settle one fill: contracts (or base currency) one way, money the other, costs to the house.

    A trade of currencies moves two of them and no contract.
    """
    signed = signed_size(event)
    value = signed * event.price * contract.multiplier
    other = House.MARKET.value
    bought: Asset = event.conid
    if contract.security_type is SecurityType.FOREX:
        other, bought = House.FX.value, contract.base
    yield Posting(event.account_id, bought, signed)
    yield Posting(other, bought, -signed)
    yield Posting(event.account_id, event.currency, -value)
    yield Posting(other, event.currency, value)
    if event.commission:
        yield Posting(event.account_id, event.commission_currency, -event.commission)
        yield Posting(House.COMMISSIONS.value, event.commission_currency, event.commission)
    if event.fees:
        yield Posting(event.account_id, event.commission_currency, -event.fees)
        yield Posting(House.FEES.value, event.commission_currency, event.fees)


def signed_size(event: OrderFilled) -> Size:
    """Return the size of a fill, negative for a sale."""
    return event.size if event.side is Side.BUY else -event.size


def opened(ledger: Ledger, account_id: AccountId) -> None:
    """Begin an account's book."""
    ledger.books.setdefault(account_id, Book())


def deposited(ledger: Ledger, event: CashDeposited) -> None:
    """Credit a deposit, settled at once."""
    post(ledger, deposit(event))
    book = ledger.books[event.account_id]
    add(book.sma_moves, event.currency, event.amount)


def traded(
    ledger: Ledger,
    event: OrderFilled,
    contract: Contract,
    *,
    trade_day: Day,
    is_conversion: bool = False,
) -> None:
    """Move what a fill moves; its money settles later.

    Args:
        ledger: what changes.
        event: the fill.
        contract: what was traded.
        trade_day: the date that the fill counts for.
        is_conversion: whether it only converts currency and shows no virtual position.
    """
    postings = list(trade(event, contract))
    post(ledger, postings)
    book = ledger.books[event.account_id]
    pending = ledger.pending.setdefault(event.settles_at, {}).setdefault(event.account_id, {})
    for posting in postings:
        if posting.party == event.account_id and isinstance(posting.asset, str):
            for unsettled in (book.unsettled, pending):
                unsettled.setdefault(posting.asset, Unsettled()).add(posting.amount)
    _charge(ledger, event, contract, trade_day)
    if not is_conversion:
        _move(book, event, contract)


def modified(ledger: Ledger, event: OrderModified) -> None:
    """Let a modified order's commission begin again."""
    ledger.charges.pop(event.order_id, None)


def settled(ledger: Ledger, event: CashSettled) -> None:
    """Take what has settled out of what is pending."""
    unsettled = ledger.books[event.account_id].unsettled[event.currency]
    unsettled.receivable -= event.received
    unsettled.payable -= event.paid
    due = ledger.pending[event.due_at]
    left = due[event.account_id].pop(event.currency)
    assert (left.receivable, left.payable) == (event.received, event.paid)
    if not due[event.account_id]:
        del due[event.account_id]
    if not due:
        del ledger.pending[event.due_at]


def positions_marked(ledger: Ledger, event: PositionsMarked) -> None:
    """Let the daily profit of these contracts start from these prices."""
    for book in ledger.books.values():
        for conid, price in event.prices.items():
            position = book.positions.get(conid)
            if position is not None:
                position.marked_size = position.size
                position.marked_price = price
                position.traded = ZERO
                forget_idle(book, position)


def realised_cut(ledger: Ledger, event: RealisedCut) -> None:
    """Start realised profit again, and forget what orders of days that are over have paid."""
    # In the evening of New York it is tomorrow in UTC, and currencies trade for tomorrow.
    today = day_at(event.at)
    ledger.charges = {key: row for key, row in ledger.charges.items() if row.day >= today}
    for book in ledger.books.values():
        for position in list(book.positions.values()):
            position.realised = ZERO
            forget_idle(book, position)


def account_marked(ledger: Ledger, event: AccountMarked) -> None:
    """Keep the close's equity and special memorandum."""
    book = ledger.books[event.account_id]
    book.equity_with_loan = event.equity_with_loan
    book.sma = event.sma
    book.sma_moves.clear()


def post(ledger: Ledger, postings: Iterable[Posting]) -> None:
    """Let postings be true: accounts' money, and everything of the house's parties.

    Contracts of accounts stand in their positions, which whoever posts changes as well.
    """
    for posting in postings:
        book = ledger.books.get(AccountId(posting.party))
        if book is None:
            _post_to_house(ledger, posting)
        elif isinstance(posting.asset, str):
            add(book.cash, posting.asset, posting.amount)


def _post_to_house(ledger: Ledger, posting: Posting) -> None:
    party = HOUSES[posting.party]
    if isinstance(posting.asset, str):
        add(ledger.house_money.setdefault(party, {}), posting.asset, posting.amount)
    else:
        add(ledger.house_units.setdefault(party, {}), posting.asset, posting.amount)


def _charge(ledger: Ledger, event: OrderFilled, contract: Contract, trade_day: Day) -> None:
    charge = ledger.charges.get(event.order_id)
    if charge is None or charge.day != trade_day:
        charge = ledger.charges[event.order_id] = Charge(trade_day)
    charge.size += event.size
    charge.value += event.size * event.price * contract.multiplier
    charge.commission += event.commission


def _move(book: Book, event: OrderFilled, contract: Contract) -> None:
    """Change a position by a fill, closing what is open before anything is opened."""
    position = book.positions.get(event.conid)
    if position is None:
        position = book.positions[event.conid] = Position(
            account_id=event.account_id,
            conid=event.conid,
            currency=event.currency,
            multiplier=contract.multiplier,
            is_virtual=contract.security_type is SecurityType.FOREX,
        )
    signed = signed_size(event)
    price = event.price * contract.multiplier
    costs = _costs(event)
    closed = closed_part(position.size, signed)
    if not position.is_virtual:
        _count_sma(book, event, contract, (signed - closed, closed))
    closing_costs = costs if closed == signed else quotient(costs * closed, signed)
    if closed:
        released = position.cost
        if closed != -position.size:
            released = quotient(position.cost * -closed, position.size)
        position.realised += -closed * price - closing_costs - released
        position.cost -= released
    position.cost += (signed - closed) * price + (costs - closing_costs)
    position.size += signed
    position.traded += -signed * price - costs
    position.changed_at = event.at
    forget_idle(book, position)


def _costs(event: OrderFilled) -> Money:
    """Return what a trade has cost in its own currency; older events may not tell."""
    if event.costs is not None:
        return event.costs
    return event.commission + event.fees if event.commission_currency == event.currency else ZERO


def _count_sma(
    book: Book, event: OrderFilled, contract: Contract, parts: tuple[Size, Size]
) -> None:
    """Take half of what is opened off the memorandum, and give half of what is closed back."""
    opening, closing = parts
    share = min(ONE, SMA_SHARE * contract.margin_multiplier)
    value = (abs(closing) - abs(opening)) * event.price * contract.multiplier
    add(book.sma_moves, event.currency, value * share)


def forget_idle(book: Book, position: Position) -> None:
    """Drop a position of which there is nothing left to tell."""
    if position.is_idle:
        del book.positions[position.conid]


def add(amounts: dict[K, Money], key: K, amount: Money) -> None:
    """Count an amount under a key."""
    amounts[key] = amounts.get(key, ZERO) + amount
