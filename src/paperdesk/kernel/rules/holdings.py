"""Holdings: what an account's positions add up to, remembered until sizes or prices change.

Adding everything up again at every order would make one cost as much as the account holds. What
is remembered is no part of the world and tells nothing new: whoever begins without it gets the
same to the last digit, since all of it is compared with what it was worked out of.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from operator import is_
from typing import TYPE_CHECKING, Final

import msgspec

from paperdesk.base.ids import AccountId
from paperdesk.base.units import ZERO, Currency, Money, Price, Size
from paperdesk.kernel.rules import requirements
from paperdesk.kernel.rules.schedules import StockMarginRow
from paperdesk.kernel.state.contracts import Contract
from paperdesk.kernel.state.ledger import Book
from paperdesk.kernel.state.positions import Position
from paperdesk.kernel.state.quotes import mark
from paperdesk.kernel.state.world import World

if TYPE_CHECKING:
    from paperdesk.kernel.messages.quotes import Quote

SECTION: Final = 16
"""So many positions are added up together, and again only when one of them has changed."""


class Count(msgspec.Struct, frozen=True, gc=False):
    """What one position counts for: its value in its currency, all else in base currency.

    The last three are what it was worked out of.
    """

    currency: Currency
    value: Money
    gross: Money
    shorts: Money
    initial: Money
    maintenance: Money
    reg_t: Money
    size: Size
    price: Price
    rate: Decimal


class Totals(msgspec.Struct):
    """What positions add up to: stock by currency, the rest in base currency."""

    stock: dict[Currency, Money] = {}
    gross: Money = ZERO
    shorts: Money = ZERO
    initial: Money = ZERO
    maintenance: Money = ZERO
    reg_t: Money = ZERO

    def add(self, other: "Count | Totals") -> None:
        """Count a position, or what some of them add up to, on top."""
        self.gross += other.gross
        self.shorts += other.shorts
        self.initial += other.initial
        self.maintenance += other.maintenance
        self.reg_t += other.reg_t
        if isinstance(other, Count):
            self.stock[other.currency] = self.stock.get(other.currency, ZERO) + other.value
            return
        for currency, value in other.stock.items():
            self.stock[currency] = self.stock.get(currency, ZERO) + value


def counted(
    table: StockMarginRow, contract: Contract, size: Size, price: Price, rate: Decimal
) -> Count:
    """Return what a position of a size counts for at a price.

    Args:
        table: the rates of margin that hold on the day.
        contract: what is held.
        size: shares, negative when short.
        price: what a share is valued at.
        rate: what one of the contract's currency is worth in base currency.
    """
    value = size * price * contract.multiplier
    asked = requirements.of_stock(table, contract, size, price)
    return Count(
        currency=contract.currency,
        value=value,
        gross=abs(value) * rate,
        shorts=max(ZERO, -value) * rate,
        initial=asked.initial * rate,
        maintenance=asked.maintenance * rate,
        reg_t=asked.reg_t * rate,
        size=size,
        price=price,
        rate=rate,
    )


class Holdings:
    """The positions of one account, and what they added up to when somebody asked last."""

    __slots__ = ("_counts", "_quotes", "_sections", "_table", "_totals", "currencies", "positions")

    def __init__(self, positions: Sequence[Position]) -> None:
        """Know the positions, and nothing of them yet."""
        self.positions = positions
        self.currencies = tuple(dict.fromkeys(position.currency for position in positions))
        self._table: StockMarginRow | None = None
        self._quotes: list[Quote | None] = [None] * len(positions)
        self._counts: list[Count | None] = [None] * len(positions)
        self._sections: list[Totals | None] = [None] * (-(-len(positions) // SECTION))
        self._totals: Totals | None = None

    def totals(
        self, world: World, table: StockMarginRow, rates: Mapping[Currency, Decimal]
    ) -> Totals:
        """Return what the positions add up to now; whoever gets it changes nothing of it."""
        if self._table is not table:
            self._forget(table)
        quotes, look_up = self._quotes, world.quotes.by_conid.get
        for index, (position, known) in enumerate(zip(self.positions, self._counts, strict=True)):
            quote = look_up(position.conid)
            if (
                known is None
                or quote is None
                or quotes[index] is not quote
                or known.size is not position.size
                or known.rate is not rates[position.currency]
            ):
                self._look(world, index, position, rates[position.currency])
        if self._totals is None:
            self._totals = self._added_up()
        return self._totals

    def _forget(self, table: StockMarginRow) -> None:
        """Begin anew with other rates of margin."""
        self._table = table
        self._counts = [None] * len(self.positions)
        self._sections = [None] * len(self._sections)
        self._totals = None

    def _look(self, world: World, index: int, position: Position, rate: Decimal) -> None:
        """Count a position anew if anything that matters to it has changed."""
        known = self._counts[index]
        if position.is_virtual or not position.size:
            if known is not None:
                self._replace(index, None)
            return
        quote = self._quotes[index] = world.quotes.by_conid.get(position.conid)
        price = None if quote is None else mark(quote)
        if price is None:
            price = position.average_price
        if (
            known is not None
            and known.size is position.size
            and _are_same(known.price, price)
            and _are_same(known.rate, rate)
        ):
            return
        assert self._table is not None
        contract = world.contracts.by_conid[position.conid]
        self._replace(index, counted(self._table, contract, position.size, price, rate))

    def _replace(self, index: int, count: Count | None) -> None:
        self._counts[index] = count
        self._sections[index // SECTION] = None
        self._totals = None

    def _added_up(self) -> Totals:
        totals = Totals()
        for number, known in enumerate(self._sections):
            totals.add(self._section(number) if known is None else known)
        return totals

    def _section(self, number: int) -> Totals:
        section = self._sections[number] = Totals()
        for count in self._counts[number * SECTION : (number + 1) * SECTION]:
            if count is not None:
                section.add(count)
        return section


def of_account(world: World, account_id: AccountId, book: Book) -> Holdings:
    """Return the positions of an account, with what is known of them from before."""
    positions = list(book.positions.values())
    known: Holdings | None = world.notes.get(account_id)
    if (
        known is None
        or len(known.positions) != len(positions)
        or not all(map(is_, known.positions, positions))
    ):
        known = world.notes[account_id] = Holdings(positions)
    return known


def _are_same(one: Decimal, other: Decimal) -> bool:
    """Say whether two numbers are equal and written with as many digits."""
    return one is other or (one == other and one.same_quantum(other))
